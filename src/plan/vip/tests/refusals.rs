//! What is refused before anything is touched.

use super::*;

#[test]
fn what_would_not_work_is_refused() {
    let of = |change: &dyn Fn(&mut Member), more: &dyn Fn(&mut Wanted)| {
        let mut members = [member(10), member(11)];
        change(&mut members[1]);
        let mut wanted = wanted(&members);
        more(&mut wanted);
        plan(&members, &wanted).expect_err("a refusal").what
    };
    let same = |_: &mut Wanted| {};
    assert!(of(&|member| member.state.addresses.push(on_eth0(ip(VIP), 32)), &same).contains("no keepalived on it knows"));
    assert!(of(&|member| member.state.addresses.clear(), &same).contains("has no address in the network of 10.0.0.100"));
    assert!(of(&|member| member.state.listeners[0].address = ListenAddress::Ip(ip("10.0.0.11")), &same).contains("only on its own"));
    let other = |member: &mut Member| {
        let listener = Listener { address: ListenAddress::Wildcard, port: 8443, process: "dex".into(), pid: None, unit: None };
        member.state.listeners.push(listener);
    };
    assert!(of(&other, &|wanted| wanted.balancer = Some(8443)).contains("taken by dex"));
    let clash = |member: &mut Member| {
        let text = "vrrp_instance A {\n virtual_router_id 100\n virtual_ipaddress {\n 10.0.0.200\n }\n}\n";
        member.state.files.insert(KEEPALIVED_CONFIG.into(), file(text, "644"));
    };
    assert!(of(&clash, &same).contains("router id 100"));
}

#[test]
fn api_servers_that_cannot_prove_it_are_refused_before_anything_changes() {
    let refused = |answers: [Answer; 2]| {
        let mut members = [of_the_document(10, true), of_the_document(11, false)];
        members.iter_mut().zip(answers).for_each(|(member, answer)| member.state.health.node = answer);
        let wanted = Wanted { take_over: true, ..wanted(&members) };
        plan(&members, &wanted).map(|_| ()).map_err(|failure| (failure.kind, failure.to_string() + &failure.next.join(" ")))
    };
    let ok = Answer::Status(200);
    for status in [401, 403] {
        let (kind, text) = refused([ok, Answer::Status(status)]).expect_err("a refusal");
        assert!(kind == Kind::Refused && text.contains("cp11") && text.contains("--anonymous-auth=false"), "{text}");
    }
    let (kind, text) = refused([Answer::Status(500), Answer::Refused]).expect_err("a refusal");
    assert!(kind == Kind::Refused && text.contains("cp10 (10.0.0.10): HTTP 500; cp11 (10.0.0.11): connection refused"), "{text}");
    assert_eq!(refused([Answer::Unknown, Answer::Refused]), Ok(()));
    assert_eq!(refused([Answer::Silent, ok]), Ok(()));
}

#[test]
fn some_of_the_nodes_alone_are_refused() {
    let mut members = [member(10), member(11), member(12)];
    let planned = plan(&members, &wanted(&members)).expect("a plan");
    apply(&mut members, &planned);
    let some = &members[..2];
    let refused = plan(some, &wanted(some)).expect_err("a refusal");
    assert!(refused.kind == Kind::Refused && refused.what.contains("10.0.0.12"), "{refused:?}");
    assert!(refused.next[0].contains("--node 10.0.0.10,10.0.0.11,10.0.0.12"), "{refused:?}");
    // Named, and not there for now.
    assert_eq!(plan(some, &wanted(&members)).expect("a plan").changes, []);
    // One more is welcome.
    let more = [&members[..], &[member(13)]].concat();
    assert!(plan(&more, &wanted(&more)).is_ok());
}

#[test]
fn another_vip_of_ours_is_left_alone() {
    let mut members = [member(10), member(11)];
    let planned = plan(&members, &wanted(&members)).expect("a plan");
    apply(&mut members, &planned);
    let other = Vip { address: ip("10.0.0.101"), port: 6443 };
    let refusals = [plan(&members, &Wanted { vip: other, ..wanted(&members) }), cleanup::plan(&members, other, false)];
    for refused in refusals.map(|refused| refused.expect_err("a refusal")) {
        assert!(refused.kind == Kind::Refused && refused.what.contains("10.0.0.100, and not 10.0.0.101"), "{refused:?}");
        assert!(refused.next[0].contains("--vip 10.0.0.100"), "{refused:?}");
    }
}
