//! Our security group: made, completed, attached, and never somebody else's.

use super::*;
use crate::plan::change::{Change, Deferred};
use crate::plan::firewall::{api_exposure, plan};

fn ours(ports: &[u16]) -> SecurityGroup {
    SecurityGroup {
        id: group_id(9),
        name: "k8sport.c02.example.com".to_owned(),
        tags: [("k8sport:cluster".to_owned(), "c02.example.com".to_owned())].into(),
        ingress: ports.iter().copied().map(from_anywhere).collect(),
    }
}

#[test]
fn without_a_group_it_is_made_with_its_rules_and_attached() {
    let changes = plan(&account(), &context(), &[80, 443]).expect("a plan");
    assert!(matches!(&changes[0], Change::CreateSecurityGroup { name, tags, .. }
        if name == "k8sport.c02.example.com" && !tags.keys().any(|key| key.starts_with("kubernetes.io/"))));
    assert_eq!(changes[1..3], [80, 443].map(|port| Change::AuthorizeIngress { group: Deferred::AfterApply, port }));
    assert_eq!(changes[3], Change::AttachSecurityGroup { eni: eni_id(), keep: vec![group_id(1)], group: Deferred::AfterApply });
}

#[test]
fn what_is_there_is_not_done_again() {
    let mut state = account();
    state.security_groups.push(ours(&[443]));
    assert_eq!(plan(&state, &context(), &[80, 443]).expect("a plan").len(), 2, "one rule and the attachment");
    state.security_groups[1].ingress.push(from_anywhere(80));
    state.instance.eni.groups.push(group_id(9));
    assert_eq!(plan(&state, &context(), &[80, 443]), Ok(Vec::new()));
}

#[test]
fn a_rule_for_some_sources_or_of_another_protocol_is_not_enough() {
    let mut state = account();
    state.security_groups.push(ours(&[]));
    state.security_groups[1].ingress = vec![
        IngressRule { source: "10.0.0.0/8".to_owned(), ..from_anywhere(443) },
        IngressRule { protocol: "udp".to_owned(), ..from_anywhere(80) },
    ];
    assert_eq!(plan(&state, &context(), &[80, 443]).expect("a plan").len(), 3);
}

#[test]
fn a_group_of_our_name_without_our_tag_is_refused() {
    let mut state = account();
    state.security_groups.push(SecurityGroup { tags: BTreeMap::new(), ..ours(&[80, 443]) });
    assert!(plan(&state, &context(), &[80, 443]).is_err());
}

#[test]
fn a_narrower_api_access_is_pointed_out() {
    let mut state = account();
    assert_eq!(api_exposure(&state, &context()), None);
    state.security_groups[0].ingress = vec![IngressRule { source: "192.0.2.0/24".to_owned(), ..from_anywhere(443) }];
    assert!(api_exposure(&state, &context()).is_some_and(|note| note.text.contains("masters.c02.example.com")));
}
