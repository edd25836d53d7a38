//! Reads how far an earlier run has come with a cluster that has no instance.

use std::path::Path;

use crate::aws::Aws;
use crate::cluster::kops::Kops;
use crate::failure::Result;
use crate::plan::creation::{Begun, Bucket, Registered};

/// # Errors
/// The state store can't be read.
pub async fn begun(aws: &Aws, kops: &Kops, ssh_key: &Path) -> Result<Begun> {
    let bucket = aws.state_store(kops.state_store().bucket()).await?;
    let objects = if bucket == Bucket::Missing { None } else { kops.objects().await? };
    let registered = objects.map(|objects| Registered {
        instance_groups: !objects.instance_groups.is_empty(),
        ssh_public_key: !objects.ssh_public_keys.is_empty(),
    });
    Ok(Begun { bucket, ssh_key: ssh_key.is_file(), registered })
}
