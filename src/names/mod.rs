//! Names that come from outside, parsed once. A value of one of these types can be put into a script, an nftables
//! table or an HAProxy configuration without quoting, because nothing but the listed characters gets through.

macro_rules! parsed_name {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(format!(concat!("expected ", $expected, ", got {:?}"), text)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

mod again;
mod aws;
mod kubernetes;
mod machine;
#[cfg(test)]
mod tests;
mod web;

pub use again::{Again, Given, Said};
pub use aws::{
    AccountId, AllocationId, AvailabilityZone, EniId, GroupId, ImageName, InstanceId, InstanceType, RepositoryName, RepositoryPrefix,
    ZoneId,
};
pub use kubernetes::{AppName, ImageReference, ImageTag, KubernetesVersion, Namespace, ObjectName};
pub use machine::{HostKeyFingerprint, InterfaceName, SshHost, SshUser};
pub use web::{DnsName, EmailAddress, HttpPath};

/// RFC 1123.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
