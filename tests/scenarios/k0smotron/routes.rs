//! Objects of ingress controllers in the place of k0smotron's Ingress: custom resources in the real API server, read by their own
//! definitions' names. What passes TLS through in the lab is HAProxy all the same.

use super::diagnose::{expect, finding};
use super::{kubectl, prepare};
use crate::support::Lab;

/// The program's name, the object for the API's host, what lets TLS through in it, and its port.
const KINDS: [(&str, &str, &str, &str); 4] = [
    ("traefik", "ingressroutetcp kmc-my-cluster", "/spec/tls/passthrough", "/spec/routes/0/services/0/port"),
    ("contour", "httpproxy api", "/spec/virtualhost/tls/passthrough", "/spec/tcpproxy/services/0/port"),
    ("nginx", "transportserver api", "/spec/listener/protocol", "/spec/upstreams/0/port"),
    ("gateway", "tlsroute api", "", "/spec/rules/0/backendRefs/0/port"),
];

pub fn objects_of_controllers_stand_for_the_ingress(lab: &Lab) {
    prepare(lab, &["--yes"]).expect(0);
    make(lab, "define");
    make(lab, "none");
    expect(lab, "neither Ingress nor object", &[]);
    for id in ["ingress.class", "ingress.passthrough", "ingress.backend"] {
        assert_eq!(finding(lab, id)["status"], "skipped", "{id}");
    }
    for (kind, object, passes, port) in KINDS {
        make(lab, kind);
        expect(lab, kind, &[]);
        let evidence = finding(lab, "ingress.passthrough")["evidence"].to_string();
        assert!(evidence.to_lowercase().contains(object.split(' ').next().unwrap_or_default()), "{evidence}");
        replace(lab, object, port, "30132");
        expect(lab, kind, &["ingress.backend"]);
        replace(lab, object, port, "30443");
        match kind {
            "gateway" => replace(lab, "gateway front", "/spec/listeners/0/tls/mode", "\"Terminate\""),
            _ => replace(lab, object, passes, "null"),
        }
        expect(lab, kind, &["ingress.passthrough"]);
    }
    make(lab, "contour");
    kubectl(lab, "-n team delete httpproxy konnectivity");
    expect(lab, "one host is led nowhere", &["ingress.backend"]);

    make(lab, "traefik");
    what_may_not_be_read(lab);
}

/// Who may read all but these says so, and judges the rest.
fn what_may_not_be_read(lab: &Lab) {
    kubectl(
        lab,
        "create clusterrole all-but-routes --verb=get,list --resource=secrets,configmaps,services,statefulsets.apps,ingresses.networking.k8s.io,ingressclasses.networking.k8s.io",
    );
    kubectl(lab, "create clusterrolebinding all-but-routes --clusterrole=all-but-routes --user=viewer");
    let viewer = lab.home().join(".kube/viewer").display().to_string();
    let found = super::k0smotron(lab, "diagnose", &["--output", "json", "--kubeconfig", &viewer]).expect(0).json();
    let checks = found["checks"].as_array().expect("checks");
    let passthrough = checks.iter().find(|check| check["id"] == "ingress.passthrough").expect("a check");
    assert_eq!(passthrough["status"], "skipped", "{passthrough}");
    assert!(
        passthrough["evidence"].to_string().contains("list ingressroutetcps.traefik.io in namespace team is not allowed"),
        "{passthrough}"
    );
    assert!(checks.iter().any(|check| check["id"] == "ingress.api" && check["status"] == "ok"));
}

fn make(lab: &Lab, what: &str) {
    lab.node(&format!("/usr/local/lib/k0smotron-routes {what}"));
}

fn replace(lab: &Lab, object: &str, path: &str, value: &str) {
    let patch = format!(r#"[{{"op":"replace","path":"{path}","value":{value}}}]"#);
    kubectl(lab, &format!("-n team patch {object} --type=json -p '{patch}'"));
}
