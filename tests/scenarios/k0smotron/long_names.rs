//! A cluster's name with which k0smotron shortens those of all its objects.

use super::of_cluster;
use crate::support::Lab;

const NAME: &str = "a-control-plane-of-a-team-that-likes-to-say-what-it-is-for-123";

pub fn are_followed(lab: &Lab) {
    // Those of the other cluster lead the same hosts elsewhere.
    lab.node("/usr/local/lib/k0smotron-routes none");
    lab.node(&format!("CLUSTER={NAME} /usr/local/lib/k0smotron-objects management"));
    of_cluster(lab, NAME, "prepare-workers", &["--yes"]).expect(0);
    let found = of_cluster(lab, NAME, "diagnose", &["--output", "json"]).expect(0).json();
    for id in [
        "certificates.version",
        "ingress.class",
        "ingress.passthrough",
        "ingress.backend",
        "ingress.api",
        "worker.resolves",
        "worker.version",
    ] {
        let check = found["checks"].as_array().expect("checks").iter().find(|check| check["id"] == id).expect("a check");
        assert_eq!(check["status"], "ok", "{check}");
    }
}
