//! The VIP stays with a node that serves it, whatever happens to the others.

use super::lab::{Client, NODES, VIP, VipLab, tell};

/// All but one.
fn others(one: &str) -> Vec<&'static str> {
    NODES.into_iter().filter(|name| *name != one).collect()
}

/// No HAProxy runs or tries to on any of them.
fn no_haproxy(lab: &VipLab) {
    for name in NODES {
        let state = lab.node(name, "systemctl show -p ActiveState -p NRestarts --value haproxy | tr '\\n' ' '");
        assert_eq!(state.split_whitespace().collect::<Vec<_>>(), ["0", "inactive"], "{name}");
    }
}

#[test]
fn the_api_answers_on_the_vip_through_power_cuts_reboots_and_broken_cables() {
    let lab = VipLab::up("document");
    lab.until_cp1_holds();
    lab.vip("setup", &["--take-over", "--yes"]).expect(0);

    // The power of the holder is cut; it comes back and doesn't take the VIP back.
    let client = Client::start(&lab, 6443);
    lab.lab(&["power-off", "cp1"]);
    let second = lab.holder(&others("cp1"));
    client.finish("the holder's power is cut");
    let client = Client::start(&lab, 6443);
    lab.lab(&["boot", "cp1"]);
    lab.until("keepalived on cp1", |lab| lab.node("cp1", "cat /run/k8sport-vip/role 2>/dev/null || :").starts_with("BACKUP"));
    assert_eq!(lab.holder(&NODES), second);
    client.finish("it comes back");

    // The holder's cable leads nowhere: it believes that it is alone, and so do the others.
    let client = Client::start(&lab, 6443);
    lab.lab(&["cut", second]);
    let third = lab.holder(&others(second));
    client.finish("the holder's network is cut");
    assert_eq!(lab.holders(&NODES).len(), 2);
    let client = Client::start(&lab, 6443);
    let mended = lab.node(third, "date +%s%3N").trim().parse::<u64>().expect("milliseconds");
    lab.lab(&["mend", second]);
    lab.until("one holder again", |lab| lab.holders(&NODES).len() == 1);
    client.finish("its network is mended");
    // One of the two stepped back: by its own journal at the first advertisement, half a second later at most.
    let said = r"journalctl -q -b -o short-unix -u k8sport-vip | sed -n 's/^\([0-9]*\)\.\(...\).*Entering BACKUP.*/\1\2/p' | tail -1";
    let stepped_back = [second, third].map(|name| lab.node(name, said).trim().parse::<u64>().unwrap_or(0));
    let last = stepped_back.into_iter().max().expect("two");
    tell(&format!("two holders on one network for {} ms", last.saturating_sub(mended)));
    assert!((mended..mended + 5000).contains(&last), "{stepped_back:?} after {mended}");

    // Two at once, the holder among them.
    let holder = lab.holder(&NODES);
    let client = Client::start(&lab, 6443);
    let (stays, gone) = others(holder).split_first().map(|(stays, other)| (*stays, [holder, other[0]])).expect("two others");
    lab.lab(&["shut-down", gone[0], gone[1]]);
    lab.lab(&["boot", gone[0], gone[1]]);
    lab.until("both to be back", |lab| {
        gone.iter().all(|name| lab.node(name, "cat /run/k8sport-vip/role 2>/dev/null || :").starts_with("BACKUP"))
    });
    assert_eq!(lab.holder(&NODES), stays);
    client.finish("two are rebooted at once");
    no_haproxy(&lab);

    // The API server alone dies, and systemd doesn't start it again.
    let client = Client::start(&lab, 6443);
    lab.node(stays, "systemctl stop kube-apiserver");
    assert_ne!(lab.holder(&others(stays)), stays);
    client.finish("the holder's API server dies");
    lab.node(stays, "systemctl start kube-apiserver");
    lab.until("its role to be the last one for now", |lab| lab.node(stays, "cat /run/k8sport-vip/role").starts_with("BACKUP"));

    // What was taken over is started again by somebody, for ever: the next change of the role ends that.
    let next = others(lab.holder(&NODES));
    for name in &next {
        lab.node(
            name,
            "mkdir -p /run/systemd/system/haproxy.service.d
             printf '[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nRestartSec=1\\n' >/run/systemd/system/haproxy.service.d/endless.conf
             systemctl daemon-reload; systemctl start --no-block haproxy",
        );
        lab.until("HAProxy's restart loop", |lab| lab.node(name, "systemctl show -p NRestarts --value haproxy").trim() != "0");
    }
    lab.lab(&["power-off", lab.holder(&NODES)]);
    let last = lab.holder(&next);
    lab.until("the loop to end", |lab| lab.node(last, "systemctl show -p ActiveState --value haproxy").trim() == "inactive");
    assert_eq!(lab.operator(&format!("curl -sk --max-time 5 https://{VIP}:6443/livez")).stdout, "ok");
}
