//! How each ingress controller is told to redirect HTTP to HTTPS, as data. What isn't here is unsupported.

use std::collections::BTreeMap;

/// One controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Driver {
    /// `spec.controller` of its IngressClass, or the beginning of it up to a `/`.
    pub controller: &'static str,
    pub switches: &'static [Switch],
}

/// One annotation that can make it redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    pub annotation: &'static str,
    pub off: &'static str,
    /// Whether it redirects where the annotation is absent, given TLS.
    pub by_default: bool,
}

const fn switch(annotation: &'static str, off: &'static str, by_default: bool) -> Switch {
    Switch { annotation, off, by_default }
}

/// The controllers' own documentation of their annotations.
pub const DRIVERS: &[Driver] = &[
    Driver {
        controller: "k8s.io/ingress-nginx",
        switches: &[
            switch("nginx.ingress.kubernetes.io/ssl-redirect", "false", true),
            switch("nginx.ingress.kubernetes.io/force-ssl-redirect", "false", false),
        ],
    },
    // The last one is the newer name of the first.
    Driver {
        controller: "nginx.org/ingress-controller",
        switches: &[
            switch("ingress.kubernetes.io/ssl-redirect", "false", true),
            switch("nginx.org/redirect-to-https", "false", false),
            switch("nginx.org/ssl-redirect", "false", false),
        ],
    },
    Driver { controller: "haproxy.org/ingress-controller", switches: &[switch("haproxy.org/ssl-redirect", "false", true)] },
    Driver {
        controller: "haproxy-ingress.github.io/controller",
        switches: &[switch("haproxy-ingress.github.io/ssl-redirect", "false", true)],
    },
    Driver { controller: "projectcontour.io", switches: &[switch("ingress.kubernetes.io/force-ssl-redirect", "false", false)] },
    Driver { controller: "cilium.io/ingress-controller", switches: &[switch("ingress.cilium.io/force-https", "disabled", true)] },
];

/// # Errors
/// Why a controller is not supported.
pub fn driver(controller: &str) -> Result<&'static Driver, String> {
    let fits = |known: &str| controller.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    DRIVERS.iter().find(|driver| fits(driver.controller)).ok_or_else(|| match controller {
        "traefik.io/ingress-controller" => "Traefik redirects by an entry point or a Middleware, which are not this Ingress' own; \
             turn it off there, and redirect in front of it with --at edge, which can be turned off and on for all hosts"
            .to_owned(),
        other => format!("the annotations of the controller {other} are not known"),
    })
}

impl Switch {
    pub fn is_on(&self, annotations: &BTreeMap<String, String>) -> bool {
        match annotations.get(self.annotation).map(|value| value.to_ascii_lowercase()) {
            None => self.by_default,
            Some(value) => matches!(value.as_str(), "true" | "enabled" | "1" | "t"),
        }
    }
}
