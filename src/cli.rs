//! The command line and nothing else: what can be said, not what it means.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::aws::AwsCommand;
use crate::names::{AccountId, AllocationId, DnsName, HostKeyFingerprint, InstanceId, SshUser, ZoneId};
use crate::plan::Selector;
use crate::plan::elastic_ip::Reuse;
use crate::plan::network::Cidr;

/// HTTPS on port 443 for applications, beside the API server of a single-node kOps cluster on AWS
///
/// The API server owns port 443 on the node. k8sport gives the node a second address whose 443 and 80 belong to the
/// ingress: a secondary private IP with an Elastic IP, a NAT table, an HAProxy instance and a wildcard record. It
/// shows its plan before it changes anything, changes only what carries its tag, and can be run again at any time.
#[derive(Debug, Parser)]
#[command(name = "k8sport", version, propagate_version = true, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done · 1 failed · 2 usage · 3 diagnose found failures · 4 refused (not ours, or not confirmed) · 5 changes pending (--dry-run --exit-code) · 130 interrupted

Settings come from options, then the environment, then k8sport.toml, then discovery.";

const IAM_POLICY_HELP: &str = "\
stdout gets one JSON document as IAM takes it, and nothing else:

  k8sport iam-policy bootstrap --cluster c02.example.com > policy.json
  aws iam put-role-policy --role-name deploy --policy-name k8sport --policy-document file://policy.json

Account, region and zone come from options, the environment and k8sport.toml; what they leave open is read from AWS.
Where nothing is left open, no AWS call is made and no credentials are needed:

  k8sport iam-policy --cluster c02.example.com --zone example.com --zone-id Z0123456789ABCDEFGHIJ \\
      --account 123456789012 --region eu-central-1";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do the whole job on an existing cluster: secondary IP, HAProxy and DNS, then look from outside
    Bootstrap(BootstrapArgs),
    /// Give the node a second address: Elastic IP, secondary private IP, security group, NAT on the node
    SetupSecondaryIp(SecondaryIpArgs),
    /// Run our own HAProxy instance on the node, which routes 443 and 80 of the second address to the ingress
    SetupHaproxy(HaproxyArgs),
    /// Point the wildcard record of the applications' zone at the Elastic IP
    UpdateDns(DnsArgs),
    /// Remove what k8sport made for a cluster, and nothing else
    ///
    /// Works from what is there, so the node or the whole cluster may be gone, and an earlier run may have stopped
    /// anywhere. DNS goes first and the Elastic IP last: an address is released only after no record in the account's
    /// public zones leads to it. What existed before k8sport is left as it was found.
    Cleanup(CleanupArgs),
    /// Show the region's Elastic IPs against their quota, and ask for more of them
    Quota(QuotaArgs),
    /// Print the IAM policy that commands need: exactly their actions, on this account, cluster and zone
    #[command(after_help = IAM_POLICY_HELP)]
    IamPolicy(IamPolicyArgs),
    /// What is wrong, why, and what to do: looks at account, node, DNS and from outside, and changes nothing
    Diagnose(DiagnoseArgs),
    /// Who has which address and port, where names lead, what works right now, what it costs
    Status(StatusArgs),
    /// Print a completion script for your shell
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Write the man pages into a folder
    #[command(hide = true)]
    Man {
        #[arg(value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct BootstrapArgs {
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    #[command(flatten)]
    pub elastic_ip: ElasticIpArgs,
    #[command(flatten)]
    pub proxy: ProxyArgs,
    #[command(flatten)]
    pub records: RecordArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct SecondaryIpArgs {
    #[command(flatten)]
    pub elastic_ip: ElasticIpArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct HaproxyArgs {
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    #[command(flatten)]
    pub proxy: ProxyArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct DnsArgs {
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    #[command(flatten)]
    pub records: RecordArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct CleanupArgs {
    /// Leave the node as it is, for example because it can't be reached
    #[arg(long, env = "K8SPORT_SKIP_NODE", value_parser = FalseyValueParser::new())]
    pub skip_node: bool,
    /// Also purge the packages that k8sport installed on the node
    #[arg(long, env = "K8SPORT_PURGE_PACKAGES", value_parser = FalseyValueParser::new(), conflicts_with = "skip_node")]
    pub purge_packages: bool,
    /// Afterwards offer to release each free Elastic IP of the region that isn't ours; every one has to be confirmed by
    /// typing its address
    #[arg(long)]
    pub release_unassociated: bool,
    /// The same as --yes
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct QuotaArgs {
    /// Ask AWS to raise the quota to N addresses; a request that is open already is shown instead of making a second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub request: Option<u32>,
    #[command(flatten)]
    pub account: AccountArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Args)]
pub struct IamPolicyArgs {
    /// What the policy is to allow [default: every command]
    #[arg(value_name = "COMMAND", value_enum)]
    pub commands: Vec<AwsCommand>,
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    /// The cluster's name, as kOps knows it
    #[arg(long, value_name = "NAME", env = "KOPS_CLUSTER_NAME")]
    pub cluster: Option<DnsName>,
    /// The applications' public hosted zone [default: read from Route 53]
    #[arg(long, value_name = "NAME", env = "K8SPORT_ZONE")]
    pub zone: Option<DnsName>,
    /// The zone's id [default: read from Route 53]
    #[arg(long, value_name = "ID", env = "K8SPORT_ZONE_ID")]
    pub zone_id: Option<ZoneId>,
    /// A host below the zone with a record of its own besides the wildcard; may be repeated
    #[arg(long, value_name = "NAME", env = "K8SPORT_HOSTS", value_delimiter = ',')]
    pub host: Vec<DnsName>,
    /// Print ACCOUNT, REGION, CLUSTER, ZONE and ZONE_ID for what is left open, instead of reading it from AWS
    #[arg(long)]
    pub placeholders: bool,
    /// List the actions and when each is needed, in place of the policy
    #[arg(long)]
    pub explain: bool,
    #[command(flatten)]
    pub account: AccountArgs,
}

#[derive(Debug, Default, Args)]
pub struct NoSecondaryIp {
    /// Go without a second address: HTTP on port 80 of the node's own, HTTPS on port 30443 only
    #[arg(long, visible_alias = "without-secondary-ip", env = "K8SPORT_NO_SECONDARY_IP", value_parser = FalseyValueParser::new())]
    pub no_secondary_ip: bool,
    /// The default; accepted for the sake of existing scripts
    #[arg(long, hide = true, conflicts_with = "no_secondary_ip")]
    pub with_secondary_ip: bool,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Elastic IP")]
pub struct ElasticIpArgs {
    /// Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released
    #[arg(long, value_name = "ADDRESS", env = "K8SPORT_ELASTIC_IP")]
    pub elastic_ip: Option<Selector>,
    /// The same, by allocation id
    #[arg(long, value_name = "ID", env = "K8SPORT_ALLOCATION_ID", conflicts_with = "elastic_ip")]
    pub allocation_id: Option<AllocationId>,
    /// When to use a free, untagged Elastic IP instead of a new one [default: at-limit]
    #[arg(long, value_name = "WHEN", env = "K8SPORT_REUSE_EIP")]
    pub reuse_eip: Option<Reuse>,
    /// Never allocate an Elastic IP
    #[arg(long, env = "K8SPORT_SKIP_ALLOCATE", value_parser = FalseyValueParser::new())]
    pub skip_allocate: bool,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "HAProxy")]
pub struct ProxyArgs {
    /// Also route the SNI api.<cluster> to the API server, from anywhere
    #[arg(long, env = "K8SPORT_ROUTE_API", value_parser = FalseyValueParser::new())]
    pub route_api: bool,
    /// Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]
    #[arg(long, value_name = "CIDR", env = "K8SPORT_PRIVATE_SOURCES", value_delimiter = ',')]
    pub private_source: Vec<Cidr>,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "DNS")]
pub struct RecordArgs {
    /// A host below the zone that gets a record of its own besides the wildcard; may be repeated
    #[arg(long, value_name = "NAME", env = "K8SPORT_HOSTS", value_delimiter = ',')]
    pub host: Vec<DnsName>,
    /// Overwrite records whose present value is unknown to us
    #[arg(long, env = "K8SPORT_FORCE", value_parser = FalseyValueParser::new())]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct DiagnoseArgs {
    /// Tell what a check looks at and why it matters, and stop; without CHECK, list all
    #[arg(long, value_name = "CHECK", num_args = 0..=1, default_missing_value = "")]
    pub explain: Option<String>,
    /// Run what repairs the findings, after showing it, as bootstrap would
    #[arg(long)]
    pub fix: bool,
    /// A line a finding
    #[arg(long)]
    pub short: bool,
    /// Warnings are failures, too
    #[arg(long, env = "K8SPORT_STRICT", value_parser = FalseyValueParser::new())]
    pub strict: bool,
    /// With --fix: show the plan and change nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// With --fix: apply without asking; needed where there is no terminal
    #[arg(short, long, requires = "fix")]
    pub yes: bool,
    #[command(flatten)]
    pub look: LookArgs,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    pub look: LookArgs,
}

/// For commands that look at everything.
#[derive(Debug, Args)]
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
    pub run: LookRunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How to run")]
pub struct LookRunArgs {
    /// What stdout gets
    #[arg(long, value_enum, default_value_t, env = "K8SPORT_OUTPUT")]
    pub output: Format,
    /// Limit for the whole command, such as 90s or 15m [default: 15m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_TIMEOUT", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,
    /// Everything, also what is fine; twice and three times for logs on stderr
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress on stderr
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct CommonArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub ssh: SshArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Cluster")]
pub struct TargetArgs {
    /// The cluster's name, as kOps knows it
    #[arg(long, value_name = "NAME", env = "KOPS_CLUSTER_NAME")]
    pub cluster: Option<DnsName>,
    /// The applications' public hosted zone [default: the longest one that contains the cluster's name]
    #[arg(long, value_name = "NAME", env = "K8SPORT_ZONE")]
    pub zone: Option<DnsName>,
    /// The node, where the cluster's tags fit several instances
    #[arg(long, value_name = "ID", env = "K8SPORT_INSTANCE_ID")]
    pub instance_id: Option<InstanceId>,
    #[command(flatten)]
    pub account: AccountArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Account")]
pub struct AccountArgs {
    /// Refuse to work in any other AWS account than this one
    #[arg(long, value_name = "ID", env = "K8SPORT_ACCOUNT")]
    pub account: Option<AccountId>,
    /// AWS profile
    #[arg(long, value_name = "NAME", env = "AWS_PROFILE")]
    pub profile: Option<String>,
    /// AWS region
    #[arg(long, value_name = "NAME", env = "AWS_REGION")]
    pub region: Option<String>,
    /// Settings file [default: k8sport.toml in the current folder, if it is there]
    #[arg(long, value_name = "FILE", env = "K8SPORT_CONFIG", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "SSH to the node")]
pub struct SshArgs {
    /// Login user [default: by the node's image]
    #[arg(long, value_name = "USER", env = "K8SPORT_SSH_USER")]
    pub ssh_user: Option<SshUser>,
    /// Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]
    #[arg(long, value_name = "FILE", env = "K8SPORT_SSH_KEY", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
    /// Address to connect to [default: the node's primary public address]
    #[arg(long, value_name = "ADDRESS", env = "K8SPORT_SSH_HOST")]
    pub ssh_host: Option<Ipv4Addr>,
    /// Port to connect to [default: 22]
    #[arg(long, value_name = "PORT", env = "K8SPORT_SSH_PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub ssh_port: Option<u16>,
    /// The node's host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]
    #[arg(long, value_name = "SHA256:…", env = "K8SPORT_HOST_KEY_FINGERPRINT")]
    pub host_key_fingerprint: Option<HostKeyFingerprint>,
    /// Trust and pin the key that the node shows first
    #[arg(long, env = "K8SPORT_ACCEPT_NEW_HOST_KEY", value_parser = FalseyValueParser::new())]
    pub accept_new_host_key: bool,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How to run")]
pub struct RunArgs {
    /// Show the plan and change nothing
    #[arg(long, env = "K8SPORT_DRY_RUN", value_parser = FalseyValueParser::new())]
    pub dry_run: bool,
    /// With --dry-run: exit with 5 when the plan has changes
    #[arg(long, env = "K8SPORT_EXIT_CODE", requires = "dry_run", value_parser = FalseyValueParser::new())]
    pub exit_code: bool,
    /// Apply without asking; needed where there is no terminal
    #[arg(short, long, env = "K8SPORT_YES", value_parser = FalseyValueParser::new())]
    pub yes: bool,
    /// What stdout gets
    #[arg(long, value_enum, default_value_t, env = "K8SPORT_OUTPUT")]
    pub output: Format,
    /// Limit for the whole command, such as 90s or 15m [default: 15m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_TIMEOUT", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,
    /// More on stderr; twice for the AWS calls
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress on stderr
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// One document, for scripts
    Json,
}

impl LookArgs {
    /// The same as every command has it. The first `-v` is about the result, not about logs.
    pub fn split(self, dry_run: bool, yes: bool) -> (CommonArgs, NoSecondaryIp, ProxyArgs, RecordArgs) {
        let LookRunArgs { output, timeout, verbose, quiet } = self.run;
        let run = RunArgs { dry_run, exit_code: false, yes, output, timeout, verbose: verbose.saturating_sub(1), quiet };
        let records = RecordArgs { host: self.host, force: false };
        (CommonArgs { target: self.target, ssh: self.ssh, run }, self.secondary, self.proxy, records)
    }
}
