use super::*;

fn node(taints: &[(&str, &str)]) -> NodeState {
    let taints = taints.iter().map(|(key, effect)| Taint { key: (*key).to_owned(), effect: (*effect).to_owned() });
    NodeState { name: "i-0000000000000000a".to_owned(), ready: true, why: String::new(), taints: taints.collect() }
}

fn lines(observed: &Observed) -> Vec<String> {
    plan(observed).changes.iter().map(|change| change.summary().sentence()).collect()
}

#[test]
fn only_the_control_plane_s_own_taint_goes() {
    let others = [
        ("node.cloudprovider.kubernetes.io/uninitialized", "NoSchedule"),
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node-role.kubernetes.io/control-plane", "NoExecute"),
        ("dedicated", "NoSchedule"),
    ];
    assert_eq!(lines(&Observed { nodes: vec![node(&others), node(&[])] }), Vec::<String>::new());
    let tainted = [&others[..], &[("node-role.kubernetes.io/control-plane", "NoSchedule")]].concat();
    let expected = "node i-0000000000000000a runs applications: without node-role.kubernetes.io/control-plane:NoSchedule";
    assert_eq!(lines(&Observed { nodes: vec![node(&tainted)] }), [expected]);
}
