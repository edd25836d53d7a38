//! The wildcard record: written, left, or refused.

use super::*;
use crate::failure::Kind;
use crate::plan::change::{Change, Deferred, Holder};
use crate::plan::dns::{Target, choose_zone, plan};

const NEW: &str = "198.18.77.101";

fn target() -> Target {
    Target { public_ip: Deferred::Known(ip(NEW)), holder: Some(holder()), tags: BTreeMap::new() }
}

fn holder() -> Holder {
    Holder::ElasticIp(Deferred::Known(allocation(101)))
}

fn remember(value: &str) -> Change {
    Change::RememberRecord { holder: holder(), tag: "k8sport:record:_wildcard.example.com".to_owned(), value: value.to_owned() }
}

fn changes(records: Vec<Record>, context: &Context) -> Result<Vec<Change>, String> {
    plan(&dns_state(records), &account(), context, &target()).map(|dns| dns.changes).map_err(|failure| failure.to_string())
}

fn upsert(previous: Option<Record>) -> Change {
    Change::UpsertRecord { zone: zone(), name: "*.example.com".to_owned(), ttl: 60, value: Deferred::Known(ip(NEW)), previous }
}

#[test]
fn a_missing_wildcard_is_made_and_the_right_one_left() {
    assert_eq!(changes(vec![], &context()), Ok(vec![remember("none"), upsert(None)]));
    assert_eq!(changes(vec![record("*.example.com", "A", 60, &[NEW])], &context()), Ok(vec![]));
}

#[test]
fn our_own_value_with_another_ttl_is_changed() {
    let old = record("*.example.com", "A", 300, &[NEW]);
    assert_eq!(changes(vec![old.clone()], &context()), Ok(vec![remember("A 300 198.18.77.101"), upsert(Some(old))]));
}

#[test]
fn what_was_there_before_our_first_run_stays_remembered() {
    let old = record("*.example.com", "A", 300, &[NEW]);
    let tags = [("k8sport:record:_wildcard.example.com".to_owned(), "none".to_owned())].into();
    let again = plan(&dns_state(vec![old.clone()]), &account(), &context(), &Target { tags, ..target() }).expect("a plan");
    assert_eq!(again.changes, [upsert(Some(old))]);
}

#[test]
fn a_value_of_this_node_is_replaced_and_remembered() {
    let old = record("*.example.com", "A", 300, &["198.18.77.10"]);
    assert_eq!(changes(vec![old.clone()], &context()), Ok(vec![remember("A 300 198.18.77.10"), upsert(Some(old))]));
}

#[test]
fn a_released_address_of_ours_is_replaced_and_not_remembered() {
    let old = record("*.example.com", "A", 60, &["192.0.2.66"]);
    let target = Target { tags: [("k8sport:former".to_owned(), "192.0.2.66".to_owned())].into(), ..target() };
    let planned = |account: &AwsState| plan(&dns_state(vec![old.clone()]), account, &context(), &target).map(|dns| dns.changes);
    assert_eq!(planned(&account()), Ok(vec![remember("lost"), upsert(Some(old.clone()))]));
    let mut regained = account();
    regained.elastic_ips.push(crate::plan::observed::ElasticIp { public_ip: ip("192.0.2.66"), ..elsewhere(66, &[]) });
    assert!(planned(&regained).is_err(), "somebody has it in this account");
}

#[test]
fn foreign_values_aliases_and_routing_policies_are_refused() {
    let force = Context { force: true, ..context() };
    let unknown = record("*.example.com", "A", 60, &["192.0.2.66"]);
    let mixed = record("*.example.com", "A", 60, &["198.18.77.10", "192.0.2.66"]);
    let alias = Record { alias: Some("lb.example.net".to_owned()), ttl: None, values: vec![], ..unknown.clone() };
    for old in [&unknown, &mixed, &alias] {
        assert!(changes(vec![old.clone()], &context()).is_err(), "{old:?}");
        assert!(changes(vec![old.clone()], &force).is_ok_and(|changes| changes.last() == Some(&upsert(Some(old.clone())))), "{old:?}");
    }
    let weighted = Record { set_identifier: Some("blue".to_owned()), ..unknown };
    let cname = record("*.example.com", "CNAME", 60, &["elsewhere.example.net."]);
    for old in [weighted, cname] {
        assert!(changes(vec![old.clone()], &context()).is_err(), "{old:?}");
        assert!(changes(vec![old.clone()], &force).is_err(), "Route 53 would refuse it: {old:?}");
    }
}

#[test]
fn named_hosts_get_records_of_their_own() {
    let hosts = Context { hosts: vec![name("app.example.com")], ..context() };
    assert_eq!(changes(vec![], &hosts).map(|changes| changes.len()), Ok(4), "each with its memory");
    let outside = Context { hosts: vec![name("app.example.org")], ..context() };
    assert!(changes(vec![], &outside).is_err());
}

#[test]
fn names_that_do_not_follow_the_wildcard_are_listed() {
    let records = vec![
        record("example.com", "MX", 300, &["10 mail.example.com."]),
        record("www.example.com", "A", 300, &["192.0.2.80"]),
        record("mail.example.com", "TXT", 300, &["\"x\""]),
        record("deep.shop.example.com", "A", 300, &["192.0.2.81"]),
        record("_acme-challenge.example.com", "TXT", 300, &["\"x\""]),
        record("right.example.com", "A", 60, &[NEW]),
    ];
    let dns = plan(&dns_state(records), &account(), &context(), &target()).expect("a plan");
    assert_eq!(dns.explicit, ["mail.example.com", "shop.example.com", "www.example.com"]);
}

#[test]
fn the_api_record_is_looked_at_and_never_written() {
    let mut state = dns_state(vec![]);
    state.records[0].values = vec!["203.0.113.123".to_owned()];
    let dns = plan(&state, &account(), &context(), &target()).expect("a plan");
    assert!(dns.notes.iter().any(|note| note.text.contains("api.c02.example.com is 203.0.113.123")));
    assert!(dns.changes.iter().all(|change| !matches!(change, Change::UpsertRecord { name, .. } if name.starts_with("api."))));
    // Not even when it is named, whatever it says and with or without --force.
    for (host, force) in [("api", false), ("api", true), ("api.internal", false), ("internal", true), ("kops-controller.internal", false)] {
        let hosts = vec![name(&format!("{host}.c02.example.com"))];
        let failure = plan(&state, &account(), &Context { hosts, force, ..context() }, &target()).expect_err(host);
        assert_eq!(failure.kind, Kind::Refused, "{failure:?}");
    }
    let hosts = vec![name("api.example.com"), name("apis.c02.example.com")];
    plan(&state, &account(), &Context { hosts, ..context() }, &target()).expect("names of applications");
    // In the zone of another domain there is none, and none is missed.
    state.zone.name = name("example.org");
    state.records.clear();
    let dns = plan(&state, &account(), &context(), &target()).expect("a plan");
    assert_eq!(dns.notes, []);
}

#[test]
fn the_longest_public_zone_wins() {
    let zones = |names: &[&str]| -> Vec<HostedZone> {
        names.iter().enumerate().map(|(index, text)| HostedZone { id: format!("Z{index}"), name: name(text) }).collect()
    };
    let chosen = |names: &[&str], context: &Context| {
        choose_zone(&zones(names), context).map(|zone| zone.name.to_string()).map_err(|failure| failure.kind)
    };
    let ctx = context();
    assert_eq!(chosen(&["example.com", "c02.example.com", "ple.com"], &ctx).as_deref(), Ok("c02.example.com"));
    assert_eq!(chosen(&["example.com", "example.org"], &ctx).as_deref(), Ok("example.com"));
    assert!(chosen(&["example.org", "ample.com"], &ctx).is_err());
    assert!(chosen(&["example.com", "example.com"], &ctx).is_err(), "ambiguous");
    let named = Context { zone: Some(name("example.org")), ..context() };
    assert_eq!(chosen(&["example.com", "example.org"], &named).as_deref(), Ok("example.org"));
    assert!(chosen(&["example.com"], &named).is_err());
}
