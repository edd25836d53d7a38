//! Which Elastic IP the applications get. The rows are tried in this order; the first that fits decides.
//!
//! | # | what was observed                                                | outcome |
//! |---|------------------------------------------------------------------|---------|
//! | 1 | an address is tagged for this cluster                            | use it |
//! | 2 | one is named by `--elastic-ip` / `--allocation-id`               | adopt it |
//! | 3 | the shell scripts configured the node for an untagged one        | adopt it |
//! | 4 | `--reuse-eip=first` and a free, untagged one exists              | adopt it |
//! | 5 | the quota has room (or can't be read), no `--skip-allocate`      | allocate |
//! | 6 | a free, untagged one exists, unless `--reuse-eip=never`          | adopt it |
//! | 7 | nothing of the above                                             | refuse, with the table of addresses |
//!
//! *Free* means associated with nothing. *Untagged* means without any tag at all: a tag is somebody's claim.

use std::net::Ipv4Addr;

use super::observed::{AwsState, ElasticIp};
use super::{Context, Selector};
use crate::failure::{Failure, Result};
use crate::names::{DnsName, EniId};

/// When a free address that isn't ours is used instead of a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reuse {
    /// Only when the quota is used up
    #[default]
    AtLimit,
    /// Before allocating: an idle address costs as much as a used one
    First,
    /// When the quota is used up, after a question of its own
    Ask,
    /// Never
    Never,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Row 1.
    Ours(ElasticIp),
    /// Rows 2, 3, 4 and 6.
    Adopt(ElasticIp, Why),
    /// Row 5.
    Allocate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Named,
    ConfiguredByScripts,
    FreeAndFirst,
    FreeAtLimit,
}

/// The decision table above.
///
/// # Errors
/// Refuses what isn't ours to take, and when no row fits.
pub fn choose(state: &AwsState, context: &Context, scripts_ip: Option<Ipv4Addr>) -> Result<Choice> {
    let named = context.elastic_ip.as_ref().map(|selector| find(state, selector)).transpose()?;
    if let Some(ours) = ours(state, context) {
        return match named {
            Some(named) if named.allocation_id != ours.allocation_id => Err(Failure::refused(format!(
                "cluster {} already uses {} ({}), so {} is not taken as well",
                context.cluster, ours.public_ip, ours.allocation_id, named.public_ip
            ))
            .state("nothing was changed")
            .next(format!("leave `--elastic-ip` out to keep {}", ours.public_ip))),
            _ => Ok(Choice::Ours(ours.clone())),
        };
    }
    if let Some(named) = named {
        return adoptable(named, state, context).map(|address| Choice::Adopt(address, Why::Named));
    }
    if let Some(address) = scripts_ip.and_then(|ip| configured_by_scripts(state, ip)) {
        return Ok(Choice::Adopt(address.clone(), Why::ConfiguredByScripts));
    }
    let free = state.elastic_ips.iter().find(|address| address.association.is_none() && address.tags.is_empty());
    if let (Reuse::First, Some(address)) = (context.reuse, free) {
        return Ok(Choice::Adopt(address.clone(), Why::FreeAndFirst));
    }
    let used = state.elastic_ips.len();
    if !context.skip_allocate && state.quota.is_none_or(|quota| used < quota.limit as usize) {
        return Ok(Choice::Allocate);
    }
    match free {
        Some(address) if context.reuse != Reuse::Never => Ok(Choice::Adopt(address.clone(), Why::FreeAtLimit)),
        _ => Err(no_address(state, context)),
    }
}

/// The address tagged for this cluster. After two runs at once there may be several: the one in use on our ENI wins,
/// then the one meant for it, then the lowest allocation id, so that every run chooses the same.
pub fn ours<'a>(state: &'a AwsState, context: &Context) -> Option<&'a ElasticIp> {
    among(&state.elastic_ips, &state.instance.eni.id, &context.cluster)
}

/// [`ours`] among these.
pub fn among<'a>(addresses: &'a [ElasticIp], eni: &EniId, cluster: &DnsName) -> Option<&'a ElasticIp> {
    addresses.iter().filter(|address| address.is_for(cluster)).min_by_key(|address| {
        let in_use = address.association.as_ref().is_some_and(|association| association.eni.as_ref() == Some(eni));
        let meant = address.tags.get(super::ownership::ENI).is_some_and(|tag| tag == eni.as_str());
        (!in_use, !meant, address.allocation_id.clone())
    })
}

fn find<'a>(state: &'a AwsState, selector: &Selector) -> Result<&'a ElasticIp> {
    let matches = |address: &&ElasticIp| match selector {
        Selector::PublicIp(ip) => address.public_ip == *ip,
        Selector::Allocation(id) => address.allocation_id == *id,
    };
    state.elastic_ips.iter().find(matches).ok_or_else(|| {
        Failure::usage(format!("there is no Elastic IP {selector} in {} of account {}", state.account.region, state.account.id))
            .state("nothing was changed")
            .next("choose one of these with `--elastic-ip`, or leave it out:")
            .next(table(state))
    })
}

fn adoptable(address: &ElasticIp, state: &AwsState, context: &Context) -> Result<ElasticIp> {
    if let Some(other) = address.cluster() {
        return Err(Failure::refused(format!("Elastic IP {} belongs to cluster {other} (tag k8sport:cluster)", address.public_ip))
            .state("nothing was changed")
            .next(format!("free it with the tools of cluster {other} first, or choose another address for {}", context.cluster)));
    }
    let on_our_eni = |eni: &Option<_>| eni.as_ref() == Some(&state.instance.eni.id);
    match &address.association {
        Some(association) if !on_our_eni(&association.eni) => {
            Err(Failure::refused(format!("Elastic IP {} is in use by {}", address.public_ip, in_use_by(address)))
                .because("an address is never taken away from what uses it")
                .state("nothing was changed")
                .next("disassociate it yourself if it is really free, or choose another address"))
        }
        _ => Ok(address.clone()),
    }
}

/// The scripts leave no tag, but their NAT rule names the private address, and AWS says which Elastic IP sits on it.
fn configured_by_scripts(state: &AwsState, private_ip: Ipv4Addr) -> Option<&ElasticIp> {
    let on_eni = state.instance.eni.address(private_ip).filter(|address| !address.primary)?;
    let public_ip = on_eni.public_ip?;
    state.elastic_ips.iter().find(|address| address.public_ip == public_ip && address.cluster().is_none())
}

fn no_address(state: &AwsState, context: &Context) -> Failure {
    let used = state.elastic_ips.len();
    let region = &state.account.region;
    let what = match state.quota {
        Some(quota) if used >= quota.limit as usize => {
            format!("no Elastic IP for cluster {}: {used} of {} are used in {region} (quota L-0263D0A3)", context.cluster, quota.limit)
        }
        _ => format!("no Elastic IP for cluster {}: none is free, and allocating was ruled out (`--skip-allocate`)", context.cluster),
    };
    Failure::refused(what)
        .state("nothing was changed; the addresses are:")
        .next(table(state))
        .next(format!("release one that you no longer need: aws ec2 release-address{} --allocation-id …", context.again.place()))
        .next(format!("or ask for more: k8sport quota --request {} --region {region}", used.saturating_add(5)))
        .next("or name a free address of yours: --elastic-ip ADDRESS")
        .next(format!("or go without a second address, with HTTPS on port 30443: {}", context.again.command("bootstrap --no-secondary-ip")))
}

/// All Elastic IPs of the region, one a line.
pub fn table(state: &AwsState) -> String {
    let line = |address: &ElasticIp| {
        format!("{:<15}  {:<26}  {:<21}  {}", address.public_ip, address.allocation_id, in_use_by(address), whose(address))
    };
    state.elastic_ips.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// As far as tags tell.
pub fn whose(address: &ElasticIp) -> String {
    match address.cluster() {
        Some(cluster) => format!("cluster {cluster}"),
        None if address.tags.is_empty() => "untagged".to_owned(),
        None => address.tags.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" "),
    }
}

pub fn in_use_by(address: &ElasticIp) -> String {
    match &address.association {
        None => "free".to_owned(),
        Some(association) => match (&association.instance, &association.eni) {
            (Some(instance), _) => instance.to_string(),
            (None, Some(eni)) => eni.to_string(),
            (None, None) => association.id.clone(),
        },
    }
}
