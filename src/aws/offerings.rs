//! Where an instance type is to be had (EC2).

use aws_sdk_ec2::types::LocationType;

use super::Aws;
use super::call::Call;
use super::tags::filter;
use crate::failure::Result;

impl Aws {
    /// The availability zones of the region that offer the instance type, sorted; empty when none does.
    pub async fn zones_with(&self, instance_type: &str) -> Result<Vec<String>> {
        let call = Call::read("ec2:DescribeInstanceTypeOfferings", format!("{instance_type} in {}", self.region));
        let request = self.ec2.describe_instance_type_offerings().location_type(LocationType::AvailabilityZone);
        let answer = request.filters(filter("instance-type", [instance_type])).send().await.map_err(|error| call.failed(&error))?;
        let mut zones: Vec<_> =
            answer.instance_type_offerings().iter().filter_map(|offering| offering.location()).map(str::to_owned).collect();
        zones.sort();
        Ok(zones)
    }
}
