//! Who starts first, as what, and what that proves.

use super::*;

#[test]
fn before_the_first_api_server_nothing_is_proven() {
    let mut members = [member(10), member(11)];
    members.iter_mut().for_each(|member| member.state.listeners.clear());
    for (balancer, port) in [(None, 6443), (Some(8443), 8443)] {
        let wanted = Wanted { api_runs: false, balancer, ..wanted(&members) };
        let planned = plan(&members, &wanted).expect("a plan");
        let proven = |change: &&VipChange| {
            matches!(change.action, VipAction::StartVip { proven: true, .. } | VipAction::StartBalancer { proven: true, .. })
        };
        assert!(!changes(&planned).iter().any(proven));
        let notes: Vec<_> = planned.notes.iter().map(|note| note.text.as_str()).collect();
        assert!(notes.len() == 3 && notes[1].contains("no API server is there yet"), "{notes:?}");
        assert!(notes[2].contains(&format!("kubeadm init --control-plane-endpoint {VIP}:{port} ")), "{notes:?}");
        assert!(wanted.not_ready(&members[0]).is_some_and(|said| said.contains("k8sport-vip.service")));
    }
}

/// Who starts, by the last part of the address.
fn starts(plan: &Plan) -> Vec<u8> {
    let start = |change: &&VipChange| matches!(change.action, VipAction::StartVip { .. });
    changes(plan).into_iter().filter(start).map(|change| change.node.octets()[3]).collect()
}

#[test]
fn the_first_to_start_is_one_whose_own_api_answers() {
    // From theirs, whose holder's API is dead.
    let mut members = [of_the_document(10, true), of_the_document(11, false), of_the_document(12, false)];
    let answers = [Answer::Refused, Answer::Unknown, Answer::Status(200)];
    members.iter_mut().zip(answers).for_each(|(member, answer)| member.state.health.node = answer);
    let take_over = Wanted { take_over: true, ..wanted(&members) };
    assert_eq!(starts(&plan(&members, &take_over).expect("a plan")), [12, 11, 10]);
    // From nothing, as after a run that was cut off.
    let mut members = [member(10), member(11)];
    members[0].state.health.node = Answer::Status(500);
    members[1].state.health.node = Answer::Status(200);
    assert_eq!(starts(&plan(&members, &wanted(&members)).expect("a plan")), [11, 10]);
}

#[test]
fn what_runs_is_started_for_ever_and_says_with_which_configuration() {
    for (unit, copy) in [
        (VipFile::Unit, format!("ExecStartPre=/bin/cp -f {} {}\n", files::KEEPALIVED, files::KEEPALIVED_LOADED)),
        (VipFile::BalancerUnit, format!("ExecStartPre=/bin/cp -f {} {}\n", files::BALANCER, files::BALANCER_LOADED)),
    ] {
        let text = unit.render();
        let head = text.split("[Service]").next().expect("a head");
        assert!(head.contains("StartLimitIntervalSec=0\n") && text.contains(&copy), "{text}");
    }
    let haproxy = VipFile::Balancer { port: 8443, api_port: 6443, servers: Vec::new() }.render();
    assert!(haproxy.contains("user haproxy\n") && haproxy.contains("chroot /var/lib/haproxy\n"), "{haproxy}");
}
