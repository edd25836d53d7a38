//! `vip setup --take-over` where not everything is well, and over another network than the VIP's.

use super::lab::{NODES, VIP, VipLab, wrong};

#[test]
fn from_a_holder_that_is_dead_or_gone() {
    let lab = VipLab::up("keepalived");
    lab.until_cp1_holds();
    // Its keepalived looks at nothing, so it keeps the VIP where nobody answers. Ours begins where somebody does.
    lab.node("cp1", "systemctl stop kube-apiserver");
    assert_ne!(lab.operator(&format!("curl -sk --max-time 2 https://{VIP}:6443/livez")).stdout, "ok");
    let done = lab.vip("setup", &["--take-over", "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(done["checks"][0]["ok"], true, "{done}");
    assert_ne!(lab.holder(&NODES), "cp1");
    assert_eq!(lab.operator(&format!("curl -sk --max-time 5 https://{VIP}:6443/livez")).stdout, "ok");
    lab.node("cp1", "systemctl start kube-apiserver");
    lab.vip("cleanup", &["--yes"]).expect(0);
    lab.until_cp1_holds();

    // Without power it can't be taken over: the others go on without it, and it is told what is left to do.
    lab.lab(&["power-off", "cp1"]);
    let done = lab.vip("setup", &["--take-over", "--skip-unreachable", "--yes", "--output", "json"]).expect(0).json();
    assert!(done["notes"].to_string().contains("10.255.254.10 stays as it is"), "{done}");
    let new = lab.holder(&["cp2", "cp3"]);
    // It comes back with its own keepalived, which knows nothing of ours.
    lab.lab(&["boot", "cp1"]);
    lab.until("two holders", |lab| lab.holders(&NODES).len() == 2);
    let found = lab.vip("diagnose", &["--output", "json"]).expect(3).json();
    assert!(wrong(&found).contains(&"vip.holder".to_owned()), "{found}");
    lab.vip("setup", &["--take-over", "--yes"]).expect(0);
    assert_eq!(lab.holder(&NODES), new);
    assert_eq!(wrong(&lab.vip("diagnose", &["--strict", "--output", "json"]).expect(0).json()), [] as [&str; 0]);
}

#[test]
fn nodes_are_reached_over_another_network_than_the_vips() {
    let lab = VipLab::up("document");
    lab.until_cp1_holds();
    let mut hosts = Vec::new();
    for (index, name) in NODES.iter().enumerate() {
        let host = format!("10.255.253.{}", 20 + index);
        lab.lab(&["cable", name, &format!("{host}/24")]);
        lab.operator(&format!("sed -n 's/^10.255.254.1{index} /{host} /p' ~/.ssh/known_hosts >>~/.ssh/known_hosts")).expect(0);
        hosts.push(host);
    }
    lab.operator("ip addr add 10.255.253.1/24 dev eth0").expect(0);
    let all = hosts.join(",");
    let vip = |command: &str, more: &[&str]| lab.k8sport(&[&["vip", command, "--vip", VIP, "--node", &all], more].concat());
    let done = vip("setup", &["--take-over", "--load-balance", "--yes", "--output", "json"]).expect(0).json();
    assert_eq!((&done["outcome"], &done["checks"][0]["ok"]), (&"changed".into(), &true.into()), "{done}");
    // VRRP and HAProxy go where the VIP is.
    let ours = lab.node("cp2", "cat /etc/k8sport/vip/keepalived.conf /etc/k8sport/vip/haproxy.cfg");
    assert!(
        ours.contains("dev eth0") && ours.contains("server 10.255.254.12 10.255.254.12:6443") && !ours.contains("10.255.253"),
        "{ours}"
    );
    assert_eq!(wrong(&vip("diagnose", &["--strict", "--output", "json"]).expect(0).json()), [] as [&str; 0]);
    assert_eq!(vip("setup", &["--load-balance", "--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
    // The holder's other cable is of no use to the VIP.
    let holder = lab.holder(&NODES);
    lab.lab(&["power-off", holder]);
    let gone = hosts[NODES.iter().position(|name| *name == holder).expect("a node")].clone();
    let refused = vip("setup", &["--load-balance", "--skip-unreachable", "--yes"]).expect(4);
    assert!(refused.stderr.contains(&format!("the address of {gone} in the network of {VIP} isn't known")), "{}", refused.stderr);
    lab.until("another holder", |lab| lab.operator(&format!("curl -sk --max-time 5 https://{VIP}:8443/livez")).stdout == "ok");
}
