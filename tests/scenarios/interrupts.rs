//! Stopped by a signal, in every phase: it ends at once with exit code 130, says how far it has come, and leaves neither a
//! connection nor a temporary file.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::figures;
use crate::support::{CLUSTER, Ended, Lab};

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];

/// What is held up, and where: in an answer of AWS, or before a change on the node.
const PHASES: [(&str, &str, &str); 6] = [
    ("the account is read", "ec2", "DescribeInstances"),
    ("the zone is read", "route53", "ListHostedZones"),
    ("the node is read", "node", "arrived"),
    ("the account is changed", "ec2", "AssociateAddress"),
    ("the node is changed", "node", "7 begin"),
    ("the record is written", "route53", "ChangeResourceRecordSets"),
];

#[test]
fn a_signal_in_any_phase_ends_it_at_once_and_leaves_nothing() {
    let lab = Lab::default();
    let mut failures = Vec::new();
    let mut all = 0;
    for (number, (phase, service, action)) in PHASES.iter().enumerate() {
        lab.renew("default", "fresh");
        lab.report_steps();
        let signal = ["INT", "TERM", "HUP"][number % 3];
        all += 1;
        if let Err(problem) = interrupted(&lab, service, action, signal) {
            failures.push(format!("SIG{signal} while {phase}: {problem}"));
        }
        lab.clear_faults();
        lab.k8sport(&BOOTSTRAP).expect(0);
    }
    figures::record_cases("signals, a phase each", &failures, all);
}

fn interrupted(lab: &Lab, service: &str, action: &str, signal: &str) -> Result<(), String> {
    lab.fault(&json!({"service": service, "action": action, "kind": "slow", "seconds": 15}).to_string());
    let temporary = tempfile::Builder::new().prefix("int").tempdir_in("/tmp").expect("a folder");
    let note = temporary.path().join("pid");
    // The note gets the process id.
    let (folder, note_path) = (format!("TMPDIR={}", temporary.path().display()), note.to_str().expect("UTF-8"));
    let noting = ["env", &folder, "sh", "-c", r#"echo $$ >"$0"; exec "$@""#, note_path, env!("CARGO_BIN_EXE_k8sport")];
    let mut child = lab.start(&[&noting[..], &BOOTSTRAP[..]].concat());
    if let Err(problem) = lab.until_a_fault_hits() {
        let _ = child.kill();
        let _ = child.wait();
        return Err(problem.to_owned());
    }
    let process = std::fs::read_to_string(&note).expect("a process id");
    let sent = Instant::now();
    // `timeout` sends its SIGTERM to the process and to its group, one right after the other.
    let times = if signal == "TERM" { 2 } else { 1 };
    for _ in 0..times {
        Command::new("kill").args([&format!("-{signal}"), process.trim()]).status().expect("kill runs");
    }
    let ended = Ended::of(child.wait_with_output().expect("an end"));
    // Two seconds are promised; a busy machine gets some more, and what holds it up would take fifteen.
    let took = sent.elapsed();
    if took > Duration::from_secs(6) {
        return Err(format!("took {took:?}"));
    }
    if ended.code != 130 || !ended.stderr.contains("interrupted") || !ended.stderr.contains("state:") {
        return Err(format!("{ended:?}"));
    }
    if ended.stdout.contains("in the middle") && !ended.stderr.contains("run the same command again") {
        return Err(format!("{ended:?}"));
    }
    let left: Vec<_> = std::fs::read_dir(temporary.path())
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| *path != note)
        .collect();
    let masters = || {
        let found = Command::new("pgrep").args(["-af", &format!("ssh .*{}", temporary.path().display())]).output().expect("pgrep runs");
        String::from_utf8_lossy(&found.stdout).into_owned()
    };
    // One that was still connecting sees at the end of that that its folder is gone, and ends.
    while !masters().is_empty() && sent.elapsed() < Duration::from_secs(8) {
        std::thread::sleep(Duration::from_millis(100));
    }
    let masters = masters();
    if left.is_empty() && masters.is_empty() { Ok(()) } else { Err(format!("left: {left:?} {masters}")) }
}
