//! Making the bucket of kOps' state store.

use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};

use super::AwsWriter;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::failure::{Failure, Result};

/// The one region that may not be named in a bucket's constraint.
const NOT_A_CONSTRAINT: &str = "us-east-1";

impl AwsWriter {
    /// Content with a bucket of ours that exists.
    pub async fn create_bucket(&self, bucket: &str, region: &str) -> Result<()> {
        let call = Call::write("s3:CreateBucket", format!("bucket {bucket}"));
        let place = (region != NOT_A_CONSTRAINT)
            .then(|| CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build());
        let Err(error) = self.s3.create_bucket().bucket(bucket).set_create_bucket_configuration(place).send().await else { return Ok(()) };
        let cause = Cause::of(&error);
        if cause.is("BucketAlreadyOwnedByYou") {
            return Ok(());
        }
        Err(call.failure(&cause).next("a bucket's name is taken for the whole of AWS: choose another one with `--state-store`"))
    }

    /// Closed to the public first: what follows may fail.
    pub async fn protect_bucket(&self, bucket: &str) -> Result<()> {
        let named = || format!("bucket {bucket}");
        let call = Call::write("s3:PutBucketPublicAccessBlock", named());
        let closed = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .ignore_public_acls(true)
            .block_public_policy(true)
            .restrict_public_buckets(true)
            .build();
        let request = self.s3.put_public_access_block().bucket(bucket).public_access_block_configuration(closed);
        request.send().await.map_err(|error| call.failed(&error))?;

        let call = Call::write("s3:PutEncryptionConfiguration", named());
        let by_default = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::Aes256).build();
        let encrypted = by_default.and_then(|by_default| {
            let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by_default).build();
            ServerSideEncryptionConfiguration::builder().rules(rule).build()
        });
        let encrypted = encrypted.map_err(|error| Failure::failed("the encryption of the bucket can't be said").because(error))?;
        let request = self.s3.put_bucket_encryption().bucket(bucket).server_side_encryption_configuration(encrypted);
        request.send().await.map_err(|error| call.failed(&error))?;

        let call = Call::write("s3:PutBucketVersioning", named());
        let versioned = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        let request = self.s3.put_bucket_versioning().bucket(bucket).versioning_configuration(versioned);
        request.send().await.map_err(|error| call.failed(&error))?;
        Ok(())
    }
}
