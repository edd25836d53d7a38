//! Fragments that take away what the old scripts left. Ours is in place when they run.

use std::net::Ipv4Addr;

use super::Fragment;
use super::fragment::here_document;
use crate::names::InterfaceName;
use crate::plan::node::RedirectRule;

/// The address is there twice for a moment, so that it is never gone. If it was the first of its subnet, its removal
/// would take the others along unless the kernel is told to promote them.
pub(super) fn narrow(interface: &InterfaceName, address: Ipv4Addr, prefix: u8) -> Fragment {
    Fragment {
        apply: format!(
            "promote {interface}
has() {{ ip -o -4 addr show dev {interface} | grep -qF \" inet {address}/$1 \"; }}
has 32 || ip addr add {address}/32 dev {interface} noprefixroute
if has {prefix}; then ip addr del {address}/{prefix} dev {interface}; fi
has 32
"
        ),
        undo: format!("ip addr add {address}/{prefix} dev {interface}\nip addr del {address}/32 dev {interface}\n"),
        seconds: 10,
    }
}

pub(super) fn remove_address(interface: &InterfaceName, address: Ipv4Addr, prefix: u8) -> Fragment {
    // As the node's own script adds it.
    let flag = if prefix == 32 { " noprefixroute" } else { "" };
    Fragment {
        apply: format!(
            "promote {interface}
if ip -o -4 addr show dev {interface} | grep -qF \" inet {address}/{prefix} \"; then ip addr del {address}/{prefix} dev {interface}; fi
"
        ),
        undo: format!("ip addr add {address}/{prefix} dev {interface}{flag}\n"),
        seconds: 10,
    }
}

/// Exactly this rule, as often as it is there; never by line number.
pub(super) fn remove_rules(rule: &RedirectRule) -> Fragment {
    let spec = rule.spec();
    Fragment {
        apply: format!(
            "count=0
while iptables -w 5 -t nat -C {spec} 2>/dev/null; do
    iptables -w 5 -t nat -D {spec}
    count=$((count + 1))
    [ \"$count\" -lt 1000 ]
done
"
        ),
        undo: format!("iptables -w 5 -t nat -C {spec} 2>/dev/null || iptables -w 5 -t nat -A {spec}\n"),
        seconds: 30,
    }
}

/// `netplan generate` makes networkd forget the address at its next start; nothing is applied now, since that would
/// restart the network of a control plane.
pub(super) fn remove_netplan(sha256: &str) -> Fragment {
    Fragment::new(
        30,
        format!(
            "file=/etc/netplan/99-secondary-ip.yaml
if [ -e $file ]; then
    unchanged $file {sha256}
    keep $file
    rm -f $file
fi
if [ -n \"$(command -v netplan)\" ]; then timeout 20 netplan generate; fi
"
        ),
    )
}

pub(super) fn strip_rules(old_sha256: &str, remaining: Option<&str>) -> Fragment {
    let replace = remaining.map_or_else(|| "rm -f $file\n".to_owned(), |remaining| here_document("put $file 640", remaining));
    Fragment::new(
        10,
        format!("file=/etc/iptables/rules.v4\nif [ -e $file ]; then\nunchanged $file {old_sha256}\nkeep $file\n{replace}fi\n"),
    )
}

pub(super) fn disable_api_forward() -> Fragment {
    Fragment::new(
        30,
        "systemctl disable --now kube-api-forward.service\nsystemctl reset-failed kube-api-forward.service 2>/dev/null || :\n".to_owned(),
    )
}
