//! Our security group on the primary ENI. kOps takes foreign 443 rules out of its own group at every update, so the
//! rules live in a group of ours, without the `kubernetes.io/cluster/*` tag (the cloud provider wants only one such).

use super::change::{Change, Deferred};
use super::observed::{AwsState, Eni, IngressRule, SecurityGroup};
use super::ownership::{Role, tags};
use super::{Context, Note};
use crate::failure::{Failure, Result};
use crate::names::DnsName;

pub const ANYWHERE: &str = "0.0.0.0/0";

/// Makes TCP `ports` reachable from anywhere through `k8sport.<cluster>`.
///
/// # Errors
/// Refuses to use a group of that name that doesn't carry our tag.
pub fn plan(state: &AwsState, context: &Context, ports: &[u16]) -> Result<Vec<Change>> {
    let eni = &state.instance.eni;
    let name = group_name(context);
    let existing = named(state, context);
    if let Some(group) = existing
        && !group.is_for(&context.cluster)
    {
        return Err(Failure::refused(format!(
            "security group {name} ({}) exists but has no tag k8sport:cluster={}",
            group.id, context.cluster
        ))
        .state("nothing was changed")
        .next("rename or delete it if nobody needs it, or tag it if it is meant to be k8sport's"));
    }
    let id = existing.map_or(Deferred::AfterApply, |group| Deferred::Known(group.id.clone()));
    let mut changes = Vec::new();
    if existing.is_none() {
        changes.push(Change::CreateSecurityGroup { name, vpc_id: eni.vpc_id.clone(), tags: tags(&context.cluster, Role::AppFirewall) });
    }
    let open = |port: u16| existing.is_some_and(|group| group.ingress.iter().any(|rule| opens(rule, port)));
    changes.extend(ports.iter().filter(|port| !open(**port)).map(|port| Change::AuthorizeIngress { group: id.clone(), port: *port }));
    if existing.is_none_or(|group| !eni.groups.contains(&group.id)) {
        changes.push(Change::AttachSecurityGroup { eni: eni.id.clone(), keep: eni.groups.clone(), group: id });
    }
    Ok(changes)
}

fn group_name(context: &Context) -> String {
    format!("k8sport.{}", context.cluster)
}

fn named<'a>(state: &'a AwsState, context: &Context) -> Option<&'a SecurityGroup> {
    state.security_groups.iter().find(|group| group.name == group_name(context))
}

/// Our group, known by its tag.
pub fn ours<'a>(state: &'a AwsState, context: &Context) -> Option<&'a SecurityGroup> {
    named(state, context).filter(|group| group.is_for(&context.cluster))
}

/// A port that our group opened for another way of working.
pub fn still_open(state: &AwsState, context: &Context, port: u16) -> Option<Note> {
    let group = ours(state, context).filter(|group| group.ingress.iter().any(|rule| opens(rule, port)))?;
    Some(Note::warning(format!(
        "{} ({}) still lets {port} in, from a time without a second address: revoke that rule if nobody uses it",
        group.name, group.id
    )))
}

/// Whether a rule lets TCP `port` in from anywhere.
pub fn opens(rule: &IngressRule, port: u16) -> bool {
    let tcp = rule.protocol == "-1" || (rule.protocol == "tcp" && (rule.from_port..=rule.to_port).contains(&port));
    tcp && rule.source == ANYWHERE
}

/// A group protects the ENI, not an address: opening 443 for applications opens it for the API server, too.
pub fn api_exposure(state: &AwsState, context: &Context) -> Option<Note> {
    let (groups, eni) = (&state.security_groups, &state.instance.eni);
    let names = others(groups, eni, &context.cluster).map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ");
    (!api_is_open_without_ours(groups, eni, &context.cluster)).then(|| {
        Note::warning(format!(
            "{names} keeps the API server's 443 from the world, but a security group can't tell the two addresses apart: \
             opening 443 for applications opens it on the primary address as well (client certificates and tokens still guard the API)"
        ))
    })
}

/// Whether a group that isn't ours opens the API server's 443 to the world already.
pub fn api_is_open_without_ours(groups: &[SecurityGroup], eni: &Eni, cluster: &DnsName) -> bool {
    others(groups, eni, cluster).any(|group| group.ingress.iter().any(|rule| opens(rule, 443)))
}

fn others<'a>(groups: &'a [SecurityGroup], eni: &'a Eni, cluster: &DnsName) -> impl Iterator<Item = &'a SecurityGroup> + use<'a> {
    let ours = format!("k8sport.{cluster}");
    groups.iter().filter(move |group| group.name != ours && eni.groups.contains(&group.id))
}
