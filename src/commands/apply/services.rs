//! Changes of our Service.

use std::net::Ipv4Addr;

use crate::cluster::ClusterWriter;
use crate::failure::{Failure, Result};
use crate::plan::change::Change;
use crate::plan::service::ServiceChange;

pub struct Services {
    /// None where the Kubernetes API isn't needed.
    pub writer: Option<ClusterWriter>,
}

impl Services {
    /// `public_ip` stands in where the plan says "known after apply".
    ///
    /// # Errors
    /// What the API server refuses.
    pub async fn perform(&self, change: &Change, public_ip: Option<Ipv4Addr>) -> Result<()> {
        let Change::Service(change) = change else { return Ok(()) };
        let writer = self.writer.as_ref().ok_or_else(|| Failure::failed("there is no connection to the Kubernetes API"))?;
        match change {
            ServiceChange::Apply { namespace, class, spec, .. } => writer.apply_service(namespace, &spec.manifest(namespace, *class)).await,
            ServiceChange::SetStatus { namespace, secondary, public, .. } => {
                let public = public.known().or(public_ip).ok_or_else(|| Failure::failed("the Elastic IP is not known"))?;
                writer.set_service_status(namespace, [*secondary, public]).await
            }
            ServiceChange::Remove { namespace, name, .. } => writer.delete_service(namespace, name).await,
        }
    }
}
