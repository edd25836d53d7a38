//! What the scripts say while they run.

use crate::node::holder::Holder;

/// A line of a script's standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Begin(usize),
    Ok(usize),
    Failed(usize),
    /// What a command said before it failed.
    Said(String),
    /// Another run of ours holds the node's lock since a minute: who, with which process and command, and since when.
    Busy(Option<Holder>),
    /// systemd refused to arm the watchdog; nothing was changed.
    NoWatchdog,
    /// A step failed and all of it was undone.
    TakenBack,
    Done,
}

/// None for anything that isn't ours, such as a greeting.
pub fn read_line(line: &str) -> Option<Line> {
    if let Some(said) = line.strip_prefix('|') {
        return Some(Line::Said(said.to_owned()));
    }
    let words: Vec<&str> = line.strip_prefix("@k8sport ")?.split(' ').collect();
    match words.as_slice() {
        ["busy", holder @ ..] => Some(Line::Busy(Holder::read(holder))),
        ["no-watchdog"] => Some(Line::NoWatchdog),
        ["taken-back"] => Some(Line::TakenBack),
        ["done"] => Some(Line::Done),
        [index, "begin"] => index.parse().ok().map(Line::Begin),
        [index, "ok"] => index.parse().ok().map(Line::Ok),
        [index, "failed"] => index.parse().ok().map(Line::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_ours_and_others() {
        assert_eq!(read_line("@k8sport 3 ok"), Some(Line::Ok(3)));
        assert_eq!(read_line("@k8sport 3 failed"), Some(Line::Failed(3)));
        assert_eq!(read_line("|@k8sport 3 ok"), Some(Line::Said("@k8sport 3 ok".to_owned())));
        assert_eq!(read_line("@k8sport x ok"), None);
        assert_eq!(read_line("Last login: yesterday"), None);
    }
}
