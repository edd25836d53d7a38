//! `quota`, to the letter.

use crate::support::Lab;

#[test]
fn usage_and_an_increase() {
    let lab = Lab::reset("full-free", "fresh");
    insta::assert_snapshot!("quota", lab.k8sport(&["quota", "--quiet"]).expect(0).transcript());
    insta::assert_snapshot!("quota-dry-run", lab.k8sport(&["quota", "--request", "10", "--dry-run", "--quiet"]).expect(0).transcript());
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    lab.k8sport(&["quota", "--request", "10"]).expect(4);
    lab.k8sport(&["quota", "--request", "10", "--dry-run", "--exit-code"]).expect(5);
    lab.k8sport(&["quota", "--request", "5"]).expect(2);
    insta::assert_snapshot!("quota-request", lab.k8sport(&["quota", "--request", "10", "--yes", "--quiet"]).expect(0).transcript());
    lab.forget_calls();
    let again = lab.k8sport(&["quota", "--request", "12", "--yes", "--quiet", "--output", "json"]).expect(0);
    insta::assert_snapshot!("quota-open-json", again.transcript());
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}

#[test]
fn of_two_requests_at_once_one_is_made() {
    let lab = Lab::default();
    // As if the other had asked between our look and our request.
    lab.fault(r#"{"action":"RequestServiceQuotaIncrease","kind":"error","code":"ResourceAlreadyExistsException"}"#);
    let ended = lab.k8sport(&["quota", "--request", "10", "--yes"]).expect(4);
    assert!(ended.stderr.contains("one at a time"), "{ended:?}");
    // A lost answer isn't a second request.
    lab.fault(r#"{"action":"RequestServiceQuotaIncrease","kind":"lost"}"#);
    lab.k8sport(&["quota", "--request", "10", "--yes"]).expect(0);
}

#[test]
fn without_an_applied_quota_the_default_is_shown_as_such() {
    let lab = Lab::reset("no-quota", "fresh");
    let ended = lab.k8sport(&["quota"]).expect(0);
    assert!(ended.stdout.contains("AWS' default"), "{ended:?}");
}
