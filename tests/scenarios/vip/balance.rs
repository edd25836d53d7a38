//! `vip setup --load-balance`: HAProxy on a port of its own, and back.

use super::lab::{Client, NODES, VIP, VipLab, wrong};

#[test]
fn haproxy_on_its_own_port_balances_and_the_vip_follows_it() {
    let lab = VipLab::up("bare");
    let done = lab.vip("setup", &["--load-balance", "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(done["outcome"], "changed");
    assert_eq!(lab.vip("setup", &["--load-balance", "--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
    let found = lab.vip("diagnose", &["--strict", "--output", "json"]).expect(0).json();
    assert_eq!(found["conclusion"]["decision"][0]["scenario"], "own-port", "{found}");
    for node in ["10.255.254.10", "10.255.254.11", "10.255.254.12", VIP] {
        assert_eq!(lab.operator(&format!("curl -sk https://{node}:8443/livez")).stdout, "ok", "{node}");
    }

    // Without its own API server the holder goes on: HAProxy sends to the others.
    let holder = lab.holder(&NODES);
    let client = Client::start(&lab, 8443);
    lab.node(holder, "systemctl stop kube-apiserver");
    lab.until("HAProxy to notice", |lab| lab.operator(&format!("curl -sk --max-time 5 https://{VIP}:8443/livez")).stdout == "ok");
    client.finish("the holder's API server is stopped behind HAProxy");
    assert_eq!(lab.holder(&NODES), holder);
    // Each node's HAProxy looks for itself.
    lab.until("each HAProxy to notice", |lab| {
        let found = lab.vip("diagnose", &["--output", "json"]).expect(3).json();
        assert_eq!(wrong(&found)[0], "vip.answers");
        !wrong(&found).iter().any(|id| id.starts_with("balancer."))
    });
    lab.node(holder, "systemctl start kube-apiserver");

    // Somebody else has the port that it is to move to, on a node that isn't the first.
    lab.node("cp2", "systemd-run -q --unit=dex python3 -m http.server 9443");
    lab.until("the listener", |lab| lab.node("cp2", "ss -H -ltn 'sport = :9443'").contains("9443"));
    let before = lab.states();
    let refused = lab.vip("setup", &["--load-balance", "--balancer-port", "9443", "--yes"]).expect(4);
    assert!(refused.stderr.contains("port 9443 of k8s-cp2 (10.255.254.11) is taken by python3 (pid "), "{}", refused.stderr);
    assert!(refused.stderr.contains(" of dex.service"), "{}", refused.stderr);
    assert_eq!(lab.states(), before);
    lab.node("cp2", "systemctl stop dex");

    // The way through one node's HAProxy is cut, wherever the VIP is.
    let other = NODES.into_iter().find(|name| *name != holder).expect("another");
    lab.node(other, "iptables -A INPUT -i lo -p tcp --dport 8443 -j REJECT --reject-with tcp-reset");
    let found = lab.vip("diagnose", &["--output", "json"]).expect(3).json();
    assert_eq!(wrong(&found), ["balancer.node"], "{found}");
    lab.node(other, "iptables -F INPUT");

    // Without HAProxy the VIP leaves the node.
    let client = Client::start(&lab, 8443);
    lab.node(holder, "systemctl stop k8sport-vip-haproxy");
    lab.until("another holder", |lab| lab.holders(&NODES).iter().any(|name| *name != holder));
    client.finish("HAProxy is stopped on the holder");
    // keepalived's hook starts it again there, since the role has changed.
    lab.until("HAProxy to be back", |lab| lab.node(holder, "systemctl is-active k8sport-vip-haproxy || :").trim() == "active");

    // And back to none: the VIP is there all the time.
    let client = Client::start(&lab, 6443);
    lab.vip("setup", &["--yes"]).expect(0);
    client.finish("from HAProxy to none");
    for name in NODES {
        let there = lab.node(name, "ls /etc/k8sport/vip/haproxy.cfg 2>/dev/null; systemctl is-active k8sport-vip-haproxy || :");
        assert_eq!(there.trim(), "inactive", "{name}");
    }
    assert_eq!(lab.vip("setup", &["--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
}
