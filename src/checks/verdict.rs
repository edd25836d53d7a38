//! What a check makes of the facts.

use super::Missing;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Fine(String),
    /// Wrong, as severe as the check says.
    Bad {
        evidence: String,
        remedy: Vec<String>,
    },
    /// Worth a warning, whatever the check's severity.
    Doubtful {
        evidence: String,
        remedy: Vec<String>,
    },
    /// There is nothing to judge here, and that is all right.
    Moot(String),
}

/// Err: a fact isn't there, so nothing can be said.
pub type Judged = Result<Verdict, Missing>;

pub fn fine(evidence: impl Into<String>) -> Judged {
    Ok(Verdict::Fine(evidence.into()))
}

pub fn moot(reason: impl Into<String>) -> Judged {
    Ok(Verdict::Moot(reason.into()))
}

/// The remedy's steps, each a command to copy or a sentence. The check's own repair is added by the runner.
pub fn bad<const N: usize>(evidence: impl Into<String>, remedy: [String; N]) -> Judged {
    Ok(Verdict::Bad { evidence: evidence.into(), remedy: remedy.into() })
}

pub fn doubtful<const N: usize>(evidence: impl Into<String>, remedy: [String; N]) -> Judged {
    Ok(Verdict::Doubtful { evidence: evidence.into(), remedy: remedy.into() })
}
