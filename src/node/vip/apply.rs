//! The fragment of each change on a control plane.

use crate::node::apply::{Fragment, here_document, purge};
use crate::plan::vip::files::{BALANCER, BALANCER_LOADED, BALANCER_UNIT, KEEPALIVED, KEEPALIVED_LOADED, TAKEN, UNIT};
use crate::plan::vip::{Vip, VipAction, VipChange};

pub fn fragment(change: &VipChange) -> Fragment {
    match &change.action {
        VipAction::InstallPackage { package } => install(package),
        VipAction::WriteFile { file, .. } => {
            Fragment::new(20, here_document(&format!("put {} {}", file.path(), file.mode()), &file.render()))
        }
        VipAction::TakeOver { unit, .. } => take_over(unit),
        VipAction::StartBalancer { port, proven, .. } => balancer(*port, *proven),
        VipAction::StartVip { api, proven, .. } => vip(*api, *proven),
        VipAction::StopUnit { unit } => {
            Fragment::new(100, format!("stop {unit}\nrm -f /etc/systemd/system/multi-user.target.wants/{unit}\nsystemctl daemon-reload\n"))
        }
        VipAction::GiveBack { unit } => give_back(unit),
        VipAction::RemoveFiles { files } => Fragment::new(
            20,
            format!(
                "rm -f {}\nsystemctl daemon-reload\nrmdir /etc/k8sport/vip /etc/k8sport /usr/local/lib/k8sport 2>/dev/null || :\n",
                files.join(" ")
            ),
        ),
        VipAction::PurgePackages { packages } => purge(packages),
    }
}

/// Masked while it is installed: the package starts an instance of its own.
fn install(package: &str) -> Fragment {
    Fragment::new(
        400,
        format!(
            "unit={package}.service
new=
[ -e /lib/systemd/system/$unit ] || new=yes
[ -z \"$new\" ] || [ {package} = curl ] || systemctl mask --runtime -q $unit
rc=0
install {package} || rc=$?
if [ -n \"$new\" ] && [ {package} != curl ]; then
    systemctl unmask --runtime -q $unit
    systemctl disable -q $unit 2>/dev/null || :
fi
exit $rc
"
        ),
    )
}

/// How it was goes into the record first: an interrupted run has it then.
fn take_over(unit: &str) -> Fragment {
    Fragment::new(
        100,
        format!(
            "mkdir -p {directory}
if ! grep -q '^{unit} ' {TAKEN} 2>/dev/null; then
    state=$(systemctl show -p ActiveState --value {unit})
    [ \"$state\" = inactive ] || state=active
    enabled=$(systemctl is-enabled {unit} 2>/dev/null || :)
    {{ cat {TAKEN} 2>/dev/null || :; echo \"{unit} $state $enabled\"; }} | put {TAKEN} 644
fi
systemctl disable -q {unit}
stop {unit}
",
            directory = TAKEN.trim_end_matches("/taken-over")
        ),
    )
}

fn give_back(unit: &str) -> Fragment {
    Fragment::new(
        100,
        format!(
            "was=$(sed -n 's/^{unit} //p' {TAKEN} 2>/dev/null)
case $was in *enabled) systemctl enable -q {unit} ;; esac
# It may fail as it did before.
case $was in active*) systemctl reset-failed {unit} 2>/dev/null || :; systemctl start --no-block {unit} ;; esac
{{ grep -v '^{unit} ' {TAKEN} || :; }} | put {TAKEN} 644
"
        ),
    )
}

fn balancer(port: u16, proven: bool) -> Fragment {
    let (answers, otherwise) = if proven {
        (
            format!("curl -s -f -k -o /dev/null --noproxy '*' --max-time 3 https://127.0.0.1:{port}/livez"),
            format!("no API server answers through HAProxy on port {port}"),
        )
    } else {
        (format!("ss -H -l -t -n -p 'sport = :{port}' | grep -q haproxy"), format!("HAProxy does not listen on port {port}"))
    };
    Fragment::new(
        90,
        format!(
            "timeout 20 haproxy -c -q -f {BALANCER} || die 'HAProxy does not take its configuration'
systemctl daemon-reload
systemctl enable -q {BALANCER_UNIT}
if systemctl is-active -q {BALANCER_UNIT}; then
    timeout 20 systemctl reload {BALANCER_UNIT}
else
    systemctl reset-failed {BALANCER_UNIT} 2>/dev/null || :
    timeout 30 systemctl start {BALANCER_UNIT}
fi
end=$(($(date +%s) + 15))
until {answers}; do
    if [ \"$(date +%s)\" -ge $end ]; then
        journalctl -q -n 10 -o cat -u {BALANCER_UNIT} || :
        die '{otherwise}'
    fi
    sleep 0.5
done
cp -f {BALANCER} {BALANCER_LOADED}
"
        ),
    )
}

/// The same for the VIP: it has to answer from here, whoever holds it, before the next node is touched.
fn vip(api: Vip, proven: bool) -> Fragment {
    let answers =
        if proven { format!("curl -s -f -k -o /dev/null --noproxy '*' --max-time 2 https://{api}/livez") } else { "true".to_owned() };
    Fragment::new(
        90,
        format!(
            "keepalived --config-test --use-file={KEEPALIVED} || die 'keepalived does not take its configuration'
stale=$(systemctl show -p NeedDaemonReload --value {UNIT})
systemctl daemon-reload
systemctl enable -q {UNIT}
if systemctl is-active -q {UNIT} && [ \"$stale\" != yes ]; then
    timeout 20 systemctl reload {UNIT}
else
    systemctl reset-failed {UNIT} 2>/dev/null || :
    timeout 30 systemctl restart {UNIT}
fi
end=$(($(date +%s) + 25))
until {answers}; do
    if [ \"$(date +%s)\" -ge $end ]; then
        journalctl -q -n 10 -o cat -u {UNIT} || :
        die 'the API does not answer on https://{api}: no node may take the VIP, or VRRP (IP protocol 112) does not pass'
    fi
    sleep 0.25
done
systemctl is-active -q {UNIT} || die 'keepalived did not stay'
cp -f {KEEPALIVED} {KEEPALIVED_LOADED}
"
        ),
    )
}
