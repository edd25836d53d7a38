//! Questions, only ever at a terminal.

use dialoguer::{Confirm, Input};

use crate::failure::{Failure, Result};

pub fn confirm(interactive: bool, question: &str, without_terminal: &str) -> Result<()> {
    if ask(interactive, question, without_terminal)? {
        return Ok(());
    }
    Err(Failure::refused("not confirmed").state("nothing was changed"))
}

/// A question whose answer may be no.
pub fn ask(interactive: bool, question: &str, without_terminal: &str) -> Result<bool> {
    needs_terminal(interactive, without_terminal)?;
    Confirm::new().with_prompt(question).default(false).interact().map_err(unanswered)
}

/// Whether the user typed exactly this.
pub fn typed(interactive: bool, question: &str, expected: &str, without_terminal: &str) -> Result<bool> {
    needs_terminal(interactive, without_terminal)?;
    let answer: String = Input::new().with_prompt(question).allow_empty(true).interact_text().map_err(unanswered)?;
    Ok(answer.trim() == expected)
}

fn needs_terminal(interactive: bool, without_terminal: &str) -> Result<()> {
    if interactive {
        return Ok(());
    }
    Err(Failure::refused("not confirmed: there is no terminal to ask at").next(without_terminal))
}

fn unanswered(error: dialoguer::Error) -> Failure {
    // Ctrl-C in the middle of the question leaves the cursor hidden.
    let _ = console::Term::stderr().show_cursor();
    match error {
        dialoguer::Error::IO(error) if error.kind() == std::io::ErrorKind::Interrupted => {
            Failure::interrupted("the question was not answered")
        }
        error => Failure::interrupted("the question was not answered").because(error),
    }
}
