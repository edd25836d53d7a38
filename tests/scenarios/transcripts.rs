//! What each command says, to the letter, as text and as JSON. `cargo insta review` shows what has changed.

use crate::support::{CLUSTER, Lab};

#[test]
fn as_text() {
    let lab = Lab::default();
    for command in ["setup-secondary-ip", "setup-haproxy", "update-dns", "bootstrap"] {
        let planned = lab.k8sport(&[command, "--cluster", CLUSTER, "--dry-run"]).expect(0);
        insta::assert_snapshot!(format!("{command}-dry-run"), planned.transcript());
        // Lanes end in any order, so progress is not part of the transcript.
        let done = lab.k8sport(&[command, "--cluster", CLUSTER, "--yes", "--quiet"]).expect(0);
        insta::assert_snapshot!(command, done.transcript());
    }
}

#[test]
fn as_json() {
    let lab = Lab::default();
    for command in ["setup-secondary-ip", "setup-haproxy", "update-dns", "bootstrap"] {
        let done = lab.k8sport(&[command, "--cluster", CLUSTER, "--yes", "--quiet", "--output", "json"]).expect(0);
        insta::assert_snapshot!(format!("{command}-json"), done.transcript());
    }
}
