//! What k0smotron has left in the management cluster.

use super::{Check, HostedFacts, Judge};
use crate::checks::{Judged, Severity, bad, doubtful, fine, moot};
use crate::plan::k0smotron::{SOON, version};

pub const CHECKS: &[Check] = &[
    Check {
        id: "certificates.secrets",
        title: "the sidecar's certificate, its key and the cluster's authority belong together",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "The secrets NAME-ca and NAME-ingress-haproxy of the management cluster. Pods speak to the sidecar as \
            `kubernetes.default.svc` and to the Service's address; so the cluster's authority has to have issued its certificate, for \
            these names and that address, and the key has to be the certificate's. k0smotron once put 10.96.0.1 into it whatever the \
            cluster's range of Services was.",
        judge: Judge::Once(secrets),
    },
    Check {
        id: "certificates.expiry",
        title: "the sidecar's certificate is good for 30 days more",
        severity: Severity::Warning,
        needs: &[],
        after: &["certificates.secrets"],
        repair: None,
        explanation: "Nothing brings a new certificate to the workers of a standalone cluster, and HAProxy reads its files when it starts \
            and never again. When it ends, no pod reaches the API server any more.",
        judge: Judge::Once(expiry),
    },
    Check {
        id: "certificates.version",
        title: "k0s is of a version that k0smotron's ingress works with",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "By the image of the control plane's StatefulSet kmc-NAME. The ingress needs v1.31.13, v1.32.9, v1.33.5, v1.34.1 or \
            later of these minors, or a later minor; v1.34.0, which is in the examples of k0smotron's document, is not among them.",
        judge: Judge::Once(k0s),
    },
];

fn secrets(facts: &HostedFacts) -> Judged {
    match &facts.material {
        Ok(material) => fine(format!("{}, for {}", material.leaf.subject, material.leaf.sans.join(", "))),
        Err(failure) => {
            let cause = failure.cause.clone().unwrap_or_else(|| failure.what.clone());
            bad(cause, [failure.next.join("; ")])
        }
    }
}

fn expiry(facts: &HostedFacts) -> Judged {
    let leaf = &facts.material()?.leaf;
    let days = facts.days_left(leaf.not_after);
    let text = format!("{days} days left, until {}", leaf.not_after_date);
    if days * 24 * 60 * 60 < i64::try_from(SOON.as_secs()).unwrap_or(i64::MAX) {
        let (namespace, name) = facts.name.split_once('/').unwrap_or_default();
        let renew = format!("have a new one made: kubectl -n {namespace} delete secret {name}-ingress-haproxy, and see that it comes back");
        return bad(text, [renew, facts.prepare.clone()]);
    }
    fine(text)
}

fn k0s(facts: &HostedFacts) -> Judged {
    let Some(images) = facts.images.as_ref().map_err(Clone::clone)? else {
        return moot(format!("there is no StatefulSet of {} to see its version by", facts.name));
    };
    let Some((image, found)) = images.iter().find_map(|image| Some((image, version::parse(image)?))) else {
        return doubtful(
            format!("the images {} don't tell their version", images.join(", ")),
            ["see spec.version of the cluster".to_owned()],
        );
    };
    if version::is_supported(found) {
        return fine(image.clone());
    }
    bad(
        format!("{image}: the ingress needs one of {} or later", version::supported()),
        ["set spec.version of the cluster to one of them".to_owned()],
    )
}
