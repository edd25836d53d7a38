//! Questions, only ever at a terminal. Who waits for an answer can be stopped meanwhile, and has a deadline.

use std::io::{ErrorKind, stdin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use console::Term;
use dialoguer::{Confirm, Input};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::failure::{Failure, Result};

pub async fn confirm(interactive: bool, question: &str, without_terminal: &str) -> Result<()> {
    if ask(interactive, question, without_terminal).await? {
        return Ok(());
    }
    Err(Failure::refused("not confirmed").state("nothing was changed"))
}

/// A question whose answer may be no.
pub async fn ask(interactive: bool, question: &str, without_terminal: &str) -> Result<bool> {
    needs_terminal(interactive, without_terminal)?;
    let question = question.to_owned();
    answer(|| Confirm::new().with_prompt(question).default(false).interact()).await
}

/// Whether the user typed exactly this.
pub async fn typed(interactive: bool, question: &str, expected: &str, without_terminal: &str) -> Result<bool> {
    needs_terminal(interactive, without_terminal)?;
    let question = question.to_owned();
    let answer: String = answer(|| Input::new().with_prompt(question).allow_empty(true).interact_text()).await?;
    Ok(answer.trim() == expected)
}

fn needs_terminal(interactive: bool, without_terminal: &str) -> Result<()> {
    if interactive {
        return Ok(());
    }
    Err(Failure::refused("not confirmed: there is no terminal to ask at").next(without_terminal))
}

/// A question stands there, or was left without an answer.
static OPEN: AtomicBool = AtomicBool::new(false);

pub fn is_open() -> bool {
    OPEN.load(Ordering::Relaxed)
}

/// By a signal that ends the command as a whole, which says so itself.
const OWN_WORD: Duration = Duration::from_millis(200);

/// Reading can't be stopped, so it has a thread of its own, which goes with the process.
async fn answer<T: Send + 'static>(question: impl FnOnce() -> dialoguer::Result<T> + Send + 'static) -> Result<T> {
    let _terminal = Terminal::asked_at();
    let answer = tokio::task::spawn_blocking(question).await;
    let why = match answer {
        Ok(Ok(answer)) => {
            OPEN.store(false, Ordering::Relaxed);
            return Ok(answer);
        }
        Ok(Err(dialoguer::Error::IO(error))) if error.kind() == ErrorKind::Interrupted => {
            tokio::time::sleep(OWN_WORD).await;
            None
        }
        Ok(Err(error)) => Some(error.to_string()),
        Err(error) => Some(error.to_string()),
    };
    let failure = Failure::interrupted("the question was not answered");
    Err(why.into_iter().fold(failure, Failure::because))
}

/// The terminal as it was before the question; without an answer nobody else puts it back.
struct Terminal {
    before: Option<Termios>,
}

impl Terminal {
    fn asked_at() -> Self {
        OPEN.store(true, Ordering::Relaxed);
        Self { before: tcgetattr(stdin()).ok() }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if !is_open() {
            return;
        }
        if let Some(before) = &self.before {
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
        let _ = Term::stderr().show_cursor();
        let _ = Term::stderr().write_line("");
    }
}
