//! What we put on a control plane, each file with everything that decides its content.

use std::net::Ipv4Addr;

use serde::Serialize;

use crate::names::InterfaceName;
use crate::plan::haproxy_unit::service;

pub const KEEPALIVED: &str = "/etc/k8sport/vip/keepalived.conf";
pub const BALANCER: &str = "/etc/k8sport/vip/haproxy.cfg";
pub const CHECK: &str = "/usr/local/lib/k8sport/vip-check";
pub const NOTIFY: &str = "/usr/local/lib/k8sport/vip-notify";
/// Which units of others we stopped, and how they were before.
pub const TAKEN: &str = "/etc/k8sport/vip/taken-over";
pub const UNIT: &str = "k8sport-vip.service";
pub const BALANCER_UNIT: &str = "k8sport-vip-haproxy.service";
pub const UNIT_FILE: &str = "/etc/systemd/system/k8sport-vip.service";
pub const BALANCER_UNIT_FILE: &str = "/etc/systemd/system/k8sport-vip-haproxy.service";

/// With what the one that runs was started; the units write them at each start, and who reloads does afterwards.
pub const KEEPALIVED_LOADED: &str = "/run/k8sport-vip/loaded.conf";
pub const BALANCER_LOADED: &str = "/run/k8sport-vip-haproxy/loaded.cfg";

/// Milliseconds between two advertisements. The others wait three of them and a fraction of one: less than two seconds.
pub const ADVERTISES_EVERY: u32 = 500;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "file", rename_all = "kebab-case")]
pub enum VipFile {
    Keepalived(Keepalived),
    Check { url: String },
    Notify { taken: Vec<&'static str>, balancer: bool },
    Unit,
    Balancer { port: u16, api_port: u16, servers: Vec<Ipv4Addr> },
    BalancerUnit,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Keepalived {
    pub vip: Ipv4Addr,
    pub interface: InterfaceName,
    pub router_id: u8,
    pub priority: u8,
    pub own: Ipv4Addr,
    pub peers: Vec<Ipv4Addr>,
}

impl VipFile {
    pub fn path(&self) -> &'static str {
        match self {
            Self::Keepalived(_) => KEEPALIVED,
            Self::Check { .. } => CHECK,
            Self::Notify { .. } => NOTIFY,
            Self::Unit => UNIT_FILE,
            Self::Balancer { .. } => BALANCER,
            Self::BalancerUnit => BALANCER_UNIT_FILE,
        }
    }

    /// Octal. keepalived runs no script that others may write.
    pub fn mode(&self) -> &'static str {
        match self {
            Self::Check { .. } | Self::Notify { .. } => "755",
            _ => "644",
        }
    }

    pub fn render(&self) -> String {
        match self {
            Self::Keepalived(keepalived) => keepalived.render(),
            Self::Check { url } => format!(
                "#!/bin/sh\n\
                 # Whether this node may have the VIP. A lost etcd is the same on all nodes, and moving wouldn't help.\n\
                 exec curl -s -f -k -o /dev/null --noproxy '*' --max-time 2 '{url}/livez?exclude=etcd'\n"
            ),
            Self::Notify { taken, balancer } => notify(taken, *balancer),
            Self::Unit => unit(),
            Self::Balancer { port, api_port, servers } => balancer_config(*port, *api_port, servers),
            Self::BalancerUnit => balancer_unit(),
        }
    }
}

impl Keepalived {
    /// All begin as backups and nobody is pushed aside: the VIP moves only when its holder can't serve it any more.
    fn render(&self) -> String {
        let Self { vip, interface, router_id, priority, own, peers } = self;
        let peers: String = peers.iter().map(|peer| format!("        {peer}\n")).collect();
        let every = f64::from(ADVERTISES_EVERY) / 1000.0;
        format!(
            "# k8sport vip setup wrote this and writes it anew.\n\
global_defs {{
    router_id k8sport-{own}
    enable_script_security
    script_user root
    vrrp_version 3
    vrrp_garp_master_delay 1
    vrrp_garp_master_refresh 10
}}

vrrp_script api {{
    script \"{CHECK}\"
    interval 1
    timeout 3
    rise 2
    fall 2
}}

vrrp_instance k8sport {{
    state BACKUP
    nopreempt
    interface {interface}
    virtual_router_id {router_id}
    priority {priority}
    advert_int {every}
    unicast_src_ip {own}
    unicast_peer {{
{peers}    }}
    virtual_ipaddress {{
        {vip}/32 dev {interface}
    }}
    track_script {{
        api
    }}
    notify \"{NOTIFY}\"
}}
"
        )
    }
}

/// What depends on the role is done here, each time that it changes and not once at a set-up.
fn notify(taken: &[&str], balancer: bool) -> String {
    let balancer = if balancer {
        format!("systemctl is-active -q {BALANCER_UNIT} || systemctl start --no-block {BALANCER_UNIT}\n")
    } else {
        String::new()
    };
    let guard = if taken.is_empty() {
        String::new()
    } else {
        format!(
            "# They would fight over the VIP or its port with what serves it now.\n\
for unit in {}; do
    case $(systemctl show -p ActiveState --value $unit) in
        inactive | failed) ;;
        *) logger -t k8sport-vip \"$unit was started again and is stopped: k8sport vip cleanup gives it back\"
            systemctl stop $unit ;;
    esac
done
",
            taken.join(" ")
        )
    };
    format!(
        "#!/bin/sh
# keepalived calls it with each new role: INSTANCE k8sport MASTER|BACKUP|FAULT PRIORITY.
mkdir -p /run/k8sport-vip
echo \"$3 $(date +%s)\" >/run/k8sport-vip/role
{balancer}{guard}"
    )
}

fn unit() -> String {
    format!(
        "[Unit]
Description=k8sport: the VIP of the control planes, by VRRP
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
RuntimeDirectory=k8sport-vip
ExecStartPre=/bin/cp -f {KEEPALIVED} {KEEPALIVED_LOADED}
ExecStart=/usr/sbin/keepalived --dont-fork --vrrp --use-file={KEEPALIVED} --pid=/run/k8sport-vip/keepalived.pid --vrrp_pid=/run/k8sport-vip/vrrp.pid
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
"
    )
}

fn balancer_config(port: u16, api_port: u16, servers: &[Ipv4Addr]) -> String {
    let servers: String = servers.iter().map(|ip| format!("    server {ip} {ip}:{api_port}\n")).collect();
    format!(
        "# k8sport vip setup wrote this and writes it anew.
global
    chroot /var/lib/haproxy
    user haproxy
    group haproxy
    maxconn 8000

defaults
    mode tcp
    timeout connect 2s
    timeout client 1h
    timeout server 1h
    retries 2
    option redispatch

frontend api
    bind *:{port}
    default_backend api

backend api
    balance leastconn
    option httpchk GET /readyz
    http-check expect status 200
    default-server check check-ssl verify none inter 1s fall 2 rise 2 on-marked-down shutdown-sessions
{servers}"
    )
}

fn balancer_unit() -> String {
    "[Unit]
Description=k8sport: HAProxy in front of all API servers
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

"
    .to_owned()
        + &service(BALANCER, BALANCER_LOADED, "k8sport-vip-haproxy", 1)
}
