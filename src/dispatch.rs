//! Which command the command line means.

use std::process::ExitCode;

use crate::cli::{Command, DataPathArgs, EcrCommand, K0smotronCommand, LockArgs, VipCommand};
use crate::plan::data_path::Wish;
use crate::run::{api_proxy, diagnose, fail, iam_policy, k0smotron_diagnose, report, run, toggle, vip_diagnose};
use crate::settings::{
    ConfigureSettings, DeploySettings, EcrPruneSettings, HostedSettings, QuickStartSettings, QuotaSettings, Settings, Specific,
    TeardownSettings, VipCleanupSettings, VipSetupSettings,
};
use crate::{commands, generate, help, output};

pub fn dispatch(command: Command) -> ExitCode {
    match command {
        Command::Completions { shell } => generate::completions(shell).map_or_else(|failure| fail(&failure), |()| ExitCode::SUCCESS),
        Command::Help { about } => help::help(&about).map_or_else(
            |failure| fail(&failure),
            |text| {
                output::stdout(&text);
                ExitCode::SUCCESS
            },
        ),
        Command::Man { folder } => generate::man_pages(&folder).map_or_else(|failure| fail(&failure), |()| ExitCode::SUCCESS),
        Command::Bootstrap(args) => {
            let specific = Specific { timeout: Some(commands::bootstrap::TIMEOUT), ..Specific::default() };
            report("bootstrap", &args.common.run.clone(), Settings::of_bootstrap(*args, specific), commands::bootstrap::run)
        }
        Command::QuickStart(args) => {
            report("quick-start", &args.bootstrap.common.run.clone(), QuickStartSettings::resolve(*args), commands::quick_start::run)
        }
        Command::SetupSecondaryIp(args) => run(
            "setup-secondary-ip",
            args.common,
            Specific { elastic_ip: args.elastic_ip, ..Specific::default() },
            commands::setup_secondary_ip::run,
        ),
        Command::SetupHaproxy(args) => {
            run("setup-haproxy", args.common, Specific { proxy: args.proxy, ..args.secondary.into() }, commands::setup_haproxy::run)
        }
        Command::SetupService(args) => {
            let data_path = DataPathArgs { data_path: Some(Wish::Service), service: args.service };
            let specific = Specific { data_path, kubernetes: args.kubernetes, ..Specific::default() };
            run("setup-service", args.common, specific, commands::setup_service::run)
        }
        Command::UpdateDns(args) => {
            run("update-dns", args.common, Specific { records: args.records, ..args.secondary.into() }, commands::update_dns::run)
        }
        Command::Unlock(common) => run("unlock", common, Specific::default(), commands::unlock::run),
        Command::Cleanup(args) => {
            let mut common = args.common;
            common.run.yes |= args.force;
            let options = commands::cleanup::Options {
                skip_node: args.skip_node,
                purge_packages: args.purge_packages,
                release_unassociated: args.release_unassociated,
            };
            let specific = Specific { kubernetes: args.kubernetes, ..Specific::default() };
            run("cleanup", common, specific, async |settings, console| commands::cleanup::run(settings, options, console).await)
        }
        Command::Teardown(args) => report("teardown", &args.run.clone(), TeardownSettings::resolve(args), commands::teardown::run),
        Command::Ecr { command: EcrCommand::Prune(args) } => {
            report("ecr-prune", &args.run.clone(), EcrPruneSettings::resolve(args), commands::ecr_prune::run)
        }
        Command::K0smotron { command: K0smotronCommand::Diagnose(args) } => k0smotron_diagnose(args),
        Command::K0smotron { command: K0smotronCommand::PrepareWorkers(args) } => {
            report("k0smotron prepare-workers", &args.run.clone(), HostedSettings::resolve(args), commands::k0smotron::prepare_workers)
        }
        Command::ToggleHttpsRedirect(args) => toggle(args),
        Command::ConfigureApps(args) => {
            report("configure-apps", &args.run.clone(), ConfigureSettings::resolve(args), commands::configure_apps::run)
        }
        Command::DeployApp(args) => report("deploy-app", &args.run.clone(), DeploySettings::resolve(*args), commands::deploy_app::run),
        Command::Quota(args) => report("quota", &args.run.clone(), QuotaSettings::resolve(args), commands::quota::run),
        Command::ApiProxy(args) => api_proxy(*args),
        Command::Vip { command: VipCommand::Diagnose(args) } => vip_diagnose(args),
        Command::Vip { command: VipCommand::Setup(args) } => {
            report("vip setup", &args.change.reach.run.clone(), VipSetupSettings::resolve(args), commands::vip::setup::run)
        }
        Command::Vip { command: VipCommand::Cleanup(args) } => {
            report("vip cleanup", &args.change.reach.run.clone(), VipCleanupSettings::resolve(args), commands::vip::cleanup::run)
        }
        Command::IamPolicy(args) => iam_policy(args),
        Command::Diagnose(args) => diagnose(args),
        Command::Status(args) => {
            let (common, secondary, proxy, records, kubernetes) = args.look.split(false, false, LockArgs::default());
            run("status", common, Specific { proxy, records, kubernetes, ..secondary.into() }, commands::status::run)
        }
    }
}
