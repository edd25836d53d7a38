//! How a run ended, and its words without what differs from run to run.

use std::process::Output;

use serde_json::Value;

/// How one run of k8sport ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not one JSON document ({error}):\n{}\n{}", self.stdout, self.stderr))
    }

    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Both streams, with what differs from run to run taken out.
    pub fn transcript(&self) -> String {
        format!("exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}", self.code, steady(&self.stdout), steady(&self.stderr))
    }
}

/// Replaces ids and durations by placeholders.
pub fn steady(text: &str) -> String {
    let mut out = Vec::new();
    for line in text.lines() {
        let mut words = Vec::new();
        for word in line.split(' ') {
            words.push(steady_word(word));
        }
        let joined = words.join(" ");
        out.push(match joined.rfind(" (") {
            Some(at) if joined.ends_with(" s)") => joined[..at].to_owned(),
            _ => joined,
        });
    }
    out.join("\n") + if text.ends_with('\n') { "\n" } else { "" }
}

fn steady_word(word: &str) -> String {
    // The first octets of an address that nobody's hardware has.
    if let Some(at) = word.find("02:00:00:") {
        return format!("{}02:…{}", &word[..at], word.get(at + "02:00:00:00:00:00".len()..).unwrap_or_default());
    }
    for prefix in ["k8sport-probe-", "eipalloc-", "eipassoc-", "subnet-", "vpc-", "eni-", "sg-", "i-"] {
        if let Some(at) = word.find(prefix) {
            let rest = &word[at + prefix.len()..];
            let id = rest.chars().take_while(char::is_ascii_hexdigit).count();
            if id >= 8 {
                return format!("{}{prefix}…{}", &word[..at], &rest[id..]);
            }
        }
    }
    word.to_owned()
}
