//! The cluster's Ingresses, through the Kubernetes API where a kubeconfig leads to it.

use super::account::AccountFacts;
use super::{ASK, timed};
use crate::checks::{Missing, Observed};
use crate::cluster::Scope;
use crate::commands::own_cluster;
use crate::plan::ingress::Ingress;
use crate::settings::Settings;

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
