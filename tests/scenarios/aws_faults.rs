//! Faults of AWS at every action that a command calls. The actions are those of an undisturbed run. The node keeps what the
//! first run put on it, so each case costs the account's part alone.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::figures;
use crate::support::{CLUSTER, Ended, Lab};
use crate::world::{ours, steady_account};

/// No command that meets one fault may take longer than the two longest waits of its own: a call's 30 s and a new thing's 60 s.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Bootstrap,
    /// Of the account alone.
    Cleanup,
    Quota,
}

const WAYS: [Way; 3] = [Way::Bootstrap, Way::Cleanup, Way::Quota];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Action {
    service: String,
    name: String,
}

/// Faults that are over before the attempts are.
const PASSING: [(&str, &str); 6] = [
    ("throttled twice", r#"{"kind":"throttle","times":2}"#),
    ("HTTP 500", r#"{"kind":"error","code":"InternalError","status":500}"#),
    ("HTTP 503", r#"{"kind":"status","status":503}"#),
    ("connection reset", r#"{"kind":"drop"}"#),
    ("answer lost", r#"{"kind":"lost"}"#),
    ("slow", r#"{"kind":"slow","seconds":1.5}"#),
];

/// Faults that stay. The code of a denial is the service's own.
const LASTING: [(&str, &str); 5] = [
    ("always throttled", r#"{"kind":"throttle"}"#),
    ("always HTTP 503", r#"{"kind":"status","status":503}"#),
    ("connection always reset", r#"{"kind":"drop"}"#),
    ("denied", r#"{"kind":"error","status":403,"code":"denied"}"#),
    ("expired", r#"{"kind":"error","code":"RequestExpired"}"#),
];

/// What an EC2 that hasn't heard of a new thing everywhere says, and of an old one
/// (<https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>).
const NOT_YET: [(&str, &str); 5] = [
    ("AssociateAddress", "InvalidAllocationID.NotFound"),
    ("CreateTags", "InvalidAllocationID.NotFound"),
    ("AuthorizeSecurityGroupIngress", "InvalidGroup.NotFound"),
    ("ModifyNetworkInterfaceAttribute", "InvalidGroup.NotFound"),
    ("DeleteSecurityGroup", "DependencyViolation"),
];

/// All cases, or what fits in the time of a test run.
fn all() -> bool {
    std::env::var_os("K8SPORT_EVERY_STEP").is_some()
}

/// A lab whose node is set up, and what the account is before and after.
struct Account {
    lab: Lab,
    seeded: Value,
    set_up: Value,
}

impl Account {
    fn new() -> Self {
        let lab = Lab::default();
        let seeded = steady_account(&lab);
        lab.k8sport(&Way::Bootstrap.command()).expect(0);
        let set_up = steady_account(&lab);
        Self { lab, seeded, set_up }
    }

    fn prepare(&self, way: Way) {
        self.lab.seed("default");
        if way == Way::Cleanup {
            self.lab.k8sport(&Way::Bootstrap.command()).expect(0);
        }
        // So that the host key is read from the console.
        let _ = std::fs::remove_dir_all(self.lab.home().join(".local/state/k8sport"));
        self.lab.forget_calls();
    }

    fn run(&self, way: Way) -> (Ended, Duration) {
        let started = Instant::now();
        let ended = self.lab.k8sport(&[&way.command()[..], &["--output", "json"]].concat());
        (ended, started.elapsed())
    }

    /// The account after the undisturbed command.
    fn wanted(&self, way: Way) -> &Value {
        if way == Way::Bootstrap { &self.set_up } else { &self.seeded }
    }

    fn actions(&self, way: Way) -> Vec<Action> {
        self.prepare(way);
        self.run(way).0.expect(0);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let calls = self.lab.calls_in_order().into_iter();
        let actions: BTreeSet<_> = calls.map(|call| Action { service: text(&call["service"]), name: text(&call["action"]) }).collect();
        actions.into_iter().collect()
    }

    /// Every one of `actions` goes wrong; the command does its work all the same. Which of them it didn't call this time.
    fn survives(&self, way: Way, actions: &[Action], fault: &Value) -> Result<Vec<Action>, String> {
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

    fn passes(&self, way: Way, action: &Action, fault: &Value) -> Result<(), String> {
        let spared = self.survives(way, std::slice::from_ref(action), fault)?;
        if spared.is_empty() { Ok(()) } else { Err("was not called".to_owned()) }
    }

    /// The fault stays: success without the action, or a message that says cause, state and next step. Then a plain run and
    /// a cleanup leave what they should.
    fn ends_well(&self, way: Way, fault: &str) -> Result<(), String> {
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
    fn with(&self, fault: &Value, times: u32) -> String {
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

fn explained(ended: &Ended) -> Result<(), String> {
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
struct Tally {
    failures: Vec<String>,
    all: usize,
}

impl Tally {
    fn add(&mut self, what: &str, ended: Result<(), String>) {
        self.all += 1;
        self.failures.extend(ended.err().map(|why| format!("{what}: {why}")));
    }

    fn record(self, what: &str, complete: bool) {
        let what = if complete { what.to_owned() } else { format!("{what} (a part of the cases)") };
        figures::record_cases(&what, &self.failures, self.all);
    }
}

#[test]
fn what_passes_at_any_action_is_waited_out() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        let actions = account.actions(way);
        for (name, fault) in PASSING {
            let fault = serde_json::from_str(fault).expect("JSON");
            // All in one run; who is to blame, or was spared, is found out one by one.
            let alone = account.survives(way, &actions, &fault).unwrap_or_else(|_| actions.clone());
            for action in &actions {
                let ended = if alone.contains(action) { account.passes(way, action, &fault) } else { Ok(()) };
                tally.add(&format!("{} {name}", action.name), ended);
            }
        }
    }
    tally.record("AWS: a fault that passes, at every action", true);
}

#[test]
fn a_call_that_is_never_answered_is_made_again() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        for action in account.actions(way).iter().skip(1).step_by(if all() { 1 } else { 7 }) {
            let ended = account.passes(way, action, &json!({"kind": "hang"}));
            tally.add(&format!("{} hangs once", action.name), ended);
        }
    }
    tally.record("AWS: one call without an answer", all());
}

#[test]
fn what_stays_at_any_action_ends_in_a_message_and_leaks_nothing() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        for (index, action) in account.actions(way).iter().enumerate() {
            for (kind, (name, fault)) in LASTING.iter().enumerate() {
                // Each action has one fault, each fault many actions.
                if all() || index % LASTING.len() == kind {
                    let fault = serde_json::from_str(fault).expect("JSON");
                    tally.add(&format!("{} {name}", action.name), account.ends_well(way, &action.with(&fault, 0)));
                }
            }
        }
    }
    tally.record("AWS: a fault that stays, at every action", all());
}

#[test]
fn an_action_that_never_answers_ends_in_a_message() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        for action in account.actions(way).iter().skip(2).step_by(if all() { 1 } else { 20 }) {
            let ended = account.ends_well(way, &action.with(&json!({"kind": "hang"}), 0));
            tally.add(&format!("{} hangs for ever", action.name), ended);
        }
    }
    tally.record("AWS: no answer at all", all());
}

#[test]
fn credentials_that_expire_in_the_middle_end_in_a_message() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        account.actions(way);
        let calls = account.lab.calls_in_order().len();
        for skip in (0..calls).step_by(if all() { 1 } else { 6 }) {
            let fault = json!({"kind": "error", "code": "RequestExpired", "times": 0, "skip": skip});
            tally.add(&format!("expired after {skip} calls"), account.ends_well(way, &fault.to_string()));
        }
    }
    tally.record("AWS: credentials expire in the middle", all());
}

#[test]
fn what_is_not_visible_everywhere_yet_is_waited_for() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in [Way::Bootstrap, Way::Cleanup] {
        let actions = account.actions(way);
        for (name, code) in NOT_YET {
            // Detaching a group names none that is new.
            let is_new = way == Way::Bootstrap || code == "DependencyViolation";
            for action in actions.iter().filter(|action| action.name == name && is_new) {
                let fault = json!({"kind": "error", "code": code, "times": 2});
                tally.add(&format!("{name} {code}"), account.passes(way, action, &fault));
            }
        }
    }
    tally.record("AWS: not visible everywhere yet", true);
}

#[test]
fn a_quota_that_was_wrong_is_a_clear_refusal() {
    let account = Account::new();
    let fault = json!({"action": "AllocateAddress", "kind": "error", "code": "AddressLimitExceeded", "times": 0});
    account.prepare(Way::Bootstrap);
    account.lab.fault(&fault.to_string());
    let (ended, _) = account.run(Way::Bootstrap);
    explained(&ended).expect("a whole message");
    assert!([1, 4].contains(&ended.code) && ended.stderr.contains("AddressLimitExceeded"), "{ended:?}");
    assert!(ours(&account.lab.account()).is_null(), "nothing was allocated");
    let mut tally = Tally::default();
    tally.add("AddressLimitExceeded", account.ends_well(Way::Bootstrap, &fault.to_string()));
    tally.record("AWS: the quota is used up after all", true);
}
