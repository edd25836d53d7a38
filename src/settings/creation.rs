//! What a cluster is to be, where there is none yet.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::CreationArgs;
use crate::cluster::kops::StateStore;
use crate::names::{AvailabilityZone, EmailAddress, ImageName, InstanceType, KubernetesVersion};
use crate::plan::addons::IngressController;
use crate::plan::creation::specification::Networking;
use crate::plan::network::Cidr;

#[derive(Debug, Clone)]
pub struct Creation {
    /// None: an existing cluster is meant.
    pub state_store: Option<StateStore>,
    pub from_spec: Option<PathBuf>,
    pub save_spec: Option<PathBuf>,
    /// None for the default, or with a specification of the user's.
    pub instance_type: Option<InstanceType>,
    pub availability_zone: Option<AvailabilityZone>,
    pub kubernetes_version: Option<KubernetesVersion>,
    pub networking: Networking,
    pub image: Option<ImageName>,
    pub api_access: Vec<Cidr>,
    pub cert_manager: bool,
    /// None when it wasn't said.
    pub ingress_controller: Option<IngressController>,
    pub acme_email: Option<EmailAddress>,
    pub prerequisites: bool,
    /// For each phase of the wait for a new cluster.
    pub wait: Duration,
}

const WAIT: Duration = Duration::from_secs(15 * 60);

impl Creation {
    pub(super) fn resolve(args: CreationArgs, state_store: Option<StateStore>) -> Self {
        let anywhere = || Cidr::new([0, 0, 0, 0].into(), 0).into_iter().collect();
        Self {
            state_store: args.state_store.or(state_store),
            from_spec: args.from_spec,
            save_spec: args.save_spec,
            instance_type: args.instance_type,
            availability_zone: args.availability_zone,
            kubernetes_version: args.kubernetes_version,
            networking: args.networking.unwrap_or_default(),
            image: args.image,
            api_access: if args.api_access.is_empty() { anywhere() } else { args.api_access },
            cert_manager: !args.skip_cert_manager,
            ingress_controller: args.ingress_controller,
            acme_email: args.acme_email,
            prerequisites: !args.skip_prerequisites,
            wait: args.wait.unwrap_or(WAIT),
        }
    }
}
