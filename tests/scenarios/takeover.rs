//! A node and an account that the shell scripts configured before.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::{CLUSTER, Lab, PRIMARY_PUBLIC};

#[test]
fn what_the_scripts_left_is_taken_over_without_an_interruption_of_the_api_server() {
    let lab = Lab::reset("bash", "bash");
    let before = lab.account();
    let old = before["addresses"]
        .as_array()
        .expect("addresses")
        .iter()
        .find(|a| a["private"] == "172.20.63.20")
        .expect("the scripts' address")
        .clone();

    let plan = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run"]).expect(0);
    for word in ["adopt", "iptables rule", "99-secondary-ip.yaml", "rules.v4", "kube-api-forward"] {
        assert!(plan.stdout.contains(word), "{word} is not in the plan:\n{}", plan.stdout);
    }

    let ended = AtomicBool::new(false);
    let (looks, failures) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let (mut looks, mut failures) = (0, Vec::new());
            while !ended.load(Ordering::Relaxed) && looks < 2000 {
                looks += 1;
                let url = format!("https://{PRIMARY_PUBLIC}/healthz");
                let answer = lab.operator(&["curl", "-sSk", "--max-time", "3", &url]);
                if answer.code != 0 || answer.stdout.trim() != "ok" {
                    failures.push(answer);
                }
            }
            (looks, failures)
        });
        let run = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]);
        ended.store(true, Ordering::Relaxed);
        run.expect(0);
        watch.join().expect("the watch")
    });
    assert!(looks > 5, "the API server was looked at {looks} times");
    assert!(failures.is_empty(), "{} of {looks} looks at the API server failed: {failures:?}", failures.len());

    // The same address goes on, as an adopted one; nothing was allocated.
    let after = lab.account();
    let addresses = after["addresses"].as_array().expect("addresses");
    assert_eq!(addresses.len(), before["addresses"].as_array().expect("addresses").len());
    let same = addresses.iter().find(|a| a["allocation"] == old["allocation"]).expect("still there");
    assert_eq!(same["tags"]["k8sport:ownership"], "adopted");
    assert_eq!(same["private"], "172.20.63.20");
    assert_eq!(lab.certificate(same["public"].as_str().expect("an address"), "app.example.com"), "CN=app.example.com");

    let nat = lab.node("iptables-save -t nat");
    assert!(!nat.contains("REDIRECT") && nat.contains("KUBE-SERVICES"), "{nat}");
    assert!(!lab.node("ls /etc/netplan").contains("99-secondary-ip"));
    assert!(!lab.node("cat /etc/iptables/rules.v4 2>/dev/null || true").contains("KUBE-"));
    assert!(!lab.node("ip -o -4 address show dev ens5").contains("172.20.63.20/16"));
    assert_ne!(lab.node("systemctl is-enabled kube-api-forward 2>/dev/null || true").trim(), "enabled");
    assert_ne!(lab.node("systemctl is-active haproxy || true").trim(), "active");

    lab.forget_calls();
    let again = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    lab.reboot_node();
    let again = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "after a reboot: {again}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}
