//! The table of checks itself, and the runner over facts that are there in part.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use super::facts::{Names, Outside};
use super::*;
use crate::failure::Failure;
use crate::names::{Again, Said};
use crate::plan::observed::{Account, Eni, Instance, PrivateAddress};
use crate::verify::http::Answer;
use crate::verify::tls::{Certificate, Handshake};

fn untried<T>() -> Observed<T> {
    Observed::untried("not looked at")
}

fn seen<T>(value: T) -> Observed<T> {
    Observed { outcome: Ok(value), took: Duration::from_millis(7) }
}

fn failed<T>(what: &str) -> Observed<T> {
    let failure = Some(Box::new(Failure::failed(what).next("try again")));
    Observed { outcome: Err(Missing { because: "needs another, which failed".to_owned(), failure }), took: Duration::from_millis(9) }
}

/// Nothing was looked at.
fn nothing() -> Facts {
    Facts {
        cluster: "c02.example.com".parse().expect("a name"),
        again: Again::new("c02.example.com".parse().expect("a name"), Said::default()),
        secondary_ip: true,
        route_api: false,
        private_sources: Vec::new(),
        now: 1_800_000_000,
        region: untried(),
        credentials: untried(),
        account: untried(),
        permissions: untried(),
        instances: untried(),
        elastic_ips: untried(),
        quota: untried(),
        addresses_per_interface: untried(),
        groups: untried(),
        public_route: untried(),
        zone: untried(),
        records: untried(),
        ssh: untried(),
        node: untried(),
        details: untried(),
        clock: None,
        outside: Outside { api: untried(), applications: untried(), api_on_elastic_ip: untried(), http: untried() },
        names: Names {
            fresh: untried(),
            authoritative: untried(),
            fresh_aaaa: untried(),
            name_servers: untried(),
            caa: untried(),
            api: untried(),
            api_internal: untried(),
        },
        hosts: Vec::new(),
        ingresses: untried(),
        no_hosts: "no host".to_owned(),
        service: untried(),
        assume_class: false,
    }
}

fn instance(state: &str) -> Instance {
    let primary = PrivateAddress { ip: Ipv4Addr::new(172, 20, 0, 10), primary: true, public_ip: Some(Ipv4Addr::new(198, 51, 100, 10)) };
    Instance {
        id: "i-0123456789abcdef0".parse().expect("an id"),
        name: "node".to_owned(),
        state: state.to_owned(),
        instance_type: "t4g.medium".to_owned(),
        image_id: "ami-1".to_owned(),
        addons: None,
        eni: Eni {
            id: "eni-0123456789abcdef0".parse().expect("an id"),
            mac: "02:00:00:00:00:01".to_owned(),
            vpc_id: "vpc-1".to_owned(),
            subnet_id: "subnet-1".to_owned(),
            groups: Vec::new(),
            addresses: vec![primary],
        },
    }
}

fn handshake(days_left: i64, distrust: Option<&str>) -> Handshake {
    let certificate = Certificate {
        subject: "CN=app".to_owned(),
        issuer: "CN=ca".to_owned(),
        sans: Vec::new(),
        not_after: nothing().now + days_left * 86_400,
        not_after_date: "2027-02-01".to_owned(),
        public_key: Vec::new(),
    };
    Handshake { certificate, connected: Duration::ZERO, shaken: Duration::ZERO, distrust: distrust.map(str::to_owned) }
}

fn status(facts: &Facts, id: &str) -> Status {
    run(facts).iter().find(|finding| finding.id == id).expect(id).status
}

#[test]
fn where_nothing_was_looked_at_nothing_is_claimed() {
    let findings = run(&nothing());
    assert_eq!(findings.len(), all().count());
    assert!(findings.iter().all(|finding| finding.status == Status::Skipped && !finding.evidence.is_empty()));
}

#[test]
fn a_look_that_failed_fails_its_check_and_skips_what_needs_it() {
    let facts = Facts { region: seen("eu-central-1".to_owned()), credentials: failed("No AWS credentials were found"), ..nothing() };
    let findings = run(&facts);
    let failed: Vec<_> = findings.iter().filter(|finding| finding.status == Status::Failed).collect();
    assert_eq!(failed.iter().map(|finding| finding.id).collect::<Vec<_>>(), ["account.credentials"]);
    assert_eq!(
        (failed[0].evidence.as_str(), failed[0].remedy.as_slice()),
        ("No AWS credentials were found", &["try again".to_owned()][..])
    );
    assert_eq!(status(&facts, "account.region"), Status::Ok);
    assert!(findings.iter().any(|finding| finding.id == "account.identity" && finding.evidence == "follows from account.credentials"));
}

#[test]
fn what_nothing_explains_says_where_else_to_look() {
    fn dropped<T>() -> Observed<T> {
        let failure = Some(Box::new(Failure::failed("198.51.100.7 did not answer")));
        Observed { outcome: Err(Missing { because: String::new(), failure }), took: Duration::ZERO }
    }
    let outside = Outside { applications: dropped(), http: dropped(), ..nothing().outside };
    let facts = Facts { secondary_ip: false, instances: seen(vec![instance("running")]), outside, ..nothing() };
    let remedies: Vec<_> =
        run(&facts).into_iter().filter(|finding| finding.status == Status::Failed).map(|finding| (finding.id, finding.remedy)).collect();
    assert_eq!(remedies.len(), 2, "{remedies:?}");
    assert!(remedies[0].0 == "applications.https" && remedies[0].1[0].contains("describe-network-acls"), "{remedies:?}");
    assert_eq!(remedies[1], ("applications.http", vec!["put applications.https right first: this may follow from it".to_owned()]));
}

#[test]
fn what_follows_from_a_failure_is_not_reported_as_another() {
    let account = Account { id: "1".to_owned(), region: "eu-central-1".to_owned() };
    let facts = Facts {
        region: seen("eu-central-1".to_owned()),
        credentials: seen(()),
        account: seen(account),
        instances: seen(vec![instance("stopped")]),
        elastic_ips: seen(Vec::new()),
        ..nothing()
    };
    assert_eq!(status(&facts, "instance.running"), Status::Failed);
    assert_eq!(status(&facts, "node.ssh"), Status::Skipped);
    assert_eq!(status(&facts, "address.association"), Status::Skipped);
    let repairs: Vec<_> = run(&facts).into_iter().filter_map(|finding| finding.repair.map(|repair| (finding.id, repair))).collect();
    assert_eq!(repairs, [("address.elastic-ip", Repair::SecondaryIp)]);
    let facts = Facts { secondary_ip: false, ..facts };
    assert_eq!(status(&facts, "address.elastic-ip"), Status::Skipped);
    // What can't be there without a second address holds nothing up.
    let answers = Observed { took: Duration::ZERO, outcome: Ok(Answer { status: 404, location: None, took: Duration::ZERO }) };
    let facts = Facts { outside: Outside { http: answers, ..facts.outside }, ..facts };
    assert_eq!(status(&facts, "applications.http"), Status::Ok);
    assert_eq!(Repair::SecondaryIp.command(&facts), "k8sport setup-haproxy --cluster c02.example.com");
}

#[test]
fn a_certificate_by_trust_and_days() {
    for (days, distrust, expected) in [
        (60, None, Status::Ok),
        (14, None, Status::Ok),
        (13, None, Status::Warning),
        (0, None, Status::Warning),
        (60, Some("it is for other names"), Status::Failed),
    ] {
        let host = Host {
            name: "app.example.com".parse().expect("a name"),
            a: untried(),
            aaaa: untried(),
            tls: seen(handshake(days, distrust)),
            https: untried(),
            http: untried(),
        };
        assert_eq!(status(&Facts { hosts: vec![host], ..nothing() }, "host.certificate"), expected, "{days} {distrust:?}");
    }
}

#[test]
fn a_way_of_which_every_hop_is_timed() {
    for (handshake_took, expected) in [(Duration::from_millis(30), Status::Ok), (Duration::from_millis(2100), Status::Warning)] {
        let mut shown = handshake(60, None);
        (shown.connected, shown.shaken) = (Duration::from_millis(12), handshake_took);
        let host = Host {
            name: "app.example.com".parse().expect("a name"),
            a: seen(vec![Ipv4Addr::new(198, 51, 100, 7)]),
            aaaa: untried(),
            tls: seen(shown),
            https: untried(),
            http: untried(),
        };
        let findings = run(&Facts { hosts: vec![host], ..nothing() });
        let latency = findings.iter().find(|finding| finding.id == "host.latency").expect("a finding");
        assert_eq!(latency.status, expected);
        assert_eq!(latency.hops.iter().map(|hop| hop.name).collect::<Vec<_>>(), ["DNS", "TCP", "TLS"]);
        assert_eq!(latency.took, Duration::from_millis(7 + 12) + handshake_took);
        assert!(latency.evidence.contains("DNS 7 ms, TCP 12 ms, TLS "), "{}", latency.evidence);
    }
}

#[test]
fn a_failure_without_a_remedy_points_to_what_failed_before_it() {
    let silent = || Observed {
        outcome: Err(Missing { because: String::new(), failure: Some(Box::new(Failure::failed("refused"))) }),
        took: Duration::ZERO,
    };
    let outside = Outside { api: silent(), applications: silent(), api_on_elastic_ip: untried(), http: untried() };
    let facts = Facts { region: seen("r".to_owned()), credentials: failed("No AWS credentials were found"), outside, ..nothing() };
    let facts = Facts { instances: seen(vec![instance("running")]), ..facts };
    let findings = run(&facts);
    let of = |id: &str| findings.iter().find(|finding| finding.id == id).map(|finding| (finding.status, finding.remedy.concat()));
    let pointer = "put account.credentials right first: this may follow from it".to_owned();
    assert_eq!(of("cluster.api-outside"), Some((Status::Failed, pointer)));
}

#[test]
fn redirects_to_and_fro() {
    let answer = |status, location: Option<&str>| Answer { status, location: location.map(str::to_owned), took: Duration::ZERO };
    let (to_https, to_http) = (Some("https://app.example.com/"), Some("http://app.example.com/"));
    for (https, http, expected) in [
        (answer(200, None), answer(308, to_https), (Status::Ok, Status::Ok)),
        (answer(200, None), answer(200, None), (Status::Ok, Status::Ok)),
        (answer(301, Some("/login")), answer(308, to_https), (Status::Ok, Status::Ok)),
        (answer(301, to_http), answer(200, None), (Status::Warning, Status::Ok)),
        (answer(301, to_http), answer(308, to_https), (Status::Failed, Status::Ok)),
        (answer(200, None), answer(301, to_http), (Status::Ok, Status::Warning)),
        (answer(502, None), answer(503, None), (Status::Failed, Status::Failed)),
    ] {
        let told = format!("{https:?} {http:?}");
        let host = Host {
            name: "app.example.com".parse().expect("a name"),
            a: untried(),
            aaaa: untried(),
            tls: untried(),
            https: seen(https),
            http: seen(http),
        };
        let facts = Facts { hosts: vec![host], ..nothing() };
        assert_eq!((status(&facts, "host.https"), status(&facts, "host.http")), expected, "{told}");
    }
}

#[test]
fn a_clock_is_judged_beyond_what_the_way_takes() {
    let details = || crate::node::details::parse("@ingress-hosts\n|!none\n@end\n").expect("complete");
    for (clock, expected) in [
        (None, Status::Skipped),
        (Some((1500, 300)), Status::Ok),
        (Some((-2200, 300)), Status::Ok),
        (Some((-400_000, 300)), Status::Warning),
        (Some((9000, 300)), Status::Warning),
    ] {
        assert_eq!(status(&Facts { clock, details: seen(details()), ..nothing() }, "node.clock"), expected, "{clock:?}");
    }
}

#[test]
fn ids_are_unique_and_needs_come_first() {
    let mut seen = BTreeSet::new();
    for check in all() {
        for earlier in check.after {
            assert!(seen.contains(earlier), "{} comes after {earlier}, which isn't there yet", check.id);
        }
        assert!(seen.insert(check.id), "{} is there twice", check.id);
        let (category, subject) = check.id.split_once('.').expect(check.id);
        assert!(!category.is_empty() && !subject.is_empty() && subject.len() < 20, "{}", check.id);
    }
}

#[test]
fn every_check_is_explained() {
    for check in all() {
        assert!(check.explanation.len() > 80 && check.explanation.ends_with('.'), "{}: {}", check.id, check.explanation);
        assert!(!check.explanation.contains("  "), "{}", check.id);
        assert!(!check.title.ends_with('.') && check.title.chars().count() < 80, "{}: {}", check.id, check.title);
    }
}
