//! Fragments that take everything of ours away. Each ends well when there is nothing left to do.

use std::net::Ipv4Addr;

use super::Fragment;
use super::watchdog::REMOVE_REDIRECT;
use crate::node::files::NET_SCRIPT;

pub(super) fn stop_units(units: &[&str]) -> Fragment {
    Fragment::new(100, units.iter().map(|unit| format!("stop {unit}\n")).collect())
}

/// Flows that have been redirected would go on by the kernel's memory of them. The undo comes before that of the
/// address, as it should: the redirect is back first.
pub(super) fn redirect(secondary: Option<Ipv4Addr>) -> Fragment {
    let flush = secondary.map_or_else(String::new, |ip| {
        format!(
            "if [ -n \"$(command -v conntrack)\" ]; then\n    \
             timeout 5 conntrack -D -p tcp --reply-src {ip} --reply-port-src 8443 || :\nfi\n"
        )
    });
    Fragment {
        apply: format!("{REMOVE_REDIRECT}{flush}"),
        undo: format!("if [ -e /etc/k8sport/net.conf ]; then {NET_SCRIPT} check; fi\n"),
        seconds: 40,
    }
}

/// Until then everything stays as it is. kube-proxy writes all its rules in one transaction, so those of port 443 stand for
/// those of 80. The kernel's memory of flows stays: our HAProxy ends what came through the redirect.
pub(super) fn hand_over(secondary: Ipv4Addr) -> Fragment {
    let apply = format!(
        "served() {{
    for list in 'iptables-save -t nat' 'iptables-legacy-save -t nat'; do
        [ -z \"$(command -v ${{list%% *}})\" ] || $list 2>/dev/null | grep KUBE- | grep -F -e '-d {secondary}/32 ' | grep -qF -e '--dport 443 ' && return 0
    done
    nft list table ip kube-proxy 2>/dev/null | grep -qF '{secondary} . tcp . 443 '
}}
tries=0
until served; do
    tries=$((tries + 1))
    [ $tries -lt {SECONDS} ] || die 'kube-proxy has no rules for {secondary}:443 after {SECONDS} s; HAProxy goes on serving it'
    sleep 1
done
{REMOVE_REDIRECT}"
    );
    Fragment { apply, undo: format!("if [ -e /etc/k8sport/net.conf ]; then {NET_SCRIPT} check; fi\n"), seconds: SECONDS + 20 }
}

/// kube-proxy takes a second, and up to half a minute when it has many Services.
const SECONDS: u64 = 60;

/// By file name, since systemd may not know a unit any more whose enablement is still there.
pub(super) fn units(units: &[String]) -> Fragment {
    let mut apply = String::from("cd /etc/systemd/system\n");
    for unit in units {
        apply.push_str(&format!("rm -f {unit} multi-user.target.wants/{unit} timers.target.wants/{unit}\n"));
    }
    apply.push_str("systemctl daemon-reload\n");
    Fragment::new(30, apply)
}

/// What the simulation says is what would happen; packages that came since, and need these, are somebody else's.
pub fn purge(packages: &[String]) -> Fragment {
    let list = packages.join(" ");
    // systemd made it for the package at its installation, and the package doesn't take it along.
    let runtime = if packages.iter().any(|package| package == "haproxy") { "rmdir /run/haproxy 2>/dev/null || :\n" } else { "" };
    Fragment::new(
        300,
        format!(
            "would=$(apt-get -s purge {list})
for package in $(echo \"$would\" | sed -n -e 's/^Purg \\([^ ]*\\).*/\\1/p' -e 's/^Remv \\([^ ]*\\).*/\\1/p'); do
    case \" {list} \" in
        *\" $package \"*) ;;
        *) die \"$package would go as well; the packages stay\" ;;
    esac
done
apt-get -q -y -o DPkg::Lock::Timeout=120 purge {list} 8>&-
{runtime}rm -f /etc/k8sport/packages
rmdir /etc/k8sport 2>/dev/null || :
"
        ),
    )
}

pub(super) fn files(directory: &str, files: &[String]) -> Fragment {
    let mut apply: String = files.iter().map(|file| format!("rm -f {directory}/{file}\n")).collect();
    apply.push_str(&format!("for directory in {directory}/taken-over {directory}; do rmdir $directory 2>/dev/null || :; done\n"));
    Fragment::new(10, apply)
}

pub(super) fn runtime_directory(directory: &str) -> Fragment {
    Fragment::new(10, format!("rm -rf {directory}\n"))
}
