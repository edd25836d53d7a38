//! The redirect in our HAProxy, for all hosts at once. Nothing else of its configuration changes: what an earlier run was
//! told by options stays.

use super::Wanted;
use crate::failure::{Failure, Result};
use crate::node::files::{Front, HAPROXY_CONFIG, HAPROXY_UNIT, HaproxyConfig, HttpsRedirect, Until};
use crate::plan::change::Change;
use crate::plan::node::{NodeChange, NodeState};
use crate::plan::{Context, Note, Plan};

/// What the node's configuration says of the redirect.
pub fn now(state: &NodeState) -> HttpsRedirect {
    HttpsRedirect::configured(state.files.get(HAPROXY_CONFIG).map_or("", |file| &file.content))
}

/// `until` is recorded where the redirect is turned off.
///
/// # Errors
/// Refuses where our HAProxy isn't set up, serves HTTP only, or has a configuration that this version doesn't write.
pub fn plan(state: &NodeState, context: &Context, wanted: Wanted, until: Option<Until>) -> Result<Plan> {
    let refuse =
        |what: String, command: &str| Err(Failure::refused(what).state("nothing was changed").next(context.again.command(command)));
    let Some(file) = state.files.get(HAPROXY_CONFIG) else {
        return refuse(format!("there is no HAProxy of ours on {}", state.hostname), "bootstrap");
    };
    let Some(config) = HaproxyConfig::read(&file.content) else {
        if !file.content.contains(":8443\n") {
            return Err(Failure::refused("without a second address there is no redirect to HTTPS")
                .because("port 443 of the node's own address is the API server's")
                .state("nothing was changed"));
        }
        return refuse(format!("{HAPROXY_CONFIG} is not what this version of k8sport writes for {}", context.cluster), "setup-haproxy");
    };
    let before = config.https_redirect.clone();
    let after = match (wanted, &before) {
        (Wanted::On, _) => HttpsRedirect::On,
        // There is none to be turned off, and so none to be reminded of.
        (Wanted::Off, HttpsRedirect::Absent) => HttpsRedirect::Absent,
        (Wanted::Off, HttpsRedirect::On) => HttpsRedirect::Off { until },
        (Wanted::Off, HttpsRedirect::Off { until: noted }) => HttpsRedirect::Off { until: until.or(*noted) },
    };
    let mut plan = Plan { notes: notes(&config, wanted, &before), ..Plan::default() };
    let running = state.unit(HAPROXY_UNIT).active;
    if after != before {
        let config = HaproxyConfig { https_redirect: after, ..config };
        plan.changes.push(Change::Node(NodeChange::SwitchHttpsRedirect { config, before, old_sha256: file.sha256.clone() }));
    } else if !running || !state.haproxy_loaded {
        plan.changes.push(Change::Node(NodeChange::StartHaproxy { running }));
    }
    Ok(plan)
}

fn notes(config: &HaproxyConfig, wanted: Wanted, before: &HttpsRedirect) -> Vec<Note> {
    let Front::Secondary(_) = config.front else { return Vec::new() };
    let of_controllers = "an ingress controller that redirects by itself still does: `k8sport toggle-https-redirect --disable-https`";
    match (wanted, before) {
        (Wanted::On, HttpsRedirect::On) => Vec::new(),
        (Wanted::On, _) => vec![Note::info(
            "every host is redirected, also one that has no certificate yet; /.well-known/acme-challenge/ stays as it is, so that it can get one",
        )],
        (Wanted::Off, HttpsRedirect::Absent) => vec![Note::info(format!("our HAProxy doesn't redirect; {of_controllers}"))],
        (Wanted::Off, HttpsRedirect::On) => vec![
            Note::info(of_controllers),
            Note::info("browsers that have seen HSTS go on asking for HTTPS; that can't be undone from here"),
            Note::warning(
                "without the redirect passwords and cookies can travel in the clear; turn it on again with --at edge --enable-https",
            ),
        ],
        (Wanted::Off, HttpsRedirect::Off { .. }) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::names::DnsName;
    use crate::plan::node::{FileState, UnitState};
    use crate::plan::tests::context;

    fn cluster() -> DnsName {
        "c02.example.com".parse().expect("a name")
    }

    fn config(https_redirect: HttpsRedirect) -> HaproxyConfig {
        HaproxyConfig {
            cluster: cluster(),
            front: Front::Secondary("172.20.63.20".parse().expect("an address")),
            https_backend: "172.20.32.10:30443".parse().expect("an address"),
            http_backend: "172.20.32.10:30080".parse().expect("an address"),
            route_api: true,
            private_sources: vec!["10.9.0.0/16".parse().expect("a network")],
            timeout_tunnel: 3600,
            https_redirect,
        }
    }

    fn node(content: String) -> NodeState {
        let file = FileState { content, sha256: "0123".to_owned(), mode: "644 root:root".to_owned() };
        NodeState {
            files: BTreeMap::from([(HAPROXY_CONFIG.to_owned(), file)]),
            units: BTreeMap::from([(HAPROXY_UNIT.to_owned(), UnitState { active: true, ..UnitState::default() })]),
            haproxy_loaded: true,
            ..NodeState::default()
        }
    }

    fn at(seconds: u64) -> Option<Until> {
        Until::new(UNIX_EPOCH + Duration::from_secs(seconds))
    }

    #[test]
    fn what_each_state_becomes() {
        let off = |until| HttpsRedirect::Off { until };
        let cases = [
            (HttpsRedirect::Absent, Wanted::On, None, HttpsRedirect::On),
            (HttpsRedirect::Absent, Wanted::Off, at(9), HttpsRedirect::Absent),
            (HttpsRedirect::On, Wanted::On, None, HttpsRedirect::On),
            (HttpsRedirect::On, Wanted::Off, None, off(None)),
            (HttpsRedirect::On, Wanted::Off, at(9), off(at(9))),
            (off(at(5)), Wanted::Off, None, off(at(5))),
            (off(at(5)), Wanted::Off, at(9), off(at(9))),
            (off(at(5)), Wanted::On, None, HttpsRedirect::On),
        ];
        for (before, wanted, until, after) in cases {
            let plan = plan(&node(config(before.clone()).render()), &context(), wanted, until).expect("a plan");
            let written = plan.changes.iter().map(|change| match change {
                Change::Node(NodeChange::SwitchHttpsRedirect { config, .. }) => config.clone(),
                other => panic!("{other:?}"),
            });
            // All else of the configuration is as it was.
            let expected: Vec<_> = (after != before).then(|| config(after)).into_iter().collect();
            assert_eq!(written.collect::<Vec<_>>(), expected, "{before:?} {wanted:?} {until:?}");
        }
    }

    #[test]
    fn a_run_that_was_stopped_before_the_reload_is_finished() {
        let state = NodeState { haproxy_loaded: false, ..node(config(HttpsRedirect::On).render()) };
        let plan = plan(&state, &context(), Wanted::On, None).expect("a plan");
        assert_eq!(plan.changes, [Change::Node(NodeChange::StartHaproxy { running: true })]);
    }

    #[test]
    fn what_is_refused() {
        let http_only =
            HaproxyConfig { front: Front::HttpOnly("172.20.32.10".parse().expect("an address")), ..config(HttpsRedirect::Absent) };
        let by_hand = config(HttpsRedirect::On).render().replace("maxconn 8000", "maxconn 9000");
        let refusals = [NodeState::default(), node(http_only.render()), node(by_hand)].map(|state| {
            let failure = plan(&state, &context(), Wanted::On, None).expect_err("a refusal");
            assert_eq!(failure.kind, crate::failure::Kind::Refused);
            format!("{failure}")
        });
        insta::assert_snapshot!(refusals.join("\n"));
    }
}
