//! Completions and man pages, made from the command line's own definition.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::{Failure, Result};
use crate::output;

pub fn completions(shell: Shell) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "k8sport", &mut text);
    output::stdout(&String::from_utf8_lossy(&text));
    ExitCode::SUCCESS
}

/// A page a command: `k8sport.1`, `k8sport-bootstrap.1`, …
///
/// # Errors
/// When the folder can't be written.
pub fn man_pages(folder: &Path) -> Result<()> {
    clap_mangen::generate_to(Cli::command(), folder)
        .map_err(|error| Failure::failed(format!("the man pages can't be written to {}", folder.display())).because(error))
}
