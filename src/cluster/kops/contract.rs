//! The recorded contract: what kOps prints, and what we make of it.

use super::calls::{explained, is_not_found};
use super::validation::last;
use crate::failure::Failure;
use crate::subprocess::Finished;

fn said(errors: &str) -> Finished {
    Finished { code: Some(1), output: String::new(), errors: errors.to_owned() }
}

/// As 1.21, 1.30 and 1.36 say it, and the list of instance groups of a cluster whose creation was cut off.
#[test]
fn what_is_not_there_is_no_failure() {
    for text in [
        "Error: cluster not found \"c02.example.com\"",
        "Error: cluster \"c02.example.com\" not found",
        "Error: no clusters found",
        "Error: No InstanceGroup objects found",
    ] {
        assert!(is_not_found(&said(text)), "{text}");
    }
    for text in [
        "Error: error reading cluster configuration \"c02.example.com\": error reading s3://example-com-state/c02.example.com/config: AccessDenied",
        "Error: Could not retrieve location for AWS bucket example-com-state",
        "Error: hosted zone not found",
        "",
    ] {
        assert!(!is_not_found(&said(text)), "{text}");
    }
}

#[test]
fn known_failures_say_what_to_do() {
    let next = |what: &str, cause: &str| explained(Failure::failed(what).because(cause)).next;
    assert!(next("`kops get` ended with exit code 1", "Error: error reading s3://b/c/config: NoSuchBucket")[0].contains("--state-store"));
    assert!(next("`kops get` ended with exit code 1", "AccessDenied: Access Denied")[0].contains("getting_started/aws"));
    assert!(next("kops is not installed, or not on the PATH", "")[0].contains("install kOps"));
    assert!(next("`kops delete` ended with exit code 1", "Error: wait time exceeded during resources deletion")[0].contains("VPC"));
    assert_eq!(next("`kops update` ended with exit code 1", "Error: something else"), Vec::<String>::new());
}

#[test]
fn the_last_document_of_a_validation_counts() {
    let text = concat!(
        r#"{"failures":[{"type":"dns","name":"apiserver","message":"Validation Failed\n\nThe external-dns provider has not updated it"}],"nodes":null}"#,
        r#"{"failures":null,"nodes":[{"name":"i-0123456789abcdef0","zone":"eu-central-1a","role":"control-plane","hostname":"i-0123456789abcdef0","status":"True"}]}"#
    );
    let validation = last(text).expect("two documents");
    assert!(validation.is_healthy());
    assert_eq!(validation.nodes.first().map(|node| node.status.as_str()), Some("True"));
}

#[test]
fn a_document_that_was_cut_off_does_not_count() {
    let text = r#"{"failures":[{"type":"Machine","name":"i-0","message":"machine has not yet joined cluster"}],"nodes":[]}{"failures":nu"#;
    let validation = last(text).expect("the first");
    assert_eq!(validation.missing().as_deref(), Some("Machine i-0: machine has not yet joined cluster"));
    assert!(!validation.is_healthy());
    assert_eq!(last("Error: cluster not found"), None);
    assert_eq!(last(""), None);
}

#[test]
fn no_failure_and_no_node_is_not_health() {
    assert!(!last(r#"{"failures":[],"nodes":[]}"#).expect("a document").is_healthy());
}
