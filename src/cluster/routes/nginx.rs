//! F5 NGINX's TransportServer: the built-in listener `tls-passthrough`, and an upstream that its action names.

use super::{Kind, Object, word};
use crate::plan::k0smotron::route::{Backend, Passes, Route, Way};

pub(super) const KIND: Kind =
    Kind { kind: "TransportServer", resource: "transportservers.k8s.nginx.org", versions: &["v1", "v1alpha1"], read };

const LISTENER: &str = "tls-passthrough";
const PROTOCOL: &str = "TLS_PASSTHROUGH";

fn read(object: &Object<'_>) -> Route {
    let (listener, protocol) = (object.at("/spec/listener/name"), object.at("/spec/listener/protocol"));
    let passes = if listener == LISTENER && protocol == PROTOCOL {
        Passes::Yes
    } else {
        Passes::No {
            because: format!("its listener is {} with {}", said(&word(listener)), said(&word(protocol))),
            remedy: format!("set spec.listener to {{ name: {LISTENER}, protocol: {PROTOCOL} }}"),
        }
    };
    let chosen = object.at("/spec/action/pass");
    let to = object.list("/spec/upstreams").iter().filter(|upstream| upstream["name"] == *chosen).map(|upstream| Backend {
        namespace: object.namespace.to_owned(),
        service: word(&upstream["service"]),
        port: word(&upstream["port"]),
    });
    let way = Way { hosts: object.at("/spec/host").as_str().map(str::to_owned).into_iter().collect(), to: to.collect(), condition: None };
    let state = object.at("/status/state");
    let refused = matches!(state.as_str(), Some("Invalid" | "Warning"))
        .then(|| object.at("/status/message").as_str().or(state.as_str()).unwrap_or_default().to_owned());
    Route { object: object.title(), ways: vec![way], passes, refused }
}

fn said(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}
