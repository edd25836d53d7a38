//! Parses the command line, runs the command, and turns its report into an exit code.

mod aws;
mod checks;
mod cli;
mod commands;
mod failure;
mod generate;
mod names;
mod node;
mod output;
mod picture;
mod plan;
mod report;
mod settings;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use checks::Detail;
use cli::{Cli, Command, CommonArgs, DiagnoseArgs};
use output::{Answer, Console};
use settings::{Settings, Specific};

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(failure) = output::prepare() {
        return fail(&failure);
    }
    match cli.command {
        Command::Completions { shell } => generate::completions(shell),
        Command::Man { folder } => generate::man_pages(&folder).map_or_else(|failure| fail(&failure), |()| ExitCode::SUCCESS),
        Command::Bootstrap(args) => {
            let specific = Specific { elastic_ip: args.elastic_ip, proxy: args.proxy, records: args.records, ..args.secondary.into() };
            run(args.common, specific, commands::bootstrap::run)
        }
        Command::SetupSecondaryIp(args) => {
            run(args.common, Specific { elastic_ip: args.elastic_ip, ..Specific::default() }, commands::setup_secondary_ip::run)
        }
        Command::SetupHaproxy(args) => {
            run(args.common, Specific { proxy: args.proxy, ..args.secondary.into() }, commands::setup_haproxy::run)
        }
        Command::UpdateDns(args) => {
            run(args.common, Specific { records: args.records, ..args.secondary.into() }, commands::update_dns::run)
        }
        Command::Diagnose(args) => diagnose(args),
        Command::Status(args) => {
            let (common, secondary, proxy, records) = args.look.split(false, false);
            run(common, Specific { proxy, records, ..secondary.into() }, commands::status::run)
        }
    }
}

fn diagnose(args: DiagnoseArgs) -> ExitCode {
    if let Some(check) = &args.explain {
        let check = Some(check.as_str()).filter(|check| !check.is_empty());
        return output::explain(check).map_or_else(|failure| fail(&failure), |()| ExitCode::SUCCESS);
    }
    let detail = match (args.short, args.look.run.verbose) {
        (true, _) => Detail::Short,
        (false, 0) => Detail::Findings,
        _ => Detail::All,
    };
    let options = commands::diagnose::Options { strict: args.strict, fix: args.fix, detail };
    let (common, secondary, proxy, records) = args.look.split(args.dry_run, args.yes);
    run(common, Specific { proxy, records, ..secondary.into() }, async move |settings: &Settings, console: &Console| {
        commands::diagnose::run(settings, options, console).await
    })
}

fn run<A: Answer>(common: CommonArgs, specific: Specific, command: impl AsyncFnOnce(&Settings, &Console) -> A) -> ExitCode {
    let console = Console::new(common.run.output, common.run.quiet);
    output::log(common.run.verbose);
    let settings = match Settings::resolve(common, specific) {
        Ok(settings) => settings,
        Err(failure) => return fail(&failure),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&failure::Failure::failed("the async runtime does not start").because(error)),
    };
    let report = runtime.block_on(command(&settings, &console));
    // A name look-up that hangs must not keep the process alive.
    runtime.shutdown_background();
    console.finish(&report);
    ExitCode::from(report.exit_code(settings.run.exit_code))
}

fn fail(failure: &failure::Failure) -> ExitCode {
    output::failure(failure);
    ExitCode::from(failure.kind.exit_code())
}
