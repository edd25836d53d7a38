//! Turns the sections into [`Details`]. What can't be read is left out, never guessed.

use std::time::Duration;

use super::{BackendServer, Details, NatHook, NodeCertificate, Timer};
use crate::failure::{Failure, Result};
use crate::node::probe::sections::sections;

pub fn parse(output: &str) -> Result<Details> {
    let sections = sections(output).ok_or_else(|| {
        Failure::failed("reading the node's details ended before it was complete")
            .because(format!("the last line was {:?}", output.lines().last().unwrap_or_default()))
    })?;
    let lines = |name: &str| sections.iter().find(|section| section.name == name).map_or(&[][..], |section| section.lines.as_slice());
    let first = |name: &str| lines(name).first().copied().unwrap_or_default();
    let redirected: Vec<u64> = lines("redirected").iter().filter_map(|line| line.parse().ok()).collect();
    Ok(Details {
        clock: first("time").parse().ok(),
        timer: timer(lines("timer"), first("uptime").parse().ok()),
        haproxy_complaints: lines("haproxy-check").iter().map(|line| (*line).to_owned()).collect(),
        backends: backends(lines("haproxy-stat")),
        ingress_certificate: certificate(lines("ingress-certificate")),
        api_certificate: certificate(lines("api-certificate")),
        // curl says 000 when nobody answered.
        api_health: first("api-health").parse().ok().filter(|status| *status != 0),
        redirected: redirected.into_iter().reduce(u64::saturating_add),
        nat_chains: nat_chains(&lines("nat-chains").join("\n")),
        flushes_at_boot: first("nftables-unit") == "enabled",
        proxy_mode: Some(first("proxy-mode"))
            .filter(|mode| mode.chars().all(|c| c.is_ascii_alphanumeric()))
            .filter(|mode| !mode.is_empty())
            .map(str::to_owned),
        ingress_hosts: match first("ingress-hosts").strip_prefix('!') {
            Some(why) => Err(why.to_owned()),
            None => {
                let mut hosts: Vec<_> = lines("ingress-hosts").iter().filter_map(|line| line.parse().ok()).collect();
                hosts.sort();
                hosts.dedup();
                Ok(hosts)
            }
        },
    })
}

/// systemd's monotonic times are microseconds since boot, 0 for never.
fn timer(lines: &[&str], uptime: Option<u64>) -> Timer {
    let value = |key: &str| lines.iter().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default();
    let ago = |key: &str| {
        let at: u64 = value(key).parse().ok().filter(|at| *at != 0)?;
        Some(Duration::from_micros(uptime?.saturating_sub(at)))
    };
    Timer {
        active_for: ago("ActiveEnterTimestampMonotonic"),
        last_run: ago("InactiveEnterTimestampMonotonic"),
        result: value("Result").to_owned(),
    }
}

/// The statistics page as CSV; its first line names the columns.
fn backends(lines: &[&str]) -> Vec<BackendServer> {
    let Some((head, rows)) = lines.split_first() else { return Vec::new() };
    let columns: Vec<&str> = head.trim_start_matches("# ").split(',').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name);
    let (Some(backend), Some(server), Some(status), Some(check), Some(sessions)) =
        (column("pxname"), column("svname"), column("status"), column("check_status"), column("scur"))
    else {
        return Vec::new();
    };
    let row = |row: &&str| {
        let cells: Vec<&str> = row.split(',').collect();
        let cell = |index: usize| cells.get(index).copied().unwrap_or_default();
        let ours = cell(backend).starts_with("k8sport_") && !matches!(cell(server), "FRONTEND" | "BACKEND" | "");
        ours.then(|| BackendServer {
            backend: cell(backend).to_owned(),
            server: cell(server).to_owned(),
            up: cell(status).starts_with("UP") || cell(status) == "no check",
            check: cell(check).trim_start_matches("* ").to_owned(),
            sessions: cell(sessions).parse().unwrap_or(0),
        })
    };
    rows.iter().filter_map(row).collect()
}

/// `sha256 Fingerprint=AB:…` and `subject=CN = …`.
fn certificate(lines: &[&str]) -> Option<NodeCertificate> {
    let value = |key: &str| lines.iter().find_map(|line| line.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case(key)));
    let (_, fingerprint) = value("sha256 Fingerprint")?;
    let subject = value("subject").map(|(_, subject)| subject.trim().replace(" = ", "=")).unwrap_or_default();
    Some(NodeCertificate { fingerprint: fingerprint.to_owned(), subject })
}

/// The NAT chains of `nft -j list chains` that see what comes in, the first to see it first.
fn nat_chains(json: &str) -> Vec<NatHook> {
    let document: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let chain = |entry: &serde_json::Value| {
        let chain = entry.get("chain")?;
        let text = |key: &str| chain.get(key)?.as_str().map(str::to_owned);
        let here = text("type")? == "nat" && text("hook")? == "prerouting" && matches!(text("family")?.as_str(), "ip" | "inet");
        here.then_some(NatHook {
            family: text("family")?,
            table: text("table")?,
            chain: text("name")?,
            priority: chain.get("prio")?.as_i64()?,
        })
    };
    let mut chains: Vec<_> = document["nftables"].as_array().map(|all| all.iter().filter_map(chain).collect()).unwrap_or_default();
    chains.sort_by_key(|chain: &NatHook| chain.priority);
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_says_everything_and_one_that_says_nothing() {
        let said = parse(
            "@time\n|1795231400000000000\n@uptime\n|600000000\n@timer\n|ActiveEnterTimestampMonotonic=100000000\n|Result=success\n|InactiveEnterTimestampMonotonic=590000000\n\
             @haproxy-stat\n|# pxname,svname,scur,status,check_status,\n|k8sport_ingress_https,ingress,2,UP,L4OK,\n|k8sport_ingress_http,ingress,0,DOWN,* L4CON,\n|k8sport_ingress_http,BACKEND,0,DOWN,,\n\
             @ingress-certificate\n|sha256 Fingerprint=AB:CD\n|subject=O = Test, CN = app\n@api-health\n|200\n@redirected\n|3\n|4\n\
             @nat-chains\n|{\"nftables\":[{\"chain\":{\"family\":\"ip\",\"table\":\"nat\",\"name\":\"PREROUTING\",\"type\":\"nat\",\"hook\":\"prerouting\",\"prio\":-100}},{\"chain\":{\"family\":\"ip\",\"table\":\"k8sport\",\"name\":\"prerouting\",\"type\":\"nat\",\"hook\":\"prerouting\",\"prio\":-110}}]}\n\
             @nftables-unit\n|disabled\n@proxy-mode\n|iptables\n@ingress-hosts\n|app.example.com\n|*.x\n|app.example.com\n@end\n",
        )
        .expect("complete");
        assert_eq!((said.timer.active_for, said.timer.last_run), (Some(Duration::from_secs(500)), Some(Duration::from_secs(10))));
        assert_eq!(
            said.backends.iter().map(|server| (server.up, server.check.as_str())).collect::<Vec<_>>(),
            [(true, "L4OK"), (false, "L4CON")]
        );
        assert_eq!(said.ingress_certificate.expect("a certificate").subject, "O=Test, CN=app");
        assert_eq!((said.api_health, said.redirected, said.proxy_mode.as_deref()), (Some(200), Some(7), Some("iptables")));
        assert_eq!(said.nat_chains.iter().map(|chain| chain.table.as_str()).collect::<Vec<_>>(), ["k8sport", "nat"]);
        assert_eq!(said.ingress_hosts.expect("hosts"), ["app.example.com".parse().expect("a name")]);
        let silent = parse("@time\n@api-health\n|000\n@ingress-hosts\n|!kubectl is not installed on the node\n@end\n").expect("complete");
        assert_eq!((silent.clock, silent.api_health, silent.redirected), (None, None, None));
        assert!(silent.ingress_hosts.is_err() && silent.timer == Timer::default());
        assert!(parse("@time\n|1\n").is_err());
    }
}
