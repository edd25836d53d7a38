use super::preconditions::{self, Holds, Look};
use super::*;
use crate::plan::node::{AddressAgent, AgentKind, NodeState};

const SECONDARY: Ipv4Addr = Ipv4Addr::new(172, 20, 63, 254);
const PUBLIC: Ipv4Addr = Ipv4Addr::new(198, 18, 77, 20);

pub fn ingress() -> Ingress {
    let pod = Pod { name: "controller-0".to_owned(), ready: true, node: Some("node".to_owned()), host_network: false };
    Ingress {
        service: "ingress/controller".to_owned(),
        namespace: "ingress".to_owned(),
        selector: [("app.kubernetes.io/name".to_owned(), "traefik".to_owned())].into(),
        http: Target::Name("web".to_owned()),
        https: Target::Number(8443),
        pods: vec![pod],
    }
}

pub fn observed() -> Observed {
    Observed {
        version: Version(1, 33),
        kube_proxy: Some(KubeProxy { version: Some(Version(1, 33)), mode: Some("iptables".to_owned()) }),
        network: PodNetwork::Other,
        ingress: Ok(ingress()),
        ours: Vec::new(),
        others: Vec::new(),
        kops: Some(Version(1, 35)),
    }
}

fn wanted() -> Wanted {
    Wanted { secondary: SECONDARY, public: Deferred::Known(PUBLIC), source_ranges: Vec::new(), assume_class: false }
}

fn as_wanted() -> Live {
    let status = [SECONDARY, PUBLIC].map(|ip| StatusAddress { ip: ip.to_string(), mode: None });
    let spec = Spec::wanted(&ingress(), &[]);
    Live { namespace: "ingress".to_owned(), name: NAME.to_owned(), class: Some(CLASS.to_owned()), spec, status: status.into() }
}

fn lines(live: Live) -> Vec<String> {
    let observed = Observed { ours: vec![live], ..observed() };
    plan(&observed, &ingress(), &wanted()).iter().map(|change| change.summary().sentence()).collect()
}

#[test]
fn what_kube_proxy_gets() {
    let manifest = Spec::wanted(&ingress(), &["10.0.0.0/8".parse().expect("a block")]).manifest("ingress", Some(CLASS));
    insta::assert_snapshot!(serde_json::to_string_pretty(&manifest).expect("JSON"));
}

/// A drift each, and what brings it back.
#[test]
fn only_what_differs_is_changed() {
    let make = "Service ingress/k8sport for the pods of ingress/controller: 80 to web, 443 to 8443";
    let serve = "Service status ingress/k8sport serves 172.20.63.254 and 198.18.77.20";
    let new: Vec<_> = plan(&observed(), &ingress(), &wanted()).iter().map(|change| change.summary().sentence()).collect();
    assert_eq!(new, [make, serve]);
    assert_eq!(lines(as_wanted()), Vec::<String>::new());
    assert_eq!(lines(Live { status: Vec::new(), ..as_wanted() }), [serve]);
    let proxied = as_wanted().status.into_iter().map(|address| StatusAddress { mode: Some("Proxy".to_owned()), ..address }).collect();
    assert_eq!(lines(Live { status: proxied, ..as_wanted() }), [format!("{serve}, was 172.20.63.254 (Proxy), 198.18.77.20 (Proxy)")]);
    let opened = Spec { node_ports: true, policy: "Cluster".to_owned(), ..as_wanted().spec };
    assert_eq!(
        lines(Live { spec: opened, ..as_wanted() }),
        [format!("{make} (differs in externalTrafficPolicy, allocateLoadBalancerNodePorts)")]
    );
    let again = "Service ingress/k8sport: its loadBalancerClass can't be changed";
    assert_eq!(lines(Live { class: None, ..as_wanted() }), [again, make, serve]);
    let moved = "Service old/k8sport: the ingress controller's pods are in another namespace";
    assert_eq!(lines(Live { namespace: "old".to_owned(), ..as_wanted() }), [moved, make, serve]);
    let unknown = Wanted { public: Deferred::AfterApply, ..wanted() };
    assert!(matches!(plan(&observed(), &ingress(), &unknown).last(), Some(ServiceChange::SetStatus { public: Deferred::AfterApply, .. })));
}

fn refused(observed: &Observed) -> String {
    let look = Look { observed, node: None, secondary: Some(SECONDARY), assume_class: false };
    let refused = preconditions::require(&look).expect_err("refused");
    assert_eq!(refused.kind, crate::failure::Kind::Refused);
    assert!(preconditions::against(&look).is_some(), "auto goes by the same");
    refused.cause.unwrap_or_default()
}

#[test]
fn each_precondition_refuses_with_its_reason() {
    let proxy = |version, mode: &str| Some(KubeProxy { version: Some(version), mode: Some(mode.to_owned()) });
    let cilium = |ipam: &str, replaces| PodNetwork::Cilium { ipam: Some(ipam.to_owned()), replaces_kube_proxy: replaces };
    let pods = |pod: Pod| Ok(Ingress { pods: vec![pod], ..ingress() });
    let pod = || ingress().pods.remove(0);
    let taken = vec![("other/balancer".to_owned(), [SECONDARY.to_string()].into())];
    let rows = [
        (
            Observed { version: Version(1, 21), kube_proxy: proxy(Version(1, 21), "iptables"), ..observed() },
            "Kubernetes 1.21 has no loadBalancerClass",
        ),
        (Observed { kube_proxy: None, ..observed() }, "kube-proxy: no pod of it"),
        (Observed { kube_proxy: proxy(Version(1, 33), "ipvs"), ..observed() }, "kube-ipvs0"),
        (Observed { kube_proxy: proxy(Version(1, 34), "nftables"), ..observed() }, "kube-proxy 1.34 is newer"),
        (Observed { kube_proxy: proxy(Version(1, 29), "iptables"), ..observed() }, "kube-proxy 1.29 is too old"),
        (Observed { kube_proxy: proxy(Version(1, 30), "nftables"), ..observed() }, "nftables is experimental before 1.31"),
        (Observed { network: PodNetwork::AmazonVpc, ..observed() }, "the Amazon VPC CNI"),
        (Observed { network: cilium("eni", false), ..observed() }, "`ipam: eni`"),
        (Observed { network: cilium("cluster-pool", true), ..observed() }, "in the place of kube-proxy is unproven"),
        (Observed { ingress: Err("no Service has them".to_owned()), ..observed() }, "ingress pods: no Service has them"),
        (Observed { ingress: pods(Pod { ready: false, ..pod() }), ..observed() }, "no pod of ingress/controller is ready"),
        (Observed { ingress: pods(Pod { host_network: true, ..pod() }), ..observed() }, "controller-0 is in the node's network"),
        (Observed { others: taken, ..observed() }, "the Service other/balancer has 172.20.63.254 already"),
    ];
    for (observed, reason) in rows {
        let cause = refused(&observed);
        assert!(cause.contains(reason) && cause.lines().count() == 1, "{reason}: {cause}");
    }
}

/// What is found on the node comes before anything is touched.
#[test]
fn who_would_bring_the_address_back_speaks_against_it() {
    let agent = |kind| NodeState { address_agents: vec![AddressAgent { kind, source: "there".to_owned() }], ..NodeState::default() };
    fn look<'a>(observed: &'a Observed, node: &'a NodeState) -> Look<'a> {
        Look { observed, node: Some(node), secondary: Some(SECONDARY), assume_class: false }
    }
    let observed = observed();
    let against = |node: &NodeState| preconditions::against(&look(&observed, node));
    for kind in
        [AgentKind::CloudInit, AgentKind::Ec2NetUtils, AgentKind::Ec2NetUtils1, AgentKind::NmCloudSetup, AgentKind::Static(SECONDARY)]
    {
        let node = agent(kind);
        let why = against(&node).unwrap_or_default();
        assert!(why.starts_with("node: ") && why.contains("there") && !why.contains("on the node: "), "{why}");
        let refused = preconditions::require(&look(&observed, &node)).expect_err("refused");
        assert_eq!(refused.cause.as_deref(), Some(why.as_str()));
        let [other, remedy] = refused.next.as_slice() else { panic!("{refused:?}") };
        assert!(other.contains("haproxy") && remedy.starts_with("or, on the node: "), "{refused:?}");
    }
    assert_eq!(against(&agent(AgentKind::Static(PUBLIC))), None);
    assert_eq!(against(&NodeState::default()), None);
}

#[test]
fn auto_needs_everything_to_be_seen() {
    fn look(observed: &Observed) -> Look<'_> {
        Look { observed, node: None, secondary: Some(SECONDARY), assume_class: false }
    }
    assert_eq!(preconditions::against(&look(&observed())), None);
    let nftables = KubeProxy { version: Some(Version(1, 33)), mode: Some("nftables".to_owned()) };
    assert_eq!(preconditions::against(&look(&Observed { kube_proxy: Some(nftables), ..observed() })), None);
    let older = Observed { kops: Some(Version(1, 34)), ..observed() };
    assert!(preconditions::against(&look(&older)).is_some_and(|why| why.contains("api.internal")));
    let (_, notes) = preconditions::require(&look(&older)).expect("it can be had by name");
    assert!(notes[0].text.contains("reaches the ingress"), "{notes:?}");
    let unseen = preconditions::judge(&look(&older)).into_iter().filter(|(_, holds)| matches!(holds, Holds::Unseen(_))).count();
    assert_eq!(unseen, 1);
}

#[test]
fn versions_are_read_from_servers_and_images() {
    for (text, version) in [
        ("v1.31.4", Some(Version(1, 31))),
        ("v1.30.2-eks-7f9249a", Some(Version(1, 30))),
        ("registry.k8s.io/kube-proxy:v1.20.2", Some(Version(1, 20))),
        ("registry:5000/kube-proxy-amd64:v1.33.0_coreos", Some(Version(1, 33))),
        ("kube-proxy", None),
        ("kube-proxy@sha256:0123", None),
        ("", None),
    ] {
        assert_eq!(Version::parse(text), version, "{text}");
    }
}
