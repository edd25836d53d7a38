//! What a request is about, from its method and path: as Kubernetes' own `RequestInfo`, for metrics and the access log.

use hyper::{Method, Uri};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestInfo {
    /// `list`, `watch`, `create`, …; the method in lower case for what is no resource.
    pub verb: &'static str,
    /// `pods`, or `pods/exec`; empty for what is no resource, such as `/version`.
    pub resource: String,
    /// Nobody knows when its answer ends, or begins.
    pub long_running: bool,
}

impl RequestInfo {
    pub fn of(method: &Method, uri: &Uri) -> Self {
        let segments: Vec<_> = uri.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let Some(path) = below_version(&segments) else {
            return Self { verb: plain(method), resource: String::new(), long_running: false };
        };
        let (watched, path) = match path {
            // The old way to watch.
            ["watch", rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let path = match path {
            ["namespaces", _, rest @ ..] if !rest.is_empty() && !["status", "finalize"].contains(&rest[0]) => rest,
            rest => rest,
        };
        let resource = path.first().copied().unwrap_or_default();
        let subresource = path.get(2).copied();
        let watched = watched || (method == Method::GET && asks_to(uri, "watch"));
        let verb = match *method {
            _ if watched => "watch",
            Method::GET | Method::HEAD if path.len() > 1 => "get",
            Method::GET | Method::HEAD => "list",
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE if path.len() > 1 => "delete",
            Method::DELETE => "deletecollection",
            _ => "other",
        };
        let streams = matches!(subresource, Some("exec" | "attach" | "portforward" | "proxy" | "log"));
        Self {
            verb,
            resource: subresource.map_or_else(|| resource.to_owned(), |subresource| format!("{resource}/{subresource}")),
            long_running: watched || streams,
        }
    }
}

/// What stands behind `/api/v1` or `/apis/GROUP/VERSION`.
fn below_version<'a>(segments: &'a [&'a str]) -> Option<&'a [&'a str]> {
    let rest = match segments {
        ["api", _, rest @ ..] | ["apis", _, _, rest @ ..] => rest,
        _ => return None,
    };
    (!rest.is_empty()).then_some(rest)
}

fn asks_to(uri: &Uri, what: &str) -> bool {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split_once('=').or(Some((pair, "true"))))
        .any(|(key, value)| key == what && matches!(value, "true" | "1" | "True" | "TRUE" | "t" | "T"))
}

fn plain(method: &Method) -> &'static str {
    match *method {
        Method::GET => "get",
        Method::HEAD => "head",
        Method::POST => "post",
        Method::PUT => "put",
        Method::PATCH => "patch",
        Method::DELETE => "delete",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_and_resources() {
        for (method, uri, verb, resource, long_running) in [
            ("GET", "/version", "get", "", false),
            ("GET", "/apis/apps/v1", "get", "", false),
            ("GET", "/api/v1/pods?limit=500", "list", "pods", false),
            ("GET", "/api/v1/namespaces/default/pods?watch=true&resourceVersion=1", "watch", "pods", true),
            ("GET", "/api/v1/namespaces/default/pods?watch=1", "watch", "pods", true),
            ("GET", "/api/v1/namespaces/default/pods?watch=false", "list", "pods", false),
            ("GET", "/api/v1/watch/namespaces/default/pods", "watch", "pods", true),
            ("GET", "/api/v1/namespaces/default", "get", "namespaces", false),
            ("PUT", "/api/v1/namespaces/default/finalize", "update", "namespaces/finalize", false),
            ("GET", "/api/v1/namespaces/default/pods/a/log?follow=true", "get", "pods/log", true),
            ("POST", "/api/v1/namespaces/default/pods/a/exec?command=sh", "create", "pods/exec", true),
            ("PATCH", "/apis/apps/v1/namespaces/shop/deployments/a", "patch", "deployments", false),
            ("DELETE", "/apis/apps/v1/namespaces/shop/deployments", "deletecollection", "deployments", false),
        ] {
            let info = RequestInfo::of(&method.parse().expect("a method"), &uri.parse().expect("a URI"));
            assert_eq!(info, RequestInfo { verb, resource: resource.to_owned(), long_running }, "{method} {uri}");
        }
    }
}
