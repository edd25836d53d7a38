//! How each ingress controller is told to pass TLS through, as data. What isn't here is unknown.

use crate::plan::ingress::Ingress;

/// `spec.controller` of an IngressClass (or its beginning up to a `/`), the annotation, and the value.
const BY_ANNOTATION: [(&str, &str, &[&str]); 4] = [
    ("k8s.io/ingress-nginx", "nginx.ingress.kubernetes.io/ssl-passthrough", &["true"]),
    ("haproxy.org/ingress-controller", "haproxy.org/ssl-passthrough", &["true"]),
    ("haproxy-ingress.github.io/controller", "haproxy-ingress.github.io/ssl-passthrough", &["true"]),
    ("cilium.io/ingress-controller", "ingress.cilium.io/tls-passthrough", &["enabled", "true"]),
];

/// Controllers that pass TLS through by an object of their own, and by no Ingress.
const BY_OBJECT: [(&str, &str); 3] = [
    ("traefik.io/ingress-controller", "an IngressRouteTCP with `HostSNI` and `tls.passthrough: true`"),
    ("projectcontour.io", "an HTTPProxy with `virtualhost.tls.passthrough: true` and `tcpproxy`"),
    ("nginx.org/ingress-controller", "a TransportServer on the listener `tls-passthrough`"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passthrough {
    /// The annotation that does it.
    On(&'static str),
    /// The annotation that is missing or says something else.
    Off(&'static str, &'static str),
    /// What it takes instead of an Ingress.
    NotByIngress(&'static str),
    Unknown,
}

pub fn passthrough(controller: &str, ingress: &Ingress) -> Passthrough {
    let fits = |known: &str| controller.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some((_, object)) = BY_OBJECT.iter().find(|(known, _)| fits(known)) {
        return Passthrough::NotByIngress(object);
    }
    let Some((_, annotation, values)) = BY_ANNOTATION.iter().find(|(known, ..)| fits(known)) else { return Passthrough::Unknown };
    match ingress.annotations.get(*annotation) {
        Some(value) if values.contains(&value.as_str()) => Passthrough::On(annotation),
        _ => Passthrough::Off(annotation, values[0]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_controller_has_its_own() {
        let with = |annotation: &str| Ingress { annotations: [(annotation.to_owned(), "true".to_owned())].into(), ..Ingress::default() };
        let haproxy = with("haproxy.org/ssl-passthrough");
        assert!(matches!(passthrough("haproxy.org/ingress-controller/haproxy", &haproxy), Passthrough::On(_)));
        assert!(matches!(passthrough("haproxy-ingress.github.io/controller", &haproxy), Passthrough::Off(_, "true")));
        assert!(matches!(passthrough("k8s.io/ingress-nginx", &haproxy), Passthrough::Off(..)));
        assert!(matches!(passthrough("traefik.io/ingress-controller", &haproxy), Passthrough::NotByIngress(_)));
        assert_eq!(passthrough("haproxy.org.evil.net/x", &haproxy), Passthrough::Unknown);
        assert!(matches!(passthrough("cilium.io/ingress-controller", &with("ingress.cilium.io/tls-passthrough")), Passthrough::On(_)));
    }
}
