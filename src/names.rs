//! Names that come from outside, parsed once. A value of one of these types can be put into a script, an nftables
//! table or an HAProxy configuration without quoting, because nothing but the listed characters gets through.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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

parsed_name!(
    /// A fully qualified DNS name in lower case without the trailing dot (RFC 1123 labels, at least two of them).
    DnsName, "a DNS name such as c02.example.com in lower case", is_dns_name
);
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
parsed_name!(
    /// An Elastic IP's allocation id.
    AllocationId, "an allocation id such as eipalloc-0123456789abcdef0", |text| is_aws_id(text, "eipalloc-")
);
parsed_name!(
    /// An AWS account.
    AccountId, "an account id of 12 digits such as 123456789012", |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
);
parsed_name!(
    /// A hosted zone of Route 53, without the `/hostedzone/` prefix.
    ZoneId, "a hosted zone id such as Z0123456789ABCDEFGHIJ",
    |text| (2..=32).contains(&text.len()) && text.starts_with('Z') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
);
parsed_name!(
    /// A type of EC2 instances.
    InstanceType, "an instance type such as t3.medium",
    |text| text.len() <= 32 && text.contains('.') && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
);
parsed_name!(
    /// A zone of a region.
    AvailabilityZone, "an availability zone such as eu-central-1a",
    |text| (3..=40).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
);
parsed_name!(
    /// A release of Kubernetes.
    KubernetesVersion, "a Kubernetes version such as 1.36.1",
    |text| text.split('.').count() == 3 && text.split('.').all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
);
parsed_name!(
    /// An image of EC2, as kOps takes it: an id, or its owner and its name.
    ImageName, "an image such as ami-0123456789abcdef0 or 099720109477/ubuntu/images/…",
    |text| (5..=160).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
);
parsed_name!(
    /// An image repository in ECR.
    RepositoryName, "a repository such as shop/api in lower case",
    |text| (2..=256).contains(&text.len()) && is_repository_path(text) && text.ends_with(|c: char| c.is_ascii_alphanumeric())
);
parsed_name!(
    /// What the names of several repositories begin with. Never empty.
    RepositoryPrefix, "the beginning of repositories' names, such as shop/, in lower case",
    |text| (1..=256).contains(&text.len()) && is_repository_path(text)
);
parsed_name!(
    /// An application: the name of its Deployment, Service and Ingress (RFC 1035, as Services have it).
    AppName, "an application's name such as shop: at most 63 lower-case letters, digits or `-`, a letter first",
    |text| is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
);
parsed_name!(
    /// A namespace of Kubernetes (RFC 1123 label).
    Namespace, "a namespace such as apps: at most 63 lower-case letters, digits or `-`", is_label
);
parsed_name!(
    /// An object of Kubernetes (RFC 1123 subdomain).
    ObjectName, "a name such as shop-settings: lower-case letters, digits, `-` or `.`",
    |text| text.len() <= 253 && text.split('.').all(is_label)
);
parsed_name!(
    /// A container image as pods name it, with or without registry, tag and digest.
    ImageReference, "an image such as registry.example.com/shop:v1",
    |text| (1..=512).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/:@".contains(c))
        && !text.contains("//")
);
parsed_name!(
    /// A tag of an image.
    ImageTag, "a tag such as v1.2 of at most 128 letters, digits, `_`, `.` or `-`",
    |text| (1..=128).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
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
parsed_name!(InstanceId, "an instance id such as i-0123456789abcdef0", |text| is_aws_id(text, "i-"));
parsed_name!(EniId, "a network interface id such as eni-0123456789abcdef0", |text| is_aws_id(text, "eni-"));
parsed_name!(GroupId, "a security group id such as sg-0123456789abcdef0", |text| is_aws_id(text, "sg-"));

fn is_aws_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| (8..=32).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)))
}

fn is_repository_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c))
}

fn is_dns_name(text: &str) -> bool {
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl From<std::net::Ipv4Addr> for SshHost {
    fn from(address: std::net::Ipv4Addr) -> Self {
        Self(address.to_string())
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_no_name() {
        for text in ["", ".", "a", "a..b", "-a.b", "a-.b", "a.b;reboot", "a.b\n", "$(id).b", "a b.c", "A.b", "a.b'", "ä.b", "a.b/../c"] {
            assert!(text.parse::<DnsName>().is_err(), "{text:?}");
        }
        for text in ["", "ens5;id", "a b", "sixteencharacter", "-n", "..", "e\n"] {
            assert!(text.parse::<InterfaceName>().is_err(), "{text:?}");
        }
        for text in ["", "root;id", "Root", "-oProxyCommand=x", "a b", "a@b"] {
            assert!(text.parse::<SshUser>().is_err(), "{text:?}");
        }
        for text in ["", "-oProxyCommand=x", "a b", "a@b", "a;id", "[::1]", "a/b"] {
            assert!(text.parse::<SshHost>().is_err(), "{text:?}");
        }
        for text in ["eipalloc-", "eipalloc-zzzzzzzz", "eni-12345678", "eipalloc-12345678 "] {
            assert!(text.parse::<AllocationId>().is_err(), "{text:?}");
        }
        for text in ["", "12345678901", "1234567890123", "12345678901a", "arn:aws:iam", "１２３４"] {
            assert!(text.parse::<AccountId>().is_err(), "{text:?}");
        }
        for text in ["", "t3", "t3.medium\n", "t3.medium: x", "T3.medium"] {
            assert!(text.parse::<InstanceType>().is_err(), "{text:?}");
        }
        for text in ["", "1.36", "1.36.1\n", "v1.36.1", "1.36.x", "1..1"] {
            assert!(text.parse::<KubernetesVersion>().is_err(), "{text:?}");
        }
        for text in ["", "a: b", "-ami", "ami 1", "ami-1#x\n"] {
            assert!(text.parse::<ImageName>().is_err() && text.parse::<AvailabilityZone>().is_err(), "{text:?}");
        }
        for text in [
            "",
            "ops",
            "@example.com",
            "ops@",
            "ops@example",
            "o ps@example.com",
            "ops@example.com\n",
            "a@b@example.com",
            "\"a\"@example.com",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
        for text in ["", "a", "Shop", "/shop", "shop/", "shop api", "shop;id", "*"] {
            assert!(text.parse::<RepositoryName>().is_err(), "{text:?}");
        }
        for text in ["", "*", "/", "Shop/"] {
            assert!(text.parse::<RepositoryPrefix>().is_err(), "{text:?}");
        }
        for text in ["", "Shop", "-shop", "1shop", "shop.api", "../shop", "shop/api", "shop\n", "shöp"] {
            assert!(text.parse::<AppName>().is_err(), "{text:?}");
        }
        for text in ["", "a/b", "a b", ".", "a..b", "A"] {
            assert!(text.parse::<Namespace>().is_err() && text.parse::<ObjectName>().is_err(), "{text:?}");
        }
        for text in ["", "-v", "shop:", "a b", "http://shop", "shop\n", "$(id)", "--platform=x"] {
            assert!(text.parse::<ImageReference>().is_err() && text.parse::<ImageTag>().is_err(), "{text:?}");
        }
        for text in ["", "healthz", "/a b", "/a\n", "/\"", "/a#b"] {
            assert!(text.parse::<HttpPath>().is_err(), "{text:?}");
        }
        for text in ["", "Z", "/hostedzone/Z1", "z02", "Z1*", "Z1\""] {
            assert!(text.parse::<ZoneId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_zone_contains_itself_and_what_is_below() {
        let name = |text: &str| text.parse::<DnsName>().expect(text);
        assert!(name("c02.example.com").is_within(&name("example.com")));
        assert!(name("example.com").is_within(&name("example.com")));
        assert!(!name("badexample.com").is_within(&name("example.com")));
        assert!(!name("example.com").is_within(&name("c02.example.com")));
    }

    /// Whatever is typed: what is accepted means nothing to a shell, an nftables table, an HAProxy configuration or a unit.
    fn inert(text: &str) -> bool {
        !text.is_empty() && !text.starts_with('-') && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-:/+=".contains(c))
    }

    proptest::proptest! {
        #[test]
        fn what_is_accepted_is_inert(
            start in "(i-|eni-|sg-|eipalloc-|SHA256:|Z|[a-z0-9.]{0,12})?",
            middle in "[0-9a-f]{0,17}|[A-Za-z0-9+/]{43}|[a-zA-Z0-9._/-]{0,20}",
            end in "[ -~]{0,3}|\\PC{0,3}|\n",
        ) {
            let text = start + &middle + &end;
            let accepted = [
                text.parse::<DnsName>().is_ok(),
                text.parse::<InterfaceName>().is_ok(),
                text.parse::<SshUser>().is_ok(),
                text.parse::<HostKeyFingerprint>().is_ok(),
                text.parse::<AllocationId>().is_ok(),
                text.parse::<AccountId>().is_ok(),
                text.parse::<ZoneId>().is_ok(),
                text.parse::<InstanceType>().is_ok(),
                text.parse::<AvailabilityZone>().is_ok(),
                text.parse::<KubernetesVersion>().is_ok(),
                text.parse::<ImageName>().is_ok(),
                text.parse::<RepositoryName>().is_ok(),
                text.parse::<InstanceId>().is_ok(),
                text.parse::<EniId>().is_ok(),
                text.parse::<GroupId>().is_ok(),
            ];
            proptest::prop_assert!(!accepted.contains(&true) || inert(&text), "{text:?} {accepted:?}");
        }
    }
}
