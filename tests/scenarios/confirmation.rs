//! A change of the node's network stays only if the node can still be reached after it.

use crate::figures;
use crate::support::{CLUSTER, Lab};
use crate::world::ours;

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];

/// On the node `ip` cuts SSH off as soon as it adds our address, and gives it back when the address goes.
#[test]
fn a_change_that_cuts_its_own_access_is_taken_back_by_the_node() {
    let lab = Lab::default();
    let before = lab.node_state();
    after_each(
        &lab,
        "ip",
        "case \"$*\" in
    *addr*add*/32*|*address*add*/32*|*addr*replace*/32*) nft 'add table ip cut; add chain ip cut in { type filter hook input priority -200; }; add rule ip cut in tcp dport 22 drop' ;;
    *addr*del*/32*|*address*del*/32*) nft delete table ip cut 2>/dev/null ;;
esac",
    );
    let ended = lab.k8sport(&BOOTSTRAP);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("the node's network is as it was before"), "{ended:?}");
    // Whether the last one was done isn't known where its answer was cut off.
    assert!(ended.stdout.matches("[taken back]").count() >= 2, "the two files: {ended:?}");
    let addresses = lab.node("ip -o -4 addr show dev ens5; nft list tables");
    assert!(!addresses.contains("/32") && !addresses.contains("k8sport"), "{addresses}");

    // Without that, all of it works, and goes again.
    lab.node("umount \"$(readlink -f \"$(command -v ip)\")\"; rm -f /run/ip.real /run/ip.instead");
    lab.k8sport(&BOOTSTRAP).expect(0);
    assert!(ours(&lab.account()).is_object());
    lab.k8sport(&["cleanup", "--cluster", CLUSTER, "--yes"]).expect(0);
    crate::support::assert_same_node(&before, &lab.node_state(), "after cleanup");
    figures::record("changes that cut off their own access, taken back by the node", 1, 1);
}

#[test]
fn a_removal_that_cuts_its_own_access_is_taken_back_too() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let before = lab.node_state();
    let cut = "nft 'add table ip cut; add chain ip cut in { type filter hook input priority -200; }; add rule ip cut in tcp dport 22 tcp flags syn drop'";
    after_each(&lab, "ip", &format!("case \"$*\" in *addr*del*/32*) {cut} ;; *addr*add*/32*) nft delete table ip cut 2>/dev/null ;; esac"));
    let cleanup = ["cleanup", "--cluster", CLUSTER, "--yes"];
    let ended = lab.k8sport(&cleanup).expect(1);
    assert!(ended.stderr.contains("the node's network is as it was before"), "{ended:?}");
    assert_eq!(ended.stdout.matches("[taken back]").count(), 2, "address and redirect: {ended:?}");
    crate::support::assert_same_node(&before, &lab.node_state(), "after a removal that was taken back");
    assert!(lab.node("nft list tables; ip -o -4 addr show dev ens5").contains("k8sport"));
}

/// The first time that the node says how it went, nobody hears it.
const UNHEARD: &str = r#"echo() {
    case $1 in "@k8sport kept" | "@k8sport reverted") [ -e /run/unheard ] || { touch /run/unheard; sleep 20; } ;; esac
    command echo "$@"
}
"#;

/// Its watchdog goes off just before it is stopped, when the unit that keeps the network in place has begun its work.
const LATE: &str = r#"at_work() {
    tries=0
    while [ $tries -lt 100 ] && [ "$(command systemctl show -p ActiveState --value k8sport-net.service)" = inactive ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
}
systemctl() {
    case $* in
        "stop k8sport-watchdog.timer "*)
            ! command systemctl -q is-active k8sport-watchdog-confirm.timer || { at_work; command systemctl start k8sport-watchdog-confirm.service; } ;;
    esac
    command systemctl "$@"
}
"#;

#[test]
fn an_answer_that_nobody_heard_is_asked_for_again_and_is_the_same() {
    let lab = Lab::default();
    with_every_script(&lab, &[UNHEARD, LATE].concat());
    let ended = lab.k8sport(&BOOTSTRAP).expect(1);
    assert!(ended.stderr.contains("was taken back by its watchdog"), "{ended:?}");
    assert!(!lab.node("ip -o -4 addr show dev ens5").contains("/32"));

    with_every_script(&lab, UNHEARD);
    lab.k8sport(&BOOTSTRAP).expect(0);
    assert!(lab.node("ip -o -4 addr show dev ens5; ls /run").contains("unheard"));
    assert!(lab.node("ip -o -4 addr show dev ens5").contains("/32"));
}

/// The unit adds the address a moment after it has seen the redirect.
#[test]
fn what_is_at_work_meanwhile_brings_nothing_back() {
    let lab = Lab::default();
    with_every_script(&lab, LATE);
    after_each(&lab, "cat", "[ \"$*\" != /run/k8sport/table ] || sleep 4");
    let ended = lab.k8sport(&BOOTSTRAP).expect(1);
    assert!(ended.stderr.contains("was taken back by its watchdog"), "{ended:?}");
    lab.node("while systemctl is-active -q k8sport-net-check; do sleep 1; done");
    let left = lab.node("ip -o -4 addr show dev ens5; nft list tables");
    assert!(!left.contains("/32") && !left.contains("k8sport"), "{left}");
}

/// On the node these lines of shell come after each call of `program`, with its arguments.
fn after_each(lab: &Lab, program: &str, lines: &str) {
    lab.node(&format!(
        "real=$(readlink -f \"$(command -v {program})\"); cp \"$real\" /run/{program}.real
cat >/run/{program}.instead <<'END'
#!/bin/sh
/run/{program}.real \"$@\"
code=$?
{lines}
exit $code
END
chmod 755 /run/{program}.instead; mount --bind /run/{program}.instead \"$real\""
    ));
}

/// These functions come before every script that arrives over SSH.
fn with_every_script(lab: &Lab, functions: &str) {
    lab.node(&format!(
        "rm -f /run/unheard
cat >/run/functions <<'END'
{functions}END
cat >/usr/local/bin/sh <<'END'
#!/bin/sh
[ \"$*\" = -s ] || exec /bin/sh \"$@\"
{{ cat /run/functions; cat; }} | /bin/sh -s
END
chmod 755 /usr/local/bin/sh"
    ));
}

/// The node is its own jump host here.
#[test]
fn through_a_jump_host_it_is_a_login_that_confirms() {
    let lab = Lab::default();
    let node = crate::support::PRIMARY_PUBLIC;
    let key = lab.home().join(".ssh/kops-key");
    let configuration = format!(
        "Host {node}\n    ProxyJump bastion\nHost bastion\n    HostName {node}\n    HostKeyAlias bastion\n    User ubuntu\n    \
         IdentityFile {}\n    StrictHostKeyChecking accept-new\n",
        key.display()
    );
    let ssh = lab.home().join(".ssh/config");
    std::fs::write(&ssh, configuration).expect("a file");
    let (first, logins, second) = (lab.k8sport(&BOOTSTRAP), lab.node("journalctl -q -o cat -t sshd"), lab.k8sport(&BOOTSTRAP));
    std::fs::remove_file(&ssh).expect("it is there");
    first.expect(0);
    assert_eq!(logins.matches("Accepted publickey for ").count(), 4, "two to the node, each by one to the jump host");
    assert!(second.expect(0).stdout.contains("Nothing to change"));
}
