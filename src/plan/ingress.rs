//! Ingresses and their classes, as they are observed.

use std::collections::{BTreeMap, BTreeSet};

/// What we need to know of an Ingress.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingress {
    pub namespace: String,
    pub name: String,
    /// `spec.ingressClassName`, or the annotation from before there was such a field.
    pub class: Option<String>,
    pub hosts: Vec<String>,
    /// Host, Service and port (number or name) of each rule's paths.
    pub backends: Vec<(String, String, String)>,
    /// Hosts that its TLS section covers; a section without hosts covers all.
    pub tls_hosts: BTreeSet<String>,
    pub tls: bool,
    pub annotations: BTreeMap<String, String>,
    pub resource_version: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngressClass {
    pub name: String,
    /// `k8s.io/ingress-nginx`
    pub controller: String,
    /// Ingresses that name no class are this one's.
    pub default: bool,
}
