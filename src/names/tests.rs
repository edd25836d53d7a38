//! What gets through, and what doesn't.

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
    for text in
        ["", "ops", "@example.com", "ops@", "ops@example", "o ps@example.com", "ops@example.com\n", "a@b@example.com", "\"a\"@example.com"]
    {
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
