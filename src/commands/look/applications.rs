//! The cluster's Ingresses, through the Kubernetes API where a kubeconfig leads to it.

use super::account::AccountFacts;
use super::{ASK, timed};
use crate::checks::{Missing, Observed};
use crate::cluster::Scope;
use crate::commands::own_cluster;
use crate::plan::data_path::Recorded;
use crate::plan::ingress::Ingress;
use crate::plan::{elastic_ip, service};
use crate::settings::Settings;

/// Our Service and what it rests on, where that is the data path.
pub async fn service_path(settings: &Settings, account: &AccountFacts) -> Observed<service::Observed> {
    let Some([instance]) = account.instances.ok().map(Vec::as_slice) else {
        return Observed::untried("needs instance.found, which failed");
    };
    let addresses = account.elastic_ips.ok().map(Vec::as_slice).unwrap_or_default();
    let address = elastic_ip::among(addresses, &instance.eni.id, &settings.context.cluster);
    if !settings.secondary_ip || !Recorded::of(address).needs_cluster(None) {
        return Observed::untried("the data path is HAProxy");
    }
    timed("service.preconditions", ASK, async {
        own_cluster::connect(&settings.kubernetes, &settings.context.cluster, instance).await?.service_path().await
    })
    .await
}

pub async fn look(settings: &Settings, account: &AccountFacts) -> Observed<Vec<Ingress>> {
    let Some([instance]) = account.instances.ok().map(Vec::as_slice) else {
        return Observed::untried("needs instance.found, which failed");
    };
    let looked = timed("applications.redirects", ASK, async {
        let cluster = own_cluster::connect(&settings.kubernetes, &settings.context.cluster, instance).await?;
        cluster.ingresses(&Scope::default()).await
    });
    let mut looked = looked.await;
    // Nobody has to have a kubeconfig, so this is no failure.
    if let Err(Missing { because, failure: Some(failure) }) = &mut looked.outcome {
        *because = format!("the Kubernetes API was not asked: {failure}");
    }
    looked
}
