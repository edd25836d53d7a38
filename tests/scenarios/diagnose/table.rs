//! A row of the table: what somebody did to AWS, node or DNS, which checks that fails, which can't be judged then, and what
//! heals it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{CLUSTER, Ended, Lab};

pub const HOST: &str = "app.example.com";

/// One broken state on a cluster that was set up.
pub struct Row {
    /// On the node as root (`node:`), as the operator with an AWS client (`aws:`), or both.
    sabotage: &'static str,
    /// The checks that must fail or warn: all of them, and no others.
    wrong: &'static [&'static str],
    /// Checks that must be skipped.
    skipped: &'static [&'static str],
    heal: Heal,
}

pub enum Heal {
    /// `diagnose --fix --yes`.
    Fix,
    /// The commands of ours that the findings print, the first of them first, until there is nothing left to heal.
    Remedy,
    /// The opposite, on the node or with the AWS client.
    Undo(&'static str),
    /// Nothing short of a new lab.
    Reset,
}
pub use Heal::{Fix, Remedy, Reset, Undo};

pub fn diagnose(lab: &Lab, more: &[&str]) -> Ended {
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    lab.k8sport_with(&[&authority], &[&["diagnose", "--cluster", CLUSTER, "--host", HOST], more].concat())
}

pub fn healthy() -> Lab {
    let lab = Lab::default();
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--quiet"]).expect(0);
    lab
}

pub fn ids(document: &Value, statuses: &[&str]) -> BTreeSet<String> {
    let checks = document["checks"].as_array().expect("checks").iter();
    let these = checks.filter(|check| statuses.iter().any(|status| check["status"] == *status));
    these.map(|check| check["id"].as_str().expect("an id").to_owned()).collect()
}

/// Steps, each with its place: `node: …` runs on the node, `aws: …` in Python (account.py), `lab: …` is a command of the lab,
/// `fault: …` a fault of the AWS stand-in.
fn act(lab: &Lab, what: &str) {
    for step in what.split(" ;; ") {
        let (place, script) = step.split_once(": ").expect("a place");
        match place {
            "node" => drop(lab.node(script)),
            "aws" => lab.aws(script),
            "lab" => lab.lab(script),
            "fault" => lab.fault(script),
            _ => panic!("{what}"),
        }
    }
}

pub fn run(rows: &[Row]) {
    let mut lab = None;
    let mut wrongs = Vec::new();
    for row in rows {
        let here = lab.take().unwrap_or_else(healthy);
        act(&here, row.sabotage);
        let document = diagnose(&here, &["--output", "json", "--quiet"]).json();
        let (wrong, skipped) = (ids(&document, &["failed", "warning"]), ids(&document, &["skipped"]));
        let expected: BTreeSet<String> = row.wrong.iter().map(|id| (*id).to_owned()).collect();
        if wrong != expected || !row.skipped.iter().all(|id| skipped.contains(*id)) {
            wrongs.push(format!("{}\n  wrong:   {wrong:?}\n  not:     {expected:?}\n  skipped: {skipped:?}", row.sabotage));
        }
        // Who heals by hand needs a command to copy, too.
        if matches!(row.heal, Fix | Remedy) && commands(&document).is_empty() {
            wrongs.push(format!("{}\n  prints no command that heals it", row.sabotage));
        }
        let after = match row.heal {
            // Its result is the diagnosis after the repair.
            Fix => diagnose(&here, &["--fix", "--yes", "--output", "json", "--quiet"]),
            Remedy => heal_as_told(&here, document),
            Undo(script) => {
                act(&here, script);
                diagnose(&here, &["--output", "json", "--quiet"])
            }
            Reset => continue,
        };
        if after.code == 0 && after.json()["outcome"] == "healthy" {
            lab = Some(here);
        } else {
            wrongs.push(format!("{}\n  is not healed: {} {}", row.sabotage, after.stdout, after.stderr));
        }
    }
    assert!(wrongs.is_empty(), "{} of {} rows:\n{}", wrongs.len(), rows.len(), wrongs.join("\n"));
}

/// What an operator does who believes what is printed: the first command, then another look.
fn heal_as_told(lab: &Lab, mut document: Value) -> Ended {
    let mut done = BTreeSet::new();
    loop {
        let next = commands(&document).into_iter().find(|command| !done.contains(command));
        let Some(command) = next else { return diagnose(lab, &["--output", "json", "--quiet"]) };
        let words: Vec<&str> = command.split(' ').skip(1).chain(["--yes", "--quiet"]).collect();
        let ended = lab.k8sport(&words);
        if ended.code != 0 {
            return ended;
        }
        done.insert(command);
        let ended = diagnose(lab, &["--output", "json", "--quiet"]);
        if ended.code == 0 && ended.json()["outcome"] == "healthy" {
            return ended;
        }
        document = ended.json();
    }
}

/// The remedies that are commands of ours, in the order of the findings.
fn commands(document: &Value) -> Vec<String> {
    let checks = document["checks"].as_array().expect("checks").iter();
    let remedies = checks.flat_map(|check| check["remedy"].as_array().expect("remedies"));
    // A word on a command stands behind it in parentheses.
    let copied = remedies.filter_map(|remedy| remedy.as_str()?.split("   (").next());
    copied.filter(|remedy| remedy.starts_with("k8sport ")).map(str::to_owned).collect()
}

pub const fn row(sabotage: &'static str, wrong: &'static [&'static str], skipped: &'static [&'static str], heal: Heal) -> Row {
    Row { sabotage, wrong, skipped, heal }
}
