//! Input that can't be right, nodes that aren't known, and the help's and the guide's own commands.

use super::lab::{ADDRESSES, VIP, VipLab};

#[test]
fn bad_input_and_unknown_nodes_are_told_before_anything_is_touched() {
    let lab = VipLab::up("bare");
    for (arguments, words) in [
        (&["setup", "--node", "10.255.254.10"][..], "which VIP?"),
        (&["setup", "--vip", "10.255.254.10", "--node", "10.255.254.10"], "own address"),
        (&["diagnose", "--vip", VIP, "--node", "10.255.254.10,10.255.254.10"], "named twice"),
        (&["diagnose", "--vip", "127.0.0.1", "--node", "10.255.254.10"], "can't be shared"),
        (&["setup", "--vip", VIP, "--node", ADDRESSES, "--load-balance", "--balancer-port", "6443"], "HAProxy can't have port 6443"),
        (&["setup", "--vip", VIP, "--node", ADDRESSES, "--ssh-key", "/no/such/key"], "there is no SSH key"),
        (&["diagnose", "--vip", "10.255.254", "--node", ADDRESSES], "invalid value"),
        (&["diagnose", "--explain", "vip.nothing"], "there is no check"),
    ] {
        let ended = lab.k8sport(&[&["vip"], arguments].concat()).expect(2);
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    // Nobody named, and no cluster to ask.
    let nobody = lab.k8sport(&["vip", "setup", "--vip", VIP, "--yes"]);
    assert!(nobody.code != 0 && nobody.stderr.contains("--node"), "{}", nobody.stderr);

    let not_confirmed = lab.vip("setup", &[]).expect(4);
    assert!(not_confirmed.stderr.contains("--yes"), "{}", not_confirmed.stderr);
    // A host key that nobody vouches for.
    lab.operator("mv ~/.ssh/known_hosts ~/.ssh/aside; rm -rf ~/.local/state/k8sport").expect(0);
    let unknown = lab.vip("setup", &["--yes"]).expect(4);
    assert!(unknown.stderr.contains("host key of 10.255.254.10 is not the one in known_hosts"), "{}", unknown.stderr);
    lab.vip("diagnose", &["--accept-new-host-key"]).expect(3);
    let found = lab.vip("diagnose", &["--ssh-user", "ubuntu"]).expect(3);
    assert!(found.stdout.lines().any(|line| line.contains("fix: k8sport vip setup") && line.ends_with(" --ssh-user ubuntu")), "{found:?}");
    lab.operator("mv ~/.ssh/aside ~/.ssh/known_hosts").expect(0);
}

#[test]
fn the_commands_of_the_help_and_of_the_guide_work() {
    let lab = VipLab::up("bare");
    let guide = include_str!("../../../docs/guide/vip.md").lines().filter_map(|line| line.strip_prefix("$ k8sport "));
    let mut commands: Vec<String> = guide.map(str::to_owned).collect();
    assert!(!commands.is_empty());
    for command in ["setup", "diagnose", "cleanup"] {
        let help = lab.k8sport(&["help", "vip", command]).expect(0).stdout.replace("\\\n", "");
        commands.extend(help.lines().filter_map(|line| line.strip_prefix("  $ k8sport ")).map(str::to_owned));
    }
    // What is there is what the set-up makes.
    lab.vip("setup", &["--yes"]).expect(0);
    for command in commands {
        let code = if command.contains("--exit-code") { 5 } else { 0 };
        lab.k8sport(&command.split_whitespace().collect::<Vec<_>>()).expect(code);
    }
}
