//! The command line of this process, with what the environment adds to it. It is read once.

use std::env;
use std::ffi::OsString;
use std::sync::OnceLock;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, Error};
use clap::{Arg, ArgMatches, Command, FromArgMatches};

use super::Cli;

static MATCHES: OnceLock<ArgMatches> = OnceLock::new();

/// # Errors
/// Bad input; and help and versions, which are errors to clap.
pub fn parse() -> Result<Cli, Error> {
    let mut k8sport = read();
    let matches = k8sport.try_get_matches_from_mut(env::args_os()).map_err(|error| with_variable(error, k8sport))?;
    let cli = Cli::from_arg_matches(&matches)?;
    let _ = MATCHES.set(matches);
    Ok(cli)
}

/// The command line as it is read.
pub fn read() -> Command {
    only_what_is_set(super::command())
}

/// None in unit tests.
pub fn matches() -> Option<&'static ArgMatches> {
    MATCHES.get()
}

const YES: [&str; 4] = ["1", "true", "yes", "on"];
const NO: [&str; 4] = ["0", "false", "no", "off"];

/// For options without a value: what their variables may say.
///
/// # Errors
/// Any other word.
pub fn switch(text: &str) -> Result<bool, String> {
    let is_among = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match (is_among(YES), is_among(NO)) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(format!("expected {}, or {}", YES.join(", "), NO.join(", "))),
    }
}

/// A variable that is empty, or says no, is as good as none: nothing conflicts with it.
fn only_what_is_set(command: Command) -> Command {
    let unless_set = |argument: Arg| if says_nothing(&argument) { argument.env(Resettable::Reset) } else { argument };
    command.mut_args(unless_set).mut_subcommands(only_what_is_set)
}

fn says_nothing(argument: &Arg) -> bool {
    let says_no = |text: OsString| !argument.get_action().takes_values() && text.to_str().map(switch) == Some(Ok(false));
    variable(argument).is_some_and(|(_, text)| text.is_empty() || says_no(text))
}

fn variable(argument: &Arg) -> Option<(String, OsString)> {
    let name = argument.get_env()?;
    Some((name.to_string_lossy().into_owned(), env::var_os(name)?))
}

/// Clap names the option alone, which nobody may have said.
fn with_variable(mut error: Error, mut k8sport: Command) -> Error {
    k8sport.build();
    let (Some(ContextValue::String(option)), Some(ContextValue::String(value))) =
        (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
    else {
        return error;
    };
    let named = arguments(&k8sport).into_iter().filter(|argument| argument.to_string() == *option).find_map(variable);
    if let Some((name, _)) = named.filter(|(_, text)| text.to_string_lossy() == *value) {
        let told = format!("the environment says so: {name}");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![told.into()]));
    }
    error
}

fn arguments(command: &Command) -> Vec<&Arg> {
    command.get_arguments().chain(command.get_subcommands().flat_map(arguments)).collect()
}
