//! Parses the command line, runs the command, and turns its report into an exit code.

mod api_proxy;
mod aws;
mod checks;
mod cli;
mod cluster;
mod commands;
mod complete;
mod dispatch;
mod docker;
mod failure;
mod generate;
mod help;
#[cfg(test)]
mod hostile;
mod names;
mod node;
mod output;
mod picture;
mod plan;
mod proxies;
mod report;
mod run;
mod settings;
mod subprocess;
mod verify;

use std::process::ExitCode;

use dispatch::dispatch;
use run::fail;

fn main() -> ExitCode {
    complete::answer();
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(answer) => return output::of_the_command_line(&answer),
    };
    if let Err(failure) = output::prepare() {
        return fail(&failure);
    }
    let code = dispatch(cli.command);
    if output::is_unwritten() { ExitCode::FAILURE } else { code }
}
