//! What others have on the nodes: it is shown before it is taken over, and what isn't the API's path is never taken.

use super::lab::{NODES, VIP, VipLab};

#[test]
fn a_haproxy_and_a_keepalived_that_serve_others_are_left_to_them() {
    let lab = VipLab::up("document");
    lab.until_cp1_holds();
    let refused = |words: &[&str]| {
        let before = lab.states();
        let ended = lab.vip("setup", &["--take-over", "--yes"]).expect(4);
        assert!(words.iter().all(|word| ended.stderr.contains(word)), "{}", ended.stderr);
        assert_eq!(lab.states(), before);
    };
    // A page of somebody else's in the same HAProxy, and an address of somebody else's in the same keepalived.
    lab.node(
        "cp2",
        "printf 'listen web\\n mode http\\n bind *:8088\\n http-request return status 200 content-type text/plain string web\\n' >>/etc/haproxy/haproxy.cfg",
    );
    refused(&[
        "haproxy.service on k8s-cp2 (10.255.254.11) serves others, too: web (*:8088)",
        "what binds port 6443",
        "nothing was changed",
    ]);
    // As the refusal says: what is in the way goes, and the rest serves at last.
    lab.node("cp2", "sed -i '/^frontend kubernetes-api/,/^backend/{/^backend/!d}' /etc/haproxy/haproxy.cfg; systemctl reset-failed haproxy; systemctl restart haproxy");
    let web = |lab: &VipLab| lab.operator("curl -s --max-time 5 http://10.255.254.11:8088/").stdout;
    lab.until("the page", |lab| web(lab) == "web");
    lab.node(
        "cp3",
        "printf 'vrrp_instance WEB {\\n interface eth0\\n virtual_router_id 77\\n virtual_ipaddress {\\n 10.255.254.200\\n }\\n}\\n' >>/etc/keepalived/keepalived.conf
         systemctl reload keepalived",
    );
    lab.until("the other VIP", |lab| !lab.node("cp3", "ip -o addr show to 10.255.254.200").is_empty());
    refused(&["keepalived.service on k8s-cp3 (10.255.254.12) serves others, too: WEB (10.255.254.200)", &format!("take {VIP} out of")]);
    lab.node("cp3", "sed -i '/^vrrp_instance VI_1/,/^}/d' /etc/keepalived/keepalived.conf; systemctl reload keepalived");

    let plan = lab.vip("setup", &["--take-over", "--dry-run"]).expect(0).stdout;
    assert!(plan.contains("stop and disable haproxy.service, there for kubernetes-api (10.255.254.100:6443)"), "{plan}");
    assert!(plan.contains("stop and disable keepalived.service, there for VI_1 (10.255.254.100)"), "{plan}");
    lab.vip("setup", &["--take-over", "--yes"]).expect(0);
    assert_eq!(web(&lab), "web");
    assert!(!lab.node("cp3", "ip -o addr show to 10.255.254.200").is_empty());
    assert_eq!(lab.holders(&NODES).len(), 1);
}
