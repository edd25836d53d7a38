//! Reads what is there inside, at the same time and no more than is wanted.

use crate::cluster::Cluster;
use crate::cluster::helm::Helm;
use crate::failure::Result;
use crate::plan::addons::ingress::{self, NODE_PORTS, RELEASE};
use crate::plan::addons::issuer::{self, IssuerState};
use crate::plan::addons::{IngressController, IngressState, Observed, Wanted};

/// # Errors
/// Not allowed, not reachable, no answer in time.
pub async fn observe(cluster: &Cluster, helm: Option<&Helm>, wanted: &Wanted) -> Result<Observed> {
    let (nodes, ingress, issuer) = tokio::try_join!(cluster.nodes(), ingress(cluster, helm, wanted), issuer(cluster, wanted))?;
    Ok(Observed { nodes, ingress, issuer })
}

async fn issuer(cluster: &Cluster, wanted: &Wanted) -> Result<IssuerState> {
    if wanted.issuer.is_some() { cluster.cluster_issuer(issuer::NAME).await } else { Ok(IssuerState::default()) }
}

async fn ingress(cluster: &Cluster, helm: Option<&Helm>, wanted: &Wanted) -> Result<IngressState> {
    if wanted.ingress == IngressController::Nothing && wanted.issuer.is_none() {
        return Ok(IngressState::default());
    }
    // The rest goes on without helm.
    let release = async {
        Ok(match helm {
            None => ingress::Helm::Missing,
            Some(_) if wanted.ingress == IngressController::Nothing => ingress::Helm::There(None),
            Some(helm) => {
                helm.release(RELEASE).await.map_or_else(|failure| ingress::Helm::Failing(failure.to_string()), ingress::Helm::There)
            }
        })
    };
    let (service, classes, helm) = tokio::try_join!(cluster.service_with_node_port(&NODE_PORTS), cluster.ingress_classes(), release)?;
    let default_class = classes.iter().find(|class| class.default).map(|class| class.name.clone());
    Ok(IngressState { service, classes: classes.into_iter().map(|class| class.name).collect(), default_class, helm })
}
