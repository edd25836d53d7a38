//! Turns the probe's sections into the planner's values. What can't be read is left out, never guessed.

use std::collections::{BTreeMap, BTreeSet};

use super::cni::cni;
use super::listeners::listeners;
use super::sections::{Section, sections};
use crate::failure::{Failure, Result};
use crate::names::InterfaceName;
use crate::node::files::RedirectBackend;
use crate::plan::node::{
    Address, AddressAgent, Backends, DistributionHaproxy, FileState, Interface, Leftovers, NodeState, Os, RecordedPackages, RedirectRule,
    RedirectState, Tools, UnitState,
};

/// Reads the whole output of the probe.
pub fn parse(output: &str) -> Result<NodeState, Failure> {
    let sections = sections(output).ok_or_else(|| {
        Failure::failed("reading the node ended before it was complete")
            .because(format!("the last line was {:?}", output.lines().last().unwrap_or_default()))
            .next("run the command again; with `-v` it shows what the node answers")
    })?;
    let lines = |name: &str| sections.iter().find(|section| section.name == name).map_or(&[][..], |section| section.lines.as_slice());
    let first = |name: &str| lines(name).first().copied().unwrap_or_default();
    let mut files = files(&sections);
    let interfaces: Vec<Interface> = lines("interfaces").iter().filter_map(|line| interface(line)).collect();
    let default_route = lines("route").iter().find_map(|line| word_after(line, "dev")?.parse().ok());
    Ok(NodeState {
        hostname: first("hostname").to_owned(),
        os: os(lines("os")),
        eni: eni(&interfaces, first("mac"), default_route.as_ref()),
        interfaces,
        default_route,
        addresses: lines("addresses").iter().filter_map(|line| address(line)).collect(),
        tools: tools(lines("tools")),
        units: units(lines("units")),
        paths: lines("paths").iter().map(|&path| path.to_owned()).collect(),
        redirect: match first("redirect") {
            "present" => RedirectState::Present,
            "changed" => RedirectState::Changed,
            _ => RedirectState::Missing,
        },
        loaded_redirects: lines("loaded-redirects").iter().filter_map(|line| backend(line)).collect(),
        listeners: listeners(lines("listeners"), lines("listener-units")),
        backends: backends(lines("backends")),
        cni: cni(lines("cni"), first("cilium-ipam")),
        installed_by_us: lines("packages").iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>(),
        packages: RecordedPackages {
            present: lines("packages-present").iter().filter(|name| is_package(name)).map(|&name| name.to_owned()).collect(),
            uses: lines("package-uses").iter().map(|&line| line.to_owned()).collect(),
        },
        haproxy_loaded: first("loaded") == "yes",
        watchdog_armed: first("watchdog") == "active",
        distribution_haproxy: DistributionHaproxy { config: files.remove("/etc/haproxy/haproxy.cfg") },
        leftovers: Leftovers {
            netplan: files.remove("/etc/netplan/99-secondary-ip.yaml"),
            rules_file: files.remove("/etc/iptables/rules.v4"),
            ..redirect_rules(lines("nat-rules"))
        },
        address_agents: lines("address-agents").iter().filter_map(|line| AddressAgent::parse(line)).collect(),
        files,
    })
}

pub fn files(sections: &[Section<'_>]) -> BTreeMap<String, FileState> {
    let file = |section: &Section<'_>| {
        let path = section.name.strip_prefix("file ")?;
        let (head, content) = section.lines.split_first()?;
        // The digest goes back to the node in a script.
        let (sha256, mode) = head.split_once(' ').filter(|(sha256, _)| is_digest(sha256))?;
        let content = content.iter().flat_map(|line| [line, "\n"]).collect();
        Some((path.to_owned(), FileState { content, sha256: sha256.to_owned(), mode: mode.to_owned() }))
    };
    sections.iter().filter_map(file).collect()
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit())
}

fn word_after<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_whitespace().skip_while(|word| *word != key).nth(1)
}

fn os(lines: &[&str]) -> Os {
    let value = |key: &str| {
        let line = lines.iter().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    Os { id: value("ID"), version: value("VERSION_ID"), name: value("PRETTY_NAME") }
}

fn interface(line: &str) -> Option<Interface> {
    let mut words = line.split_whitespace();
    Some(Interface { name: words.next()?.parse().ok()?, mac: words.next()?.to_owned(), enslaved: words.next() == Some("enslaved") })
}

/// As the script on the node chooses: the one with the default route, since stacked interfaces share the address.
fn eni(interfaces: &[Interface], mac: &str, default_route: Option<&InterfaceName>) -> Option<InterfaceName> {
    let mut candidates: Vec<_> = interfaces.iter().filter(|interface| interface.mac == mac && !interface.enslaved).collect();
    candidates.sort_by_key(|interface| Some(&interface.name) != default_route);
    candidates.first().map(|interface| interface.name.clone())
}

/// `2: ens5    inet 172.20.0.10/20 metric 100 brd 172.20.15.255 scope global dynamic ens5\       valid_lft …`
pub fn address(line: &str) -> Option<Address> {
    let line = line.split('\\').next()?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let (ip, prefix) = word_after(line, "inet")?.split_once('/')?;
    Some(Address {
        interface: words.get(1)?.split('@').next()?.parse().ok()?,
        ip: ip.parse().ok()?,
        prefix: prefix.parse().ok()?,
        scope: word_after(line, "scope")?.to_owned(),
        secondary: words.contains(&"secondary"),
        dynamic: words.contains(&"dynamic"),
    })
}

fn tools(lines: &[&str]) -> Tools {
    let version = |tool: &str| lines.iter().find_map(|line| line.strip_prefix(tool)?.strip_prefix(' ')).map(str::to_owned);
    Tools {
        nft: version("nft"),
        iptables: version("iptables"),
        haproxy: version("haproxy"),
        apt: version("apt").is_some(),
        systemd: version("systemd"),
    }
}

fn backend(line: &str) -> Option<RedirectBackend> {
    match line {
        "nftables" => Some(RedirectBackend::Nftables),
        "iptables" => Some(RedirectBackend::Iptables),
        _ => None,
    }
}

/// A name as Debian's policy has it, or with an architecture. The record is a file that anyone may have written in.
pub fn is_package(name: &str) -> bool {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.:".contains(c);
    name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) && name.chars().all(valid)
}

/// Blocks of `Key=value` lines, an empty line between them.
pub fn units(lines: &[&str]) -> BTreeMap<String, UnitState> {
    let unit = |block: &[&str]| {
        let value = |key: &str| block.iter().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default();
        let state = UnitState {
            loaded: value("LoadState") == "loaded",
            enabled: value("UnitFileState") == "enabled",
            active: value("ActiveState") == "active",
            sub_state: value("SubState").to_owned(),
            restarts: value("NRestarts").parse().unwrap_or(0),
            stale: value("NeedDaemonReload") == "yes",
        };
        (value("Id").to_owned(), state)
    };
    lines.split(|line| line.is_empty()).filter(|block| !block.is_empty()).map(unit).collect()
}

fn backends(lines: &[&str]) -> Backends {
    let answers = |name: &str| lines.contains(&name);
    Backends {
        primary_https: answers("primary-https"),
        primary_http: answers("primary-http"),
        loopback_https: answers("loopback-https"),
        loopback_http: answers("loopback-http"),
    }
}

fn redirect_rules(lines: &[&str]) -> Leftovers {
    let mut leftovers = Leftovers::default();
    for line in lines {
        match RedirectRule::parse(line) {
            Some(rule) => match leftovers.redirect_rules.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, count)) => *count += 1,
                None => leftovers.redirect_rules.push((rule, 1)),
            },
            None => leftovers.foreign_rules.push((*line).to_owned()),
        }
    }
    leftovers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_of_the_scripts() {
        let state = parse(include_str!("recorded/scripts-node.txt")).expect("complete");
        insta::assert_snapshot!(serde_json::to_string_pretty(&state).expect("serializable"));
    }

    #[test]
    fn a_node_where_nothing_answers_is_still_a_node() {
        let state = parse("@hostname\n|n\n@tools\n@units\n@end\n").expect("complete");
        assert_eq!(state, NodeState { hostname: "n".to_owned(), ..NodeState::default() });
        assert!(parse("@hostname\n|n\n").is_err());
    }

    #[test]
    fn addresses_with_their_flags() {
        let line =
            r"2: ens5    inet 172.20.32.10/19 metric 100 brd 172.20.63.255 scope global secondary dynamic ens5\       valid_lft 3092sec";
        let address = address(line).expect("an address");
        assert_eq!((address.interface.as_str(), address.prefix, address.scope.as_str()), ("ens5", 19, "global"));
        assert!(address.dynamic && address.secondary);
        let veth = super::address(r"7: cali1@if2    inet 169.254.1.1/32 scope link cali1\  valid_lft forever").expect("an address");
        assert_eq!((veth.interface.as_str(), veth.dynamic), ("cali1", false));
    }

    #[test]
    fn only_names_of_packages_are_packages() {
        let output = "@packages-present\n|haproxy\n|libc6:i386\n|g++-12\n|-o\n|a;reboot\n|$(id)\n|\n@end\n";
        let present = parse(output).expect("complete").packages.present;
        assert_eq!(present.iter().map(String::as_str).collect::<Vec<_>>(), ["g++-12", "haproxy", "libc6:i386"]);
    }

    #[test]
    fn rules_are_counted_and_foreign_ones_kept_apart() {
        let ours = "-A PREROUTING -d 172.20.63.20/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443";
        let foreign = "-A PREROUTING -p tcp -m tcp --dport 443 -j DNAT --to-destination 10.0.0.1:443";
        let leftovers = redirect_rules(&[ours, foreign, ours]);
        assert_eq!(leftovers.redirect_rules.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2]);
        assert_eq!(leftovers.foreign_rules, [foreign]);
    }
}
