//! Address, redirect, units and what is left of others.

use super::table::{Fix, Remedy, Undo, row, run};

#[test]
fn broken_on_the_node() {
    run(&[
        row(
            "node: systemctl stop k8sport-net.timer; ip addr del 172.20.63.254/32 dev ens5",
            &["applications.http", "applications.https", "host.http", "host.tls", "network.address", "node.units"],
            &["network.prefix", "network.configuration", "node.timer"],
            Fix,
        ),
        row(
            "node: systemctl stop k8sport-net.timer; nft delete table ip k8sport",
            &["applications.https", "host.certificate", "network.redirect", "node.units"],
            &["network.used", "network.precedence", "host.https"],
            Remedy,
        ),
        row("node: systemctl disable k8sport-net.timer", &["node.units"], &["node.timer", "network.configuration"], Remedy),
        row("node: systemctl disable k8sport-net.service", &["node.units"], &["node.timer"], Remedy),
        row(
            "node: ip addr del 172.20.63.254/32 dev ens5; ip addr add 172.20.63.254/16 dev ens5 noprefixroute",
            &["network.configuration", "network.prefix"],
            &[],
            Remedy,
        ),
        row(
            "node: ip addr add 172.20.63.77/32 dev ens5 scope link",
            &["network.first"],
            &[],
            Undo("node: ip addr del 172.20.63.77/32 dev ens5"),
        ),
        row(
            "node: systemctl stop k8sport-net.timer; nft add rule ip k8sport output accept",
            &["network.redirect", "node.units"],
            &["network.configuration"],
            Remedy,
        ),
        row("node: echo '# x' >> /usr/local/lib/k8sport/net", &["network.configuration"], &[], Remedy),
        row(
            "node: nft 'add table ip early; add chain ip early c { type nat hook prerouting priority -150; }'",
            &["network.precedence"],
            &[],
            Undo("node: nft delete table ip early"),
        ),
        row(
            "node: nft 'add table ip early; add chain ip early c { type nat hook prerouting priority -150; }; add rule ip early c ip daddr 172.20.63.254 tcp dport 443 dnat to 172.20.63.254:8443'; rm /run/k8sport/table; systemctl start k8sport-net-check",
            &["network.precedence", "network.used"],
            &[],
            Undo("node: nft delete table ip early"),
        ),
        row(
            "node: iptables -t nat -A PREROUTING -d 10.9.9.9 -p tcp --dport 443 -j DNAT --to-destination 10.9.9.9:8443",
            &["network.foreign-rules"],
            &[],
            Undo("node: iptables -t nat -D PREROUTING -d 10.9.9.9 -p tcp --dport 443 -j DNAT --to-destination 10.9.9.9:8443"),
        ),
        row(
            "node: iptables -t nat -A PREROUTING -d 172.20.63.254/32 -p tcp --dport 443 -j REDIRECT --to-ports 8443",
            &["node.leftovers"],
            &[],
            Fix,
        ),
        row(
            "node: printf 'network:\\n  version: 2\\n  ethernets:\\n    ens5:\\n      addresses:\\n        - 172.20.63.20/16\\n' > /etc/netplan/99-secondary-ip.yaml",
            &["node.leftovers"],
            &[],
            Remedy,
        ),
        row(
            "node: mkdir -p /etc/iptables; printf '*nat\\n:KUBE-SERVICES - [0:0]\\nCOMMIT\\n' > /etc/iptables/rules.v4",
            &["node.saved-rules"],
            &[],
            Undo("node: rm /etc/iptables/rules.v4"),
        ),
        row(
            "node: mkdir -p /etc/iptables; printf '*nat\\n-A PREROUTING -d 172.20.63.20/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443\\n:KUBE-SERVICES - [0:0]\\nCOMMIT\\n' > /etc/iptables/rules.v4",
            &["node.saved-rules"],
            &[],
            Remedy,
        ),
        row(
            "node: systemd-run --unit=nm-cloud-setup --on-active=600 /bin/true",
            &["network.agents"],
            &[],
            Undo("node: systemctl stop nm-cloud-setup.timer"),
        ),
        row(
            "node: mkdir -p /etc/cloud/cloud.cfg.d; printf 'updates:\\n  network:\\n    when: [boot-new-instance, boot]\\n' > /etc/cloud/cloud.cfg.d/99-net.cfg",
            &["network.agents"],
            &[],
            // What cloud images say by themselves, and Amazon's agent, whose /32 is as ours, are no warning.
            Undo(
                "node: printf 'updates:\\n  network:\\n    when: [boot-new-instance, hotplug] # not boot\\nboot: x\\n' > /etc/cloud/cloud.cfg.d/99-net.cfg; \
                 systemd-run --unit=refresh-policy-routes@ens5 --on-active=600 /bin/true",
            ),
        ),
        row("node: systemctl enable nftables.service", &["node.nftables-service"], &[], Undo("node: systemctl disable nftables.service")),
        row("node: systemd-run --unit=k8sport-watchdog --on-active=600 /bin/true", &["node.watchdog"], &[], Remedy),
        row(
            "node: mv /usr/local/lib/k8sport/net /root/net; systemctl start k8sport-net-check || true",
            &["network.configuration", "node.timer"],
            &[],
            Undo("node: mv /root/net /usr/local/lib/k8sport/net; systemctl start k8sport-net-check"),
        ),
        row(
            "node: cp /etc/cni/net.d/10-calico.conflist /root/; echo '{\"name\":\"aws-cni\",\"plugins\":[{\"type\":\"aws-cni\"}]}' > /etc/cni/net.d/00-aws.conflist",
            &["cluster.cni"],
            &["network.configuration"],
            Undo("node: rm /etc/cni/net.d/00-aws.conflist"),
        ),
    ]);
}
