//! Contour's HTTPProxy: a virtual host with passthrough, and a `tcpproxy`.

use serde_json::Value;

use super::{Kind, Object, items, word};
use crate::plan::k0smotron::route::{Backend, Passes, Route, Way};

pub(super) const KIND: Kind = Kind { kind: "HTTPProxy", resource: "httpproxies.projectcontour.io", versions: &["v1"], read };

fn read(object: &Object<'_>) -> Route {
    let tcp = object.at("/spec/tcpproxy");
    let passes = match object.at("/spec/virtualhost/tls/passthrough") {
        Value::Bool(true) if tcp.is_object() => Passes::Yes,
        Value::Bool(true) => Passes::No {
            because: "it has no spec.tcpproxy, which passthrough needs".to_owned(),
            remedy: "give it spec.tcpproxy.services instead of routes".to_owned(),
        },
        _ => Passes::No {
            because: "spec.virtualhost.tls.passthrough is not true, so Contour ends TLS".to_owned(),
            remedy: "set spec.virtualhost.tls.passthrough to true".to_owned(),
        },
    };
    let to = items(&tcp["services"]).iter().map(|service| Backend {
        namespace: object.namespace.to_owned(),
        service: word(&service["name"]),
        port: word(&service["port"]),
    });
    let included = ["include", "includes"].iter().any(|part| tcp[*part].is_object());
    let way = Way {
        hosts: object.at("/spec/virtualhost/fqdn").as_str().map(str::to_owned).into_iter().collect(),
        to: to.collect(),
        condition: included.then(|| "spec.tcpproxy.include leads to another HTTPProxy".to_owned()),
    };
    let refused = (object.at("/status/currentStatus") == "invalid").then(|| {
        let errors = object.list("/status/conditions").iter().flat_map(|condition| items(&condition["errors"]));
        let said: Vec<_> = errors.filter_map(|error| error["message"].as_str()).collect();
        if said.is_empty() { object.at("/status/description").as_str().unwrap_or("it is invalid").to_owned() } else { said.join("; ") }
    });
    Route { object: object.title(), ways: vec![way], passes, refused }
}
