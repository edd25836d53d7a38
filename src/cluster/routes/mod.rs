//! Objects that ingress controllers pass TLS through by, where an Ingress can't say so. They are custom resources: what isn't
//! installed isn't there.

mod contour;
mod gateway;
mod nginx;
mod traefik;

use futures_util::future::join_all;
use kube::Api;
use kube::api::{ApiResource, DynamicObject, ListParams};
use serde_json::Value;

use super::Cluster;
use super::request::Request;
use crate::failure::Result;
use crate::plan::k0smotron::route::{Route, Routes};

/// A kind, and how its objects are read.
struct Kind {
    kind: &'static str,
    /// As RBAC spells it: plural and group.
    resource: &'static str,
    /// The newest first.
    versions: &'static [&'static str],
    read: fn(&Object<'_>) -> Route,
}

const KINDS: [Kind; 5] = [traefik::KIND, traefik::OLD_KIND, contour::KIND, nginx::KIND, gateway::KIND];

/// One of them as it came.
struct Object<'a> {
    kind: &'static str,
    namespace: &'a str,
    name: &'a str,
    /// `spec` and `status`.
    data: &'a Value,
}

impl Cluster {
    /// Those of a namespace. What may not be read doesn't hide the others.
    pub async fn passthrough_routes(&self, namespace: &str) -> Routes {
        let groups = Request::new("list", "apigroups", &self.server).ask(async || self.client.list_api_groups().await).await;
        let groups = match groups {
            Ok(groups) => groups.groups,
            Err(failure) => return Routes { found: Vec::new(), unread: vec![failure] },
        };
        let served: Vec<_> = KINDS.iter().filter(|kind| groups.iter().any(|group| group.name == kind.group())).collect();
        let mut routes = Routes::default();
        for (kind, read) in served.iter().zip(join_all(served.iter().map(|kind| self.objects(kind, namespace))).await) {
            match read {
                Ok(objects) => {
                    for object in &objects {
                        let object = kind.object(object);
                        let mut route = (kind.read)(&object);
                        if kind.kind == gateway::KIND.kind {
                            route.passes = self.gateways_pass(&object).await;
                        }
                        routes.found.push(route);
                    }
                }
                Err(failure) => routes.unread.push(failure),
            }
        }
        routes
    }

    /// In the newest version that is served.
    async fn objects(&self, kind: &Kind, namespace: &str) -> Result<Vec<DynamicObject>> {
        let request = Request::new("list", kind.resource, &self.server).in_namespace(Some(namespace));
        for version in kind.versions {
            let objects = Api::<DynamicObject>::namespaced_with(self.client.clone(), namespace, &kind.in_version(version));
            let list = request.ask(async || absent(objects.list(&ListParams::default()).await)).await?;
            if let Some(list) = list {
                return Ok(list.items);
            }
        }
        Ok(Vec::new())
    }
}

impl Kind {
    fn group(&self) -> &'static str {
        self.resource.split_once('.').map_or("", |(_, group)| group)
    }

    fn in_version(&self, version: &str) -> ApiResource {
        ApiResource {
            group: self.group().to_owned(),
            version: version.to_owned(),
            api_version: format!("{}/{version}", self.group()),
            kind: self.kind.to_owned(),
            plural: self.resource.split('.').next().unwrap_or_default().to_owned(),
        }
    }

    fn object<'a>(&self, object: &'a DynamicObject) -> Object<'a> {
        let text = |part: &'a Option<String>| part.as_deref().unwrap_or_default();
        Object { kind: self.kind, namespace: text(&object.metadata.namespace), name: text(&object.metadata.name), data: &object.data }
    }
}

impl<'a> Object<'a> {
    /// `IngressRouteTCP team/my-cluster`
    fn title(&self) -> String {
        format!("{} {}/{}", self.kind, self.namespace, self.name)
    }

    fn at(&self, pointer: &str) -> &'a Value {
        self.data.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// Empty for what isn't there.
    fn list(&self, pointer: &str) -> &'a [Value] {
        items(self.at(pointer))
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A number or a name.
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.as_u64().map(|number| number.to_string()).unwrap_or_default(), str::to_owned)
}

/// The kind, or the version, isn't served; or the object isn't there.
fn absent<T>(got: kube::Result<T>) -> kube::Result<Option<T>> {
    match got {
        Ok(found) => Ok(Some(found)),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(error),
    }
}
