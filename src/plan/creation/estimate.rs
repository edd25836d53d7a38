//! What a new cluster costs, and how long it takes.

use crate::plan::usage::ADDRESS_PER_MONTH;

/// On demand, Linux, in US dollars an hour in us-east-1
/// (<https://aws.amazon.com/ec2/pricing/on-demand/>); other regions cost up to a half more.
const HOURLY: &[(&str, f64)] = &[
    ("t3.small", 0.0208),
    ("t3.medium", 0.0416),
    ("t3.large", 0.0832),
    ("t3.xlarge", 0.1664),
    ("t3a.medium", 0.0376),
    ("t3a.large", 0.0752),
    ("t4g.medium", 0.0336),
    ("t4g.large", 0.0672),
    ("m5.large", 0.096),
    ("m6i.large", 0.096),
    ("m7g.large", 0.0816),
];
const HOURS: f64 = 730.0;
/// GiB: kOps' root volume of a control plane, and two of etcd.
const VOLUMES: f64 = 64.0 + 2.0 * 20.0;
/// gp3, a GiB a month.
const GIB: f64 = 0.08;

/// US dollars a month in us-east-1; None when the type's price isn't known here.
pub fn monthly(instance_type: &str, second_address: bool) -> Option<f64> {
    let (_, hourly) = HOURLY.iter().find(|(name, _)| *name == instance_type)?;
    let addresses = if second_address { 2.0 } else { 1.0 };
    Some(hourly * HOURS + VOLUMES * GIB + addresses * ADDRESS_PER_MONTH)
}

pub fn sentence(instance_type: &str, second_address: bool) -> String {
    let parts = if second_address { "instance, volumes and two public addresses" } else { "instance, volumes and a public address" };
    let cost = match monthly(instance_type, second_address) {
        Some(dollars) => format!("about ${dollars:.0} a month for {parts}, at the prices of us-east-1; traffic comes on top"),
        None => format!("{instance_type} by its price (https://aws.amazon.com/ec2/pricing/on-demand/), besides {parts}"),
    };
    format!("takes some 10 to 15 minutes, most of it until the instance's API server is up; costs {cost}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instance_volumes_and_addresses_are_in_it() {
        let both = monthly("t3.medium", true).expect("known");
        let one = monthly("t3.medium", false).expect("known");
        assert!((both - one - ADDRESS_PER_MONTH).abs() < 0.001);
        assert!((one - (30.368 + 8.32 + ADDRESS_PER_MONTH)).abs() < 0.01, "{one}");
        assert_eq!(monthly("u7in-32tb.224xlarge", true), None);
        assert!(sentence("u7in-32tb.224xlarge", true).contains("by its price"));
    }
}
