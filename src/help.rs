//! `k8sport help`: of a command, or of a topic that belongs to no single one.

use std::collections::BTreeMap;

use clap::Command;

use crate::cli;
use crate::failure::{Failure, Result};

const EXIT_CODES: &str = include_str!("../docs/help/exit-codes.md");

const TOPICS: [(&str, &str); 5] = [
    ("environment", include_str!("../docs/help/environment.md")),
    ("exit-codes", EXIT_CODES),
    ("ownership", include_str!("../docs/help/ownership.md")),
    ("migration", include_str!("../docs/help/migration.md")),
    ("troubleshooting", include_str!("../docs/help/troubleshooting.md")),
];

pub fn topics() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|(name, _)| *name)
}

/// The topic about them.
pub fn exit_codes() -> &'static str {
    EXIT_CODES
}

/// The help of the command with these words, of one topic, or of k8sport.
///
/// # Errors
/// A usage failure when there is no such command and no such topic.
pub fn help(about: &[String]) -> Result<String> {
    let mut command = cli::command();
    command.build();
    if let [topic] = about
        && let Some((name, text)) = TOPICS.iter().find(|(name, _)| name == topic)
    {
        let variables = if *name == "environment" { variables(&command) } else { String::new() };
        return Ok(format!("{text}{variables}"));
    }
    let mut found = &mut command;
    for word in about {
        found = found.find_subcommand_mut(word).ok_or_else(|| unknown(&about.join(" ")))?;
    }
    Ok(found.render_long_help().to_string())
}

fn unknown(about: &str) -> Failure {
    let topics = topics().collect::<Vec<_>>().join(", ");
    Failure::usage(format!("there is no command and no topic {about:?}"))
        .next(format!("topics: {topics}"))
        .next("`k8sport --help` lists the commands")
}

/// Every variable with its option, from the command line's own definition.
fn variables(k8sport: &Command) -> String {
    let mut options = BTreeMap::new();
    for command in all(k8sport) {
        for argument in command.get_arguments() {
            if let (Some(variable), Some(option)) = (argument.get_env(), argument.get_long()) {
                options.insert(variable.to_string_lossy().into_owned(), option);
            }
        }
    }
    let lines = options.iter().map(|(variable, option)| format!("    {variable:<32} --{option}\n"));
    format!("\nVariables and their options:\n\n{}", lines.collect::<String>())
}

/// The command and all below it.
fn all(command: &Command) -> Vec<&Command> {
    std::iter::once(command).chain(command.get_subcommands().flat_map(all)).collect()
}
