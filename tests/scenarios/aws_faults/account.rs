//! An account in which a call goes wrong, and how the command that made it ended.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::figures;
use crate::support::{CLUSTER, Ended, Lab};
use crate::world::steady_account;

/// No command that meets one fault may take longer than the two longest waits of its own: a call's 30 s and a new thing's 60 s.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    Bootstrap,
    /// Of the account alone.
    Cleanup,
    Quota,
}

pub const WAYS: [Way; 3] = [Way::Bootstrap, Way::Cleanup, Way::Quota];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Action {
    service: String,
    pub name: String,
}

/// A lab whose node is set up, and what the account is before and after.
pub struct Account {
    pub lab: Lab,
    seeded: Value,
    set_up: Value,
}

impl Account {
    pub fn new() -> Self {
        let lab = Lab::default();
        let seeded = steady_account(&lab);
        lab.k8sport(&Way::Bootstrap.command()).expect(0);
        let set_up = steady_account(&lab);
        Self { lab, seeded, set_up }
    }

    pub fn prepare(&self, way: Way) {
        self.lab.seed("default");
        if way == Way::Cleanup {
            self.lab.k8sport(&Way::Bootstrap.command()).expect(0);
        }
        // So that the host key is read from the console.
        let _ = std::fs::remove_dir_all(self.lab.home().join(".local/state/k8sport"));
        self.lab.forget_calls();
    }

    pub fn run(&self, way: Way) -> (Ended, Duration) {
        let started = Instant::now();
        let ended = self.lab.k8sport(&[&way.command()[..], &["--output", "json"]].concat());
        (ended, started.elapsed())
    }

    /// The account after the undisturbed command.
    fn wanted(&self, way: Way) -> &Value {
        if way == Way::Bootstrap { &self.set_up } else { &self.seeded }
    }

    pub fn actions(&self, way: Way) -> Vec<Action> {
        self.prepare(way);
        self.run(way).0.expect(0);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let calls = self.lab.calls_in_order().into_iter();
        let actions: BTreeSet<_> = calls.map(|call| Action { service: text(&call["service"]), name: text(&call["action"]) }).collect();
        actions.into_iter().collect()
    }

    /// Every one of `actions` goes wrong; the command does its work all the same. Which of them it didn't call this time.
    pub fn survives(&self, way: Way, actions: &[Action], fault: &Value) -> Result<Vec<Action>, String> {
        self.prepare(way);
        for action in actions {
            self.lab.fault(&action.with(fault, 1));
        }
        let (ended, took) = self.run(way);
        let faults = self.lab.faults();
        self.lab.clear_faults();
        if ended.code != 0 || steady_account(&self.lab) != *self.wanted(way) {
            return Err(format!("after {took:?}: {ended:?}"));
        }
        let spared = actions.iter().zip(&faults).filter(|(_, fault)| fault["hits"] == 0);
        Ok(spared.map(|(action, _)| action.clone()).collect())
    }

    pub fn passes(&self, way: Way, action: &Action, fault: &Value) -> Result<(), String> {
        let spared = self.survives(way, std::slice::from_ref(action), fault)?;
        if spared.is_empty() { Ok(()) } else { Err("was not called".to_owned()) }
    }

    /// The fault stays: success without the action, or a message that says cause, state and next step. Then a plain run and
    /// a cleanup leave what they should.
    pub fn ends_well(&self, way: Way, fault: &str) -> Result<(), String> {
        self.prepare(way);
        self.lab.fault(fault);
        let (ended, took) = self.run(way);
        self.lab.clear_faults();
        if took > LIMIT {
            return Err(format!("took {took:?}: {ended:?}"));
        }
        match ended.code {
            0 if steady_account(&self.lab) == *self.wanted(way) => {}
            1 | 4 => explained(&ended)?,
            _ => return Err(format!("{ended:?}")),
        }
        self.recovers(way)
    }

    fn recovers(&self, way: Way) -> Result<(), String> {
        let ways: &[Way] = if way == Way::Bootstrap { &[Way::Bootstrap, Way::Cleanup] } else { &[way] };
        for way in ways {
            let (ended, _) = self.run(*way);
            let is = steady_account(&self.lab);
            if ended.code != 0 || is != *self.wanted(*way) {
                return Err(format!("not good afterwards: {is}, wanted {}\n{ended:?}", self.wanted(*way)));
            }
        }
        Ok(())
    }
}

impl Way {
    fn command(self) -> Vec<&'static str> {
        match self {
            Self::Bootstrap => vec!["bootstrap", "--cluster", CLUSTER, "--yes"],
            Self::Cleanup => vec!["cleanup", "--cluster", CLUSTER, "--yes", "--skip-node"],
            Self::Quota => vec!["quota", "--request", "10", "--yes"],
        }
    }
}

impl Action {
    pub fn with(&self, fault: &Value, times: u32) -> String {
        let mut fault = fault.clone();
        fault["service"] = json!(self.service);
        fault["action"] = json!(self.name);
        if fault["times"].is_null() {
            fault["times"] = json!(times);
        }
        if fault["code"] == "denied" {
            fault["code"] = json!(if self.service == "ec2" { "UnauthorizedOperation" } else { "AccessDenied" });
        }
        fault.to_string()
    }
}

pub fn explained(ended: &Ended) -> Result<(), String> {
    let document: Value = serde_json::from_str(&ended.stdout).map_err(|error| format!("{error}: {ended:?}"))?;
    let error = &document["error"];
    let said = |field: &str| error[field].as_str().is_some_and(|text| !text.is_empty());
    let next = error["next"].as_array().is_some_and(|steps| !steps.is_empty());
    if said("what") && said("cause") && said("state") && next {
        Ok(())
    } else {
        Err(format!("cause, state or next step is missing: {error}"))
    }
}

/// The cases, and what went wrong in those that didn't end well.
#[derive(Default)]
pub struct Tally {
    failures: Vec<String>,
    all: usize,
}

impl Tally {
    pub fn add(&mut self, what: &str, ended: Result<(), String>) {
        self.all += 1;
        self.failures.extend(ended.err().map(|why| format!("{what}: {why}")));
    }

    pub fn record(self, what: &str, complete: bool) {
        let what = if complete { what.to_owned() } else { format!("{what} (a part of the cases)") };
        figures::record_cases(&what, &self.failures, self.all);
    }
}
