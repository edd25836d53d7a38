//! For any account: a plan names nothing that isn't ours or free to take, and after it nothing is left to do.

use crate::plan::data_path::Recorded;
use proptest::prelude::*;

use super::*;
use crate::plan::change::Change;
use crate::plan::secondary_ip::{self, Configured};

#[derive(Debug, Clone)]
pub enum Kind {
    ForeignTagged,
    ForeignUntagged,
    ForeignInUse,
    OtherCluster,
    OursFree,
    OursHalfDone,
    OursInUse,
}

pub fn kinds() -> impl Strategy<Value = Vec<Kind>> {
    let kind = prop_oneof![
        Just(Kind::ForeignTagged),
        Just(Kind::ForeignUntagged),
        Just(Kind::ForeignInUse),
        Just(Kind::OtherCluster),
        Just(Kind::OursFree),
        Just(Kind::OursHalfDone),
        Just(Kind::OursInUse),
    ];
    prop::collection::vec(kind, 0..8)
}

pub fn build(kinds: &[Kind], quota: Option<u32>, pod_addresses: u8) -> AwsState {
    let mut state = account();
    state.quota = quota.map(|limit| Quota { limit, source: QuotaSource::Default });
    state.addresses_per_interface = None;
    for number in 0..pod_addresses {
        let ip = Ipv4Addr::new(172, 20, 63, 254 - number);
        state.instance.eni.addresses.push(PrivateAddress { ip, primary: false, public_ip: None });
        state.subnet.in_use.insert(ip);
    }
    let ours = [("k8sport:cluster", "c02.example.com"), ("k8sport:ownership", "owned")];
    for (number, kind) in (101_u8..).zip(kinds) {
        let private_ip = Ipv4Addr::new(172, 20, 40, number);
        match kind {
            Kind::ForeignTagged => state.elastic_ips.push(free(number, &[("owner", "other-team")])),
            Kind::ForeignUntagged => state.elastic_ips.push(free(number, &[])),
            Kind::ForeignInUse => state.elastic_ips.push(elsewhere(number, &[])),
            Kind::OtherCluster => state.elastic_ips.push(free(number, &[("k8sport:cluster", "other.example.com")])),
            Kind::OursFree => state.elastic_ips.push(free(number, &ours)),
            Kind::OursHalfDone => {
                let mut address = free(number, &ours);
                address.tags.insert("k8sport:private-ip".to_owned(), private_ip.to_string());
                state.elastic_ips.push(address);
            }
            Kind::OursInUse => associate(&mut state, free(number, &ours), private_ip),
        }
    }
    state
}

proptest! {
    #[test]
    fn a_plan_touches_only_what_is_ours_or_free_and_leaves_nothing_to_do(
        kinds in kinds(), quota in prop::option::of(0_u32..10), pods in 0_u8..4,
        reuse in prop::sample::select(vec![Reuse::AtLimit, Reuse::First, Reuse::Ask, Reuse::Never]),
    ) {
        let before = build(&kinds, quota, pods);
        let context = Context { reuse, ..context() };
        let Ok(planned) = secondary_ip::plan(&before, &context, Configured::default(), Recorded::Haproxy) else { return Ok(()) };
        for change in &planned.changes {
            match change {
                Change::TagElasticIp { allocation_id, adopted, .. } => {
                    let address = before.elastic_ips.iter().find(|address| address.allocation_id == *allocation_id).expect("an address of the account");
                    let may_adopt = address.tags.is_empty() && address.association.is_none();
                    prop_assert!(if *adopted { may_adopt } else { address.is_for(&context.cluster) }, "{:?}", address);
                }
                Change::AssignPrivateIp { private_ip, .. } => prop_assert!(!before.subnet.in_use.contains(private_ip)),
                Change::AttachSecurityGroup { keep, .. } => prop_assert_eq!(keep, &before.instance.eni.groups),
                _ => {}
            }
        }
        let foreign = |state: &AwsState| -> Vec<ElasticIp> {
            state.elastic_ips.iter().filter(|address| !address.is_for(&context.cluster)).cloned().collect()
        };
        let mut after = before.clone();
        super::model::apply(&mut after, &planned.changes);
        let adopted = foreign(&before).len() - foreign(&after).len();
        prop_assert!(adopted <= 1);
        prop_assert!(foreign(&after).iter().all(|address| before.elastic_ips.contains(address)), "a foreign address was changed");
        let again = secondary_ip::plan(&after, &context, Configured::default(), Recorded::Haproxy).expect("what worked once is not refused later");
        prop_assert_eq!(again.changes, Vec::<Change>::new());
    }
}
