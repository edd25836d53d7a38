//! Killed at every step that the lab counts.

use std::panic::catch_unwind;

use super::{TEARDOWN, assert_gone, of_others, prepared, teardown};
use crate::crash::{self, Step};
use crate::support::assert_same_node as assert_same_lines;

#[test]
fn killed_anywhere_the_next_run_finishes() {
    let lab = prepared();
    lab.report_steps();
    lab.forget_calls();
    teardown(&lab, &[]).expect(0);
    let steps = Step::of(&lab);
    drop(lab);
    let chosen = crash::chosen(&steps, crash::STRIDE, 3);
    let mut failures = Vec::new();
    for (index, step) in &chosen {
        if catch_unwind(|| killed(step)).is_err() {
            failures.push(format!("step {} of {} (its panic is above): {step:?}", index + 1, steps.len()));
        }
    }
    crash::record("teardown killed, run again", &failures, chosen.len(), steps.len(), crash::STRIDE);
}

fn killed(step: &Step) {
    let lab = prepared();
    let others = of_others(&lab.account());
    let victim = lab.home().join("victim");
    lab.fault(&step.kills(&victim));
    let ended = lab.k8sport_noting_its_pid(&victim, &[&TEARDOWN[..], &["--skip-applications"]].concat());
    assert_eq!(ended.code, -1, "nothing was killed: {ended:?}");
    // kOps goes on without us, and the lab's account doesn't bear two of them at once.
    lab.operator(&["sh", "-c", "i=0; while ps -eo args | grep -q '[s]tandin delete' && [ $i -lt 120 ]; do i=$((i + 1)); sleep 0.5; done"]);
    teardown(&lab, &[]).expect(0);
    assert_gone(&lab);
    assert_same_lines(&others, &of_others(&lab.account()), &format!("{step:?}"));
}
