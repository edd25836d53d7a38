//! What leads the hosts of a control plane to it where an Ingress doesn't: objects of an ingress controller's own. How each is
//! read is a matter of `cluster/routes/`.

use std::fmt;

use crate::failure::Failure;

/// All there are in a namespace, and what could not be looked at.
#[derive(Debug, Default)]
pub struct Routes {
    pub found: Vec<Route>,
    pub unread: Vec<Failure>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `IngressRouteTCP team/my-cluster`
    pub object: String,
    pub ways: Vec<Way>,
    pub passes: Passes,
    /// What its controller has written into its status against it.
    pub refused: Option<String>,
}

/// Where it sends a connection for one of these hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Way {
    /// As in SNI; `*.example.com` and `*` as they are.
    pub hosts: Vec<String>,
    pub to: Vec<Backend>,
    /// What else has to hold for a connection to go here, where we can't judge it.
    pub condition: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    pub namespace: String,
    pub service: String,
    /// Number or name.
    pub port: String,
}

/// Whether TLS comes through untouched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passes {
    Yes,
    No { because: String, remedy: String },
    Unknown(String),
}

impl Route {
    /// The ways of a host: those that name it before those that take what is left.
    pub fn ways_of(&self, host: &str) -> Vec<&Way> {
        let of = |fits: fn(&str, &str) -> bool| self.ways.iter().filter(move |way| way.hosts.iter().any(|name| fits(name, host)));
        let named: Vec<_> = of(names).collect();
        if named.is_empty() { of(|name, _| name == "*").collect() } else { named }
    }

    /// Whether it is about one of these hosts, or leads to one of these Services.
    pub fn concerns(&self, hosts: &[&str], namespace: &str, services: &[String]) -> bool {
        let ours = |to: &Backend| to.namespace == namespace && services.contains(&to.service);
        self.ways.iter().any(|way| hosts.iter().any(|host| way.hosts.iter().any(|name| names(name, host))) || way.to.iter().any(ours))
    }
}

/// A `*` at the beginning is for one label or more.
fn names(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => name.eq_ignore_ascii_case(host),
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}:{}", self.namespace, self.service, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(host: &str, service: &str) -> Way {
        let to = vec![Backend { namespace: "team".to_owned(), service: service.to_owned(), port: "30443".to_owned() }];
        Way { hosts: vec![host.to_owned()], to, condition: None }
    }

    #[test]
    fn who_names_a_host_has_it() {
        let ways = vec![way("*", "rest"), way("*.example.com", "wide"), way("API.example.com", "exact")];
        let route = Route { object: "x".to_owned(), ways, passes: Passes::Yes, refused: None };
        let of = |host: &str| route.ways_of(host).iter().map(|way| way.to[0].service.as_str()).collect::<Vec<_>>();
        assert_eq!(of("api.example.com"), ["wide", "exact"]);
        assert_eq!(of("a.b.example.com"), ["wide"]);
        assert_eq!((of("example.com"), of(".example.com")), (vec!["rest"], vec!["rest"]));
    }

    #[test]
    fn one_that_takes_all_hosts_is_the_clusters_only_if_it_leads_there() {
        let route = |host| Route { object: "x".to_owned(), ways: vec![way(host, "kmc-a")], passes: Passes::Yes, refused: None };
        let concerns = |host, service: &str| route(host).concerns(&["api.example.com"], "team", &[service.to_owned()]);
        assert!(concerns("api.example.com", "other") && concerns("*", "kmc-a") && concerns("elsewhere.org", "kmc-a"));
        assert!(!concerns("*", "kmc-b") && !concerns("elsewhere.org", "kmc-b"));
        assert!(!route("*").concerns(&[], "other", &["kmc-a".to_owned()]));
    }
}
