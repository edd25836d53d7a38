//! Of a machine, and of how it is logged in to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

parsed_name!(
    /// A network interface of the node (`ens5`). Linux allows 15 characters.
    InterfaceName, "an interface name of at most 15 letters, digits, `_`, `.` or `-`",
    |text| (1..=15).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) && !text.starts_with('-') && text != "." && text != ".."
);
parsed_name!(
    /// A login name on the node.
    SshUser, "a login name of lower-case letters, digits, `_` or `-`",
    |text| (1..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
);
parsed_name!(
    /// A machine to log in to: a name, an alias of the SSH configuration, or an address.
    SshHost, "a host such as worker-1.example.com or an address",
    |text| (1..=253).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == ':')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c))
);
parsed_name!(
    /// `SHA256:` and 43 characters of base64, as `ssh-keygen -l` prints it.
    HostKeyFingerprint, "a fingerprint such as SHA256:… (43 characters), as `ssh-keygen -l` prints it",
    |text| text.strip_prefix("SHA256:").is_some_and(|rest| rest.len() == 43 && rest.chars().all(|c| c.is_ascii_alphanumeric() || "+/".contains(c)))
);

impl From<std::net::Ipv4Addr> for SshHost {
    fn from(address: std::net::Ipv4Addr) -> Self {
        Self(address.to_string())
    }
}
