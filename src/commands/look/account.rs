//! The account: region, credentials, identity, and then all lists at once.

use tokio::sync::oneshot::Sender;

use super::{ASK, DryRuns, timed};
use crate::aws::{Aws, Permission};
use crate::checks::Missing;
use crate::checks::Observed;
use crate::plan::dns::choose_zone;
use crate::plan::observed::{Account, ElasticIp, HostedZone, Instance, Quota, Record, SecurityGroup};
use crate::settings::Settings;

pub struct AccountFacts {
    pub aws: Option<Aws>,
    pub region: Observed<String>,
    pub credentials: Observed<()>,
    pub account: Observed<Account>,
    pub instances: Observed<Vec<Instance>>,
    pub elastic_ips: Observed<Vec<ElasticIp>>,
    pub quota: Observed<Option<Quota>>,
    pub zone: Observed<HostedZone>,
}

/// What is known only once the instance is.
pub struct InstanceFacts {
    pub permissions: Observed<Vec<Permission>>,
    pub addresses_per_interface: Observed<Option<u32>>,
    pub groups: Observed<Vec<SecurityGroup>>,
    pub public_route: Observed<bool>,
}

impl AccountFacts {
    /// The one instance, if there is one.
    pub fn instance(&self) -> Result<(&Aws, &Instance), Missing> {
        let instances = self.instances.get()?;
        let aws = self.aws.as_ref().ok_or_else(|| Missing::untried("needs account.credentials, which failed"))?;
        match instances.as_slice() {
            [one] => Ok((aws, one)),
            _ => Err(Missing::untried("needs instance.found, which failed")),
        }
    }

    fn without(aws: Option<Aws>, region: Observed<String>, credentials: Observed<()>, account: Observed<Account>, why: &str) -> Self {
        Self {
            aws,
            region,
            credentials,
            account,
            instances: Observed::untried(why),
            elastic_ips: Observed::untried(why),
            quota: Observed::untried(why),
            zone: Observed::untried(why),
        }
    }
}

/// `found` is told the one instance, if it runs, without waiting for the lists.
pub async fn look(settings: &Settings, found: Sender<(Aws, Instance)>) -> AccountFacts {
    let region = timed("account.region", ASK, Aws::region(&settings.aws)).await;
    if region.ok().is_none() {
        let why = "needs account.region, which failed";
        return AccountFacts::without(None, region, Observed::untried(why), Observed::untried(why), why);
    }
    let connected = timed("account.credentials", ASK, Aws::connect(&settings.aws)).await;
    let (aws, credentials) = match connected.outcome {
        Ok(aws) => (aws, Observed { outcome: Ok(()), took: connected.took }),
        Err(missing) => {
            let why = "needs account.credentials, which failed";
            let credentials = Observed { outcome: Err(missing), took: connected.took };
            return AccountFacts::without(None, region, credentials, Observed::untried(why), why);
        }
    };
    let cluster = &settings.context.cluster;
    let (account, instances, elastic_ips, quota, zone) = tokio::join!(
        timed("account.identity", ASK, aws.account()),
        async {
            let instances = timed("instance.found", ASK, aws.control_plane(cluster, settings.instance_id.as_ref())).await;
            if let Some([one]) = instances.ok().map(Vec::as_slice)
                && one.state == "running"
            {
                // Nobody listens once the look is over.
                let _ = found.send((aws.clone(), one.clone()));
            }
            instances
        },
        timed("address.list", ASK, aws.elastic_ips()),
        timed("address.quota", ASK, async { Ok(aws.elastic_ip_quota().await) }),
        timed("dns.zone", ASK, async { choose_zone(&aws.hosted_zones().await?, &settings.context) }),
    );
    if account.ok().is_none() {
        return AccountFacts::without(Some(aws), region, credentials, account, "needs account.identity, which failed");
    }
    AccountFacts { aws: Some(aws), region, credentials, account, instances, elastic_ips, quota, zone }
}

/// The records of the zone, once that is known.
pub async fn records(account: &AccountFacts) -> Observed<Vec<Record>> {
    match (&account.aws, account.zone.get()) {
        (Some(aws), Ok(zone)) => timed("dns.zone", ASK, aws.records(zone)).await,
        (None, Ok(_)) => Observed::untried("needs account.credentials, which failed"),
        (_, Err(missing)) => Observed::untried(missing.because),
    }
}

pub async fn look_at_instance(settings: &Settings, account: &AccountFacts, dry_runs: DryRuns) -> InstanceFacts {
    let (aws, instance) = match account.instance() {
        Ok(found) => found,
        Err(Missing { because, .. }) => {
            return InstanceFacts {
                permissions: Observed::untried(because.as_str()),
                addresses_per_interface: Observed::untried(because.as_str()),
                groups: Observed::untried(because.as_str()),
                public_route: Observed::untried(because.as_str()),
            };
        }
    };
    let (eni, cluster) = (&instance.eni, &settings.context.cluster);
    let (permissions, addresses_per_interface, groups, public_route) = tokio::join!(
        async {
            match dry_runs {
                DryRuns::Try => timed("account.permissions", ASK, async { Ok(aws.permissions(eni, cluster).await) }).await,
                DryRuns::Omit => Observed::untried("not asked for"),
            }
        },
        timed("instance.room", ASK, async { Ok(aws.addresses_per_interface(&instance.instance_type).await) }),
        timed("firewall.list", ASK, aws.security_groups(eni, cluster)),
        timed("instance.route", ASK, aws.public_route(&eni.subnet_id, &eni.vpc_id)),
    );
    InstanceFacts { permissions, addresses_per_interface, groups, public_route }
}
