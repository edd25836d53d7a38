//! The systemd units.

use super::{HAPROXY_CONFIG, HAPROXY_LOADED, NET_SCRIPT};
use crate::plan::haproxy_unit::service;

/// Address and redirect at boot. No `ExecStop`: a restart of networkd restarts this unit, and taking the redirect away
/// in between would leave the address to the API server. A removal takes both away itself.
pub fn net() -> String {
    format!(
        "# Written by k8sport.
[Unit]
Description=k8sport secondary address and redirect
Wants=network-online.target
After=network-online.target systemd-networkd.service
PartOf=systemd-networkd.service

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=150
ExecStart={NET_SCRIPT} up

[Install]
WantedBy=multi-user.target
"
    )
}

/// networkd drops addresses that it doesn't know when it restarts, and anyone may flush a table.
pub fn net_check() -> String {
    format!(
        "# Written by k8sport.
[Unit]
Description=k8sport check of the secondary address and redirect
After=k8sport-net.service

[Service]
Type=oneshot
TimeoutStartSec=90
ExecStart={NET_SCRIPT} check
# systemd's own two lines a minute are left out of the journal.
LogLevelMax=notice
"
    )
}

pub fn net_timer() -> String {
    "# Written by k8sport.
[Unit]
Description=k8sport check of the secondary address and redirect, every minute

[Timer]
OnBootSec=1min
OnUnitActiveSec=1min
AccuracySec=5s
Unit=k8sport-net-check.service

[Install]
WantedBy=timers.target
"
    .to_owned()
}

pub fn haproxy() -> String {
    "# Written by k8sport.
[Unit]
Description=k8sport HAProxy for the applications' HTTPS and HTTP
Documentation=man:haproxy(1)
Wants=network-online.target k8sport-net.service
After=network-online.target k8sport-net.service
StartLimitIntervalSec=0

"
    .to_owned()
        + &service(HAPROXY_CONFIG, HAPROXY_LOADED, "k8sport-haproxy", 2)
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_units() {
        insta::assert_snapshot!(super::net());
        insta::assert_snapshot!(super::net_check());
        insta::assert_snapshot!(super::net_timer());
        insta::assert_snapshot!(super::haproxy());
    }
}
