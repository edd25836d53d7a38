//! From settings to an exit code: the runtime, the console and the last word around every command.

use std::process::ExitCode;

use crate::checks::{CATEGORIES, Category, Detail, k0smotron, vip};
use crate::cli::{
    ApiProxyArgs, ApiProxyCommand, CommonArgs, DiagnoseArgs, FindingsArgs, Format, IamPolicyArgs, K0smotronDiagnoseArgs, RunArgs,
    ToggleArgs, VipDiagnoseArgs,
};
use crate::commands;
use crate::commands::iam_policy::Answer as Policy;
use crate::failure::{Failure, Result};
use crate::output;
use crate::output::{Answer, Console};
use crate::report::Report;
use crate::settings::{
    ApiProxySettings, HostedDiagnoseSettings, ManifestSettings, PolicySettings, Settings, Specific, ToggleSettings, VipDiagnoseSettings,
};

/// Runs a command that works on a cluster.
pub fn run<A: Answer>(
    name: &'static str,
    common: CommonArgs,
    specific: Specific,
    command: impl AsyncFnOnce(&Settings, &Console) -> A,
) -> ExitCode {
    report(name, &common.run.clone(), Settings::resolve(common, specific), command)
}

/// Runs a command that ends in an answer.
pub fn report<S, A: Answer>(
    name: &'static str,
    args: &RunArgs,
    settings: Result<S>,
    command: impl AsyncFnOnce(&S, &Console) -> A,
) -> ExitCode {
    let console = Console::new(args.output, args.quiet);
    output::log(args.verbose);
    let answer = settings.and_then(|settings| block_on(async || command(&settings, &console).await));
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return before_it_began(name, args, failure, &console),
    };
    console.finish(&answer);
    ExitCode::from(answer.exit_code(args.exit_code))
}

/// Scripts get their document, also when the settings were wrong.
fn before_it_began(name: &'static str, args: &RunArgs, failure: Failure, console: &Console) -> ExitCode {
    let mut report = Report::new(name, args.dry_run);
    report.error = Some(failure);
    console.finish(&report);
    ExitCode::from(report.exit_code(false))
}

pub fn diagnose(args: DiagnoseArgs) -> ExitCode {
    explained(&args.findings, &CATEGORIES, "diagnose").unwrap_or_else(|| {
        let detail = Detail::of(args.findings.short, args.look.run.verbose);
        let options = commands::diagnose::Options { strict: args.findings.strict, fix: args.fix, detail };
        let (common, secondary, proxy, records, kubernetes) = args.look.split(args.dry_run, args.yes, args.lock);
        let specific = Specific { proxy, records, kubernetes, ..secondary.into() };
        run("diagnose", common, specific, async |settings, console| commands::diagnose::run(settings, options, console).await)
    })
}

/// The same for workers of control planes that k0smotron hosts.
pub fn k0smotron_diagnose(args: K0smotronDiagnoseArgs) -> ExitCode {
    explained(&args.findings, &k0smotron::CATEGORIES, "k0smotron diagnose").unwrap_or_else(|| {
        let run = args.run.clone().plain();
        report("k0smotron diagnose", &run, HostedDiagnoseSettings::resolve(args, &run), commands::k0smotron::diagnose)
    })
}

/// The same for control planes that share an address.
pub fn vip_diagnose(args: VipDiagnoseArgs) -> ExitCode {
    explained(&args.findings, &vip::CATEGORIES, "vip diagnose").unwrap_or_else(|| {
        report("vip diagnose", &args.reach.run.clone(), VipDiagnoseSettings::resolve(args), commands::vip::diagnose::run)
    })
}

/// How it ends when checks are only to be explained.
fn explained<J>(args: &FindingsArgs, categories: &'static [Category<J>], command: &str) -> Option<ExitCode> {
    let check = args.explain.as_deref()?;
    let told = output::explain(categories, command, Some(check).filter(|check| !check.is_empty()));
    Some(told.map_or_else(|failure| fail(&failure), |()| ExitCode::SUCCESS))
}

pub fn toggle(args: ToggleArgs) -> ExitCode {
    let run = args.common.run.clone();
    report("toggle-https-redirect", &run, ToggleSettings::resolve(args), commands::toggle_https_redirect::run)
}

/// Runs the command whose result is a document of IAM's and not one of ours.
pub fn iam_policy(args: IamPolicyArgs) -> ExitCode {
    let console = Console::new(Format::Json, false);
    let policy =
        PolicySettings::resolve(args).and_then(|settings| block_on(async || commands::iam_policy::run(&settings, &console).await)?);
    match policy {
        Ok(Policy::Policy(policy)) => {
            console.notes(policy.too_large().as_slice());
            output::policy(&policy);
        }
        Ok(Policy::Explained(actions)) => output::actions(&actions),
        Err(failure) => return fail(&failure),
    }
    ExitCode::SUCCESS
}

/// Runs the command that serves until it is told to end.
pub fn api_proxy(args: ApiProxyArgs) -> ExitCode {
    let ended = match args.command {
        Some(ApiProxyCommand::Manifest(args)) => {
            ManifestSettings::resolve(args).and_then(|settings| commands::api_proxy::manifest(&settings)).map(|text| output::stdout(&text))
        }
        None => {
            let console = Console::new(Format::Text, false);
            output::log_of_server(args.run.verbose);
            ApiProxySettings::resolve(args.run).and_then(|settings| block_on(async || commands::api_proxy::run(&settings, &console).await)?)
        }
    };
    ended.map_or_else(|failure| fail(&failure), |()| ExitCode::SUCCESS)
}

pub fn block_on<T>(work: impl AsyncFnOnce() -> T) -> Result<T> {
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
