//! A cluster whose second address is served by kube-proxy.

use super::{TEARDOWN, assert_gone, known_to_kops, of_others};
use crate::support::{CLUSTER, Lab, assert_same_node as assert_same_lines};

#[test]
fn a_cluster_with_our_service_goes_without_a_login() {
    let lab = Lab::with_kube_proxy();
    known_to_kops(&lab);
    let to_service = ["bootstrap", "--cluster", CLUSTER, "--data-path", "service", "--yes"];
    lab.k8sport_with(&["K8SPORT_ASSUME_CLASS=1"], &to_service).expect(0);
    lab.starts("namespace-controller");
    lab.node("systemctl stop ssh.socket ssh.service");
    let others = of_others(&lab.account());
    let planned = lab.k8sport(&[&TEARDOWN[..], &["--dry-run"]].concat()).expect(0);
    assert!(planned.stdout.contains("- namespace         ingress"), "{planned:?}");
    let done = lab.k8sport(&TEARDOWN).expect(0);
    let order: Vec<_> = ["namespace ingress", "kops delete cluster", "Elastic IP release"].map(|step| done.stderr.rfind(step)).into();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{done:?}");
    assert_gone(&lab);
    assert_same_lines(&others, &of_others(&lab.account()), "what others have");
}
