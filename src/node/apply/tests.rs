//! The scripts as text: reviewed as snapshots, and read by a shell.

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};

use super::steps;
use crate::node::files::{
    Front, HAPROXY_UNIT, HaproxyConfig, HttpsRedirect, NET_TIMER, NET_UNIT, NetSettings, NodeFile, Redirect, RedirectBackend,
};
use crate::plan::change::Deferred;
use crate::plan::node::{NatChain, NodeChange, Package, RedirectRepair, RedirectRule};

const SECONDARY: Ipv4Addr = Ipv4Addr::new(172, 20, 63, 20);
const PUBLIC: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);

fn write(file: NodeFile) -> NodeChange {
    NodeChange::WriteFile { file, old_sha256: None }
}

fn network() -> Vec<NodeChange> {
    let interface = || "ens5".parse().expect("name");
    let backend = RedirectBackend::Nftables;
    vec![
        write(NodeFile::NetSettings(NetSettings { mac: "06:1f:2a:3b:4c:5d".parse().expect("mac"), secondary: SECONDARY, backend })),
        write(NodeFile::Redirect(Redirect { backend, secondary: SECONDARY, public: Deferred::AfterApply })),
        NodeChange::BringUpNetwork { interface: interface(), address: Some(SECONDARY), redirect: Some(RedirectRepair::Missing) },
        NodeChange::NarrowAddress { interface: interface(), address: SECONDARY, prefix: 16 },
        NodeChange::RemoveAddress { interface: interface(), address: Ipv4Addr::new(172, 20, 63, 21), prefix: 16 },
        NodeChange::RemoveRedirectRules { rule: RedirectRule { chain: NatChain::Prerouting, destination: SECONDARY }, count: 2 },
    ]
}

fn leftovers() -> Vec<NodeChange> {
    vec![
        NodeChange::KeepNetwork,
        NodeChange::EnableUnits { units: vec![NET_UNIT, NET_TIMER] },
        NodeChange::RemoveNetplanFile { sha256: "0123".to_owned(), address: SECONDARY, prefix: 16 },
        NodeChange::StripSavedRules { old_sha256: "0123".to_owned(), redirects: 2, cluster_lines: 19, remaining: None },
        NodeChange::StripSavedRules {
            old_sha256: "0123".to_owned(),
            redirects: 2,
            cluster_lines: 19,
            remaining: Some("*nat\nCOMMIT\n".to_owned()),
        },
        NodeChange::DisableApiForward,
    ]
}

fn haproxy() -> Vec<NodeChange> {
    let config = HaproxyConfig {
        cluster: "c02.example.com".parse().expect("name"),
        front: Front::HttpOnly(Ipv4Addr::new(172, 20, 32, 10)),
        https_backend: "172.20.32.10:30443".parse().expect("address"),
        http_backend: "172.20.32.10:30080".parse().expect("address"),
        route_api: false,
        private_sources: Vec::new(),
        timeout_tunnel: 3600,
        https_redirect: HttpsRedirect::Absent,
    };
    vec![
        NodeChange::InstallPackage { package: Package::Haproxy },
        write(NodeFile::HaproxyUnit),
        NodeChange::ConfigureHaproxy { config, old_sha256: None },
        NodeChange::EnableUnits { units: vec![HAPROXY_UNIT] },
        NodeChange::StopDistributionHaproxy { config_sha256: "0123".to_owned(), of_scripts: true },
        NodeChange::StartHaproxy { running: true },
    ]
}

/// The address and the redirect are watched, the rest isn't.
fn removal() -> Vec<NodeChange> {
    vec![
        NodeChange::StopHaproxy,
        NodeChange::StopUnits { units: vec![NET_TIMER, NET_UNIT] },
        NodeChange::RemoveAddress { interface: "ens5".parse().expect("name"), address: SECONDARY, prefix: 32 },
        NodeChange::RemoveRedirect { secondary: Some(SECONDARY) },
        NodeChange::RemoveUnits { units: vec![HAPROXY_UNIT.to_owned(), format!("{NET_UNIT}.new.a1B2c3")] },
        NodeChange::PurgePackages { packages: vec!["haproxy".to_owned(), "liblua5.3-0".to_owned()] },
        NodeChange::RemoveFiles { directory: "/etc/k8sport", files: vec!["net.conf".to_owned(), "packages".to_owned()] },
        NodeChange::RemoveRuntimeDirectory { directory: "/run/k8sport" },
    ]
}

/// Without the functions that are the same in every script.
fn body(script: &str) -> &str {
    script.split_once("\non_failure()").map_or(script, |(_, body)| body)
}

#[test]
fn the_scripts() {
    for changes in [network(), leftovers(), haproxy()] {
        let steps = steps(&changes, Some(PUBLIC)).expect("all known");
        assert_eq!(steps.len(), 1);
        insta::assert_snapshot!(body(&steps[0].script));
    }
}

#[test]
fn the_scripts_of_a_removal() {
    let steps = steps(&removal(), None).expect("nothing to be known");
    assert_eq!(steps.iter().map(|step| (step.changes.clone(), step.watched.clone())).collect::<Vec<_>>(), [(0..4, 2..4), (4..8, 8..8)]);
    insta::assert_snapshot!(steps.iter().map(|step| body(&step.script)).collect::<Vec<_>>().join("\n=====\n"));
}

#[test]
fn what_comes_after_watched_changes_waits_for_the_confirmation() {
    let changes = [leftovers(), network(), haproxy()].concat();
    let steps = steps(&changes, Some(PUBLIC)).expect("all known");
    assert_eq!(
        steps.iter().map(|step| (step.changes.clone(), step.watched.clone())).collect::<Vec<_>>(),
        [(0..12, 6..12), (12..18, 18..18)]
    );
}

#[test]
fn a_public_address_that_is_not_known_stops_before_anything_is_sent() {
    assert!(steps(&network(), None).is_err());
}

#[test]
fn a_shell_reads_every_script() {
    for step in steps(&[leftovers(), network(), haproxy(), removal()].concat(), Some(PUBLIC)).expect("all known") {
        let mut shell = Command::new("sh").args(["-n", "-s"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("sh");
        shell.stdin.take().expect("piped").write_all(step.script.as_bytes()).expect("written");
        let output = shell.wait_with_output().expect("ended");
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
