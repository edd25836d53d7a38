//! Questions, only ever at a terminal.

use dialoguer::Confirm;

use crate::failure::{Failure, Result};

pub fn confirm(interactive: bool, question: &str, without_terminal: &str) -> Result<()> {
    if !interactive {
        return Err(Failure::refused("not confirmed: there is no terminal to ask at").state("nothing was changed").next(without_terminal));
    }
    match Confirm::new().with_prompt(question).default(false).interact_opt() {
        Ok(Some(true)) => Ok(()),
        Ok(_) => Err(Failure::refused("not confirmed").state("nothing was changed")),
        Err(error) => {
            // Ctrl-C in the middle of the question leaves the cursor hidden.
            let _ = console::Term::stderr().show_cursor();
            Err(Failure::interrupted("the question was not answered").because(error).state("nothing was changed"))
        }
    }
}
