//! When the wrong one answers, an answer is lost or late, or nothing answers at all.

use std::time::Duration;

use crate::support::{CLUSTER, Lab};
use crate::world::World;

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];

fn ours(lab: &Lab) -> usize {
    lab.account()["addresses"].as_array().expect("addresses").iter().filter(|a| a["tags"]["k8sport:cluster"] == CLUSTER).count()
}

#[test]
fn it_fails_loudly_when_the_api_server_answers_for_an_application() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    // A rule that comes before ours and takes the second address' 443 to the API server.
    let secondary = lab.node("ip -o -4 address show dev ens5 | awk '/\\/32/ {sub(/\\/32/, \"\", $4); print $4}'");
    lab.node(&format!(
        "nft add table ip rival; nft add chain ip rival pre '{{ type nat hook prerouting priority -150; }}'; \
         nft add rule ip rival pre ip daddr {} tcp dport 443 dnat to 172.20.32.10:443",
        secondary.trim()
    ));
    let ended = lab.k8sport(&[&BOOTSTRAP[..], &["--output", "json"]].concat()).expect(1);
    assert!(ended.stderr.contains("the API server answers on"), "{ended:?}");
    let document = ended.json();
    assert_eq!(document["outcome"], "failed");
    assert!(document["checks"].as_array().is_some_and(|checks| checks.iter().any(|check| check["ok"] == false)), "{document}");
}

#[test]
fn an_account_that_never_answers_ends_in_a_message() {
    let lab = Lab::default();
    lab.fault(r#"{"action":"DescribeInstances","kind":"hang","times":9}"#);
    let ended = lab.k8sport(&[&BOOTSTRAP[..], &["--timeout", "8s"]].concat()).expect(1);
    assert!(ended.stderr.contains("waited") && ended.stderr.contains("nothing was changed"), "{ended:?}");
}

#[test]
fn an_interruption_says_what_is_done_and_the_next_run_finishes() {
    let lab = Lab::default();
    lab.fault(r#"{"action":"AssociateAddress","kind":"slow","seconds":6,"times":1}"#);
    let binary = env!("CARGO_BIN_EXE_k8sport");
    let script = format!("{binary} {} & pid=$!; sleep 4; kill -INT $pid; wait $pid", BOOTSTRAP.join(" "));
    // A background job of a shell ignores SIGINT unless job control is on.
    let ended = lab.operator(&["bash", "-c", &format!("set -m; {script}")]);
    assert_eq!(ended.code, 130, "{ended:?}");
    assert!(ended.stderr.contains("interrupted") && ended.stderr.contains("state:"), "{ended:?}");
    lab.k8sport(&BOOTSTRAP).expect(0);
    assert_eq!(ours(&lab), 1);
}

/// A request of a run that was killed can still be on its way when the next one looks.
#[test]
fn what_is_associated_between_two_looks_belongs_to_what_there_is() {
    const UNDO: &str = "ec2.disassociate_address(AssociationId=ours['AssociationId'])
ec2.unassign_private_ip_addresses(NetworkInterfaceId=interface, PrivateIpAddresses=[second])";
    const DO: &str = "ec2.assign_private_ip_addresses(NetworkInterfaceId=interface, PrivateIpAddresses=[second])\nassociate()";
    let lab = Lab::default();
    let clean = World::of(&lab);
    lab.k8sport(&BOOTSTRAP).expect(0);
    let wanted = World::of(&lab);
    for (command, late, then) in [
        ("setup-secondary-ip", "DescribeInstances", &wanted),
        ("setup-secondary-ip", "DescribeNetworkInterfaces", &wanted),
        ("cleanup", "DescribeNetworkInterfaces", &clean),
    ] {
        lab.aws(UNDO);
        lab.fault(&format!(r#"{{"action":"{late}","kind":"slow","seconds":4,"times":1}}"#));
        let run = lab.start(&[env!("CARGO_BIN_EXE_k8sport"), command, "--cluster", CLUSTER, "--yes"]);
        lab.until_a_fault_hits().expect("its look");
        // What it reads at the same time.
        std::thread::sleep(Duration::from_secs(1));
        lab.aws(DO);
        let ended = run.wait_with_output().expect("its end");
        assert!(ended.status.success(), "{command}, {late}: {}", String::from_utf8_lossy(&ended.stderr));
        lab.clear_faults();
        World::of(&lab).assert_is(then);
    }
}
