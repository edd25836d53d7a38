//! What somebody else's keepalived and HAProxy are configured with, as far as it decides who has which address and port.

use std::net::Ipv4Addr;

use serde::Serialize;

/// A `vrrp_instance` of keepalived.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VrrpInstance {
    pub name: String,
    pub interface: String,
    pub router_id: Option<u8>,
    pub priority: Option<u8>,
    /// Milliseconds between two advertisements.
    pub advertises_every: Option<u32>,
    pub addresses: Vec<Ipv4Addr>,
    /// Addresses that aren't IPv4.
    pub others: Vec<String>,
    /// Empty for multicast.
    pub peers: Vec<Ipv4Addr>,
    /// It has a `track_script`.
    pub tracks: bool,
}

impl VrrpInstance {
    /// How long the others wait after its last advertisement until one takes over, in milliseconds (RFC 5798, 6.1).
    pub fn failover(&self) -> u32 {
        let every = self.advertises_every.unwrap_or(1000);
        3 * every + (256 - u32::from(self.priority.unwrap_or(100))) * every / 256
    }
}

/// All instances of a keepalived.conf.
pub fn instances(text: &str) -> Vec<VrrpInstance> {
    let mut found: Vec<VrrpInstance> = Vec::new();
    // The blocks around a line, by their first words.
    let mut blocks: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.split(['#', '!']).next().unwrap_or_default().replace('{', " { ").replace('}', " } ");
        let words: Vec<&str> = line.split_whitespace().collect();
        let (mut head, mut rest) = (Vec::new(), words.as_slice());
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            match *word {
                "{" => {
                    if let ["vrrp_instance", name] = head.as_slice() {
                        found.push(VrrpInstance { name: (*name).to_owned(), ..VrrpInstance::default() });
                    }
                    blocks.push(head.first().copied().unwrap_or_default().to_owned());
                    head.clear();
                }
                "}" => {
                    setting(&mut found, &blocks, &head);
                    head.clear();
                    blocks.pop();
                }
                word => head.push(word),
            }
        }
        // A block whose brace stands on the next line isn't a setting.
        setting(&mut found, &blocks, &head);
    }
    found
}

fn setting(found: &mut [VrrpInstance], blocks: &[String], words: &[&str]) {
    let blocks: Vec<&str> = blocks.iter().map(String::as_str).collect();
    let (Some(instance), Some((key, values))) = (found.last_mut(), words.split_first()) else { return };
    let value = values.first().copied().unwrap_or_default();
    match (blocks.as_slice(), *key) {
        (["vrrp_instance"], "interface") => instance.interface = value.to_owned(),
        (["vrrp_instance"], "virtual_router_id") => instance.router_id = value.parse().ok(),
        (["vrrp_instance"], "priority") => instance.priority = value.parse().ok(),
        (["vrrp_instance"], "advert_int") => instance.advertises_every = milliseconds(value),
        (["vrrp_instance", "track_script"], _) => instance.tracks = true,
        (["vrrp_instance", "unicast_peer"], _) => instance.peers.extend(words.iter().filter_map(|word| word.parse::<Ipv4Addr>().ok())),
        (["vrrp_instance", "virtual_ipaddress" | "virtual_ipaddress_excluded"], address) => {
            let address = address.split('/').next().unwrap_or_default();
            match address.parse::<Ipv4Addr>() {
                Ok(ip) => instance.addresses.push(ip),
                Err(_) => instance.others.push(address.to_owned()),
            }
        }
        _ => {}
    }
}

/// Seconds with at most two places, as keepalived has them.
fn milliseconds(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: u32 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    Some(whole.parse::<u32>().ok()?.checked_mul(1000)? + part)
}

/// Where a frontend of HAProxy listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bind {
    /// None for every address.
    pub address: Option<Ipv4Addr>,
    pub port: u16,
    /// As it stands there.
    pub text: String,
}

/// All of a haproxy.cfg. Sockets and IPv6 addresses aren't among them.
pub fn binds(text: &str) -> Vec<Bind> {
    let lines = text.lines().filter_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        (words.next() == Some("bind")).then(|| words.next())?
    });
    lines
        .flat_map(|places| places.split(','))
        .filter_map(|text| {
            let (address, port) = text.trim_start_matches("ipv4@").rsplit_once(':')?;
            let address = match address {
                "" | "*" | "0.0.0.0" | "::" | "[::]" => None,
                address => Some(address.parse().ok()?),
            };
            Some(Bind { address, port: port.parse().ok()?, text: text.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_of_a_keepalived() {
        let text = "
            vrrp_script chk { script \"/bin/x\" }
            vrrp_instance VI_1 {   # the API
                state MASTER
                interface eth0
                virtual_router_id 51
                priority 103
                advert_int 0.5
                unicast_peer {
                    10.0.0.11 min_ttl 1
                    10.0.0.12 }
                authentication { auth_type PASS
                    auth_pass x }
                virtual_ipaddress { 10.0.0.100/24 dev eth0 label eth0:1
                    10.0.0.101 }
                virtual_ipaddress_excluded { fd00::100/64 dev eth0 }
                track_script {
                    chk
                }
            }
            vrrp_instance VI_2 {
                # 10.0.0.10
                virtual_ipaddress {
                    10.0.0.102 ! not 10.0.0.103
                }
            }";
        let found = instances(text);
        let ip = |text: &str| text.parse::<Ipv4Addr>().expect("an address");
        let first = VrrpInstance {
            name: "VI_1".into(),
            interface: "eth0".into(),
            router_id: Some(51),
            priority: Some(103),
            advertises_every: Some(500),
            addresses: vec![ip("10.0.0.100"), ip("10.0.0.101")],
            others: vec!["fd00::100".into()],
            peers: vec![ip("10.0.0.11"), ip("10.0.0.12")],
            tracks: true,
        };
        assert_eq!(found[0], first);
        assert_eq!(found[0].failover(), 1500 + 153 * 500 / 256);
        assert_eq!((found[1].name.as_str(), found[1].addresses.as_slice(), found[1].tracks), ("VI_2", &[ip("10.0.0.102")][..], false));
        assert_eq!(found.len(), 2);
        assert!(instances("} } vrrp_instance { {").len() <= 1);
    }

    #[test]
    fn binds_of_a_haproxy() {
        let text = "frontend a\n bind 10.0.0.100:6443 name x\n bind *:80,:81 # bind :82\n bind /run/x.sock\n bind :::83 v4v6\n  server a 1.2.3.4:1";
        let found: Vec<_> = binds(text).into_iter().map(|bind| (bind.address.map(|ip| ip.to_string()), bind.port)).collect();
        assert_eq!(found, [(Some("10.0.0.100".to_owned()), 6443), (None, 80), (None, 81), (None, 83)]);
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_is_read(text in "[a-z_{}#!0-9. \n]{0,200}") {
            let _ = (instances(&text), binds(&text));
        }
    }
}
