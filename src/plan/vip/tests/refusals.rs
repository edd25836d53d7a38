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
        let unit = Some("dex.service".to_owned());
        let listener = Listener { address: ListenAddress::Wildcard, port: 9443, process: "dex".into(), pid: Some(7), unit };
        member.state.listeners.push(listener);
        // Ours runs on another port.
        member.state.units.insert(files::BALANCER_UNIT.to_owned(), running());
    };
    assert!(of(&other, &|wanted| wanted.balancer = Some(9443)).contains("9443 of cp11 (10.0.0.11) is taken by dex (pid 7) of dex.service"));
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

#[test]
fn what_serves_others_is_not_taken_over() {
    let with = |path: &str, more: &str| {
        let mut members = [of_the_document(10, true), of_the_document(11, false)];
        let there = members[1].state.file(path).expect("a file").to_owned();
        members[1].state.files.insert(path.into(), file(&(there + more), "644"));
        let wanted = Wanted { take_over: true, ..wanted(&members) };
        plan(&members, &wanted).map_err(|failure| (failure.kind, failure.to_string() + &failure.next.join(" ")))
    };
    let refused = |path, more, words: &[&str]| {
        let (kind, text) = with(path, more).expect_err("a refusal");
        assert!(kind == Kind::Refused && words.iter().all(|word| text.contains(word)), "{text}");
    };
    let haproxy = ["haproxy.service on cp11 (10.0.0.11) serves others", "what binds port 6443 out of /etc/haproxy/haproxy.cfg"];
    refused(HAPROXY_CONFIG, "listen web\n bind *:80\n server x 10.0.0.50:8080\n", &[haproxy[0], haproxy[1], "web (*:80)"]);
    // Another cluster's API servers.
    refused(HAPROXY_CONFIG, "listen b\n bind 10.0.0.200:6443\n server x 10.0.9.1:6443\n", &[haproxy[0], "b (10.0.0.200:6443)"]);
    refused(HAPROXY_CONFIG, "frontend b\n bind *:81\n default_backend nowhere\n", &["b (*:81)"]);
    let vrrp = ["keepalived.service on cp11", "take 10.0.0.100 out of /etc/keepalived/keepalived.conf"];
    refused(KEEPALIVED_CONFIG, "vrrp_instance B {\n virtual_ipaddress {\n 10.0.0.200\n }\n}\n", &[vrrp[0], vrrp[1], "B (10.0.0.200)"]);
    refused(KEEPALIVED_CONFIG, "virtual_server 10.0.0.7 80 {\n}\n", &[vrrp[0], "virtual_server 10.0.0.7 80"]);
    refused(KEEPALIVED_CONFIG, "include /etc/keepalived/conf.d/*.conf\n", &["include /etc/keepalived/conf.d/*.conf"]);

    let more =
        "listen page\n bind *:8404\n stats enable\nfrontend too\n bind *:9443\n default_backend m\nbackend m\n server a 10.0.0.10:6443\n";
    let planned = with(HAPROXY_CONFIG, more).expect("a plan");
    let serves: Vec<_> = changes(&planned)
        .iter()
        .filter_map(|change| match &change.action {
            VipAction::TakeOver { unit, serves } if *unit == HAPROXY => Some(serves.join("; ")),
            _ => None,
        })
        .collect();
    assert_eq!(serves, ["a (10.0.0.100:6443); page (*:8404); too (*:9443)", "a (10.0.0.100:6443)"]);
    assert!(planned.notes.iter().any(|note| note.text.contains("--load-balance --balancer-port 9443")), "{:?}", planned.notes);
}
