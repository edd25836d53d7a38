//! Subnets and where their traffic goes (EC2).

use aws_sdk_ec2::types::{Route, RouteState};

use super::Aws;
use super::call::Call;
use super::interfaces::{convert, held_addresses, interfaces};
use super::tags::filter;
use crate::failure::Result;
use crate::plan::observed::{Eni, Subnet};

impl Aws {
    /// The subnet of an interface, every IPv4 address of it that an interface holds, whoever owns that, and the interface
    /// itself as it was at that moment.
    pub async fn subnet(&self, eni: &Eni) -> Result<(Subnet, Eni)> {
        let id = &eni.subnet_id;
        let call = Call::read("ec2:DescribeSubnets", format!("subnet {id}"));
        let interfaces_call = Call::read("ec2:DescribeNetworkInterfaces", format!("the interfaces in subnet {id}"));
        let values = [id.clone()];
        let (answer, interfaces) = tokio::try_join!(
            async { self.ec2.describe_subnets().filters(filter("subnet-id", [id])).send().await.map_err(|error| call.failed(&error)) },
            interfaces(&self.ec2, &interfaces_call, "subnet-id", &values),
        )?;
        let cidr = answer.subnets().first().and_then(|subnet| subnet.cidr_block()).ok_or_else(|| call.malformed("no such subnet"))?;
        let listed = interfaces.iter().find(|interface| interface.network_interface_id() == Some(eni.id.as_str()));
        let listed = listed.ok_or_else(|| interfaces_call.malformed(format!("no {}", eni.id)))?;
        let subnet = Subnet {
            id: id.clone(),
            cidr: cidr.parse().map_err(|error| call.malformed(error))?,
            in_use: interfaces.iter().flat_map(held_addresses).collect(),
        };
        Ok((subnet, convert(listed, &interfaces_call)?))
    }

    /// Whether the subnet sends 0.0.0.0/0 to an internet gateway. Without, an Elastic IP can't be reached.
    pub async fn public_route(&self, subnet_id: &str, vpc_id: &str) -> Result<bool> {
        let explicit = self.routes(subnet_id, vec![filter("association.subnet-id", [subnet_id])]).await?;
        // A subnet that no table names follows the main table of its VPC.
        let routes = match explicit {
            Some(routes) => Some(routes),
            None => self.routes(subnet_id, vec![filter("vpc-id", [vpc_id]), filter("association.main", ["true"])]).await?,
        };
        Ok(routes.unwrap_or_default().iter().any(is_public_default))
    }

    /// The routes of the first table that fits; None when none does.
    async fn routes(&self, subnet_id: &str, filters: Vec<aws_sdk_ec2::types::Filter>) -> Result<Option<Vec<Route>>> {
        let call = Call::read("ec2:DescribeRouteTables", format!("the routes of subnet {subnet_id}"));
        let tables: Result<Vec<_>, _> =
            self.ec2.describe_route_tables().set_filters(Some(filters)).into_paginator().items().send().collect().await;
        let tables = tables.map_err(|error| call.failed(&error))?;
        Ok(tables.into_iter().next().map(|table| table.routes.unwrap_or_default()))
    }
}

fn is_public_default(route: &Route) -> bool {
    route.destination_cidr_block() == Some("0.0.0.0/0")
        && route.gateway_id().is_some_and(|gateway| gateway.starts_with("igw-"))
        && route.state() != Some(&RouteState::Blackhole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_live_route_to_an_internet_gateway_is_public() {
        let route = || Route::builder().destination_cidr_block("0.0.0.0/0");
        assert!(is_public_default(&route().gateway_id("igw-1").build()));
        assert!(!is_public_default(&route().gateway_id("igw-1").state(RouteState::Blackhole).build()));
        assert!(!is_public_default(&route().nat_gateway_id("nat-1").build()));
        assert!(!is_public_default(&route().gateway_id("vgw-1").build()));
        assert!(!is_public_default(&Route::builder().destination_cidr_block("10.0.0.0/8").gateway_id("igw-1").build()));
    }
}
