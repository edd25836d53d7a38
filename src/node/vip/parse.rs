//! Turns the sections into a [`ControlPlane`]. What can't be read is left out, never guessed.

use std::collections::BTreeSet;

use crate::failure::{Failure, Result};
use crate::node::probe::{self, sections::sections};
use crate::plan::node::RecordedPackages;
use crate::plan::vip::observed::{Balanced, Health, Transition};
use crate::plan::vip::{Answer, ControlPlane, Role};

pub fn parse(output: &str) -> Result<ControlPlane> {
    let sections = sections(output).ok_or_else(|| {
        Failure::failed("reading the control plane ended before it was complete")
            .because(format!("the last line was {:?}", output.lines().last().unwrap_or_default()))
            .next("run the command again; with `-v` it shows what the node answers")
    })?;
    let lines = |name: &str| sections.iter().find(|section| section.name == name).map_or(&[][..], |section| section.lines.as_slice());
    let words = |name: &str| -> BTreeSet<String> {
        lines(name).iter().filter(|name| probe::is_package(name)).map(|&name| name.to_owned()).collect()
    };
    Ok(ControlPlane {
        hostname: lines("hostname").first().copied().unwrap_or_default().to_owned(),
        addresses: lines("addresses").iter().filter_map(|line| probe::address(line)).collect(),
        listeners: probe::listeners(lines("listeners"), lines("listener-units")),
        units: probe::units(lines("units")),
        files: probe::files(&sections),
        bind_error: lines("bind-error").first().map(|line| (*line).to_owned()),
        transitions: lines("transitions").iter().filter_map(|line| transition(line)).collect(),
        health: health(lines("health"), ""),
        balanced: balanced(lines("health")),
        packages: words("programs"),
        installed_by_us: RecordedPackages {
            present: words("packages-present"),
            uses: lines("package-uses").iter().map(|&line| line.to_owned()).collect(),
        },
        loaded: lines("loaded").iter().map(|&path| path.to_owned()).collect(),
    })
}

/// `1796000000.123456 MASTER VI_1`
fn transition(line: &str) -> Option<Transition> {
    let mut words = line.splitn(3, ' ');
    let (seconds, part) = words.next()?.split_once('.')?;
    let at = seconds.parse::<i64>().ok()?.checked_mul(1000)? + part.get(..3)?.parse::<i64>().ok()?;
    let role = match words.next()? {
        "MASTER" => Role::Master,
        "BACKUP" => Role::Backup,
        "FAULT" => Role::Fault,
        _ => return None,
    };
    Some(Transition { at, instance: words.next()?.to_owned(), role })
}

/// `haproxy-port 8443`, and the ways through it.
fn balanced(lines: &[&str]) -> Option<Balanced> {
    let port = lines.iter().find_map(|line| line.strip_prefix("haproxy-port ")?.parse().ok())?;
    Some(Balanced { port, health: health(lines, "haproxy-") })
}

/// By the ways whose names begin so.
fn health(lines: &[&str], begin: &str) -> Health {
    let answer = |way: &str| {
        let said = lines.iter().find_map(|line| line.strip_prefix(begin)?.strip_prefix(way)?.strip_prefix(' '));
        let Some((status, code)) = said.and_then(|said| said.split_once(' ')) else { return Answer::Unknown };
        match (status.parse(), code) {
            (Ok(status), _) if status != 0 => Answer::Status(status),
            (_, "7") => Answer::Refused,
            (_, "28" | "124") => Answer::Silent,
            (_, "126" | "127") => Answer::Unknown,
            _ => Answer::Broken,
        }
    };
    Health { localhost: answer("localhost"), node: answer("node"), vip: answer("vip") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_node_says() {
        let said = "Welcome\n@hostname\n|k8s-cp1\n@addresses\n|2: eth0    inet 10.255.254.100/32 scope global eth0\\       valid_lft forever\n\
            @transitions\n|1796000000.123456 MASTER VI_1\n|nonsense\n@health\n|vip 200 0\n|localhost 000 7\n|node 000 28\n\
            |haproxy-port 8443\n|haproxy-vip 503 0\n|haproxy-node 200 0\n@end\n";
        let state = parse(said).expect("a control plane");
        assert_eq!(state.transitions, [Transition { at: 1_796_000_000_123, instance: "VI_1".into(), role: Role::Master }]);
        assert_eq!((state.health.vip, state.health.localhost, state.health.node), (Answer::Status(200), Answer::Refused, Answer::Silent));
        let balanced = state.balanced.clone().expect("HAProxy");
        assert_eq!((balanced.port, balanced.health.vip, balanced.health.node), (8443, Answer::Status(503), Answer::Status(200)));
        assert_eq!(balanced.health.localhost, Answer::Unknown);
        assert!(state.has("10.255.254.100".parse().expect("an address")) && !state.has("10.255.254.10".parse().expect("an address")));
        assert!(parse("@hostname\n|x\n").is_err());
    }
}
