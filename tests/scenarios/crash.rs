//! Killed with SIGKILL before and after every mutating call and every remote step and change: the next run finishes the
//! work, or `cleanup` takes it back. The steps are those of an undisturbed run, as the lab has counted them.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde_json::json;

use crate::figures;
use crate::support::{CLUSTER, Lab, PRIMARY_PUBLIC};
use crate::world::{World, ours};

const BOOTSTRAP: &[&str] = &["bootstrap"];
const CLEANUP: &[&str] = &["cleanup"];
const SINGLE: &[&str] = &["setup-secondary-ip", "setup-haproxy", "update-dns"];

/// Without `K8SPORT_EVERY_STEP`, one step of so many.
pub const STRIDE: usize = 7;

struct Flow {
    what: &'static str,
    /// Undisturbed.
    before: &'static [&'static str],
    /// One of these is killed.
    killed: &'static [&'static str],
    /// These then make it good.
    then: &'static [&'static str],
}

/// Where a run is killed.
#[derive(Debug, Clone)]
pub struct Step {
    service: String,
    action: String,
    /// Earlier ones of the same name.
    earlier: usize,
    kind: &'static str,
}

#[test]
fn bootstrap_killed_anywhere_is_finished_by_the_next() {
    Flow { what: "bootstrap killed, run again", before: &[], killed: BOOTSTRAP, then: BOOTSTRAP }.check(0);
}

#[test]
fn bootstrap_killed_anywhere_is_taken_back_by_cleanup() {
    Flow { what: "bootstrap killed, cleaned up", before: &[], killed: BOOTSTRAP, then: CLEANUP }.check(2);
}

#[test]
fn the_single_commands_killed_anywhere_are_finished_by_the_next() {
    Flow { what: "single commands killed, run again", before: &[], killed: SINGLE, then: SINGLE }.check(1);
}

#[test]
fn cleanup_killed_anywhere_is_finished_by_the_next() {
    Flow { what: "cleanup killed, run again", before: BOOTSTRAP, killed: CLEANUP, then: CLEANUP }.check(3);
}

#[test]
fn cleanup_killed_anywhere_is_undone_by_bootstrap() {
    Flow { what: "cleanup killed, bootstrapped", before: BOOTSTRAP, killed: CLEANUP, then: BOOTSTRAP }.check(4);
}

/// One step in `stride`, from `first` on.
pub fn chosen(steps: &[Step], stride: usize, first: usize) -> Vec<(usize, &Step)> {
    steps.iter().enumerate().filter(|(index, _)| every() || index % stride == first).collect()
}

pub fn record(what: &str, failures: &[String], chosen: usize, all: usize, stride: usize) {
    let which = if every() { "at every step".to_owned() } else { format!("at one step in {stride} of {all}") };
    figures::record_cases(&format!("{what} ({which})"), failures, chosen);
}

fn every() -> bool {
    std::env::var_os("K8SPORT_EVERY_STEP").is_some()
}

impl Step {
    /// Those that the lab has counted.
    pub fn of(lab: &Lab) -> Vec<Self> {
        let mut earlier = BTreeMap::new();
        let mut steps = Vec::new();
        for call in lab.calls_in_order().into_iter().filter(|call| call["mutating"] == true) {
            let text = |key: &str| call[key].as_str().unwrap_or_default().to_owned();
            let (service, action) = (text("service"), text("action"));
            let count = earlier.entry((service.clone(), action.clone())).or_insert(0);
            // A step of the node is a moment by itself: the end of a change is the beginning of the next, or of the end. What
            // comes of a call to the API server whose client dies is the API server's.
            let kinds: &[&str] = if ["node", "kubernetes"].contains(&service.as_str()) { &["kill"] } else { &["kill", "kill-after"] };
            steps.extend(kinds.iter().map(|kind| Step { service: service.clone(), action: action.clone(), earlier: *count, kind }));
            *count += 1;
        }
        steps
    }

    pub fn is_of(&self, service: &str) -> bool {
        self.service == service
    }

    /// The lab's fault that kills the process in the file `victim` there.
    pub fn kills(&self, victim: &Path) -> String {
        let Self { service, action, earlier, kind } = self;
        json!({"service": service, "action": action, "skip": earlier, "kind": kind, "victim": victim}).to_string()
    }
}

impl Flow {
    /// `first` is the first step of those that a stride takes.
    fn check(&self, first: usize) {
        let lab = Lab::default();
        lab.report_steps();
        let clean = World::of(&lab);
        let steps = self.steps(&lab);
        run(&lab, self.then);
        let wanted = World::of(&lab);
        run(&lab, CLEANUP);
        assert_eq!(World::of(&lab), clean, "an undisturbed cleanup");

        let chosen = chosen(&steps, STRIDE, first);
        let mut failures = Vec::new();
        for (index, step) in &chosen {
            if catch_unwind(AssertUnwindSafe(|| self.at(&lab, step, &wanted, &clean))).is_err() {
                failures.push(format!("step {} of {} (its panic is above): {step:?}", index + 1, steps.len()));
                lab.renew("default", "fresh");
                lab.report_steps();
            }
        }
        record(self.what, &failures, chosen.len(), steps.len(), STRIDE);
    }

    /// The steps of the undisturbed commands. Afterwards they are done.
    fn steps(&self, lab: &Lab) -> Vec<Step> {
        run(lab, self.before);
        lab.forget_calls();
        run(lab, self.killed);
        let steps = Step::of(lab);
        for what in ["ec2", "route53", "node"] {
            let there = steps.iter().any(|step| step.service == what);
            assert!(there, "no step of {what} in {steps:?}");
        }
        steps
    }

    fn at(&self, lab: &Lab, step: &Step, wanted: &World, clean: &World) {
        lab.seed("default");
        run(lab, self.before);
        let victim = lab.home().join("victim");
        lab.fault(&step.kills(&victim));
        let killed = self.killed.iter().any(|command| {
            let ended = lab.k8sport_noting_its_pid(&victim, &[command, "--cluster", CLUSTER, "--yes"]);
            assert!([0, -1].contains(&ended.code), "{ended:?}");
            ended.code == -1
        });
        assert!(killed, "nothing was killed");
        run(lab, self.then);
        for command in self.then {
            lab.k8sport(&[command, "--cluster", CLUSTER, "--dry-run", "--exit-code"]).expect(0);
        }
        World::of(lab).assert_is(wanted);
        if self.then != CLEANUP {
            serves(lab);
            run(lab, CLEANUP);
            World::of(lab).assert_is(clean);
        }
    }
}

fn run(lab: &Lab, commands: &[&str]) {
    for command in commands {
        lab.k8sport(&[command, "--cluster", CLUSTER, "--yes"]).expect(0);
    }
}

/// Both addresses show their own certificate.
fn serves(lab: &Lab) {
    let account = lab.account();
    let public = ours(&account)["public"].as_str().expect("an address").to_owned();
    assert_eq!(lab.certificate(&public, "app.example.com"), "CN=app.example.com");
    assert_eq!(lab.certificate(PRIMARY_PUBLIC, "api.c02.example.com"), "CN=kubernetes-master");
}
