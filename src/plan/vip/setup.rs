//! What makes the VIP right and keeps it right. Every node is prepared first; then the VIP's holder is the last to change.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::files::{self, Keepalived, VipFile};
use super::observed::{Balanced, HAPROXY, KEEPALIVED, KEEPALIVED_CONFIG};
use super::places::{Places, priority};
use super::{Member, Vip, VipAction, VipChange, config, refusals, served};
use crate::failure::{Failure, Result};
use crate::names::Said;
use crate::plan::change::Change;
use crate::plan::{Note, Plan};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub vip: Vip,
    /// For commands that messages name.
    pub said: Said,
    /// HAProxy on this port of every node.
    pub balancer: Option<u16>,
    pub router_id: Option<u8>,
    /// Units of others that are in the way may be stopped.
    pub take_over: bool,
    /// An API server runs somewhere. Before the first one does nobody gets the VIP.
    pub api_runs: bool,
    /// Every control plane that was named, also those that can't be reached now.
    pub all: Vec<Ipv4Addr>,
}

impl Wanted {
    /// Where clients reach the API.
    pub fn api(&self) -> Vip {
        Vip { port: self.balancer.unwrap_or(self.vip.port), ..self.vip }
    }

    /// Without an API server: what will serve the VIP as soon as there is one, and doesn't run.
    pub fn not_ready(&self, member: &Member) -> Option<String> {
        let state = &member.state;
        let missing = match self.balancer {
            _ if !state.unit(files::UNIT).active => files::UNIT.to_owned(),
            Some(port) if !state.listening(port).any(|listener| listener.unit.as_deref() == Some(files::BALANCER_UNIT)) => {
                format!("{} on port {port}", files::BALANCER_UNIT)
            }
            _ => return None,
        };
        Some(format!("on {}, {missing} doesn't run", member.name()))
    }

    /// The command that shows how it is.
    pub fn diagnose(&self) -> String {
        let nodes: Vec<_> = self.all.iter().map(ToString::to_string).collect();
        format!(
            "k8sport vip diagnose --vip {} --node {}{}{}",
            self.vip.address,
            nodes.join(","),
            self.vip.port_option(),
            self.said.to("vip diagnose")
        )
    }

    /// By which of the promised ways the API doesn't answer on a node: through the VIP, and with HAProxy on the node's own
    /// addresses, too.
    pub fn unanswered(&self, member: &Member) -> Option<String> {
        let Vip { address, port } = self.api();
        let ways = match (self.balancer, &member.state.balanced) {
            (None, _) => vec![(address, member.state.health.vip)],
            (Some(_), Some(Balanced { port: there, health })) if *there == port => {
                vec![(Ipv4Addr::LOCALHOST, health.localhost), (member.address, health.node), (address, health.vip)]
            }
            (Some(_), _) => return Some(format!("{} has no HAProxy on port {port}", member.name())),
        };
        let silent: Vec<_> = ways
            .into_iter()
            .filter(|(_, answer)| !answer.is_healthy())
            .map(|(ip, answer)| format!("https://{ip}:{port}/livez: {answer}"))
            .collect();
        (!silent.is_empty()).then(|| format!("from {}, {}", member.name(), silent.join(", ")))
    }
}

/// # Errors
/// Refused where something that isn't ours is in the way and may not be stopped, or what was found doesn't allow a VIP.
pub fn plan(members: &[Member], wanted: &Wanted) -> Result<Plan> {
    refusals::all(members, wanted)?;
    let places = Places::find(members, wanted)?;
    refusals::strangers(members, wanted, &places)?;
    let router_id = router_id(members, wanted)?;
    let (all, members) = (members, in_order(members, wanted.vip));
    let mut steps = Steps { known: served::known(all, wanted), ..Steps::default() };
    for member in &members {
        steps.prepare(member, wanted, router_id, &places)?;
    }
    let foreign = |member: &&&Member| member.state.has_foreign_keepalived(wanted.vip.address);
    let (last, others) = members.split_last().ok_or_else(|| Failure::usage("which control planes?"))?;
    if members.iter().any(|member| foreign(&member)) {
        // Two kinds of VRRP for one address know nothing of each other. So the idle ones stop first, and the holder last.
        // Ours starts first where the API answers, on the holder if it does there: with it the VIP is back.
        others.iter().chain([last]).filter(foreign).for_each(|member| steps.take_over(member, KEEPALIVED, wanted));
        let mut starts = members.clone();
        starts.sort_by_key(|member| (member.standing(wanted.vip.port), !member.state.has(wanted.vip.address), member.address));
        starts.iter().for_each(|member| steps.start(member, wanted));
    } else {
        members.iter().for_each(|member| steps.start(member, wanted));
    }
    if wanted.balancer.is_none() {
        members.iter().for_each(|member| steps.end_balancer(member));
    }
    let changes = std::mem::take(&mut steps.changes).into_iter().map(|change| Change::Vip(Box::new(change))).collect();
    Ok(Plan { changes, notes: notes(&members, wanted, &steps.known) })
}

/// The holder last. Without one the first to start becomes it, so that is one whose API answers.
pub(super) fn in_order(members: &[Member], vip: Vip) -> Vec<&Member> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|member| (member.state.has(vip.address), member.standing(vip.port), member.address));
    members
}

/// The one that was chosen, the one that is there, or the VIP's last part.
fn router_id(members: &[Member], wanted: &Wanted) -> Result<u8> {
    let ours = members.iter().filter_map(|member| member.state.file(files::KEEPALIVED));
    let there = ours.flat_map(config::instances).find_map(|instance| instance.router_id);
    let id = wanted.router_id.or(there).unwrap_or_else(|| wanted.vip.address.octets()[3].max(1));
    for member in members {
        let others = member.state.file(KEEPALIVED_CONFIG).map(config::instances).unwrap_or_default();
        let same = others.iter().find(|other| other.router_id == Some(id) && !other.addresses.contains(&wanted.vip.address));
        if let Some(same) = same {
            return Err(Failure::refused(format!(
                "{} of keepalived on {} has the virtual router id {id} already",
                same.name,
                member.name()
            ))
            .state("nothing was changed")
            .next("name another one with `--router-id`"));
        }
    }
    Ok(id)
}

fn notes(members: &[&Member], wanted: &Wanted, known: &BTreeSet<Ipv4Addr>) -> Vec<Note> {
    let mut notes = Vec::new();
    let Vip { address, port } = wanted.vip;
    match wanted.balancer {
        None => notes.push(Note::info(format!(
            "clients use {}: kube-apiserver answers on the VIP itself, without HAProxy; all of them reach the holder",
            wanted.api()
        ))),
        Some(_) => {
            notes.push(Note::info(format!("clients use {}: HAProxy of the VIP's holder balances over all API servers", wanted.api())))
        }
    }
    if !wanted.api_runs {
        notes.push(Note::warning(format!(
            "no API server is there yet, so nobody has {address} yet and nothing can be proven through it: it comes by itself with the \
             first one that is healthy on port {port}"
        )));
        notes.push(Note::info(format!(
            "then, on the first node: kubeadm init --control-plane-endpoint {} --upload-certs; and from here: {}",
            wanted.api(),
            wanted.diagnose()
        )));
    }
    for member in members.iter().filter(|member| wanted.api_runs && !member.state.has_api_server(port)) {
        notes.push(Note::warning(format!(
            "nothing listens on port {port} of {}: it won't get the VIP before its API server runs",
            member.name()
        )));
    }
    let stops = |member: &&&Member| member.state.has_foreign_haproxy(port);
    let ports = members.iter().filter(stops).flat_map(|member| served::by(HAPROXY, member, wanted, known).ports);
    let ports = ports.chain(members.iter().filter_map(|member| member.state.balancer()));
    for gone in ports.filter(|other| Some(*other) != wanted.balancer).collect::<BTreeSet<_>>() {
        notes.push(Note::warning(format!(
            "clients that reach the API through HAProxy's port {gone} don't any more: `--load-balance --balancer-port {gone}` keeps it"
        )));
    }
    if wanted.all.len() == 1 {
        notes.push(Note::warning(format!("with one control plane nobody can take {address} over")));
    }
    notes
}

#[derive(Default)]
struct Steps {
    changes: Vec<VipChange>,
    /// Addresses of the API servers.
    known: BTreeSet<Ipv4Addr>,
}

impl Steps {
    fn add(&mut self, member: &Member, action: VipAction) {
        self.changes.push(VipChange { node: member.address, name: member.name(), action });
    }

    fn take_over(&mut self, member: &Member, unit: &'static str, wanted: &Wanted) {
        let serves = served::by(unit, member, wanted, &self.known).api;
        self.add(member, VipAction::TakeOver { unit, serves });
    }

    /// Everything but what the VIP depends on. Nothing that serves is touched.
    fn prepare(&mut self, member: &Member, wanted: &Wanted, router_id: u8, places: &Places) -> Result<()> {
        let state = &member.state;
        let mut packages = vec!["keepalived", "curl"];
        packages.extend(wanted.balancer.map(|_| "haproxy"));
        for package in packages.into_iter().filter(|package| !state.packages.contains(*package)) {
            self.add(member, VipAction::InstallPackage { package });
        }
        if state.has_foreign_haproxy(wanted.vip.port) {
            self.take_over(member, HAPROXY, wanted);
        }
        let mut wanted_files = Vec::new();
        if let Some(port) = wanted.balancer {
            let servers = places.all().to_vec();
            wanted_files.extend([VipFile::Balancer { port, api_port: wanted.vip.port, servers }, VipFile::BalancerUnit]);
            self.write(member, wanted_files.split_off(0));
            let unit = state.unit(files::BALANCER_UNIT);
            let current = unit.active && unit.enabled && !unit.stale && state.loaded.contains(files::BALANCER);
            if !current || self.writes(member, &[files::BALANCER, files::BALANCER_UNIT_FILE]) {
                self.add(member, VipAction::StartBalancer { port, proven: wanted.api_runs, running: unit.active });
            }
        }
        let (interface, own) = places.of(member)?;
        let url = match wanted.balancer {
            Some(port) => format!("https://127.0.0.1:{port}"),
            None => format!("https://{own}:{}", wanted.vip.port),
        };
        let mut taken: Vec<&'static str> = Vec::new();
        if state.has_foreign_haproxy(wanted.vip.port) || was_taken(member, HAPROXY) {
            taken.push(HAPROXY);
        }
        if state.has_foreign_keepalived(wanted.vip.address) || was_taken(member, KEEPALIVED) {
            taken.push(KEEPALIVED);
        }
        let peers: Vec<_> = places.all().iter().copied().filter(|ip| *ip != own).collect();
        let priority = priority(member.address, &wanted.all);
        let keepalived = Keepalived { vip: wanted.vip.address, interface, router_id, priority, own, peers };
        let notify = VipFile::Notify { taken, balancer: wanted.balancer.is_some() };
        self.write(member, vec![VipFile::Check { url }, notify, VipFile::Keepalived(keepalived), VipFile::Unit]);
        Ok(())
    }

    fn write(&mut self, member: &Member, files: Vec<VipFile>) {
        for file in files {
            let there = member.state.files.get(file.path());
            let right = there.is_some_and(|there| there.content == file.render() && there.mode == format!("{} root:root", file.mode()));
            if !right {
                self.add(member, VipAction::WriteFile { old_sha256: there.map(|there| there.sha256.clone()), file });
            }
        }
    }

    fn writes(&self, member: &Member, paths: &[&str]) -> bool {
        self.changes.iter().any(|change| {
            change.node == member.address && matches!(&change.action, VipAction::WriteFile { file, .. } if paths.contains(&file.path()))
        })
    }

    fn start(&mut self, member: &Member, wanted: &Wanted) {
        let unit = member.state.unit(files::UNIT);
        let current = unit.active && unit.enabled && !unit.stale && member.state.loaded.contains(files::KEEPALIVED);
        if !current || self.writes(member, &[files::KEEPALIVED, files::UNIT_FILE]) {
            self.add(member, VipAction::StartVip { api: wanted.api(), proven: wanted.api_runs, running: unit.active });
        }
    }

    /// After keepalived has stopped asking it.
    fn end_balancer(&mut self, member: &Member) {
        let unit = member.state.unit(files::BALANCER_UNIT);
        if unit.active || unit.enabled || !unit.is_idle() {
            self.add(member, VipAction::StopUnit { unit: files::BALANCER_UNIT });
        }
        let there = [files::BALANCER, files::BALANCER_UNIT_FILE].into_iter().filter(|path| member.state.files.contains_key(*path));
        let there: Vec<_> = there.map(str::to_owned).collect();
        if !there.is_empty() {
            self.add(member, VipAction::RemoveFiles { files: there });
        }
    }
}

fn was_taken(member: &Member, unit: &str) -> bool {
    super::cleanup::taken(&member.state).any(|taken| taken == unit)
}
