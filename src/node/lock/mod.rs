//! The lock of the node: from the first look to the last, no other run sets up or cleans up what belongs to it. It is
//! held by a script on the node that ends with our connection, so a run that is gone holds nothing.

use std::time::Duration;

use tokio::sync::Mutex;

use super::apply::here_document;
use super::holder::Holder;
use super::ssh::{Connection, Staying, TRANSFER};
use crate::failure::{Failure, Result};

const LOCK: &str = include_str!("lock.sh");
const UNLOCK: &str = include_str!("unlock.sh");

/// How long a script may take that has nobody to wait for.
const AT_ONCE: Duration = Duration::from_secs(30);

/// Freed when it is dropped.
pub struct Lock {
    script: Mutex<Staying>,
}

/// What came with the lock.
pub struct Taken {
    pub lock: Lock,
    /// Somebody else had it before, so what was read until then may have changed.
    pub waited: bool,
    /// What the look said.
    pub seen: String,
}

/// A script that reads the node, and how long it may take there.
pub struct Look<'a> {
    pub script: &'a str,
    pub limit: Duration,
}

impl Look<'_> {
    /// As a function that the lock's script calls.
    fn function(&self) -> String {
        let run = here_document(&format!("timeout -k 5 {} sh -s", self.limit.as_secs()), self.script);
        format!("look() {{\n{run}}}\n")
    }
}

/// What the script says.
enum Said {
    Waits(Option<Holder>),
    Busy(Option<Holder>),
    Locked,
}

impl Lock {
    /// Waits until nobody else has it, but no longer than `wait`, and looks at the node then. `on_wait` is told whose run
    /// that is.
    ///
    /// # Errors
    /// Another run has it, or the script can't run.
    pub(super) async fn take(connection: &Connection, wait: Duration, look: &Look<'_>, on_wait: impl FnOnce(&str)) -> Result<Taken> {
        let script = format!("{}WAIT={}\n{}{LOCK}", Holder::me().assignment(), wait.as_secs(), look.function());
        let mut script = connection.stay(&script).await?;
        let limit = wait + AT_ONCE;
        let said = tokio::time::timeout(limit, begin(&mut script, on_wait)).await;
        match said {
            Ok(Ok((Said::Locked, waited))) => {
                let seen = seen(&mut script, look.limit + Duration::from_secs(TRANSFER)).await?;
                Ok(Taken { lock: Self { script: Mutex::new(script) }, waited, seen })
            }
            Ok(Ok((Said::Waits(holder) | Said::Busy(holder), _))) => Err(busy(holder.as_ref(), wait)),
            Ok(Err(())) => {
                let finished = script.explained().await;
                connection.check_sudo(&finished)?;
                Err(refused().because(finished.errors.trim()))
            }
            Err(_) => Err(refused().because("no answer").after(limit)),
        }
    }

    /// # Errors
    /// Somebody has taken it away, or the connection that holds it is gone.
    pub async fn check(&self) -> Result<()> {
        let mut script = self.script.lock().await;
        loop {
            // A single look at what is there already.
            match tokio::time::timeout(Duration::ZERO, script.next_line()).await {
                Err(_) => return Ok(()),
                Ok(Some(line)) if line == "@k8sport unlocked" => return Err(lost("it was taken away with `k8sport unlock`")),
                Ok(Some(_)) => {}
                Ok(None) => return Err(lost("the connection that held it is gone")),
            }
        }
    }

    pub async fn release(self) {
        self.script.into_inner().end().await;
    }
}

/// Until the lock is ours, or somebody else's for too long. Nothing when the script ends before.
async fn begin(script: &mut Staying, on_wait: impl FnOnce(&str)) -> Result<(Said, bool), ()> {
    let (mut on_wait, mut waited) = (Some(on_wait), false);
    while let Some(line) = script.next_line().await {
        match read(&line) {
            Some(Said::Waits(holder)) => {
                waited = true;
                if let Some(tell) = on_wait.take() {
                    tell(&holder.map_or_else(|| "another run".to_owned(), |holder| holder.run()));
                }
            }
            Some(said) => return Ok((said, waited)),
            None => {}
        }
    }
    Err(())
}

/// What the look says until its end.
async fn seen(script: &mut Staying, limit: Duration) -> Result<String> {
    let all = async {
        let mut seen = String::new();
        while let Some(line) = script.next_line().await {
            if line == "@k8sport looked" {
                return Some(seen);
            }
            seen.push_str(&line);
            seen.push('\n');
        }
        None
    };
    let unread = || Failure::failed("the node was not read to the end").state("nothing was changed").next("run the command again");
    match tokio::time::timeout(limit, all).await {
        Ok(Some(seen)) => Ok(seen),
        Ok(None) => Err(unread().because("the connection ended, or the node said too much")),
        Err(_) => Err(unread().because("no answer").after(limit)),
    }
}

fn read(line: &str) -> Option<Said> {
    let mut words = line.strip_prefix("@k8sport ")?.split(' ');
    let said = words.next()?;
    let holder = || Held::read(words.collect()).map(|held| held.holder);
    match said {
        "locked" => Some(Said::Locked),
        "waits" => Some(Said::Waits(holder())),
        "busy" => Some(Said::Busy(holder())),
        _ => None,
    }
}

fn words(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another run, which doesn't say who it is".to_owned(), ToString::to_string)
}

fn busy(holder: Option<&Holder>, waited: Duration) -> Failure {
    Failure::failed("another run of k8sport is at work on this cluster")
        .because(words(holder))
        .after(waited)
        .state("nothing was changed")
        .next("wait for it, then run the command again; `--lock-timeout 10m` waits longer")
        .next("if it hangs: `k8sport unlock` takes the node away from it; the lock of a run that is gone ends by itself")
}

fn refused() -> Failure {
    Failure::failed("the lock of the node can't be taken").state("nothing was changed")
}

fn lost(cause: &str) -> Failure {
    Failure::failed("this run has lost the lock of the node").because(cause).next("run the command again: it goes on from what is there")
}

/// A lock that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub holder: Holder,
    /// As it is in the lock's file. Nothing in it but what a [`Holder`] may have.
    text: String,
}

impl Held {
    fn read(words: Vec<&str>) -> Option<Self> {
        let [holder @ .., process] = words.as_slice() else { return None };
        process.parse::<u32>().ok()?;
        let text = words.join(" ");
        let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "@:._ -".contains(c));
        Some(Self { holder: Holder::read(holder)?, text }).filter(|_| is_plain)
    }
}

/// What is known of whoever has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Free,
    Held(Held),
    /// Not written by us.
    Unreadable,
}

/// # Errors
/// The node can't be asked.
pub(super) async fn state(connection: &Connection) -> Result<State> {
    unlock(connection, "").await
}

/// Takes the lock from `held`, and from nobody who came after. Says what is so then.
///
/// # Errors
/// The node can't be asked.
pub(super) async fn take_away(connection: &Connection, held: &Held) -> Result<State> {
    unlock(connection, &held.text).await
}

async fn unlock(connection: &Connection, expected: &str) -> Result<State> {
    let finished = connection.run(&format!("EXPECTED='{expected}'\n{UNLOCK}"), AT_ONCE, |_| {}).await?;
    finished.output.lines().find_map(read_state).ok_or_else(|| {
        Failure::failed("whether somebody has the lock of the node can't be seen")
            .because(finished.errors.trim())
            .state("nothing was changed")
    })
}

fn read_state(line: &str) -> Option<State> {
    let words: Vec<_> = line.strip_prefix("@k8sport ")?.split(' ').collect();
    match words.as_slice() {
        ["free"] => Some(State::Free),
        ["holder", rest @ ..] => Some(Held::read(rest.to_vec()).map_or(State::Unreadable, State::Held)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_wrote_into_the_file_is_never_sent_back() {
        let held = read_state("@k8sport holder ann@laptop 4711 cleanup 2026-11-24T12:00:00Z 99");
        let Some(State::Held(held)) = held else { panic!("{held:?}") };
        assert_eq!(held.text, "ann@laptop 4711 cleanup 2026-11-24T12:00:00Z 99");
        assert_eq!(
            held.holder.to_string(),
            "ann@laptop runs `k8sport cleanup` (process 4711) and has had the node since 2026-11-24T12:00:00Z"
        );
        for odd in ["@k8sport holder", "@k8sport holder a b c d", "@k8sport holder a';reboot;' 4711 cleanup now 99"] {
            assert_eq!(read_state(odd), Some(State::Unreadable), "{odd}");
        }
        assert_eq!(read_state("@k8sport free"), Some(State::Free));
    }
}
