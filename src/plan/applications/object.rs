//! One object of an application, as it is applied and as the API server has it.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::names::{Namespace, ObjectName};

/// What an application consists of here, in the order in which it is applied: the Deployment last, since it is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Kind {
    Service,
    Ingress,
    Deployment,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Object {
    pub kind: Kind,
    pub namespace: Namespace,
    pub name: ObjectName,
    /// The fields that we want, and no others.
    #[serde(skip)]
    pub manifest: Value,
}

/// Who has a field that we want otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// Among the managers of the object's fields: `kubectl-client-side-apply`, `helm`.
    pub manager: String,
    /// `.spec.replicas`
    pub field: String,
}

/// What the API server's own dry run says about applying an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// There is no such namespace yet.
    NoNamespace,
    /// From what is there, None if nothing is, to what would be.
    Applied { live: Option<Value>, then: Value, taken: Vec<Conflict> },
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Service, Kind::Ingress, Kind::Deployment];

    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::Ingress => "Ingress",
            Self::Deployment => "Deployment",
        }
    }

    /// As manifests spell it.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::Service => "v1",
            Self::Ingress => "networking.k8s.io/v1",
            Self::Deployment => "apps/v1",
        }
    }

    /// As RBAC spells it.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Service => "services",
            Self::Ingress => "ingresses.networking.k8s.io",
            Self::Deployment => "deployments.apps",
        }
    }
}

impl Object {
    /// The containers of a Deployment's pods: name and image.
    pub fn images(&self) -> Vec<(String, String)> {
        let text = |container: &Value, key: &str| container.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let containers = |list: &str| self.manifest.pointer(&format!("/spec/template/spec/{list}")).and_then(Value::as_array);
        let all = LISTS.into_iter().filter_map(containers).flatten();
        all.map(|container| (text(container, "name"), text(container, "image"))).collect()
    }

    /// Gives a container another image.
    pub fn set_image(&mut self, container: &str, image: &str) {
        for list in LISTS {
            let all = self.manifest.pointer_mut(&format!("/spec/template/spec/{list}")).and_then(Value::as_array_mut);
            for found in all.into_iter().flatten().filter(|found| found["name"] == container) {
                found["image"] = Value::from(image);
            }
        }
    }

    /// Says something about the object that isn't for the pods.
    pub fn annotate(&mut self, key: &str, value: &str) {
        let annotations = &mut self.manifest["metadata"]["annotations"];
        if annotations.is_null() {
            *annotations = Value::Object(serde_json::Map::new());
        }
        annotations[key] = Value::from(value);
    }
}

const LISTS: [&str; 2] = ["initContainers", "containers"];

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.kind.name(), self.namespace, self.name)
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}'s", self.field, self.manager)
    }
}
