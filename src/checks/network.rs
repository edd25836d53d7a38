//! Address and redirect on the node.

use super::{Check, Facts, Judge, Judged, Missing, Need, Repair, Severity, bad, fine, moot};
use crate::plan::change::Deferred;
use crate::plan::node::{self, Address, AgentKind, NetworkWanted, RedirectState};

pub const CHECKS: &[Check] = &[
    Check {
        id: "network.address",
        title: "the secondary address is on the interface",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &["address.association"],
        repair: Some(Repair::SecondaryIp),
        explanation: "AWS delivers packets for the address to the interface; the node takes them only if it has the address. Without \
            it a connection from outside times out.",
        judge: Judge::Once(address),
    },
    Check {
        id: "network.prefix",
        title: "the secondary address is a /32",
        severity: Severity::Warning,
        needs: &[Need::Instance, Need::Node],
        after: &["network.address"],
        repair: Some(Repair::SecondaryIp),
        explanation: "With a wider prefix the kernel takes the other subnets of the VPC for directly connected: databases and file \
            systems there become unreachable, or are spoken to from the wrong address.",
        judge: Judge::Once(prefix),
    },
    Check {
        id: "network.first",
        title: "the primary address comes first",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &["network.address"],
        repair: None,
        explanation: "kubelet, the API server and Calico take the interface's first address for the node's own. The kernel keeps them \
            in the order in which they came, so an address that is there before DHCP's takes its place.",
        judge: Judge::Once(first),
    },
    Check {
        id: "network.redirect",
        title: "the redirect of 443 is in the kernel",
        severity: Severity::Failure,
        needs: &[Need::Node],
        after: &["address.association"],
        repair: Some(Repair::SecondaryIp),
        explanation: "The table `ip k8sport` sends 443 of the secondary address and of the Elastic IP to HAProxy on 8443. Without it \
            the API server answers there: it listens on all addresses.",
        judge: Judge::Once(redirect),
    },
    Check {
        id: "network.configuration",
        title: "address, redirect and units are configured as this version does it",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &["network.address", "network.redirect", "node.units"],
        repair: Some(Repair::SecondaryIp),
        explanation: "The plan of `setup-secondary-ip` for the node, with nothing left to change: the files are as they should be, \
            for the addresses that AWS says now.",
        judge: Judge::Once(configuration),
    },
    Check {
        id: "network.used",
        title: "our redirect is what sees the packets",
        severity: Severity::Warning,
        needs: &[Need::Details],
        after: &["network.redirect"],
        repair: None,
        explanation: "The rules count what they redirect. This very run has asked the Elastic IP for its certificate, so a counter of \
            nought means that another chain, which comes before ours, has taken the packets.",
        judge: Judge::Once(used),
    },
    Check {
        id: "network.precedence",
        title: "no other NAT chain comes before ours",
        severity: Severity::Warning,
        needs: &[Need::Details],
        after: &["network.redirect"],
        repair: None,
        explanation: "The first NAT chain that matches decides. Ours has priority dstnat - 10 (-110), just before kube-proxy's -100. \
            A chain with a lower priority sees packets first and may send them elsewhere.",
        judge: Judge::Once(precedence),
    },
    Check {
        id: "network.foreign-rules",
        title: "no other rule redirects 443",
        severity: Severity::Warning,
        needs: &[Need::Node],
        after: &[],
        repair: None,
        explanation: "Rules for port 443 in the nat table that are neither ours nor the old scripts'. They come after ours for our \
            addresses, but take the API server's traffic if they match its address.",
        judge: Judge::Once(foreign_rules),
    },
    Check {
        id: "network.agents",
        title: "no service of the image puts secondary addresses on the interface",
        severity: Severity::Warning,
        needs: &[Need::Node],
        after: &[],
        repair: None,
        explanation: "nm-cloud-setup (RHEL, Rocky) adds every secondary address that AWS knows, with rules for its routes. cloud-init does \
            so at each boot where its configuration says `updates: network: when: [boot]`, with the subnet's prefix instead of /32, and \
            perhaps before the primary. ec2-net-utils (Amazon Linux 2) does it with each DHCP lease, and so does what \
            netplan, networkd or ifupdown have as a static address. amazon-ec2-net-utils (Amazon Linux 2023) adds a /32, as we do, which \
            does no harm.",
        judge: Judge::Once(agents),
    },
];

fn secondary(facts: &Facts) -> Result<Option<&Address>, Missing> {
    let ip = facts.front()?.private_ip;
    Ok(facts.node.get()?.addresses.iter().find(|address| address.ip == ip))
}

fn address(facts: &Facts) -> Judged {
    let ip = facts.front()?.private_ip;
    let node = facts.node.get()?;
    match (secondary(facts)?, &node.eni) {
        (Some(address), Some(eni)) if address.interface != *eni => bad(format!("{ip} is on {}, not on {eni}", address.interface), []),
        (Some(address), _) => fine(format!("{ip}/{} on {}", address.prefix, address.interface)),
        (None, _) => bad(format!("{ip} is on no interface of {}", node.hostname), []),
    }
}

fn prefix(facts: &Facts) -> Judged {
    match secondary(facts)? {
        Some(address) if address.prefix < 32 => bad(format!("{}/{}", address.ip, address.prefix), []),
        Some(address) => fine(format!("{}/32", address.ip)),
        None => moot("the address isn't there"),
    }
}

fn first(facts: &Facts) -> Judged {
    let (node, primary) = (facts.node.get()?, facts.primary()?);
    let Some(eni) = &node.eni else { return moot("the interface isn't there (node.interface)") };
    let Some(first) = node.addresses_of(eni).next() else {
        return bad(format!("{eni} has no address"), ["on the node: networkctl reconfigure".to_owned()]);
    };
    if first.ip == primary {
        return fine(primary.to_string());
    }
    bad(
        format!("{} comes before {primary} on {eni}", first.ip),
        [format!("on the node: sudo ip addr del {0}/{1} dev {eni} && sudo systemctl start k8sport-net-check", first.ip, first.prefix)],
    )
}

fn redirect(facts: &Facts) -> Judged {
    facts.front()?;
    match facts.node.get()?.redirect {
        RedirectState::Present => fine("table ip k8sport"),
        RedirectState::Missing => bad("the redirect is missing: the API server answers on the applications' 443", []),
        RedirectState::Changed => bad("the kernel holds something else than our file on the node says", []),
    }
}

fn configuration(facts: &Facts) -> Judged {
    let (front, node) = (facts.front()?, facts.node.get()?);
    let wanted = NetworkWanted {
        secondary: front.private_ip,
        public: Deferred::Known(front.address.public_ip),
        mac: facts.instance()?.eni.mac.clone(),
    };
    match node::network(node, &wanted) {
        Ok(changes) => {
            // What the leftover checks tell in their own words.
            let known = |change: &&node::NodeChange| !change.is_leftover();
            let pending: Vec<String> = changes.iter().filter(known).map(|change| change.summary().sentence()).collect();
            if pending.is_empty() { fine("nothing to change") } else { bad(format!("to change: {}", pending.join("; ")), []) }
        }
        Err(_) => moot("k8sport can't work with this node (cluster.cni)"),
    }
}

fn used(facts: &Facts) -> Judged {
    if facts.outside.applications.ok().is_none() {
        return moot("nothing answered on the Elastic IP (applications.https)");
    }
    match facts.details.get()?.redirected {
        Some(0) => bad(
            "the redirect's counters are at nought although the Elastic IP answers",
            ["sudo nft list ruleset   # on the node: which chain takes 443?".to_owned()],
        ),
        Some(packets) => fine(format!("{packets} connections")),
        None => moot("the redirect isn't an nftables table"),
    }
}

fn precedence(facts: &Facts) -> Judged {
    let chains = &facts.details.get()?.nat_chains;
    let Some(ours) = chains.iter().find(|chain| chain.table == "k8sport") else { return moot("the redirect isn't an nftables table") };
    let before: Vec<String> = chains
        .iter()
        .filter(|chain| chain.table != "k8sport" && chain.priority <= ours.priority)
        .map(|chain| format!("{} {} {} (priority {})", chain.family, chain.table, chain.chain, chain.priority))
        .collect();
    if before.is_empty() {
        return fine(format!("priority {}", ours.priority));
    }
    bad(before.join(", "), ["sudo nft list ruleset   # on the node: does that chain match port 443?".to_owned()])
}

fn foreign_rules(facts: &Facts) -> Judged {
    match facts.node.get()?.leftovers.foreign_rules.as_slice() {
        [] => fine("none"),
        [first, ..] => bad(first.as_str(), ["on the node: see who added it, remove it with iptables -t nat -D …".to_owned()]),
    }
}

fn agents(facts: &Facts) -> Judged {
    let agents = &facts.node.get()?.address_agents;
    let secondary = facts.front().ok().map(|front| front.private_ip);
    let mut adding = agents.iter().filter(|agent| agent.adds(secondary));
    match adding.clone().find(|agent| agent.kind != AgentKind::Ec2NetUtils) {
        Some(agent) => bad(agent.sentence(), [agent.remedy()]),
        None => fine(adding.next().map_or("none".to_owned(), |agent| format!("{} adds a /32, as we do", agent.source))),
    }
}
