//! Recognises the netplan file that the scripts wrote.

use std::net::Ipv4Addr;

use crate::names::InterfaceName;

/// Interface, address and prefix, when the file holds one static address on one interface and nothing more, which is
/// all that the scripts ever wrote. Any other content is somebody's own.
pub fn scripts_address(content: &str) -> Option<(InterfaceName, Ipv4Addr, u8)> {
    let lines: Vec<&str> = content.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let ["network:", "version: 2", "ethernets:", interface, "addresses:", address] = lines.as_slice() else { return None };
    let interface = interface.strip_suffix(':')?.parse().ok()?;
    let (ip, prefix) = address.strip_prefix('-')?.trim().split_once('/')?;
    Some((interface, ip.parse().ok()?, prefix.parse().ok().filter(|prefix| *prefix <= 32)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPTS: &str = "network:\n  version: 2\n  ethernets:\n    ens5:\n      addresses:\n        - 172.20.0.20/16\n";

    #[test]
    fn the_scripts_file_and_no_other() {
        let (interface, ip, prefix) = scripts_address(SCRIPTS).expect("the scripts' file");
        assert_eq!((interface.as_str(), ip, prefix), ("ens5", Ipv4Addr::new(172, 20, 0, 20), 16));
        for foreign in [
            SCRIPTS.replace("      addresses", "      dhcp4: true\n      addresses"),
            format!("{SCRIPTS}        - 172.20.0.21/16\n"),
            SCRIPTS.replace("ens5", "ens5;id"),
            SCRIPTS.replace("/16", "/99"),
            String::new(),
        ] {
            assert_eq!(scripts_address(&foreign), None, "{foreign}");
        }
    }
}
