//! The way to the hosted API server: by name and SNI, with TLS untouched.

use super::{Check, HostedFacts, Judge, Reached, routes};
use crate::checks::{Judged, Missing, Severity, bad, fine, moot};
use crate::plan::ingress::{Ingress, IngressClass};

pub const CHECKS: &[Check] = &[
    Check {
        id: "ingress.class",
        title: "the Ingress is of a class that is there",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "k0smotron makes the Ingress kmc-NAME from `spec.ingress`, unless that says `deploy: false`. Without a class, or with one \
            that no controller has, nobody serves it.",
        judge: Judge::Once(class),
    },
    Check {
        id: "ingress.passthrough",
        title: "what leads the hosts to it passes TLS through",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "kubelet, konnectivity and the sidecar authenticate to the API server with TLS, so the ingress must not end it. Each \
            controller has an annotation of its own for Ingresses, and takes no notice of another's: ingress-nginx, HAProxy Technologies', \
            HAProxy Ingress and Cilium. Traefik, Contour and F5's NGINX need an object of their own instead of an Ingress: IngressRouteTCP, \
            HTTPProxy, TransportServer; and there is the Gateway API's TLSRoute. Those in the cluster's namespace are looked at.",
        judge: Judge::Once(routes::passthrough),
    },
    Check {
        id: "ingress.backend",
        title: "each host is led to the Service and the port of the control plane",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "By the Ingress, or by the objects that stand for it. The Service is kmc-NAME, kmc-NAME-nodeport or kmc-NAME-lb, by \
            `spec.service.type`; longer names end in a digest. Its port `api` is for `apiHost`, `konnectivity` for `konnectivityHost`.",
        judge: Judge::Once(routes::backend),
    },
    Check {
        id: "ingress.resolves",
        title: "the hosts of the ingress resolve here",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "`apiHost` and `konnectivityHost` have to lead to the ingress controller, from everywhere where workers are. \
            k0smotron makes no records.",
        judge: Judge::Once(resolves),
    },
    Check {
        id: "ingress.api",
        title: "its SNI leads to the hosted API server",
        severity: Severity::Failure,
        needs: &[],
        after: &["ingress.resolves", "certificates.secrets"],
        repair: None,
        explanation: "A handshake with the API's name that the cluster's own authority has to vouch for, and GET /version. A certificate of the \
            ingress controller shows that TLS ends there.",
        judge: Judge::Once(api),
    },
    Check {
        id: "ingress.konnectivity",
        title: "its SNI leads to konnectivity",
        severity: Severity::Failure,
        needs: &[],
        after: &["ingress.resolves", "certificates.secrets"],
        repair: None,
        explanation: "The agents on the workers connect there, for logs, exec and webhooks. A handshake with the host's name that the \
            cluster's own authority has to vouch for.",
        judge: Judge::Once(konnectivity),
    },
];

pub fn found(facts: &HostedFacts) -> Result<Option<&Ingress>, Missing> {
    facts.ingress.as_ref().map(Option::as_ref).map_err(Clone::clone)
}

pub fn class_of<'a>(facts: &'a HostedFacts, ingress: &Ingress) -> Result<Option<&'a IngressClass>, Missing> {
    let classes = facts.classes.as_ref().map_err(Clone::clone)?;
    Ok(classes.iter().find(|class| ingress.class.as_ref().map_or(class.default, |name| class.name == *name)))
}

fn class(facts: &HostedFacts) -> Judged {
    let Some(ingress) = found(facts)? else {
        return moot("there is no Ingress of k0smotron's; with `deploy: false` somebody else leads the hosts to the control plane");
    };
    let named = ingress.class.as_deref().unwrap_or("none, and there is no default");
    match class_of(facts, ingress)? {
        Some(class) => fine(format!("{}, served by {}", class.name, class.controller)),
        None => bad(format!("its class is {named}"), ["set spec.ingress.className to one of: kubectl get ingressclasses".to_owned()]),
    }
}

fn resolves(facts: &HostedFacts) -> Judged {
    let mut known = Vec::new();
    for reached in [&facts.to_api, &facts.to_konnectivity].into_iter().filter_map(|reached| reached.as_ref().ok()) {
        if reached.addresses.is_empty() {
            return bad(
                format!("{} has no address", reached.host),
                [format!("make a record for {} that leads to the ingress controller", reached.host)],
            );
        }
        let addresses: Vec<_> = reached.addresses.iter().map(ToString::to_string).collect();
        known.push(format!("{} -> {}", reached.host, addresses.join(", ")));
    }
    if known.is_empty() {
        moot("the hosts are not known: there is neither k0smotron's ConfigMap nor its Ingress")
    } else {
        fine(known.join("; "))
    }
}

fn api(facts: &HostedFacts) -> Judged {
    answered(facts.to_api.as_ref().map_err(Clone::clone)?)
}

fn konnectivity(facts: &HostedFacts) -> Judged {
    answered(facts.to_konnectivity.as_ref().map_err(Clone::clone)?)
}

fn answered(reached: &Reached) -> Judged {
    match &reached.answer {
        Ok(answer) => fine(format!("{}: {answer}", reached.host)),
        Err(failure) => bad(
            format!("{}: {failure}", reached.host),
            ["see that the ingress controller passes TLS through for this host (ingress.passthrough), and that its port is open from here"
                .to_owned()],
        ),
    }
}
