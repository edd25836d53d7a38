//! Who is at work on the node. Whoever has a lock of the node says so in the lock's file, for those who wait for it.

use std::fmt;

/// A run, as another one sees it. Nothing in it but letters, digits and `.`, `_`, `@`, `-`, so a shell takes it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `user@host`.
    who: String,
    process: String,
    command: String,
    /// UTC, by the node's clock. Empty for a run that has no lock.
    since: String,
}

impl Holder {
    /// This run.
    pub fn me() -> Self {
        let user = ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::env::var("HOSTNAME")).unwrap_or_default();
        Self {
            who: format!("{}@{}", plain(&user), plain(&host)),
            process: std::process::id().to_string(),
            command: plain(&std::env::args().nth(1).unwrap_or_default()),
            since: String::new(),
        }
    }

    /// None for what isn't written by us.
    pub fn read(words: &[&str]) -> Option<Self> {
        let [who, process, command, since] = words else { return None };
        let [who, process, command, since] = [who, process, command, since].map(|word| (*word).to_owned());
        Some(Self { who, process, command, since })
    }

    /// The first line of every script.
    pub fn assignment(&self) -> String {
        format!("HOLDER='{} {} {}'\n", self.who, self.process, self.command)
    }
}

impl Holder {
    pub fn run(&self) -> String {
        format!("`k8sport {}` of {}", self.command, self.who)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} runs `k8sport {}` (process {}) and has had the node since {}", self.who, self.command, self.process, self.since)
    }
}

/// Without what a shell or a word's border could be made of.
fn plain(text: &str) -> String {
    let kept: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).take(64).collect();
    if kept.is_empty() { "unknown".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_reaches_the_shell() {
        assert_eq!(plain("a'; reboot #\n"), "areboot");
        assert_eq!(plain(" \n"), "unknown");
    }

    #[test]
    fn a_holder_is_read_as_it_was_written() {
        let me = Holder::me();
        let line = format!("{} 2026-11-24T12:00:00Z", me.assignment().trim_start_matches("HOLDER='").trim_end().trim_end_matches('\''));
        let read = Holder::read(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(read, Some(Holder { since: "2026-11-24T12:00:00Z".to_owned(), ..me }));
        assert_eq!(Holder::read(&[""]), None);
    }
}
