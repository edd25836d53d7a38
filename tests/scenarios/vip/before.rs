//! `vip setup` before the first API server is there: kubeadm wants the VIP as its endpoint.

use super::lab::{NODES, VIP, VipLab, wrong};

#[test]
fn the_vip_waits_for_the_first_api_server() {
    let lab = VipLab::up("bare");
    // A HAProxy of others that was there first doesn't count as one.
    lab.node("cp3", "printf 'listen api\\n mode tcp\\n bind *:6443\\n timeout connect 1s\\n timeout client 9s\\n timeout server 9s\\n server a 10.255.254.10:6443\\n' >/etc/haproxy/haproxy.cfg");
    for name in NODES {
        lab.node(name, "systemctl stop kube-apiserver");
    }
    lab.node("cp3", "systemctl enable -q haproxy; systemctl start haproxy");
    for (more, port) in [(&["--load-balance"][..], 8443), (&[][..], 6443)] {
        let set_up = [more, &["--take-over", "--yes", "--output", "json"]].concat();
        let done = lab.vip("setup", &set_up).expect(0).json();
        assert_eq!((&done["outcome"], &done["checks"][0]["ok"]), (&"changed".into(), &true.into()), "{done}");
        let said = done["checks"][0]["detail"].as_str().expect("text");
        assert!(said.starts_with("not proven yet: all 3 nodes are ready") && said.contains("k8sport vip diagnose --vip"), "{said}");
        let notes = done["notes"].to_string();
        assert!(notes.contains(&format!("kubeadm init --control-plane-endpoint {VIP}:{port} --upload-certs")), "{notes}");
        assert_eq!(lab.holders(&NODES), [] as [&str; 0]);
        assert_eq!(lab.vip("setup", &set_up).expect(0).json()["outcome"], "unchanged");

        // kubeadm init on the first, and the VIP is there; then the others join.
        lab.node("cp1", "systemctl start kube-apiserver");
        let asks = format!("curl -sk --max-time 5 https://{VIP}:{port}/livez");
        lab.until("the VIP to come with the first API server", |lab| lab.operator(&asks).stdout == "ok");
        if port == 6443 {
            assert_eq!(lab.holder(&NODES), "cp1");
        }
        let proven = lab.vip("setup", &set_up).expect(0).json();
        assert_eq!(proven["outcome"], "unchanged");
        let said = proven["checks"][0]["detail"].as_str().expect("text");
        assert!(said.starts_with(&format!("{VIP}:{port} is on ")) && said.ends_with("answers on all 3 nodes"), "{said}");
        for name in ["cp2", "cp3"] {
            lab.node(name, "systemctl start kube-apiserver");
        }
        let has_role = |lab: &VipLab, name: &str| {
            ["MASTER", "BACKUP"].iter().any(|role| lab.node(name, "cat /run/k8sport-vip/role").starts_with(role))
        };
        lab.until("the others to be backups", |lab| NODES.iter().all(|name| has_role(lab, name)));
        assert_eq!(wrong(&lab.vip("diagnose", &["--output", "json"]).expect(0).json()), [] as [&str; 0]);
        for name in NODES {
            lab.node(name, "systemctl stop kube-apiserver");
        }
        lab.until("the VIP to go", |lab| lab.holders(&NODES).is_empty());
    }
}
