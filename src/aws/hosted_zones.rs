//! Hosted zones and changes (Route 53).

use aws_sdk_route53::types::{self, ChangeStatus};

use super::Aws;
use super::call::Call;
use crate::failure::Result;
use crate::plan::observed::HostedZone;

impl Aws {
    /// All public hosted zones of the account, by name. Zones whose name can't be an application's (`_tcp.example.com`,
    /// the octal escapes of classless reverse zones) are left out.
    pub async fn hosted_zones(&self) -> Result<Vec<HostedZone>> {
        Ok(self.public_zones().await?.0)
    }

    /// The same, and the ids of the zones that are left out: their records can lead to an address as well.
    pub(super) async fn public_zones(&self) -> Result<(Vec<HostedZone>, Vec<String>)> {
        let call = Call::read("route53:ListHostedZones", "the hosted zones of the account");
        let found: Result<Vec<_>, _> = self.route53.list_hosted_zones().into_paginator().items().send().collect().await;
        let found = found.map_err(|error| call.failed(&error))?;
        let mut zones: Vec<_> = found.iter().filter_map(convert).collect();
        zones.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let others = found.iter().filter(|zone| is_public(zone) && convert(zone).is_none());
        Ok((zones, others.map(|zone| zone.id().trim_start_matches("/hostedzone/").to_owned()).collect()))
    }

    /// Whether all authoritative servers have the change that [`AwsWriter::upsert_record`](super::AwsWriter::upsert_record)
    /// returned. Resolvers may still hold the old value for its TTL.
    pub async fn change_insync(&self, change_id: &str) -> Result<bool> {
        let call = Call::read("route53:GetChange", format!("change {change_id}"));
        let answer = self.route53.get_change().id(change_id).send().await.map_err(|error| call.failed(&error))?;
        let info = answer.change_info().ok_or_else(|| call.malformed("no change"))?;
        Ok(info.status() == &ChangeStatus::Insync)
    }
}

fn is_public(zone: &types::HostedZone) -> bool {
    !zone.config().is_some_and(|config| config.private_zone())
}

fn convert(zone: &types::HostedZone) -> Option<HostedZone> {
    let name = zone.name().trim_end_matches('.').parse().ok()?;
    is_public(zone).then(|| HostedZone { id: zone.id().trim_start_matches("/hostedzone/").to_owned(), name })
}

#[cfg(test)]
mod tests {
    use aws_sdk_route53::types::HostedZoneConfig;

    use super::*;

    fn zone(name: &str, private: bool) -> types::HostedZone {
        let config = HostedZoneConfig::builder().private_zone(private).build();
        types::HostedZone::builder().id("/hostedzone/Z1").name(name).caller_reference("r").config(config).build().expect("zone")
    }

    #[test]
    fn public_zones_only_without_prefix_and_dot() {
        let found = convert(&zone("example.com.", false)).expect("public");
        assert_eq!((found.id.as_str(), found.name.as_str()), ("Z1", "example.com"));
        assert_eq!(convert(&zone("example.com.", true)), None);
        assert_eq!(convert(&zone("0\\05726.2.0.192.in-addr.arpa.", false)), None);
    }
}
