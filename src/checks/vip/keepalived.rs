//! keepalived: that it runs on each control plane, and that all of them agree.

use std::collections::BTreeMap;

use super::address::role;
use super::{Check, Judge, VipFacts};
use crate::checks::{Judged, Severity, bad, fine, moot};
use crate::plan::vip::files::UNIT;
use crate::plan::vip::observed::KEEPALIVED;
use crate::plan::vip::{Member, Role};

pub const CHECKS: &[Check] = &[
    Check {
        id: "keepalived.running",
        title: "keepalived looks after the VIP",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Whether a keepalived runs that has the VIP among its addresses: ours (k8sport-vip.service) or the distribution's.",
        judge: Judge::Member(running),
    },
    Check {
        id: "keepalived.role",
        title: "keepalived's state is that of the addresses",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "What keepalived last said in the journal (MASTER, BACKUP or FAULT) against whether the node has the VIP. In FAULT its \
            interface or what it tracks is broken.",
        judge: Judge::Member(state),
    },
    Check {
        id: "keepalived.agreed",
        title: "all have the same virtual router id, and priorities of their own",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Routers with different ids don't hear each other, and then each of them holds the VIP. With equal priorities two may \
            claim it at once.",
        judge: Judge::Once(agreed),
    },
    Check {
        id: "keepalived.tracks",
        title: "the VIP leaves a node whose API server is dead",
        severity: Severity::Warning,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Whether keepalived's instance has a track_script. Without one the VIP stays where nothing answers on it.",
        judge: Judge::Once(tracks),
    },
    Check {
        id: "keepalived.failover",
        title: "the others take over within 3 s",
        severity: Severity::Warning,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "When the holder is gone without a word the others wait three advertisement intervals, and a part of one that depends \
            on their priority (RFC 5798). With keepalived's interval of 1 s that is more than 3 s.",
        judge: Judge::Once(failover),
    },
];

fn set_up(facts: &VipFacts) -> String {
    super::haproxy::take_over(facts)
}

fn running(facts: &VipFacts, member: &Member) -> Judged {
    let state = &member.state;
    let Some(instance) = state.instance_of(facts.vip.address) else {
        return bad(format!("no keepalived is configured for {}", facts.vip.address), [set_up(facts)]);
    };
    match [UNIT, KEEPALIVED].into_iter().find(|unit| state.unit(unit).active) {
        Some(unit) => {
            let priority = instance.priority.map_or_else(|| "100 (default)".to_owned(), |priority| priority.to_string());
            fine(format!("{unit}, priority {priority}, {}", role(facts, member)))
        }
        None => {
            let unit = if state.file(crate::plan::vip::files::KEEPALIVED).is_some() { UNIT } else { KEEPALIVED };
            bad(format!("{unit} doesn't run"), [format!("systemctl start {unit}"), format!("journalctl -b -u {unit}")])
        }
    }
}

fn state(facts: &VipFacts, member: &Member) -> Judged {
    let has = member.state.has(facts.vip.address);
    let Some(role) = member.state.role(facts.vip.address) else { return moot("it has said nothing since the boot") };
    match (role, has) {
        (Role::Master, true) | (Role::Backup, false) => fine(role.to_string()),
        (Role::Fault, _) => bad("FAULT: its interface or what it tracks is broken", ["see api.node, and `ip link` on the node".to_owned()]),
        (Role::Master, false) => {
            bad("MASTER, and the VIP isn't there: somebody took it away", ["systemctl restart keepalived on the node".to_owned()])
        }
        (Role::Backup, true) => bad(
            "BACKUP, and the VIP is there: somebody else put it there",
            [format!("ip addr del {}/32 dev … on the node", facts.vip.address)],
        ),
    }
}

fn agreed(facts: &VipFacts) -> Judged {
    let vip = facts.vip.address;
    let all: Vec<_> = facts.members().filter_map(|member| Some((member.name(), member.state.instance_of(vip)?))).collect();
    if all.len() < 2 {
        return moot("fewer than two keepalived have the VIP");
    }
    let (mut ids, mut priorities): (BTreeMap<_, Vec<&str>>, BTreeMap<_, Vec<&str>>) = Default::default();
    for (name, instance) in &all {
        ids.entry(instance.router_id).or_default().push(name);
        priorities.entry(instance.priority.unwrap_or(100)).or_default().push(name);
    }
    if ids.len() > 1 {
        let ids = ids.iter().map(|(id, names)| format!("{} on {}", id.map_or("none".to_owned(), |id| id.to_string()), names.join(", ")));
        return bad(format!("virtual router ids differ: {}", ids.collect::<Vec<_>>().join("; ")), [set_up(facts)]);
    }
    if let Some((priority, names)) = priorities.iter().find(|(_, names)| names.len() > 1) {
        return bad(format!("{} have the same priority {priority}", names.join(" and ")), [set_up(facts)]);
    }
    let shown: Vec<_> = priorities.iter().rev().map(|(priority, names)| format!("{} {priority}", names.join(", "))).collect();
    fine(format!("priorities: {}", shown.join(", ")))
}

fn tracks(facts: &VipFacts) -> Judged {
    let vip = facts.vip.address;
    let all: Vec<_> = facts.members().filter_map(|member| Some((member.name(), member.state.instance_of(vip)?))).collect();
    let without: Vec<_> = all.iter().filter(|(_, instance)| !instance.tracks).map(|(name, _)| name.as_str()).collect();
    match (all.is_empty(), without.is_empty()) {
        (true, _) => moot("no keepalived has the VIP"),
        (_, true) => fine(String::new()),
        _ => bad(format!("no track_script on {}: the VIP stays where the API server is dead", without.join(", ")), [set_up(facts)]),
    }
}

fn failover(facts: &VipFacts) -> Judged {
    let vip = facts.vip.address;
    let slowest = facts.members().filter_map(|member| Some((member.state.instance_of(vip)?.failover(), member.name()))).max();
    let Some((milliseconds, name)) = slowest else { return moot("no keepalived has the VIP") };
    let seconds = f64::from(milliseconds) / 1000.0;
    let said = format!("{name} takes over {seconds:.1} s after the holder's last word");
    if milliseconds < 3000 { fine(said) } else { bad(said, [set_up(facts)]) }
}
