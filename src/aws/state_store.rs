//! The bucket of kOps' state store (S3).

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::types::BucketVersioningStatus;

use super::Aws;
use super::call::Call;
use super::cause::Cause;
use crate::failure::{Failure, Result};
use crate::plan::creation::Bucket;

impl Aws {
    /// # Errors
    /// It is somebody else's, in another region, or may not be looked at.
    pub async fn state_store(&self, bucket: &str) -> Result<Bucket> {
        let call = Call::read("s3:ListBucket", format!("bucket {bucket}"));
        let answer = match self.s3.list_objects_v2().bucket(bucket).max_keys(1).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let cause = Cause::of(&error);
                return match error.code() {
                    Some("NoSuchBucket") => Ok(Bucket::Missing),
                    Some("PermanentRedirect" | "IllegalLocationConstraintException") => Err(elsewhere(bucket, &self.region)),
                    _ => Err(call.failure(&cause).next("a bucket's name is taken for the whole of AWS: this one may be somebody else's")),
                };
            }
        };
        let protected = self.is_versioned(bucket).await? && self.is_closed(bucket).await?;
        Ok(if answer.contents().is_empty() { Bucket::Empty { protected } } else { Bucket::InUse { protected } })
    }

    async fn is_versioned(&self, bucket: &str) -> Result<bool> {
        let call = Call::read("s3:GetBucketVersioning", format!("bucket {bucket}"));
        let answer = self.s3.get_bucket_versioning().bucket(bucket).send().await.map_err(|error| call.failed(&error))?;
        Ok(answer.status() == Some(&BucketVersioningStatus::Enabled))
    }

    async fn is_closed(&self, bucket: &str) -> Result<bool> {
        let call = Call::read("s3:GetBucketPublicAccessBlock", format!("bucket {bucket}"));
        let answer = match self.s3.get_public_access_block().bucket(bucket).send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchPublicAccessBlockConfiguration") => return Ok(false),
            Err(error) => return Err(call.failed(&error)),
        };
        Ok(answer.public_access_block_configuration().is_some_and(|block| {
            let all = [block.block_public_acls(), block.ignore_public_acls(), block.block_public_policy(), block.restrict_public_buckets()];
            all.iter().all(|set| *set == Some(true))
        }))
    }
}

fn elsewhere(bucket: &str, region: &str) -> Failure {
    Failure::refused(format!("bucket {bucket} is not in {region}"))
        .state("nothing was changed")
        .next("name another one with `--state-store`, or the region it is in with `--region`")
}
