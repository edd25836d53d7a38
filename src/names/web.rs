//! Of the public network.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::is_label;

parsed_name!(
    /// A fully qualified DNS name in lower case without the trailing dot (RFC 1123 labels, at least two of them).
    DnsName, "a DNS name such as c02.example.com in lower case", is_dns_name
);
parsed_name!(
    /// The path of a URL.
    HttpPath, "a path such as /healthz, without blanks",
    |text| (1..=1024).contains(&text.len())
        && text.starts_with('/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._~-%?=&+:@!$,;*()".contains(c))
);
parsed_name!(
    /// Where a certificate authority reaches the operator.
    EmailAddress, "an e-mail address such as ops@example.com",
    |text| text.len() <= 254 && text.split_once('@').is_some_and(|(local, domain)| {
        is_dns_name(&domain.to_ascii_lowercase())
            && (1..=64).contains(&local.len())
            && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
    })
);

impl DnsName {
    /// Whether `self` is `zone` or lies below it.
    pub fn is_within(&self, zone: &DnsName) -> bool {
        self == zone || self.as_str().strip_suffix(zone.as_str()).is_some_and(|rest| rest.ends_with('.'))
    }

    /// `label.self`, for a label known to be valid.
    pub fn child(&self, label: &str) -> DnsName {
        DnsName(format!("{label}.{self}"))
    }
}

fn is_dns_name(text: &str) -> bool {
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}
