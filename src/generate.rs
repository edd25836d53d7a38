//! Completions and man pages, made from the command line's own definition.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::{Cli, examples};
use crate::complete;
use crate::failure::{Failure, Result};
use crate::output;

/// # Errors
/// Never: it is written to memory.
pub fn completions(shell: Shell) -> Result<()> {
    let text = complete::script(shell).map_err(|error| Failure::failed("the completion script can't be made").because(error))?;
    output::stdout(&String::from_utf8_lossy(&text));
    Ok(())
}

/// A page a command: `k8sport.1`, `k8sport-bootstrap.1`, …
///
/// # Errors
/// When the folder can't be written.
pub fn man_pages(folder: &Path) -> Result<()> {
    let mut k8sport = Cli::command();
    k8sport.build();
    pages(&k8sport, folder)
        .map_err(|error| Failure::failed(format!("the man pages can't be written to {}", folder.display())).because(error))
}

fn pages(command: &Command, folder: &Path) -> std::io::Result<()> {
    command.get_subcommands().filter(|below| !below.is_hide_set()).try_for_each(|below| pages(below, folder))?;
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text)?;
    text.extend(examples::section(command.get_display_name().unwrap_or(command.get_name())).into_bytes());
    std::fs::write(folder.join(page.get_filename()), text)
}
