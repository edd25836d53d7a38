//! The watchdog: before a step that could cut the node off, a transient timer of systemd is armed that takes the step
//! back if it isn't over [`SLACK`] after the time that it may take. When all of the step is done a shorter timer takes its
//! place: [`CONFIRM_WITHIN`] is left for a fresh connection to show that the node can still be reached: `sshd` greets it, or,
//! where that isn't to be had, somebody logs in. A step that fails, or that notices that nobody listens any more, is taken back at
//! once.

use std::net::Ipv4Addr;

use super::{Fragment, PRELUDE};

/// Seconds beyond the limit of a step, which the node enforces itself.
const SLACK: u64 = 15;
/// Seconds from the end of a step until it is taken back.
pub const CONFIRM_WITHIN: u64 = 60;

/// Stops the timers; the changes stay, unless one went off after the node was read.
pub const DISARM: &str = "\
stop_watchdog
late=
[ ! -e /run/k8sport/undo/done ] || late=yes
rm -rf /run/k8sport/undo
[ -z \"$late\" ] || die 'the watchdog has just taken the changes back; run the command again'
";

/// What confirms that the node can be reached. Says whether it came in time, and the same once more if nobody heard it: what the
/// watchdog did is kept until the next watched step.
pub fn confirm() -> String {
    format!(
        "{PRELUDE}
stop_watchdog
outcome=reverted
if [ ! -e \"$UNDO/done\" ]; then
    outcome=kept
    # Before the answer: nobody may be there any more to hear it, and the script ends with that.
    rm -rf \"$UNDO\"
fi
echo \"@k8sport $outcome\"
"
    )
}

/// What a fresh connection runs after one was lost in the middle of a watched step: what the step has begun is taken back
/// once its script is over. Needs the holder's assignment before it.
pub fn give_up() -> String {
    format!("{PRELUDE}\nmain() {{\n[ ! -e \"$UNDO/undo\" ] || take_back\n}}\nstart\nmain </dev/null\nfinish\n")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    Kept,
    /// The watchdog was quicker.
    Reverted,
}

pub fn read_confirmation(output: &str) -> Option<Confirmation> {
    output.lines().find_map(|line| match line {
        "@k8sport kept" => Some(Confirmation::Kept),
        "@k8sport reverted" => Some(Confirmation::Reverted),
        _ => None,
    })
}

/// Writes the undo script and starts the timer. Each part of the undo runs only if its change was begun; the last
/// change is undone first. Files come back before anything that reads them, since they were written first and their
/// undo is repeated at the start.
pub(super) fn arm(fragments: &[Fragment], step_seconds: u64) -> String {
    let seconds = step_seconds + SLACK;
    let mut undo = String::from(
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nexport PATH\nUNDO=/run/k8sport/undo\nset +e\nsystemctl stop k8sport-net.timer 2>/dev/null\n",
    );
    let part = |(index, fragment): (usize, &Fragment)| format!("if [ -e \"$UNDO/begun.{index}\" ]; then\n{}fi\n", fragment.undo);
    let is_file = |fragment: &Fragment| fragment.undo.contains("$UNDO/file.");
    let parts = || fragments.iter().enumerate().filter(|(_, fragment)| !fragment.undo.is_empty());
    // A `net` that is at work ends before, and one that comes after reads the settings that are back.
    undo.push_str("exec 9>>/run/k8sport/net.lock\nflock -w 30 9\n");
    undo.extend(parts().filter(|(_, fragment)| is_file(fragment)).map(part));
    undo.push_str("exec 9>&-\n");
    undo.extend(parts().filter(|(_, fragment)| !is_file(fragment)).collect::<Vec<_>>().into_iter().rev().map(part));
    undo.push_str("systemctl is-enabled -q k8sport-net.timer 2>/dev/null && systemctl start k8sport-net.timer\ntouch \"$UNDO/done\"\n");
    let write = super::fragment::here_document("put \"$UNDO/undo\" 700", &undo);
    format!(
        "stop_watchdog
rm -rf \"$UNDO\"
mkdir -p \"$UNDO\"
{write}systemctl reset-failed k8sport-watchdog.service k8sport-watchdog-confirm.service 2>/dev/null
on_failure() {{ take_back; }}
trap 'take_back; exit 1' HUP TERM PIPE
if ! systemd-run -q --unit=k8sport-watchdog --on-active={seconds} --timer-property=AccuracySec=1s /bin/sh /run/k8sport/undo/undo; then
    echo '@k8sport no-watchdog'
    exit 1
fi
"
    )
}

/// All of the step is done: the wait for a confirmation begins. The first timer ends when the second runs.
pub(super) fn await_confirmation() -> String {
    format!(
        "if systemd-run -q --unit=k8sport-watchdog-confirm --on-active={CONFIRM_WITHIN} --timer-property=AccuracySec=1s /bin/sh /run/k8sport/undo/undo; then
    systemctl stop k8sport-watchdog.timer
fi
"
    )
}

/// Notes that the change with this position in the step has begun.
pub(super) fn mark(position: usize) -> String {
    format!("touch \"$UNDO/begun.{position}\"\n")
}

/// Takes `ip` from whatever interface has it with the prefix that we give it.
pub(super) fn remove_secondary(ip: Ipv4Addr) -> String {
    format!(
        "for dev in $(ip -o -4 addr show to {ip}/32 | while read -r _ dev _ prefix _; do [ \"$prefix\" = {ip}/32 ] && echo \"$dev\"; done); do\n\
         ip addr del {ip}/32 dev \"$dev\"\ndone\n"
    )
}

/// What `net down` does about the redirect, for a node whose settings are gone already. Fails only if it can't.
pub(super) const REMOVE_REDIRECT: &str = "\
if [ -n \"$(command -v nft)\" ] && nft list table ip k8sport >/dev/null 2>&1; then nft delete table ip k8sport; fi
if [ -n \"$(command -v iptables)\" ] && iptables -w 5 -t nat -S K8SPORT >/dev/null 2>&1; then
    for chain in PREROUTING OUTPUT; do
        while iptables -w 5 -t nat -D $chain -m comment --comment k8sport -j K8SPORT 2>/dev/null; do :; done
    done
    iptables -w 5 -t nat -F K8SPORT
    iptables -w 5 -t nat -X K8SPORT
fi
rm -f /run/k8sport/table /run/k8sport/source
";
