//! The Gateway API's TLSRoute. Whether TLS is passed through is up to the Gateway's listener.

use kube::Api;
use kube::api::DynamicObject;
use serde_json::Value;

use super::{Kind, Object, absent, items, word};
use crate::cluster::Cluster;
use crate::cluster::request::Request;
use crate::failure::Result;
use crate::plan::k0smotron::route::{Backend, Passes, Route, Way};

pub(super) const KIND: Kind =
    Kind { kind: "TLSRoute", resource: "tlsroutes.gateway.networking.k8s.io", versions: &["v1", "v1alpha3", "v1alpha2"], read };
const GATEWAY: Kind = Kind { kind: "Gateway", resource: "gateways.gateway.networking.k8s.io", versions: &["v1", "v1beta1"], read };

impl Cluster {
    /// What the listeners say that a TLSRoute is attached to: one that passes through is enough.
    pub(super) async fn gateways_pass(&self, route: &Object<'_>) -> Passes {
        let mut passes = Passes::Unknown("it names no Gateway".to_owned());
        for parent in route.list("/spec/parentRefs") {
            let (namespace, name) = (parent["namespace"].as_str().unwrap_or(route.namespace), word(&parent["name"]));
            passes = match self.gateway(namespace, &name).await {
                Err(failure) => Passes::Unknown(failure.to_string()),
                Ok(None) => no(format!("there is no Gateway {namespace}/{name}"), "name one in spec.parentRefs"),
                Ok(Some(gateway)) => listeners_pass(&format!("Gateway {namespace}/{name}"), &gateway.data, &parent["sectionName"]),
            };
            if passes == Passes::Yes {
                break;
            }
        }
        passes
    }

    async fn gateway(&self, namespace: &str, name: &str) -> Result<Option<DynamicObject>> {
        let request = Request::new("get", GATEWAY.resource, &self.server).in_namespace(Some(namespace)).named(name);
        for version in GATEWAY.versions {
            let gateways = Api::<DynamicObject>::namespaced_with(self.client.clone(), namespace, &GATEWAY.in_version(version));
            if let Some(gateway) = request.ask(async || absent(gateways.get(name).await)).await? {
                return Ok(Some(gateway));
            }
        }
        Ok(None)
    }
}

fn listeners_pass(gateway: &str, data: &Value, section: &Value) -> Passes {
    let listeners = items(&data["spec"]["listeners"]).iter();
    let meant: Vec<_> = listeners.filter(|listener| section.is_null() || listener["name"] == *section).collect();
    if meant.iter().any(|listener| listener["protocol"] == "TLS" && listener["tls"]["mode"] == "Passthrough") {
        return Passes::Yes;
    }
    let which = section.as_str().map_or_else(|| "any listener".to_owned(), |section| format!("the listener {section}"));
    no(format!("{gateway} doesn't pass TLS through on {which}"), "give it a listener with protocol TLS and tls.mode Passthrough")
}

fn no(because: String, remedy: &str) -> Passes {
    Passes::No { because, remedy: remedy.to_owned() }
}

fn read(object: &Object<'_>) -> Route {
    let hosts: Vec<_> = object.list("/spec/hostnames").iter().map(word).collect();
    let hosts = if hosts.is_empty() { vec!["*".to_owned()] } else { hosts };
    let backend = |reference: &Value| Backend {
        namespace: reference["namespace"].as_str().unwrap_or(object.namespace).to_owned(),
        service: word(&reference["name"]),
        port: word(&reference["port"]),
    };
    let ways = object.list("/spec/rules").iter().map(|rule| Way {
        hosts: hosts.clone(),
        to: items(&rule["backendRefs"]).iter().map(backend).collect(),
        condition: None,
    });
    let conditions = object.list("/status/parents").iter().flat_map(|parent| items(&parent["conditions"]));
    let mut wrong = conditions
        .filter(|condition| matches!(condition["type"].as_str(), Some("Accepted" | "ResolvedRefs")) && condition["status"] == "False");
    let refused = wrong.next().map(|condition| format!("{}: {}", word(&condition["reason"]), word(&condition["message"])));
    let ways = ways.collect();
    Route { object: object.title(), ways, passes: Passes::Unknown("it names no Gateway".to_owned()), refused }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_listener_it_is_attached_to_decides() {
        let listener = |name: &str, mode: &str| json!({ "name": name, "protocol": "TLS", "tls": { "mode": mode } });
        let gateway = json!({ "spec": { "listeners": [listener("ends", "Terminate"), listener("passes", "Passthrough")] } });
        let through = |section: Value| listeners_pass("g", &gateway, &section) == Passes::Yes;
        assert!(through(Value::Null) && through("passes".into()) && !through("ends".into()) && !through("none".into()));
    }
}
