//! Control planes that nobody named: the cluster's, from a real API server.

use super::lab::{NODES, VIP, VipLab, wrong};

#[test]
fn without_names_they_are_those_of_the_cluster() {
    let lab = VipLab::up_with(&["bare", "--api", "real"]);
    let vip = |command: &str, more: &[&str]| lab.k8sport(&[&["vip", command, "--vip", VIP], more].concat());
    let done = vip("setup", &["--load-balance", "--yes", "--output", "json"]).expect(0).json();
    let mut nodes: Vec<_> =
        done["changes"].as_array().expect("changes").iter().map(|change| change["node"].as_str().expect("text")).collect();
    nodes.sort();
    nodes.dedup();
    // By either label, and no worker.
    assert_eq!(nodes, ["10.255.254.10", "10.255.254.11", "10.255.254.12"]);
    assert_eq!(wrong(&vip("diagnose", &["--strict", "--output", "json"]).expect(0).json()), [] as [&str; 0]);
    // The real one's certificate, by the way that it was asked: the VIP leads to the nodes that it named.
    assert_eq!(lab.holders(&NODES).len(), 1);

    let before = lab.states();
    let refused = |kubeconfig: &str, words: &[&str]| {
        for (command, more) in [("diagnose", &[][..]), ("setup", &["--yes"]), ("cleanup", &["--yes"])] {
            let ended = vip(command, &[more, &["--kubeconfig", kubeconfig]].concat()).expect(1);
            let all = [words, &["--node"]].concat();
            assert!(all.iter().all(|word| ended.stderr.contains(word)), "{}", ended.stderr);
        }
        assert_eq!(lab.states(), before);
    };
    let home = lab.operator("echo $HOME").stdout;
    let home = home.trim();
    refused(&format!("{home}/.kube/nobody"), &["list nodes is not allowed", "nobody"]);
    let stranger = "sed -e '/client-key-data/d' -e 's/client-certificate-data: .*/token: nobody-knows/' ~/.kube/nobody >~/.kube/stranger";
    lab.operator(stranger).expect(0);
    refused(&format!("{home}/.kube/stranger"), &["doesn't know these credentials"]);
    // Down at that moment.
    lab.node("cp1", "systemctl stop kube-apiserver");
    refused(&format!("{home}/.kube/config"), &["https://10.255.254.10:6443"]);
}
