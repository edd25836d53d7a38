//! Elastic IPs (EC2).

use aws_sdk_ec2::types::{Address, Filter};

use super::call::Call;
use super::{Aws, tags};
use crate::failure::Result;
use crate::plan::observed::{Association, ElasticIp, Eni};

impl Aws {
    /// All Elastic IPs of the region, since all count against the quota, sorted by allocation id.
    pub async fn elastic_ips(&self) -> Result<Vec<ElasticIp>> {
        let call = Call::read("ec2:DescribeAddresses", format!("the Elastic IPs in {}", self.region));
        elastic_ips(&self.ec2, &call, Vec::new()).await
    }

    /// `before`, or all of them anew if an interface that was read after them shows an association that isn't among theirs: a
    /// request of a run that was killed can still have been on its way.
    pub async fn elastic_ips_with(&self, before: Vec<ElasticIp>, interfaces: &[Eni]) -> Result<Vec<ElasticIp>> {
        let shown = |ip| interfaces.iter().flat_map(|eni| &eni.addresses).any(|address| address.public_ip == Some(ip));
        if before.iter().any(|address| address.association.is_none() && shown(address.public_ip)) {
            return self.elastic_ips().await;
        }
        Ok(before)
    }
}

/// The Elastic IPs that pass all filters. The API has no pages.
pub(super) async fn elastic_ips(ec2: &aws_sdk_ec2::Client, call: &Call, filters: Vec<Filter>) -> Result<Vec<ElasticIp>> {
    let answer = ec2.describe_addresses().set_filters(Some(filters)).send().await.map_err(|error| call.failed(&error))?;
    let mut all = answer.addresses().iter().filter_map(|address| convert(address, call).transpose()).collect::<Result<Vec<_>>>()?;
    all.sort_by(|a, b| a.allocation_id.cmp(&b.allocation_id));
    Ok(all)
}

/// None for carrier and customer-owned addresses, which have no public IPv4 address.
fn convert(address: &Address, call: &Call) -> Result<Option<ElasticIp>> {
    let (Some(id), Some(public_ip)) = (address.allocation_id(), address.public_ip()) else { return Ok(None) };
    Ok(Some(ElasticIp {
        allocation_id: id.parse().map_err(|error| call.malformed(error))?,
        public_ip: public_ip.parse().map_err(|_| call.malformed(format!("{public_ip:?} as a public address")))?,
        association: address.association_id().map(|id| Association {
            id: id.to_owned(),
            eni: address.network_interface_id().and_then(|eni| eni.parse().ok()),
            instance: address.instance_id().and_then(|instance| instance.parse().ok()),
            private_ip: address.private_ip_address().and_then(|ip| ip.parse().ok()),
        }),
        tags: tags::to_map(address.tags()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_without_a_public_one_are_left_out() {
        let call = Call::read("ec2:DescribeAddresses", "test");
        let carrier = Address::builder().allocation_id("eipalloc-12345678").carrier_ip("155.146.10.111").build();
        assert_eq!(convert(&carrier, &call).expect("ok"), None);
        let free = Address::builder().allocation_id("eipalloc-12345678").public_ip("198.51.100.7").build();
        let free = convert(&free, &call).expect("ok").expect("an address");
        assert_eq!(free.association, None);
        assert!(convert(&Address::builder().allocation_id("x").public_ip("198.51.100.7").build(), &call).is_err());
    }
}
