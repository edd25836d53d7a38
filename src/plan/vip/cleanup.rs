//! Takes away what `vip setup` made, and gives back what it took over. The holder changes last there, too.

use super::observed::{HAPROXY, KEEPALIVED};
use super::refusals::other_vip;
use super::setup::in_order;
use super::{ControlPlane, Member, Vip, VipAction, VipChange, files};
use crate::failure::Result;
use crate::plan::change::Change;
use crate::plan::node::UnitState;
use crate::plan::{Note, Plan};

/// Units of others that a set-up stopped, as its record has them.
pub fn taken(state: &ControlPlane) -> impl Iterator<Item = &str> {
    state.file(files::TAKEN).unwrap_or_default().lines().filter_map(|line| line.split(' ').next()).filter(|unit| is_unit(unit))
}

fn is_unit(name: &str) -> bool {
    name.ends_with(".service") && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@".contains(c))
}

/// What is given back counts as it will be.
fn after(member: &Member, unit: &str) -> UnitState {
    let state = member.state.unit(unit);
    UnitState { enabled: state.enabled || taken(&member.state).any(|taken| taken == unit), ..state }
}

/// # Errors
/// It is another VIP that k8sport keeps there.
pub fn plan(members: &[Member], vip: Vip, purge: bool) -> Result<Plan> {
    for member in members {
        other_vip(member, vip.address, "to take that one away, name it: --vip {}")?;
    }
    let members = in_order(members, vip);
    let mut changes = Vec::new();
    let mut add =
        |member: &Member, action| changes.push(Change::Vip(Box::new(VipChange { node: member.address, name: member.name(), action })));
    let Some((last, others)) = members.split_last() else { return Ok(Plan::default()) };
    let runs = |member: &Member, unit: &str| {
        let unit = member.state.unit(unit);
        unit.active || unit.enabled || !unit.is_idle()
    };
    let back = |member: &Member| taken(&member.state).any(|unit| unit == KEEPALIVED);
    // Theirs starts only when none of ours is left that would hold the VIP beside it.
    for member in others.iter().chain([last]) {
        if runs(member, files::UNIT) {
            add(member, VipAction::StopUnit { unit: files::UNIT });
        }
    }
    for member in [last].into_iter().chain(others).filter(|member| back(member)) {
        add(member, VipAction::GiveBack { unit: KEEPALIVED.to_owned() });
    }
    for member in others.iter().chain([last]) {
        if runs(member, files::BALANCER_UNIT) {
            add(member, VipAction::StopUnit { unit: files::BALANCER_UNIT });
        }
        for unit in taken(&member.state).filter(|unit| *unit != KEEPALIVED) {
            add(member, VipAction::GiveBack { unit: unit.to_owned() });
        }
        let ours =
            [files::KEEPALIVED, files::CHECK, files::NOTIFY, files::BALANCER, files::UNIT_FILE, files::BALANCER_UNIT_FILE, files::TAKEN];
        let there: Vec<String> = ours.into_iter().filter(|path| member.state.files.contains_key(*path)).map(str::to_owned).collect();
        if !there.is_empty() {
            add(member, VipAction::RemoveFiles { files: there });
        }
        let packages = member.state.installed_by_us.purged(purge, |unit| after(member, unit), &[KEEPALIVED, HAPROXY]);
        if !packages.is_empty() {
            add(member, VipAction::PurgePackages { packages });
        }
    }
    let mut notes = Vec::new();
    for member in others.iter().chain([last]) {
        let said = member.state.installed_by_us.note(purge, |unit| after(member, unit), &[KEEPALIVED, HAPROXY]);
        notes.extend(said.map(|said| Note::info(format!("{}: {said}", member.name()))));
    }
    if !changes.is_empty() && !members.iter().any(|member| back(member)) {
        notes.push(Note::warning(format!("nobody holds {} afterwards: what reaches the API through it doesn't any more", vip.address)));
    }
    Ok(Plan { changes, notes })
}
