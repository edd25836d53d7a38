//! The redirect of `<secondary>:443` to our HAProxy, as an nftables table of our own or, where `nft` can't be had, as an
//! iptables chain of our own. `DNAT`, not `REDIRECT`: that one goes to the interface's first address and drops what
//! comes from interfaces without one (Linux, net/netfilter/nf_nat_redirect.c).

use std::net::Ipv4Addr;

use serde::Serialize;

use crate::plan::change::Deferred;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectBackend {
    Nftables,
    Iptables,
}

impl RedirectBackend {
    /// Where its rules are kept.
    pub fn path(self) -> &'static str {
        match self {
            Self::Nftables => "/etc/k8sport/k8sport.nft",
            Self::Iptables => "/etc/k8sport/k8sport.iptables",
        }
    }
}

/// TCP 443 to either address goes to `<secondary>:8443`, from outside, from pods and from the node itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Redirect {
    pub backend: RedirectBackend,
    pub secondary: Ipv4Addr,
    /// The Elastic IP: what pods and the node send to it then never leaves the node.
    pub public: Deferred<Ipv4Addr>,
}

impl Redirect {
    pub fn path(&self) -> &'static str {
        self.backend.path()
    }

    /// None while the public address isn't known.
    pub fn render(&self, public: Option<Ipv4Addr>) -> Option<String> {
        let public = match self.public {
            Deferred::Known(known) => known,
            Deferred::AfterApply => public?,
        };
        Some(match self.backend {
            RedirectBackend::Nftables => nftables(self.secondary, public),
            RedirectBackend::Iptables => iptables(self.secondary, public),
        })
    }
}

/// Loading it twice makes the same table, in one transaction. The priorities come before those of kube-proxy
/// (`dstnat`, -100), and the first NAT chain that matches wins. `dstnat` is a name for prerouting only in nft 1.0.
fn nftables(secondary: Ipv4Addr, public: Ipv4Addr) -> String {
    format!(
        r#"# Written by k8sport. HTTPS of the applications: port 443 of these addresses goes to k8sport's HAProxy.
# Loaded by k8sport-net.service; never part of nftables.service, which would flush kube-proxy's rules.
add table ip k8sport
delete table ip k8sport
table ip k8sport {{
	set front {{
		type ipv4_addr
		elements = {{ {secondary}, {public} }}
	}}

	chain prerouting {{
		type nat hook prerouting priority dstnat - 10; policy accept;
		ip daddr @front tcp dport 443 counter dnat to {secondary}:8443 comment "k8sport https"
		ip daddr {public} tcp dport 80 counter dnat to {secondary}:80 comment "k8sport http from this node"
	}}

	chain output {{
		type nat hook output priority -110; policy accept;
		ip daddr @front tcp dport 443 counter dnat to {secondary}:8443 comment "k8sport https"
		ip daddr {public} tcp dport 80 counter dnat to {secondary}:80 comment "k8sport http from this node"
	}}
}}
"#
    )
}

/// Input for `iptables-restore --noflush`: empties and fills our chain in one transaction and touches no other. The
/// two jumps to it are kept by the script, since only there it can be asked whether they exist.
fn iptables(secondary: Ipv4Addr, public: Ipv4Addr) -> String {
    let rule = |destination: Ipv4Addr, port: u16, target: u16| {
        format!(
            "-A K8SPORT -d {destination}/32 -p tcp -m tcp --dport {port} -m comment --comment k8sport -j DNAT --to-destination {secondary}:{target}\n"
        )
    };
    format!(
        "# Written by k8sport. HTTPS of the applications: port 443 of these addresses goes to k8sport's HAProxy.\n\
         *nat\n:K8SPORT - [0:0]\n{}{}{}COMMIT\n",
        rule(secondary, 443, 8443),
        rule(public, 443, 8443),
        rule(public, 80, 80),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect(backend: RedirectBackend, public: Deferred<Ipv4Addr>) -> Redirect {
        Redirect { backend, secondary: Ipv4Addr::new(172, 20, 213, 46), public }
    }

    #[test]
    fn as_nftables_and_as_iptables() {
        let public = Deferred::Known(Ipv4Addr::new(198, 51, 100, 7));
        insta::assert_snapshot!(redirect(RedirectBackend::Nftables, public).render(None).expect("public address known"));
        insta::assert_snapshot!(redirect(RedirectBackend::Iptables, public).render(None).expect("public address known"));
    }

    #[test]
    fn an_unknown_address_is_never_invented() {
        let redirect = redirect(RedirectBackend::Nftables, Deferred::AfterApply);
        assert_eq!(redirect.render(None), None);
        let text = redirect.render(Some(Ipv4Addr::new(198, 51, 100, 8))).expect("given");
        assert!(text.contains("198.51.100.8"));
    }
}
