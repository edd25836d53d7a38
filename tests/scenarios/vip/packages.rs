//! Nodes that don't have keepalived and HAProxy.

use super::lab::{NODES, VipLab, wrong};

#[test]
fn what_is_missing_is_installed_and_only_that_is_purged() {
    let lab = VipLab::up("empty");
    let packages = |name: &str| lab.node(name, "dpkg-query -W -f '${db:Status-Abbrev} ${Package}\\n' | sort");
    let before = NODES.map(packages);
    assert_eq!(before.each_ref().map(|there| there.contains("ii  haproxy")), [true, true, false]);
    assert_eq!(before.each_ref().map(|there| there.contains("ii  keepalived")), [false, true, false]);
    lab.vip("setup", &["--load-balance", "--yes"]).expect(0);
    assert_eq!(wrong(&lab.vip("diagnose", &["--strict", "--output", "json"]).expect(0).json()), [] as [&str; 0]);
    for name in NODES {
        let there = packages(name);
        assert!(there.contains("ii  keepalived") && there.contains("ii  haproxy"), "{name}: {there}");
        // The packages' own instances neither run nor will.
        let units = lab.node(name, "systemctl is-active haproxy keepalived; systemctl is-enabled haproxy keepalived || :");
        assert_eq!(units.split_whitespace().collect::<Vec<_>>(), ["inactive", "inactive", "disabled", "disabled"], "{name}");
    }
    // Somebody has come to use what k8sport brought.
    lab.node("cp3", "echo '# mine' >>/etc/haproxy/haproxy.cfg");
    let kept = lab.vip("cleanup", &["--dry-run"]).expect(0).stdout;
    assert!(kept.contains("`--purge-packages` removes them"), "{kept}");
    let planned = lab.vip("cleanup", &["--purge-packages", "--dry-run"]).expect(0).stdout;
    assert!(planned.contains("/etc/haproxy/haproxy.cfg was changed"), "{planned}");
    lab.vip("cleanup", &["--purge-packages", "--yes"]).expect(0);
    let after = NODES.map(packages);
    assert_eq!(after[..2], before[..2]);
    assert!(after[2].contains("ii  keepalived") && after[2].contains("ii  haproxy"), "{}", after[2]);
    for (name, left) in [("cp1", ""), ("cp2", ""), ("cp3", "packages\n")] {
        assert_eq!(lab.node(name, "ls /etc/k8sport 2>/dev/null || :"), left, "{name}");
    }
    // Once nobody else needs them.
    lab.node("cp3", "sed -i '/^# mine$/d' /etc/haproxy/haproxy.cfg");
    lab.vip("cleanup", &["--purge-packages", "--yes"]).expect(0);
    assert_eq!(packages("cp3"), before[2]);
    assert_eq!(lab.vip("cleanup", &["--purge-packages", "--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
}
