//! Which secondary private IP is chosen, known again, or refused.

use super::*;
use crate::plan::elastic_ip::{Choice, Why};
use crate::plan::private_ip::{PrivateIp, choose};
use crate::plan::secondary_ip::Configured;

const NONE: Configured = Configured { by_scripts: None, by_us: None, public: None };

fn intended(number: u8, private_ip: &str) -> ElasticIp {
    free(number, &[("k8sport:cluster", "c02.example.com"), ("k8sport:private-ip", private_ip)])
}

#[test]
fn a_new_one_is_the_highest_free_address_of_the_subnet() {
    let mut state = account();
    assert_eq!(choose(&state, &Choice::Allocate, NONE), Ok(PrivateIp { ip: ip("172.20.63.254"), assigned: false, associated: false }));
    state.subnet.in_use.insert(ip("172.20.63.254"));
    assert_eq!(choose(&state, &Choice::Allocate, NONE).map(|chosen| chosen.ip), Ok(ip("172.20.63.253")));
}

#[test]
fn the_association_of_our_address_is_recognised() {
    let mut state = account();
    associate(&mut state, intended(101, "172.20.40.1"), ip("172.20.40.2"));
    let choice = Choice::Ours(state.elastic_ips[0].clone());
    assert_eq!(choose(&state, &choice, NONE), Ok(PrivateIp { ip: ip("172.20.40.2"), assigned: true, associated: true }));
}

#[test]
fn a_half_done_run_goes_on_with_the_address_it_meant() {
    let mut state = account();
    let choice = Choice::Ours(intended(101, "172.20.40.1"));
    assert_eq!(choose(&state, &choice, NONE), Ok(PrivateIp { ip: ip("172.20.40.1"), assigned: false, associated: false }));
    state.instance.eni.addresses.push(PrivateAddress { ip: ip("172.20.40.1"), primary: false, public_ip: None });
    assert_eq!(choose(&state, &choice, NONE), Ok(PrivateIp { ip: ip("172.20.40.1"), assigned: true, associated: false }));
}

#[test]
fn an_intended_address_that_somebody_else_got_or_of_another_subnet_is_replaced() {
    let mut state = account();
    state.subnet.in_use.insert(ip("172.20.40.1"));
    for text in ["172.20.40.1", "10.9.9.9", "172.20.32.1"] {
        assert_eq!(choose(&state, &Choice::Ours(intended(101, text)), NONE).map(|chosen| chosen.ip), Ok(ip("172.20.63.254")), "{text}");
    }
}

#[test]
fn a_secondary_private_ip_that_nothing_proves_to_be_ours_is_left_alone() {
    let mut state = account();
    state.instance.eni.addresses.push(PrivateAddress { ip: ip("172.20.50.5"), primary: false, public_ip: None });
    state.subnet.in_use.insert(ip("172.20.50.5"));
    assert_eq!(choose(&state, &Choice::Allocate, NONE).map(|chosen| chosen.ip), Ok(ip("172.20.63.254")));
    let known = Some(ip("172.20.50.5"));
    for configured in
        [Configured { by_scripts: known, by_us: None, public: None }, Configured { by_scripts: None, by_us: known, public: None }]
    {
        assert_eq!(choose(&state, &Choice::Allocate, configured).map(|chosen| chosen.ip), Ok(ip("172.20.50.5")), "{configured:?}");
    }
}

#[test]
fn what_would_take_something_away_or_has_no_room_is_refused() {
    let mut on_primary = account();
    associate(&mut on_primary, intended(101, "172.20.40.1"), PRIMARY);
    let choice = Choice::Ours(on_primary.elastic_ips[0].clone());
    assert!(choose(&on_primary, &choice, NONE).is_err_and(|failure| failure.what.contains("primary private IP")));

    let foreign = Choice::Ours(elsewhere(101, &[("k8sport:cluster", "c02.example.com")]));
    assert!(choose(&account(), &foreign, NONE).is_err_and(|failure| failure.what.contains("in use by")));

    let mut full_eni = account();
    full_eni.addresses_per_interface = Some(1);
    assert!(choose(&full_eni, &Choice::Allocate, NONE).is_err_and(|failure| failure.what.contains("allows no more")));
    let mut full_subnet = account();
    full_subnet.subnet.in_use = full_subnet.subnet.cidr.assignable().collect();
    assert!(
        choose(&full_subnet, &Choice::Adopt(free(101, &[]), Why::Named), NONE)
            .is_err_and(|failure| failure.what.contains("no free private IP"))
    );
}
