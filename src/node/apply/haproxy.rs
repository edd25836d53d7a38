//! Fragments for HAProxy: check before use, see that it listens, put the old configuration back if it doesn't.

use super::Fragment;
use super::fragment::here_document;
use crate::node::files::{HAPROXY_CONFIG, HAPROXY_LOADED, HAPROXY_UNIT, HaproxyConfig};
use crate::plan::node::HAPROXY_GRACE;
use crate::plan::whole::TIMEOUT_TUNNEL;

/// Shell functions around the running instance. `haproxy -c` binds nothing, and after a reload that failed the old
/// worker goes on, so a *new* process of our unit has to be seen on every port.
fn functions() -> String {
    format!(
        "listening() {{ ss -H -l -t -n -p | grep -F \"$1\" | grep -o 'pid=[0-9]*' | cut -d= -f2; }}
serves() {{
    for bind in $(sed -n 's/^ *bind //p' {HAPROXY_CONFIG}); do
        found=
        for pid in $(listening \" $bind \"); do
            case \" $before \" in *\" $pid \"*) continue ;; esac
            if grep -q '/{HAPROXY_UNIT}$' /proc/$pid/cgroup; then found=$pid; fi
        done
        [ -n \"$found\" ] || return 1
    done
}}
run() {{
    systemctl daemon-reload
    before=$(listening : | sort -u | tr '\\n' ' ')
    if systemctl is-active -q {HAPROXY_UNIT}; then
        timeout 20 systemctl reload {HAPROXY_UNIT} || return 1
    else
        systemctl reset-failed {HAPROXY_UNIT} 2>/dev/null
        timeout 30 systemctl start {HAPROXY_UNIT} || return 1
    fi
    tries=0
    until serves; do
        tries=$((tries + 1))
        [ $tries -lt 30 ] || return 1
        sleep 0.2
    done
    cp -f {HAPROXY_CONFIG} {HAPROXY_LOADED}
}}
complain() {{
    echo \"$1\"
    journalctl -q -n 10 -o cat -u {HAPROXY_UNIT} 2>/dev/null || :
}}
"
    )
}

pub(super) fn configure(config: &HaproxyConfig) -> Fragment {
    let candidate = here_document("put $cfg.candidate 644", &config.render());
    Fragment::new(
        120,
        format!(
            "{}cfg={HAPROXY_CONFIG}
{candidate}rc=0
said=$(timeout 20 haproxy -c -f $cfg.candidate 2>&1) || rc=$?
case $said in *WARNING*|*ALERT*) rc=1 ;; esac
if [ $rc -ne 0 ]; then
    echo \"$said\"
    rm -f $cfg.candidate
    die 'haproxy -c refuses the new configuration; the present one stays'
fi
rm -f $cfg.previous
[ ! -e $cfg ] || cp -pf $cfg $cfg.previous
mv -f $cfg.candidate $cfg
if run; then
    rm -f $cfg.previous
    exit 0
fi
complain 'HAProxy does not listen with the new configuration'
if [ -e $cfg.previous ]; then
    mv -f $cfg.previous $cfg
    if run; then die 'the previous configuration runs again'; else die 'the previous configuration is back, but does not run either'; fi
fi
systemctl stop {HAPROXY_UNIT} || :
rm -f $cfg
die 'it was the first one, so it was removed again'
",
            functions()
        ),
    )
}

/// The same, when the present one is as it was looked at.
pub(super) fn reconfigure(config: &HaproxyConfig, old_sha256: &str) -> Fragment {
    let configure = configure(config);
    Fragment { apply: format!("unchanged {HAPROXY_CONFIG} {old_sha256}\n{}", configure.apply), ..configure }
}

pub(super) fn start() -> Fragment {
    Fragment::new(60, format!("{}if ! run; then complain 'HAProxy does not listen'; exit 1; fi\n", functions()))
}

/// New connections go to ours already; the old ones may last as long as through ours.
pub(super) fn stop_distribution(config_sha256: &str) -> Fragment {
    Fragment::new(
        40,
        format!(
            "unchanged /etc/haproxy/haproxy.cfg {config_sha256}
systemctl disable -q haproxy.service
drain haproxy.service {TIMEOUT_TUNNEL}
"
        ),
    )
}

pub(super) fn stop() -> Fragment {
    Fragment::new(60, format!("retire {HAPROXY_UNIT} {HAPROXY_GRACE}\n"))
}
