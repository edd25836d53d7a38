//! Who listens where, from `ss`.

use std::collections::BTreeMap;

use crate::plan::node::{ListenAddress, Listener};

/// `LISTEN 0 4096 *:443 *:* users:(("kube-apiserver",pid=812,fd=7))`
pub fn listeners(lines: &[&str], owners: &[&str]) -> Vec<Listener> {
    let owners: BTreeMap<u32, &str> =
        owners.iter().filter_map(|line| line.split_once(' ')).filter_map(|(pid, unit)| Some((pid.parse().ok()?, unit))).collect();
    let listener = |line: &&str| {
        let local = line.split_whitespace().nth(3)?;
        let (address, port) = local.rsplit_once(':')?;
        let process = line.split_once("((\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
        let pid = line.split_once("pid=").and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
        let unit = pid.and_then(|pid| owners.get(&pid)).filter(|unit| !unit.is_empty()).map(|&unit| unit.to_owned());
        Some(Listener { address: listen_address(address)?, port: port.parse().ok()?, process: process.to_owned(), pid, unit })
    };
    lines.iter().filter_map(listener).collect()
}

/// `*`, `0.0.0.0`, `[::]` and `::` all take IPv4. An address may carry its interface (`127.0.0.53%lo`).
fn listen_address(text: &str) -> Option<ListenAddress> {
    let text = text.split('%').next()?.trim_start_matches('[').trim_end_matches(']');
    match text {
        "*" | "0.0.0.0" | "::" => Some(ListenAddress::Wildcard),
        _ => match text.strip_prefix("::ffff:").unwrap_or(text).parse() {
            Ok(ip) => Some(ListenAddress::Ip(ip)),
            Err(_) => text.contains(':').then_some(ListenAddress::Ip6),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_in_every_form() {
        let lines = [
            r#"LISTEN 0 4096 *:443 *:* users:(("kube-apiserver",pid=812,fd=7))"#,
            r#"LISTEN 0 4096 0.0.0.0:443 0.0.0.0:*"#,
            r#"LISTEN 0 4096 [::]:443 [::]:* users:(("nginx",pid=9,fd=6),("nginx",pid=8,fd=6))"#,
            r#"LISTEN 0 4096 :::443 :::*"#,
            r#"LISTEN 0 4096 127.0.0.53%lo:53 0.0.0.0:*"#,
            r#"LISTEN 0 4096 [::ffff:10.0.0.1]:80 *:*"#,
            r#"LISTEN 0 4096 [fe80::1]%ens5:546 [::]:*"#,
            "nonsense",
        ];
        let seen = listeners(&lines, &["812 kubelet.service", "9 "]);
        let addresses: Vec<_> = seen.iter().map(|listener| (listener.address, listener.port)).collect();
        let ip = |text: &str| ListenAddress::Ip(text.parse().expect("address"));
        let wildcard = (ListenAddress::Wildcard, 443);
        let rest = [(ip("127.0.0.53"), 53), (ip("10.0.0.1"), 80), (ListenAddress::Ip6, 546)];
        assert_eq!(addresses, [&[wildcard; 4][..], &rest[..]].concat());
        assert_eq!(
            (seen[0].process.as_str(), seen[0].pid, seen[0].unit.as_deref()),
            ("kube-apiserver", Some(812), Some("kubelet.service"))
        );
        assert_eq!((seen[2].process.as_str(), seen[2].pid, seen[2].unit.as_deref()), ("nginx", Some(9), None));
    }
}
