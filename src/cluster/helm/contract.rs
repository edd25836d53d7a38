//! The recorded contract: what helm prints, and what we make of it.

use super::calls::{is_not_found, parse};
use crate::plan::addons::ingress::Release;
use crate::subprocess::Finished;

fn said(errors: &str) -> Finished {
    Finished { code: Some(1), output: String::new(), errors: errors.to_owned() }
}

#[test]
fn a_release_that_is_not_there_is_no_failure() {
    assert!(is_not_found(&said("Error: release: not found\n")));
    assert!(!is_not_found(&said("Error: Kubernetes cluster unreachable: Get \"https://api.c02.example.com/version\": EOF\n")));
}

#[test]
fn only_a_first_installation_is_ours_to_finish() {
    let rows = [
        (1, "deployed", Release::Installed),
        (1, "pending-install", Release::Unfinished),
        (1, "uninstalling", Release::Unfinished),
        (1, "failed", Release::Failed),
        (2, "failed", Release::Installed),
        (2, "pending-upgrade", Release::Installed),
        (1, "superseded", Release::Installed),
    ];
    for (version, status, expected) in rows {
        let text = format!(
            r#"{{"name":"k8sport-ingress","info":{{"first_deployed":"2026-11-24T10:00:00.000000001Z","last_deployed":"2026-11-24T10:00:00.123456789+01:00","deleted":"","description":"","status":"{status}","notes":"…"}},"config":{{}},"manifest":"---\n","version":{version},"namespace":"k8sport-ingress"}}"#
        );
        assert_eq!(parse(&text).expect("a status").release(), expected, "{version} {status}");
    }
    assert!(parse("{}").is_err() && parse("NAME: x").is_err());
}
