//! What is no good is said before anything is touched.

use super::{PRIMARY_PUBLIC, certificate, files, login, prepare};
use crate::ended::Ended;
use crate::support::Lab;

#[track_caller]
fn untouched(lab: &Lab, ended: &Ended, says: &str) {
    assert!(ended.stderr.contains(says), "{says}: {ended:?}");
    assert!(ended.stderr.contains("state: nothing was"), "{ended:?}");
    assert_eq!(files(lab), "", "{says}");
}

pub fn nothing_is_touched(lab: &Lab) {
    for (kind, says) in [
        ("other-key", "the sidecar's key is not that of its certificate"),
        ("other-ca", "the cluster's authority has not issued it"),
        ("no-service-ip", "is not for 100.64.0.1 (the Service kubernetes)"),
        ("expired", "it has expired"),
    ] {
        certificate(lab, kind);
        if kind == "expired" {
            lab.node("sleep 2");
        }
        untouched(lab, &prepare(lab, &["--yes"]).expect(4), says);
    }
    certificate(lab, "good");
    untouched(lab, &prepare(lab, &["--yes", "--service-ip", "10.96.0.1"]).expect(4), "is not for 10.96.0.1");
    let environment = login(lab);
    let [user, key, accept] = environment.each_ref().map(String::as_str);
    let named = ["k0smotron", "prepare-workers", "--cluster", "my-cluster", "--worker", PRIMARY_PUBLIC, "--yes"];
    let elsewhere = lab.k8sport_with(&[user, key, accept], &named).expect(1);
    untouched(lab, &elsewhere, "there is no secret my-cluster-ca in namespace default");
    let denied = prepare(lab, &["--yes", "--kubeconfig", lab.home().join(".kube/nobody").to_str().expect("UTF-8")]).expect(1);
    assert!(denied.stderr.contains("get secrets/my-cluster") && denied.stderr.contains("is not allowed"), "{denied:?}");

    // One of two workers can't be reached, so neither is begun.
    let refused = prepare(lab, &["--yes", "--worker", "127.0.0.1"]).expect(1);
    assert!(refused.stderr.contains("no SSH connection to ubuntu@127.0.0.1") && files(lab).is_empty(), "{refused:?}");
    let twice = prepare(lab, &["--yes", "--worker", PRIMARY_PUBLIC]).expect(2);
    assert!(twice.stderr.contains("is named twice"), "{twice:?}");
    lab.operator(&["sh", "-c", "rm ~/.ssh/known_hosts"]).expect(0);
    let unknown = lab.k8sport_with(&[user, key], &[&named[..], &["-n", "team"]].concat()).expect(4);
    assert!(unknown.stderr.contains("--accept-new-host-key") && files(lab).is_empty(), "{unknown:?}");

    lab.node("systemd-run -q --unit=squatter socat TCP-LISTEN:7443,fork /dev/null; while [ -z \"$(ss -H -ltn 'sport = :7443')\" ]; do sleep 0.1; done");
    let taken = prepare(lab, &["--yes"]).expect(4);
    untouched(lab, &taken, "port 7443 of 198.18.77.10 is taken");
    assert!(taken.stderr.contains("socat (process "), "{taken:?}");
    lab.node("systemctl stop squatter; mkdir -p /etc/haproxy/certs/server.pem");
    assert!(prepare(lab, &["--yes"]).expect(4).stderr.contains("server.pem on 198.18.77.10 is neither a file"));
    lab.node("rmdir /etc/haproxy/certs/server.pem /etc/haproxy/certs");
}
