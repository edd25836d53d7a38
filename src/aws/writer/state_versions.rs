//! What kOps' state store keeps of a cluster, with all versions.

use aws_sdk_s3::types::Delete;

use super::AwsWriter;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::aws::state_versions::Bucket;
use crate::cluster::kops::StateStore;
use crate::failure::{Failure, Result};

/// What `DeleteObjects` takes at once.
const BATCH: usize = 1000;

impl AwsWriter {
    /// Deletes all versions of all objects below `prefix`, which ends with a slash. Content when they are gone.
    ///
    /// # Errors
    /// When S3 refuses one of them (a lock, a policy) or doesn't answer.
    pub async fn delete_state(&self, store: &StateStore, prefix: &str, account: &str) -> Result<()> {
        let Some(bucket) = Bucket::find(&self.s3, store, account).await? else { return Ok(()) };
        let versions = bucket.versions(Some(prefix), |_| true).await?;
        for batch in versions.chunks(BATCH) {
            let call = Call::write("s3:DeleteObjectVersion", format!("{} versions below s3://{}/{prefix}", batch.len(), bucket.name));
            // S3 was asked for this prefix; a version of another cluster isn't deleted on its word alone.
            let own = batch.iter().filter(|version| version.key.starts_with(prefix));
            let objects = own.map(|version| version.identifier(&call)).collect::<Result<Vec<_>>>()?;
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build().map_err(|error| call.malformed(error))?;
            let request = bucket.s3.delete_objects().bucket(&bucket.name).expected_bucket_owner(account).delete(delete);
            let answer = request.send().await.map_err(|error| call.failed(&error))?;
            if let Some(error) = answer.errors().first() {
                return Err(Failure::failed(format!("s3://{}/{} was not deleted", bucket.name, error.key().unwrap_or("?")))
                    .because(format!("{}: {}", error.code().unwrap_or("no code"), error.message().unwrap_or("no message")))
                    .state("others may have been deleted")
                    .next("run the same command again: it goes on from what is there"));
            }
        }
        Ok(())
    }

    /// Deletes the bucket itself. S3 refuses as long as anything is in it, so nobody else's objects can go with it.
    ///
    /// # Errors
    /// When S3 refuses or doesn't answer.
    pub async fn delete_bucket(&self, store: &StateStore, account: &str) -> Result<()> {
        let Some(bucket) = Bucket::find(&self.s3, store, account).await? else { return Ok(()) };
        let call = Call::write("s3:DeleteBucket", format!("bucket {}", bucket.name));
        let answer = bucket.s3.delete_bucket().bucket(&bucket.name).expected_bucket_owner(account).send().await;
        match answer.err().map(|error| Cause::of(&error)) {
            Some(cause) if !cause.is("NoSuchBucket") => Err(call.failure(&cause)),
            _ => Ok(()),
        }
    }
}
