//! The kubeconfig for a proxy.

use aws_smithy_types::base64;
use serde_json::{Value, json};

use super::identity::Callers;

/// One cluster, one user, one context, of that name. The user has what the proxy wants from its callers, if anything.
pub fn kubeconfig(name: &str, port: u16, authority: &str, callers: &Callers, namespace: &str) -> Value {
    let user = callers.token().map_or_else(|| json!({}), |token| json!({ "token": token }));
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{
            "name": name,
            "cluster": { "server": format!("https://127.0.0.1:{port}"), "certificate-authority-data": base64::encode(authority) },
        }],
        "users": [{ "name": name, "user": user }],
        "contexts": [{ "name": name, "context": { "cluster": name, "user": name, "namespace": namespace } }],
        "current-context": name,
    })
}
