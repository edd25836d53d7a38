//! The decision table, a test a row.

use super::*;
use crate::failure::Kind;
use crate::plan::Selector;
use crate::plan::elastic_ip::{Choice, Why, choose};

const OURS: &[(&str, &str)] = &[("k8sport:cluster", "c02.example.com")];
const OTHER: &[(&str, &str)] = &[("k8sport:cluster", "other.example.com")];
const CLAIMED: &[(&str, &str)] = &[("owner", "other-team")];

fn full(free_one: Option<ElasticIp>) -> AwsState {
    let mut state = account();
    state.elastic_ips = (101..=105).map(|number| elsewhere(number, CLAIMED)).collect();
    if let Some(address) = free_one {
        state.elastic_ips[4] = address;
    }
    state
}

#[test]
fn row_1_a_tagged_address_is_used_even_if_the_quota_is_full() {
    let state = full(Some(free(105, OURS)));
    assert_eq!(choose(&state, &context(), None), Ok(Choice::Ours(free(105, OURS))));
}

#[test]
fn row_1_of_several_the_one_in_use_wins_then_the_lowest_id() {
    let mut state = account();
    state.elastic_ips = vec![free(103, OURS), free(102, OURS)];
    assert!(matches!(choose(&state, &context(), None), Ok(Choice::Ours(address)) if address.public_ip == public(102)));
    associate(&mut state, free(104, OURS), ip("172.20.63.7"));
    assert!(matches!(choose(&state, &context(), None), Ok(Choice::Ours(address)) if address.public_ip == public(104)));
}

#[test]
fn row_1_a_tagged_address_and_another_named_one_are_not_both_taken() {
    let mut state = account();
    state.elastic_ips = vec![free(101, OURS), free(102, &[])];
    let named = Context { elastic_ip: Some(Selector::PublicIp(public(102))), ..context() };
    assert_eq!(choose(&state, &named, None).expect_err("two addresses").kind, Kind::Refused);
    let same = Context { elastic_ip: Some(Selector::Allocation(allocation(101))), ..context() };
    assert!(matches!(choose(&state, &same, None), Ok(Choice::Ours(_))));
}

#[test]
fn row_2_a_named_address_is_adopted_even_with_tags_of_its_owner() {
    let mut state = account();
    state.elastic_ips = vec![free(101, CLAIMED)];
    let named = Context { elastic_ip: Some(Selector::PublicIp(public(101))), ..context() };
    assert_eq!(choose(&state, &named, None), Ok(Choice::Adopt(free(101, CLAIMED), Why::Named)));
}

#[test]
fn row_2_what_is_in_use_or_of_another_cluster_or_unknown_is_not_adopted() {
    let mut state = account();
    state.elastic_ips = vec![elsewhere(101, &[]), free(102, OTHER)];
    for (number, kind) in [(101, Kind::Refused), (102, Kind::Refused), (103, Kind::Usage)] {
        let named = Context { elastic_ip: Some(Selector::PublicIp(public(number))), ..context() };
        assert_eq!(choose(&state, &named, None).expect_err("not ours to take").kind, kind, "{number}");
    }
}

#[test]
fn row_3_the_address_that_the_scripts_set_up_is_adopted() {
    let mut state = account();
    associate(&mut state, free(101, &[]), ip("172.20.63.20"));
    let choice = choose(&state, &context(), Some(ip("172.20.63.20")));
    assert!(matches!(choice, Ok(Choice::Adopt(address, Why::ConfiguredByScripts)) if address.public_ip == public(101)));
    // Without the node's word for it, it is just somebody's address.
    assert_eq!(choose(&state, &context(), None), Ok(Choice::Allocate));
}

#[test]
fn row_4_first_prefers_a_free_address_but_never_a_claimed_one() {
    let mut state = account();
    let first = Context { reuse: Reuse::First, ..context() };
    state.elastic_ips = vec![free(101, CLAIMED), elsewhere(102, &[])];
    assert_eq!(choose(&state, &first, None), Ok(Choice::Allocate));
    state.elastic_ips.push(free(103, &[]));
    assert_eq!(choose(&state, &first, None), Ok(Choice::Adopt(free(103, &[]), Why::FreeAndFirst)));
}

#[test]
fn row_5_with_room_in_the_quota_a_new_one_is_allocated() {
    let mut state = account();
    state.elastic_ips = vec![free(101, &[]), elsewhere(102, &[])];
    assert_eq!(choose(&state, &context(), None), Ok(Choice::Allocate));
    state.quota = None;
    assert_eq!(choose(&state, &context(), None), Ok(Choice::Allocate), "an unknown quota is tried");
}

#[test]
fn row_6_at_the_limit_a_free_untagged_address_is_adopted() {
    let state = full(Some(free(105, &[])));
    assert_eq!(choose(&state, &context(), None), Ok(Choice::Adopt(free(105, &[]), Why::FreeAtLimit)));
    let skip = Context { skip_allocate: true, ..context() };
    let mut roomy = account();
    roomy.elastic_ips = vec![free(101, &[])];
    assert_eq!(choose(&roomy, &skip, None), Ok(Choice::Adopt(free(101, &[]), Why::FreeAtLimit)));
}

#[test]
fn row_7_otherwise_it_refuses_with_all_addresses_and_the_ways_out() {
    let never = Context { reuse: Reuse::Never, ..context() };
    for (state, context) in [(full(None), context()), (full(Some(free(105, CLAIMED))), context()), (full(Some(free(105, &[]))), never)] {
        let failure = choose(&state, &context, None).expect_err("no address");
        assert_eq!(failure.kind, Kind::Refused);
        let text = failure.next.join("\n");
        for word in
            ["198.18.77.101", "198.18.77.105", "owner=other-team", "k8sport quota --request 10", "--elastic-ip", "--no-secondary-ip"]
        {
            assert!(text.contains(word), "{word} is missing in\n{text}");
        }
    }
}
