//! A node that another run is changing.

use crate::support::{CLUSTER, Lab};

#[test]
fn who_holds_the_node_and_since_when_is_told_and_a_killed_run_holds_nothing() {
    let lab = Lab::default();
    lab.node(
        "mkdir -p /run/k8sport; systemd-run -q --unit=other-run --property=Type=exec sh -c \
         'exec 8>>/run/k8sport/apply.lock; flock 8; echo ann@laptop 4711 cleanup 2026-11-24T12:00:00Z >/run/k8sport/apply.lock; exec sleep 600'",
    );
    let arguments = ["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"];
    let error = lab.k8sport(&arguments).expect(1).json()["error"].clone();
    let cause = error["cause"].as_str().unwrap_or_default();
    for word in ["ann@laptop", "4711", "k8sport cleanup", "2026-11-24T12:00:00Z"] {
        assert!(cause.contains(word), "{word}: {error}");
    }
    assert!(error["state"].is_string() && error["next"].is_array(), "{error}");
    lab.node("systemctl kill -s KILL other-run");
    lab.k8sport(&arguments).expect(0);
}
