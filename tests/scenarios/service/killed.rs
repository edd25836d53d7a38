//! A switch of the data path that is killed: the same command finishes it, and the other one takes it back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{ASSUME, TO_HAPROXY, TO_SERVICE, kubectl, recorded, run, serves};
use crate::crash::{STRIDE, Step, chosen, record};
use crate::support::{CLUSTER, Lab};

/// At AWS' mutating calls and at the node's steps, some of them, and at every call for the Service.
#[test]
fn a_switch_killed_anywhere_goes_on_either_way() {
    let lab = Lab::with_kube_proxy();
    lab.report_steps();
    lab.starts("service-calls");
    kubectl(&lab, "until kubectl get validatingwebhookconfiguration service-calls >/dev/null 2>&1; do sleep 0.2; done");
    run(&lab, &["bootstrap"]);
    lab.forget_calls();
    run(&lab, &TO_SERVICE);
    let forth = Step::of(&lab);
    lab.forget_calls();
    run(&lab, &TO_HAPROXY);
    let back = Step::of(&lab);
    let of_kubernetes = |steps: &[Step]| steps.iter().filter(|step| step.is_of("kubernetes")).count();
    assert_eq!((of_kubernetes(&forth), of_kubernetes(&back)), (2, 1), "{forth:?} {back:?}");
    let mut failures = Vec::new();
    let (mut tried, all) = (0, forth.len() + back.len());
    // Each killed run begins on the other path.
    for (steps, first, to, from) in [(&forth, 3, TO_SERVICE, TO_HAPROXY), (&back, 2, TO_HAPROXY, TO_SERVICE)] {
        run(&lab, &from);
        for (index, step) in some(steps, first) {
            tried += 1;
            let then = if index % 2 == 0 { to } else { from };
            if catch_unwind(AssertUnwindSafe(|| killed(&lab, step, &to, &then))).is_err() {
                failures.push(format!("{to:?}, then {then:?} (its panic is above): {step:?}"));
            }
            run(&lab, &from);
        }
    }
    record("a switch of the data path killed, gone on either way", &failures, tried, all, STRIDE);
}

/// One step in [`STRIDE`] from this one on, and all of Kubernetes'.
fn some(steps: &[Step], first: usize) -> Vec<(usize, &Step)> {
    let sampled = chosen(steps, STRIDE, first);
    let besides = steps.iter().enumerate().filter(|(_, step)| step.is_of("kubernetes"));
    let besides: Vec<_> = besides.filter(|(index, _)| sampled.iter().all(|(there, _)| there != index)).collect();
    [sampled, besides].concat()
}

fn killed(lab: &Lab, step: &Step, command: &[&str], then: &[&str]) {
    let victim = lab.home().join("victim");
    lab.fault(&step.kills(&victim));
    let assume = [&["env", ASSUME, env!("CARGO_BIN_EXE_k8sport")], command, &["--cluster", CLUSTER, "--yes"]].concat();
    let note = r#"echo $$ >"$0"; exec "$@""#;
    let ended = lab.operator(&[&["sh", "-c", note, victim.to_str().expect("UTF-8")], &assume[..]].concat());
    lab.clear_faults();
    assert_eq!(ended.code, -1, "it wasn't killed: {ended:?}");
    run(lab, then);
    serves(lab);
    let again = run(lab, &[then, &["--output", "json"]].concat()).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_eq!(recorded(lab), then[2]);
}
