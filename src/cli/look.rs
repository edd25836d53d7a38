//! Commands that look at everything.

use std::time::Duration;

use clap::Args;

use super::{
    CommonArgs, Format, KubernetesArgs, LockArgs, NoSecondaryIp, ProxyArgs, RecordArgs, RunArgs, SshArgs, TargetArgs, of_the_cluster,
    switch, time,
};
use crate::names::DnsName;

#[derive(Debug, Args)]
pub struct DiagnoseArgs {
    #[command(flatten)]
    pub findings: FindingsArgs,
    /// Run what repairs the findings, after showing it, as bootstrap would
    #[arg(long)]
    pub fix: bool,
    /// With --fix: show the plan and change nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// With --fix: apply without asking; needed where there is no terminal
    #[arg(short, long, requires = "fix")]
    pub yes: bool,
    #[command(flatten)]
    pub look: LookArgs,
    /// Of --fix.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// For commands whose result is a list of findings.
#[derive(Debug, Args)]
pub struct FindingsArgs {
    /// Tell what a check looks at and why it matters, and stop; without CHECK, list all
    #[arg(long, value_name = "CHECK", num_args = 0..=1, default_missing_value = "")]
    pub explain: Option<String>,
    /// A line a finding
    #[arg(long)]
    pub short: bool,
    /// Warnings are failures, too
    #[arg(long, env = "K8SPORT_STRICT", value_parser = switch)]
    pub strict: bool,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    pub look: LookArgs,
}

/// For commands that look at everything.
#[derive(Debug, Args)]
#[command(mut_arg("context", of_the_cluster))]
pub struct LookArgs {
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    /// A host to look at besides those of the cluster's Ingress objects; may be repeated
    #[arg(long, value_name = "NAME", env = "K8SPORT_HOSTS", value_delimiter = ',')]
    pub host: Vec<DnsName>,
    #[command(flatten)]
    pub proxy: ProxyArgs,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub ssh: SshArgs,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub run: LookRunArgs,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How to run")]
pub struct LookRunArgs {
    /// What stdout gets
    #[arg(long, value_enum, default_value_t, env = "K8SPORT_OUTPUT")]
    pub output: Format,
    /// Limit for the whole command, such as 90s or 15m [default: 15m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_TIMEOUT", value_parser = time)]
    pub timeout: Option<Duration>,
    /// Everything, also what is fine; twice and three times for logs on stderr
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress on stderr
    #[arg(short, long)]
    pub quiet: bool,
}

impl LookRunArgs {
    /// As every command has it. The first `-v` is about the result, not about logs.
    pub fn plain(self) -> RunArgs {
        let Self { output, timeout, verbose, quiet } = self;
        RunArgs { dry_run: false, exit_code: false, yes: false, output, timeout, verbose: verbose.saturating_sub(1), quiet }
    }
}

impl LookArgs {
    /// The same as every command has it.
    pub fn split(self, dry_run: bool, yes: bool, lock: LockArgs) -> (CommonArgs, NoSecondaryIp, ProxyArgs, RecordArgs, KubernetesArgs) {
        let run = RunArgs { dry_run, yes, ..self.run.plain() };
        let records = RecordArgs { host: self.host, force: false };
        (CommonArgs { target: self.target, ssh: self.ssh, lock, run }, self.secondary, self.proxy, records, self.kubernetes)
    }
}
