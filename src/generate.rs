//! Completions and man pages, made from the command line's own definition.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::{Cli, examples};
use crate::failure::{Failure, Result};
use crate::output;
use crate::{complete, help};

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
    let name = command.get_display_name().unwrap_or(command.get_name());
    let mut text = head(name).into_bytes();
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if command.has_subcommands() {
        page.render_subcommands_section(&mut text)?;
    }
    text.extend([exit_status(), examples::section(name), see_also(name)].concat().into_bytes());
    std::fs::write(folder.join(page.get_filename()), text)
}

/// Without a day, which every build would change. In the middle something short: beside it stands the page's name, twice.
fn head(page: &str) -> String {
    format!(".TH {page} 1 \"\" \"k8sport {}\" k8sport\n", env!("CARGO_PKG_VERSION"))
}

/// As the topic has it.
fn exit_status() -> String {
    let codes = help::exit_codes().lines().filter_map(|line| line.strip_prefix("    "));
    let lines: String = codes.map(|line| format!("{}\n", line.replace('-', "\\-"))).collect();
    format!(".SH \"EXIT STATUS\"\n.nf\n{lines}.fi\n")
}

fn see_also(page: &str) -> String {
    let above = if page == "k8sport" { "" } else { ".BR k8sport (1),\nand " };
    let topics = help::topics().collect::<Vec<_>>().join(", ").replace('-', "\\-");
    format!(".SH \"SEE ALSO\"\n{above}`k8sport help` with a topic: {topics}\n")
}
