//! `iam-policy`: the policy that commands need. What the user leaves open is read from AWS, and only that.

use clap::ValueEnum;

use crate::aws::{Aws, AwsCommand};
use crate::failure::{Failure, Result};
use crate::names::{Again, DnsName, Said};
use crate::output::Console;
use crate::plan::observed::HostedZone;
use crate::plan::policy::{Names, Policy, explained, policy};
use crate::plan::{Context, dns, elastic_ip};
use crate::settings::PolicySettings;

/// What was asked for.
pub enum Answer {
    Policy(Policy),
    /// Actions, each with when it is needed.
    Explained(Vec<(&'static str, String)>),
}

/// # Errors
/// When something is left open and can't be read from AWS.
pub async fn run(settings: &PolicySettings, console: &Console) -> Result<Answer> {
    let every: Vec<_> = AwsCommand::value_variants()
        .iter()
        .copied()
        .filter(|command| *command != AwsCommand::CreateCluster || settings.state_store.is_some() || settings.explain)
        .collect();
    let commands = if settings.commands.is_empty() { &every } else { &settings.commands };
    if settings.explain {
        return Ok(Answer::Explained(explained(commands, settings.secondary_ip)));
    }
    let cluster = match &settings.cluster {
        _ if !commands.iter().any(|command| command.has_cluster()) => None,
        None if !settings.placeholders => return Err(which_cluster()),
        cluster => cluster.clone(),
    };
    if commands.contains(&AwsCommand::CreateCluster) && settings.state_store.is_none() && !settings.placeholders {
        return Err(which_state_store());
    }
    let mut names = given(settings, cluster.as_ref());
    let zone_needed = commands.iter().any(|command| command.has_zone());
    let open = Open {
        account: names.account == ACCOUNT,
        region: names.region == REGION,
        zone: zone_needed && (names.zone == ZONE || names.zone_id == ZONE_ID),
    };
    if !settings.placeholders && (open.account || open.region || open.zone) {
        fill(&mut names, &open, settings, cluster.as_ref(), console).await.map_err(|failure| left_open(failure, &open))?;
    }
    Ok(Answer::Policy(policy(commands, settings.secondary_ip, &names)))
}

const ACCOUNT: &str = "ACCOUNT";
const REGION: &str = "REGION";
const CLUSTER: &str = "CLUSTER";
const ZONE: &str = "ZONE";
const ZONE_ID: &str = "ZONE_ID";
const STATE_STORE: &str = "STATE_STORE";

/// What has to be read from AWS.
struct Open {
    account: bool,
    region: bool,
    zone: bool,
}

fn given(settings: &PolicySettings, cluster: Option<&DnsName>) -> Names {
    let or = |value: Option<String>, placeholder: &str| value.unwrap_or_else(|| placeholder.to_owned());
    Names {
        account: or(settings.aws.account.as_ref().map(ToString::to_string), ACCOUNT),
        region: or(settings.aws.region.clone(), REGION),
        cluster: or(cluster.map(ToString::to_string), CLUSTER),
        zone: or(settings.zone.as_ref().map(ToString::to_string), ZONE),
        zone_id: or(settings.zone_id.as_ref().map(ToString::to_string), ZONE_ID),
        hosts: settings.hosts.iter().map(ToString::to_string).collect(),
        state_store: or(settings.state_store.as_ref().map(|store| store.bucket().to_owned()), STATE_STORE),
    }
}

async fn fill(names: &mut Names, open: &Open, settings: &PolicySettings, cluster: Option<&DnsName>, console: &Console) -> Result<()> {
    let step = console.step("read what was left open from AWS");
    // Refuses when the account that was named isn't the one that would be read.
    let aws = Aws::connect(&settings.aws).await?;
    let (account, zone) = tokio::try_join!(aws.account(), async {
        match cluster {
            Some(cluster) if open.zone => Ok(Some(zone(&aws, settings, cluster).await?)),
            _ => Ok(None),
        }
    })?;
    step.done();
    (names.account, names.region) = (account.id, account.region);
    if let Some(zone) = zone {
        (names.zone, names.zone_id) = (zone.name.to_string(), zone.id);
    }
    Ok(())
}

async fn zone(aws: &Aws, settings: &PolicySettings, cluster: &DnsName) -> Result<HostedZone> {
    let zones = aws.hosted_zones().await?;
    if let Some(id) = &settings.zone_id {
        let named = zones.into_iter().find(|zone| zone.id == id.as_str());
        return named.ok_or_else(|| Failure::usage(format!("there is no public hosted zone with the id {id} in this account")));
    }
    let context = Context {
        cluster: cluster.clone(),
        again: Again::new(cluster.clone(), Said::default()),
        zone: settings.zone.clone(),
        hosts: Vec::new(),
        elastic_ip: None,
        reuse: elastic_ip::Reuse::default(),
        skip_allocate: false,
        force: false,
    };
    dns::choose_zone(&zones, &context)
}

fn which_cluster() -> Failure {
    Failure::usage("for which cluster?")
        .state("nothing was touched")
        .next("name it with `--cluster c02.example.com`, KOPS_CLUSTER_NAME, or `cluster` in k8sport.toml")
        .next("or print placeholders: --placeholders")
}

fn which_state_store() -> Failure {
    Failure::usage("in which state store?")
        .state("nothing was touched")
        .next("name it with `--state-store s3://…` or KOPS_STATE_STORE, or print placeholders: --placeholders")
}

fn left_open(failure: Failure, open: &Open) -> Failure {
    let options = [(open.account, "--account"), (open.region, "--region"), (open.zone, "--zone and --zone-id")];
    let missing: Vec<_> = options.into_iter().filter(|(open, _)| *open).map(|(_, option)| option).collect();
    failure.next(format!("or say it yourself, then AWS isn't asked: {}", missing.join(", "))).next("or print placeholders: --placeholders")
}
