//! Looks whether everything is there that a new cluster needs. All at once, and all that is missing is told together.

use std::time::Duration;

use hickory_resolver::proto::rr::RecordType;

use crate::cluster::kops::{OLDEST, Version};
use crate::commands::observe::NoNode;
use crate::failure::{Failure, Result};
use crate::names::InstanceType;
use crate::plan::creation::Begun;
use crate::plan::observed::DnsState;
use crate::settings::{Creation, Settings};
use crate::subprocess::Subprocess;
use crate::verify;

const LOOKUP: Duration = Duration::from_secs(10);

/// What was found missing, each with its way out.
pub struct Preflight<'a> {
    pub nothing: &'a NoNode,
    pub settings: &'a Settings,
    pub creation: &'a Creation,
}

impl Preflight<'_> {
    /// # Errors
    /// One failure that names everything that is missing.
    pub async fn check(&self, begun: &Result<Begun>, offered: &Result<Vec<String>>) -> Result<()> {
        let (kops, zone) = tokio::join!(self.kops(), self.delegated());
        let mut problems: Vec<Failure> =
            [kops, zone, self.addresses(), self.name_is_free(begun)].into_iter().filter_map(Result::err).collect();
        problems.extend(
            ["ssh", "ssh-keygen"].into_iter().filter(|program| !Subprocess::is_installed(program)).map(|program| {
                Failure::failed(format!("{program} is not installed, or not on the PATH")).next("install the OpenSSH client")
            }),
        );
        // Without kOps, nothing is known of its state store.
        if Subprocess::is_installed("kops") {
            problems.extend(begun.as_ref().err().cloned());
        }
        problems.extend(self.offered(offered).err());
        together(problems)
    }

    async fn kops(&self) -> Result<()> {
        let version = Version::of_kops().await?;
        if version < OLDEST {
            return Err(Failure::failed(format!("kOps is version {version}; {OLDEST} is the oldest that is known to work")).next(KOPS));
        }
        let wanted: Option<Version> = self.creation.kubernetes_version.as_ref().and_then(|version| version.as_str().parse().ok());
        match wanted {
            Some(wanted) if !version.can_create(wanted) => {
                Err(Failure::failed(format!("kOps {version} does not create Kubernetes {wanted}"))
                    .next("choose another `--kubernetes-version`, or another kOps"))
            }
            _ => Ok(()),
        }
    }

    fn offered(&self, zones: &Result<Vec<String>>) -> Result<()> {
        let (zones, region) = (zones.as_ref().map_err(Clone::clone)?, &self.nothing.account.region);
        let kind = instance_type(self.creation);
        match &self.creation.availability_zone {
            _ if zones.is_empty() => {
                Err(Failure::failed(format!("{region} has no instance type {kind}")).next("choose another with `--instance-type`"))
            }
            Some(zone) if !zones.iter().any(|there| there == zone.as_str()) => {
                Err(Failure::failed(format!("{zone} has no instance type {kind}")).next(format!("these have it: {}", zones.join(", "))))
            }
            _ => Ok(()),
        }
    }

    /// The second address is one of the region's.
    fn addresses(&self) -> Result<()> {
        let (nothing, context) = (self.nothing, &self.settings.context);
        let (Some(quota), true) = (nothing.quota, self.settings.secondary_ip && context.elastic_ip.is_none()) else { return Ok(()) };
        let used = nothing.elastic_ips.len();
        let ours_or_free = nothing
            .elastic_ips
            .iter()
            .any(|address| address.is_for(&context.cluster) || (address.association.is_none() && address.tags.is_empty()));
        if used < usize::try_from(quota.limit).unwrap_or(usize::MAX) || ours_or_free {
            return Ok(());
        }
        Err(Failure::failed(format!("all {} Elastic IPs of {} are in use", quota.limit, nothing.account.region))
            .next("k8sport quota --request N   (asks AWS for more)")
            .next("or name one of yours with `--elastic-ip`, or go without: `--no-secondary-ip`"))
    }

    /// The world asks the servers that the zone is at.
    async fn delegated(&self) -> Result<()> {
        let Some(DnsState { zone, records, .. }) = &self.nothing.dns else { return Ok(()) };
        let Some(ours) = records.iter().find(|record| record.kind == "NS" && record.name == zone.name.as_str()) else { return Ok(()) };
        let plain = |names: &[String]| {
            let mut names: Vec<_> = names.iter().map(|name| name.trim_end_matches('.').to_ascii_lowercase()).collect();
            names.sort();
            names
        };
        let (ours, seen) = (plain(&ours.values), plain(&verify::dns::records(&zone.name, RecordType::NS, LOOKUP).await?));
        if ours == seen {
            return Ok(());
        }
        let seen = if seen.is_empty() { "nowhere".to_owned() } else { seen.join(", ") };
        Err(Failure::failed(format!("zone {} is not delegated to Route 53", zone.name))
            .because(format!("the world is sent to {seen}, the zone is at {}", ours.join(", ")))
            .next(format!("name these at the registrar: {}", ours.join(", "))))
    }

    /// A record of the API server's, and no cluster of that name in the state store: somebody else's.
    fn name_is_free(&self, begun: &Result<Begun>) -> Result<()> {
        let (Ok(Begun { registered: None, .. }), Some(dns)) = (begun, &self.nothing.dns) else { return Ok(()) };
        let api = self.settings.context.cluster.child("api");
        match dns.records.iter().find(|record| record.name == api.as_str()) {
            None => Ok(()),
            Some(record) => Err(Failure::refused(format!("{api} is there already: {}", record.values.join(", ")))
                .because("a cluster of this name is in another region, account or state store, or was not deleted with kOps")
                .next("choose another `--cluster`, or name its `--state-store` and `--region`")),
        }
    }
}

const KOPS: &str = "install a newer kOps: https://kops.sigs.k8s.io/getting_started/install/";
const DEFAULT_TYPE: &str = "t3.medium";

pub fn instance_type(creation: &Creation) -> String {
    creation.instance_type.as_ref().map_or(DEFAULT_TYPE, InstanceType::as_str).to_owned()
}

fn together(mut problems: Vec<Failure>) -> Result<()> {
    match problems.len() {
        0 => Ok(()),
        1 => Err(problems.remove(0).state("nothing was changed")),
        count => {
            let lines = problems.iter().map(|problem| {
                let next = problem.next.first().map(|next| format!("\n  {next}")).unwrap_or_default();
                format!("{problem}{next}")
            });
            let failure = Failure::failed(format!("{count} things are missing for a new cluster"))
                .because(lines.collect::<Vec<_>>().join("\n"))
                .state("nothing was changed");
            Err(failure.next("or leave these checks out with `--skip-prerequisites`"))
        }
    }
}
