//! Reads what is there inside, at the same time and no more than is wanted.

use crate::cluster::Cluster;
use crate::cluster::helm::Helm;
use crate::failure::Result;
use crate::plan::addons::ingress::{self, NODE_PORTS, RELEASE};
use crate::plan::addons::{IngressController, IngressState, Observed, Wanted};

/// # Errors
/// Not allowed, not reachable, no answer in time.
pub async fn observe(cluster: &Cluster, helm: Option<&Helm>, wanted: &Wanted) -> Result<Observed> {
    let (nodes, ingress) = tokio::try_join!(cluster.nodes(), ingress(cluster, helm, wanted))?;
    Ok(Observed { nodes, ingress })
}

async fn ingress(cluster: &Cluster, helm: Option<&Helm>, wanted: &Wanted) -> Result<IngressState> {
    if wanted.ingress == IngressController::Nothing {
        return Ok(IngressState::default());
    }
    // The rest goes on without helm.
    let release = async {
        Ok(match helm {
            None => ingress::Helm::Missing,
            Some(helm) => {
                helm.release(RELEASE).await.map_or_else(|failure| ingress::Helm::Failing(failure.to_string()), ingress::Helm::There)
            }
        })
    };
    let (service, classes, helm) = tokio::try_join!(cluster.service_with_node_port(&NODE_PORTS), cluster.ingress_classes(), release)?;
    Ok(IngressState { service, classes: classes.into_iter().map(|class| class.name).collect(), helm })
}
