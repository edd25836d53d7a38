//! HAProxy and what is behind it.

use super::table::{Fix, Remedy, Undo, row, run};

#[test]
fn broken_behind_the_addresses() {
    run(&[
        row(
            "node: systemctl stop k8sport-haproxy",
            &["applications.http", "applications.https", "haproxy.unit", "host.http", "host.tls"],
            &["haproxy.listens", "haproxy.configuration", "haproxy.backends"],
            Fix,
        ),
        row("node: systemctl disable k8sport-haproxy", &["haproxy.unit"], &["haproxy.listens"], Remedy),
        row("node: echo '# x' >> /etc/k8sport/haproxy.cfg", &["haproxy.configuration", "haproxy.loaded"], &[], Remedy),
        row(
            "node: sed -i 's/^defaults/defaults\\n    stats enable/' /etc/k8sport/haproxy.cfg; systemctl reload k8sport-haproxy",
            &["haproxy.configuration", "haproxy.loaded", "haproxy.stats", "haproxy.warnings"],
            &[],
            Fix,
        ),
        row(
            "node: sed -i 's/^    default_backend k8sport_ingress_https/    use_backend k8sport_api if { req.ssl_sni -i api.c02.example.com }\\n&/' /etc/k8sport/haproxy.cfg; systemctl reload k8sport-haproxy; sleep 1",
            &["applications.no-api", "haproxy.configuration", "haproxy.loaded"],
            &[],
            Remedy,
        ),
        row(
            "node: sed -i 's/172.20.32.10:30443/127.0.0.1:443/' /etc/k8sport/haproxy.cfg; systemctl reload k8sport-haproxy; sleep 1",
            &["applications.https", "haproxy.certificate", "haproxy.configuration", "haproxy.loaded", "host.certificate"],
            &["host.https"],
            Remedy,
        ),
        row(
            "node: iptables -I INPUT -p tcp --dport 8443 -j DROP",
            &["applications.https", "host.tls"],
            &["host.certificate"],
            Undo("node: iptables -D INPUT -p tcp --dport 8443 -j DROP"),
        ),
        row(
            "node: for i in 1 2 3; do systemctl kill -s KILL k8sport-haproxy; sleep 3; done",
            &["haproxy.restarts"],
            &[],
            Undo("node: systemctl restart k8sport-haproxy; sleep 1"),
        ),
        row(
            "node: systemd-run --unit=squatter python3 -c 'import socket,time; s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); s.bind((\"0.0.0.0\", 80)); s.listen(); time.sleep(900)'; sleep 1",
            &["haproxy.listens"],
            &["haproxy.configuration"],
            Undo("node: systemctl stop squatter"),
        ),
        row(
            "node: systemctl stop nginx; sleep 16",
            &["applications.http", "applications.https", "cluster.node-ports", "haproxy.backends", "host.http", "host.tls"],
            &["haproxy.certificate", "cluster.backend-address"],
            Undo("node: systemctl start nginx; sleep 11"),
        ),
        row(
            "node: systemctl stop kube-apiserver; sleep 16",
            &["cluster.api-health", "cluster.api-outside", "cluster.ports", "haproxy.backends"],
            &[],
            Undo("node: systemctl start kube-apiserver; sleep 11"),
        ),
    ]);
}
