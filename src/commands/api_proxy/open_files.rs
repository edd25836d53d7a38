//! A client's connection takes two files, its own and the one to the API server.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Enough for any pod, and far from what a machine can't do.
const MOST: u64 = 4096;
/// For everything else that a process has open.
const OTHERS: u64 = 64;

/// Asks for as many open files as we may have, and says for how many connections they are.
pub fn connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX).min(2 * MOST + OTHERS);
    let mut current = limit.current.unwrap_or(u64::MAX);
    if current < most && setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum }).is_ok() {
        current = most;
    }
    usize::try_from((current.saturating_sub(OTHERS) / 2).clamp(1, MOST)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_are_connections() {
        assert!((1..=4096).contains(&super::connections()));
    }
}
