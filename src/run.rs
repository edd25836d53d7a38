//! From settings to an exit code: the runtime, the console and the last word around every command.

use std::process::ExitCode;

use crate::cli::{CommonArgs, Format, IamPolicyArgs, RunArgs};
use crate::commands;
use crate::commands::iam_policy::Answer;
use crate::failure::{Failure, Result};
use crate::output;
use crate::output::Console;
use crate::report::Report;
use crate::settings::{PolicySettings, Settings, Specific};

/// Runs a command that works on a cluster.
pub fn run(common: CommonArgs, specific: Specific, command: impl AsyncFnOnce(&Settings, &Console) -> Report) -> ExitCode {
    report(&common.run.clone(), Settings::resolve(common, specific), command)
}

/// Runs a command that ends in a report.
pub fn report<S>(args: &RunArgs, settings: Result<S>, command: impl AsyncFnOnce(&S, &Console) -> Report) -> ExitCode {
    let console = Console::new(args.output, args.quiet);
    output::log(args.verbose);
    let report = settings.and_then(|settings| block_on(async || command(&settings, &console).await));
    let mut report = match report {
        Ok(report) => report,
        Err(failure) => return fail(&failure),
    };
    report.name_the_policy();
    console.finish(&report);
    ExitCode::from(report.exit_code(args.exit_code))
}

/// Runs the command whose result is a document of IAM's and not one of ours.
pub fn iam_policy(args: IamPolicyArgs) -> ExitCode {
    let console = Console::new(Format::Json, false);
    let policy =
        PolicySettings::resolve(args).and_then(|settings| block_on(async || commands::iam_policy::run(&settings, &console).await)?);
    match policy {
        Ok(Answer::Policy(policy)) => output::policy(&policy),
        Ok(Answer::Explained(actions)) => output::actions(&actions),
        Err(failure) => return fail(&failure),
    }
    ExitCode::SUCCESS
}

fn block_on<T>(work: impl AsyncFnOnce() -> T) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed("the async runtime does not start").because(error))?;
    let result = runtime.block_on(work());
    // A name look-up that hangs must not keep the process alive.
    runtime.shutdown_background();
    Ok(result)
}

pub fn fail(failure: &Failure) -> ExitCode {
    output::failure(failure);
    ExitCode::from(failure.kind.exit_code())
}
