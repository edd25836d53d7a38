//! Faults of AWS at every action that a command calls. The actions are those of an undisturbed run. The node keeps what the
//! first run put on it, so each case costs the account's part alone.

mod account;

use account::{Account, Tally, WAYS, Way, explained};
use serde_json::json;

use crate::world::ours;

/// Faults that are over before the attempts are.
const PASSING: [(&str, &str); 6] = [
    ("throttled twice", r#"{"kind":"throttle","times":2}"#),
    ("HTTP 500", r#"{"kind":"error","code":"InternalError","status":500}"#),
    ("HTTP 503", r#"{"kind":"status","status":503}"#),
    ("connection reset", r#"{"kind":"drop"}"#),
    ("answer lost", r#"{"kind":"lost"}"#),
    ("slow", r#"{"kind":"slow","seconds":1.5}"#),
];

/// Faults that stay. The code of a denial is the service's own.
const LASTING: [(&str, &str); 5] = [
    ("always throttled", r#"{"kind":"throttle"}"#),
    ("always HTTP 503", r#"{"kind":"status","status":503}"#),
    ("connection always reset", r#"{"kind":"drop"}"#),
    ("denied", r#"{"kind":"error","status":403,"code":"denied"}"#),
    ("expired", r#"{"kind":"error","code":"RequestExpired"}"#),
];

/// What an EC2 that hasn't heard of a new thing everywhere says, and of an old one
/// (<https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>).
const NOT_YET: [(&str, &str); 5] = [
    ("AssociateAddress", "InvalidAllocationID.NotFound"),
    ("CreateTags", "InvalidAllocationID.NotFound"),
    ("AuthorizeSecurityGroupIngress", "InvalidGroup.NotFound"),
    ("ModifyNetworkInterfaceAttribute", "InvalidGroup.NotFound"),
    ("DeleteSecurityGroup", "DependencyViolation"),
];

/// All cases, or what fits in the time of a test run.
fn all() -> bool {
    std::env::var_os("K8SPORT_EVERY_STEP").is_some()
}

#[test]
fn what_passes_at_any_action_is_waited_out() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        let actions = account.actions(way);
        for (name, fault) in PASSING {
            let fault = serde_json::from_str(fault).expect("JSON");
            // All in one run; who is to blame, or was spared, is found out one by one.
            let alone = account.survives(way, &actions, &fault).unwrap_or_else(|_| actions.clone());
            for action in &actions {
                let ended = if alone.contains(action) { account.passes(way, action, &fault) } else { Ok(()) };
                tally.add(&format!("{} {name}", action.name), ended);
            }
        }
    }
    tally.record("AWS: a fault that passes, at every action", true);
}

#[test]
fn a_call_that_is_never_answered_is_made_again() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        for action in account.actions(way).iter().skip(1).step_by(if all() { 1 } else { 7 }) {
            let ended = account.passes(way, action, &json!({"kind": "hang"}));
            tally.add(&format!("{} hangs once", action.name), ended);
        }
    }
    tally.record("AWS: one call without an answer", all());
}

#[test]
fn what_stays_at_any_action_ends_in_a_message_and_leaks_nothing() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        for (index, action) in account.actions(way).iter().enumerate() {
            for (kind, (name, fault)) in LASTING.iter().enumerate() {
                // Each action has one fault, each fault many actions.
                if all() || index % LASTING.len() == kind {
                    let fault = serde_json::from_str(fault).expect("JSON");
                    tally.add(&format!("{} {name}", action.name), account.ends_well(way, &action.with(&fault, 0)));
                }
            }
        }
    }
    tally.record("AWS: a fault that stays, at every action", all());
}

#[test]
fn an_action_that_never_answers_ends_in_a_message() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        for action in account.actions(way).iter().skip(2).step_by(if all() { 1 } else { 20 }) {
            let ended = account.ends_well(way, &action.with(&json!({"kind": "hang"}), 0));
            tally.add(&format!("{} hangs for ever", action.name), ended);
        }
    }
    tally.record("AWS: no answer at all", all());
}

#[test]
fn credentials_that_expire_in_the_middle_end_in_a_message() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in WAYS {
        account.actions(way);
        let calls = account.lab.calls_in_order().len();
        for skip in (0..calls).step_by(if all() { 1 } else { 6 }) {
            let fault = json!({"kind": "error", "code": "RequestExpired", "times": 0, "skip": skip});
            tally.add(&format!("expired after {skip} calls"), account.ends_well(way, &fault.to_string()));
        }
    }
    tally.record("AWS: credentials expire in the middle", all());
}

#[test]
fn what_is_not_visible_everywhere_yet_is_waited_for() {
    let account = Account::new();
    let mut tally = Tally::default();
    for way in [Way::Bootstrap, Way::Cleanup] {
        let actions = account.actions(way);
        for (name, code) in NOT_YET {
            // Detaching a group names none that is new.
            let is_new = way == Way::Bootstrap || code == "DependencyViolation";
            for action in actions.iter().filter(|action| action.name == name && is_new) {
                let fault = json!({"kind": "error", "code": code, "times": 2});
                tally.add(&format!("{name} {code}"), account.passes(way, action, &fault));
            }
        }
    }
    tally.record("AWS: not visible everywhere yet", true);
}

#[test]
fn a_quota_that_was_wrong_is_a_clear_refusal() {
    let account = Account::new();
    let fault = json!({"action": "AllocateAddress", "kind": "error", "code": "AddressLimitExceeded", "times": 0});
    account.prepare(Way::Bootstrap);
    account.lab.fault(&fault.to_string());
    let (ended, _) = account.run(Way::Bootstrap);
    explained(&ended).expect("a whole message");
    assert!([1, 4].contains(&ended.code) && ended.stderr.contains("AddressLimitExceeded"), "{ended:?}");
    assert!(ours(&account.lab.account()).is_null(), "nothing was allocated");
    let mut tally = Tally::default();
    tally.add("AddressLimitExceeded", account.ends_well(Way::Bootstrap, &fault.to_string()));
    tally.record("AWS: the quota is used up after all", true);
}
