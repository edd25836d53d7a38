//! What a command has to say when it ends. Commands fill it in as they go, so that a run that fails, times out or is
//! interrupted still tells what it had done; `output` turns it into text or JSON.

use std::cell::RefCell;
use std::net::Ipv4Addr;

use serde::Serialize;

use crate::failure::{Failure, Kind};
use crate::names::{DnsName, EniId, InstanceId, Said};
use crate::plan::change::Change;
use crate::plan::data_path::DataPath;
use crate::plan::observed::Account;
use crate::plan::residue::Residue;
use crate::plan::usage::Usage;
use crate::plan::{Note, Plan};

/// Where the command works: shown before the first write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    pub account: Account,
    pub cluster: DnsName,
    pub instance: InstanceId,
    pub instance_name: String,
    pub eni: EniId,
    pub private_ip: Ipv4Addr,
    pub public_ip: Option<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<DnsName>,
}

/// How far a change of the plan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Planned,
    /// Started, and no answer yet. If a report ends with it, the outcome of this change is not known.
    Running,
    Done,
    Failed,
    /// Done, and undone by the node, since nobody confirmed it or a later one failed.
    TakenBack,
    /// The answer was no, or it would only be safe after something that was skipped.
    Skipped,
}

/// One look from outside after the changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub ok: bool,
    pub detail: String,
}

/// What the operator has now.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Access {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elastic_ip: Option<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secondary_private_ip: Option<Ipv4Addr>,
    /// Where applications are reached, once names lead there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    pub api_url: String,
    /// None without a second address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_path: Option<DataPath>,
    /// US dollars a month for what k8sport added (730 hours).
    pub monthly_cost_usd: f64,
    pub next: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The world is as wanted, and this run changed it.
    Changed,
    /// The world was as wanted already.
    Unchanged,
    /// `--dry-run`: the plan has changes.
    Planned,
    Failed,
    Usage,
    Refused,
    Interrupted,
}

#[derive(Debug)]
pub struct Report {
    pub command: &'static str,
    pub dry_run: bool,
    pub target: Option<Target>,
    pub plan: Plan,
    /// One for each change of the plan. Lanes run at once, hence the cell.
    pub statuses: RefCell<Vec<Status>>,
    pub checks: Vec<Check>,
    /// What was seen afterwards and is no failure.
    pub remarks: Vec<Note>,
    pub access: Option<Access>,
    /// US dollars a month that the plan saves (730 hours).
    pub saves_usd: Option<f64>,
    pub usage: Option<Usage>,
    /// What is still there after a teardown.
    pub residue: Option<Residue>,
    pub error: Option<Failure>,
}

/// The state after a failure before any change.
pub const NOTHING_CHANGED: &str = "nothing was changed";

impl Report {
    pub fn new(command: &'static str, dry_run: bool) -> Self {
        Self {
            command,
            dry_run,
            target: None,
            plan: Plan::default(),
            statuses: RefCell::default(),
            checks: Vec::new(),
            remarks: Vec::new(),
            access: None,
            saves_usd: None,
            usage: None,
            residue: None,
            error: None,
        }
    }

    pub fn set_plan(&mut self, plan: Plan) {
        self.statuses = RefCell::new(vec![Status::Planned; plan.changes.len()]);
        self.plan = plan;
    }

    /// What is done stays in the report, and `plan` follows it.
    pub fn extend_plan(&mut self, plan: Plan) {
        self.statuses.borrow_mut().extend(plan.changes.iter().map(|_| Status::Planned));
        self.plan.changes.extend(plan.changes);
        self.plan.notes.extend(plan.notes);
    }

    /// A change that was confirmed by itself, after the plan.
    pub fn add(&mut self, change: Change) {
        self.plan.changes.push(change);
        self.statuses.borrow_mut().push(Status::Planned);
    }

    pub fn set_status(&self, index: usize, status: Status) {
        if let Some(slot) = self.statuses.borrow_mut().get_mut(index) {
            *slot = status;
        }
    }

    pub fn status(&self, index: usize) -> Status {
        self.statuses.borrow().get(index).copied().unwrap_or(Status::Planned)
    }

    pub fn outcome(&self) -> Outcome {
        match self.error.as_ref().map(|error| error.kind) {
            Some(Kind::Failed) => Outcome::Failed,
            Some(Kind::Usage) => Outcome::Usage,
            Some(Kind::Refused) => Outcome::Refused,
            Some(Kind::Interrupted) => Outcome::Interrupted,
            None if self.plan.changes.is_empty() => Outcome::Unchanged,
            None if self.dry_run => Outcome::Planned,
            // All of it was left out.
            None if self.statuses.borrow().iter().all(|status| *status == Status::Skipped) => Outcome::Unchanged,
            None => Outcome::Changed,
        }
    }

    /// `pending_counts` is `--exit-code`: a dry run with changes then ends with 5.
    pub fn exit_code(&self, pending_counts: bool) -> u8 {
        match &self.error {
            Some(error) => error.kind.exit_code(),
            None if pending_counts && self.outcome() == Outcome::Planned => 5,
            None => 0,
        }
    }

    /// A denied call is one that a policy would have allowed.
    pub fn name_the_policy(&mut self, said: &Said) {
        // A repair is a part of what bootstrap does, the redirect at the edge a part of HAProxy's configuration.
        let command = match self.command {
            "diagnose --fix" => "bootstrap",
            "toggle-https-redirect" => "setup-haproxy",
            "quick-start"
                if self
                    .error
                    .as_ref()
                    .and_then(|error| error.missing_action.as_deref())
                    .is_some_and(|action| action.starts_with("ecr:")) =>
            {
                "deploy-app"
            }
            "quick-start" => "bootstrap",
            other => other,
        };
        self.error = self.error.take().map(|error| match &error.missing_action {
            Some(action) if command == "bootstrap" && is_creation(action) => {
                let options = said.to("iam-policy");
                error.next(format!("k8sport iam-policy create-cluster{options}   (prints what a new cluster needs besides)"))
            }
            Some(action) if action.contains(':') => {
                let options = said.to("iam-policy");
                error.next(format!("k8sport iam-policy {command}{options}   (prints the policy with all actions that {command} needs)"))
            }
            // Not one of IAM's.
            _ => error,
        });
    }

    pub fn done(&self) -> usize {
        self.statuses.borrow().iter().filter(|status| **status == Status::Done).count()
    }

    pub fn has_begun(&self) -> bool {
        self.statuses.borrow().iter().any(|status| !matches!(status, Status::Planned | Status::Skipped))
    }

    /// How many changes are done, and the state of the others in words. For failures that come from outside a change.
    pub fn progress(&self) -> String {
        let statuses = self.statuses.borrow();
        let done = statuses.iter().filter(|status| **status == Status::Done).count();
        let running: Vec<_> = statuses
            .iter()
            .zip(&self.plan.changes)
            .filter(|(status, _)| **status == Status::Running)
            .map(|(_, change)| change.summary().sentence())
            .collect();
        match (done, running.as_slice()) {
            (0, []) => NOTHING_CHANGED.to_owned(),
            (done, []) => format!("{done} of {} changes are done, none is half-done", statuses.len()),
            (done, running) => format!("{done} of {} changes are done; without an answer: {}", statuses.len(), running.join("; ")),
        }
    }
}

/// What only a new cluster needs.
fn is_creation(action: &str) -> bool {
    action.starts_with("s3:") || action == "ec2:DescribeInstanceTypeOfferings"
}
