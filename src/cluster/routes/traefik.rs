//! Traefik's IngressRouteTCP: `HostSNI` in a rule, and one `tls` for all of its routes.

use serde_json::Value;

use super::{Kind, Object, items, word};
use crate::plan::k0smotron::route::{Backend, Passes, Route, Way};

pub(super) const KIND: Kind = Kind { kind: "IngressRouteTCP", resource: "ingressroutetcps.traefik.io", versions: &["v1alpha1"], read };
/// Its group until Traefik 2.10.
pub(super) const OLD_KIND: Kind = Kind { resource: "ingressroutetcps.traefik.containo.us", ..KIND };

const MATCHER: &str = "HostSNI(";

fn read(object: &Object<'_>) -> Route {
    let passes = match object.at("/spec/tls/passthrough") {
        Value::Bool(true) => Passes::Yes,
        _ => Passes::No {
            because: "spec.tls.passthrough is not true, so Traefik ends TLS".to_owned(),
            remedy: "set spec.tls.passthrough to true".to_owned(),
        },
    };
    let ways = object.list("/spec/routes").iter().map(|route| way(object, route)).collect();
    Route { object: object.title(), ways, passes, refused: None }
}

fn way(object: &Object<'_>, route: &Value) -> Way {
    let rule = route["match"].as_str().unwrap_or_default();
    let (hosts, rest) = hosts(rule);
    let to = items(&route["services"]).iter().map(|service| Backend {
        namespace: service["namespace"].as_str().unwrap_or(object.namespace).to_owned(),
        service: word(&service["name"]),
        port: word(&service["port"]),
    });
    let alternatives = rest.replace("||", "").chars().all(|letter| letter.is_whitespace() || "()".contains(letter));
    Way { hosts, to: to.collect(), condition: (!alternatives).then(|| rule.to_owned()) }
}

/// The names in all `HostSNI(…)`, and what else the rule has.
fn hosts(rule: &str) -> (Vec<String>, String) {
    let (mut hosts, mut others, mut rest) = (Vec::new(), String::new(), rule);
    while let Some((before, after)) = rest.split_once(MATCHER) {
        let (names, left) = after.split_once(')').unwrap_or((after, ""));
        hosts.extend(names.split(',').map(|name| name.trim().trim_matches(['`', '"', '\'']).to_owned()));
        others.push_str(before);
        rest = left;
    }
    others.push_str(rest);
    (hosts, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_says_its_hosts_and_whether_that_is_all() {
        for (rule, names, all) in [
            ("HostSNI(`api.example.com`)", vec!["api.example.com"], true),
            ("HostSNI(`a.org`,`b.org`)", vec!["a.org", "b.org"], true),
            ("HostSNI(`a.org`) || (HostSNI(\"b.org\"))", vec!["a.org", "b.org"], true),
            ("HostSNI(`*`)", vec!["*"], true),
            ("HostSNI(`a.org`) && ClientIP(`10.0.0.0/8`)", vec!["a.org"], false),
            ("!HostSNI(`a.org`)", vec!["a.org"], false),
            ("HostSNIRegexp(`^.+\\.org$`)", vec![], false),
        ] {
            let data = serde_json::json!({ "match": rule, "services": [{ "name": "s", "port": "api" }, { "name": "t", "namespace": "n", "port": 7 }] });
            let way = way(&Object { kind: "K", namespace: "team", name: "x", data: &Value::Null }, &data);
            assert_eq!((way.hosts, way.condition.is_none()), (names.into_iter().map(str::to_owned).collect(), all), "{rule}");
            assert_eq!(way.to.iter().map(ToString::to_string).collect::<Vec<_>>(), ["team/s:api", "n/t:7"]);
        }
    }
}
