//! `setup-secondary-ip` on the AWS side: Elastic IP, secondary private IP, association, security group.

use std::net::Ipv4Addr;

use super::change::{Change, Deferred};
use super::data_path::Recorded;
use super::elastic_ip::{Choice, Why};
use super::observed::{AwsState, ElasticIp};
use super::ownership::{self, Ownership, elastic_ip_tags};
use super::private_ip::PrivateIp;
use super::usage::ADDRESS_PER_MONTH;
use super::{Context, Note, data_path, elastic_ip, firewall, private_ip};
use crate::failure::Result;
use crate::names::EniId;

/// The secondary addresses that the node is configured for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Configured {
    pub by_scripts: Option<Ipv4Addr>,
    pub by_us: Option<Ipv4Addr>,
    /// The Elastic IP that belongs to it.
    pub public: Option<Ipv4Addr>,
}

impl Configured {
    /// The tag that tells of an Elastic IP of ours that somebody has released.
    fn former(self, state: &AwsState) -> Option<(String, String)> {
        let released = self.public.filter(|ip| state.elastic_ips.iter().all(|address| address.public_ip != *ip))?;
        Some((ownership::FORMER.to_owned(), released.to_string()))
    }
}

/// The addresses that the plan leads to, for the layers above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondaryIp {
    pub private_ip: Ipv4Addr,
    pub public_ip: Deferred<Ipv4Addr>,
    pub choice: Choice,
    /// What the Elastic IP's tags will tell of the one before.
    pub former: Option<(String, String)>,
    pub changes: Vec<Change>,
    pub notes: Vec<Note>,
}

/// # Errors
/// What [`elastic_ip::choose`], [`private_ip::choose`] and [`firewall::plan`] refuse.
pub fn plan(state: &AwsState, context: &Context, configured: Configured, data_path: Recorded) -> Result<SecondaryIp> {
    let choice = elastic_ip::choose(state, context, configured.by_scripts)?;
    let private_ip = private_ip::choose(state, &choice, configured)?;
    let eni = &state.instance.eni.id;
    let former = configured.former(state);
    let wanted_tags = |ownership| {
        let mut tags = elastic_ip_tags(&context.cluster, ownership, eni, private_ip.ip);
        tags.extend(found(&choice, &private_ip, eni));
        tags.extend(former.clone());
        tags.extend((data_path != recorded(&choice)).then(|| (data_path::TAG.to_owned(), data_path.as_str().to_owned())));
        tags
    };
    let mut changes = Vec::new();
    let mut notes = Vec::new();
    let (allocation_id, public_ip) = match &choice {
        Choice::Allocate => {
            changes.push(Change::AllocateElasticIp { tags: wanted_tags(Ownership::Owned) });
            notes.push(Note::info(format!("the new Elastic IP costs about ${ADDRESS_PER_MONTH:.2} a month")));
            (Deferred::AfterApply, Deferred::AfterApply)
        }
        Choice::Ours(address) | Choice::Adopt(address, _) => {
            let adopted = matches!(choice, Choice::Adopt(..));
            let ownership = if adopted { Ownership::Adopted } else { recorded_ownership(address) };
            let missing = missing_tags(address, wanted_tags(ownership));
            if !missing.is_empty() {
                changes.push(Change::TagElasticIp {
                    allocation_id: address.allocation_id.clone(),
                    public_ip: address.public_ip,
                    tags: missing,
                    adopted,
                });
            }
            (Deferred::Known(address.allocation_id.clone()), Deferred::Known(address.public_ip))
        }
    };
    if let Choice::Adopt(address, why) = &choice {
        notes.push(Note::info(format!(
            "{} is adopted, not allocated: {}; cleanup gives it back instead of releasing it",
            address.public_ip,
            reason(*why)
        )));
    }
    if private_ip.assigned && !private_ip.associated && configured.by_us == Some(private_ip.ip) && !matches!(choice, Choice::Ours(_)) {
        notes.push(Note::warning(format!(
            "private IP {} is used again: the node is set up for it. Whether k8sport had assigned it stood on an Elastic IP that is \
             gone, so cleanup will leave it on {eni}",
            private_ip.ip
        )));
    }
    if !private_ip.assigned {
        changes.push(Change::AssignPrivateIp { eni: eni.clone(), private_ip: private_ip.ip });
    }
    if !private_ip.associated {
        changes.push(Change::AssociateElasticIp { allocation_id, public_ip, eni: eni.clone(), private_ip: private_ip.ip });
    }
    changes.extend(firewall::plan(state, context, &[80, 443])?);
    notes.extend(firewall::api_exposure(state, context));
    notes.extend(stop_and_start(state));
    notes.extend(surplus(state, context));
    Ok(SecondaryIp { private_ip: private_ip.ip, public_ip, choice, former, changes, notes })
}

fn recorded(choice: &Choice) -> Recorded {
    Recorded::of(match choice {
        Choice::Ours(address) => Some(address),
        Choice::Allocate | Choice::Adopt(..) => None,
    })
}

/// What was on the ENI before our first run, so that cleanup leaves it there. A later run keeps what the first one wrote,
/// unless the node is another one now.
fn found(choice: &Choice, private_ip: &PrivateIp, eni: &EniId) -> Option<(String, String)> {
    let mut found = Vec::new();
    if let Choice::Ours(address) = choice {
        let same_node = address.tags.get(ownership::ENI).is_none_or(|tag| tag == eni.as_str());
        if same_node || !address.tags.contains_key(ownership::FOUND) {
            return None;
        }
    } else {
        found.extend(private_ip.assigned.then_some("private-ip"));
        found.extend(private_ip.associated.then_some("association"));
        if found.is_empty() {
            return None;
        }
    }
    Some((ownership::FOUND.to_owned(), if found.is_empty() { "nothing".to_owned() } else { found.join(" ") }))
}

/// An address of ours without the ownership tag counts as adopted: we never release what we can't prove to be ours.
fn recorded_ownership(address: &ElasticIp) -> Ownership {
    match address.tags.get(ownership::OWNERSHIP).map(String::as_str) {
        Some("owned") => Ownership::Owned,
        _ => Ownership::Adopted,
    }
}

/// The version tag says who made the thing, so it isn't brought up to date.
fn missing_tags(address: &ElasticIp, mut wanted: std::collections::BTreeMap<String, String>) -> std::collections::BTreeMap<String, String> {
    wanted.retain(|key, value| match address.tags.get(key) {
        Some(current) => key != ownership::VERSION && current != value,
        None => true,
    });
    wanted
}

fn reason(why: Why) -> &'static str {
    match why {
        Why::Named => "you named it",
        Why::ConfiguredByScripts => "the node is configured for it already",
        Why::FreeAndFirst => "it was free and --reuse-eip=first prefers that",
        Why::FreeAtLimit => "it was free and no new one could be had",
    }
}

/// An address that the subnet gave by itself goes at a stop, and AWS gives no new one to an instance whose secondary
/// private IP has an Elastic IP (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html>).
fn stop_and_start(state: &AwsState) -> Option<Note> {
    let primary = state.instance.eni.primary()?;
    let public_ip = primary.public_ip.filter(|ip| state.elastic_ips.iter().all(|address| address.public_ip != *ip))?;
    Some(Note::info(format!(
        "{public_ip} is not an Elastic IP: AWS takes it at a stop of the instance and gives no new one at the start, because a \
         secondary address has an Elastic IP. A reboot keeps it. Before a stop, give the primary private IP {} an Elastic IP",
        primary.ip
    )))
}

fn surplus(state: &AwsState, context: &Context) -> Option<Note> {
    let chosen = elastic_ip::ours(state, context)?;
    let idle: Vec<_> = state
        .elastic_ips
        .iter()
        .filter(|address| address.is_for(&context.cluster) && address.allocation_id != chosen.allocation_id)
        .map(|address| format!("{} ({})", address.public_ip, address.allocation_id))
        .collect();
    (!idle.is_empty()).then(|| Note::warning(format!("also tagged for this cluster, unused, and costing money: {}", idle.join(", "))))
}
