//! Image repositories.

use std::collections::BTreeMap;

use aws_sdk_ecr::types::{ImageFailureCode, ImageIdentifier, Tag};

use super::AwsWriter;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::failure::{Failure, Result};
use crate::names::RepositoryName;
use crate::plan::ownership::{OPERATION, VERSION};

/// What `BatchDeleteImage` takes at once.
const BATCH: usize = 100;

impl AwsWriter {
    /// Deletes images by digest, with all their tags. Content with those that are gone, and with those that another
    /// multi-platform image has come to consist of: AWS keeps them.
    ///
    /// # Errors
    /// When ECR refuses one of them or doesn't answer.
    pub async fn delete_images(&self, repository: &RepositoryName, digests: &[String]) -> Result<()> {
        for batch in digests.chunks(BATCH) {
            let call = Call::write("ecr:BatchDeleteImage", format!("{} images of {repository}", batch.len()));
            let ids = batch.iter().map(|digest| ImageIdentifier::builder().image_digest(digest).build()).collect();
            let request = self.ecr.batch_delete_image().repository_name(repository.as_str()).set_image_ids(Some(ids));
            let answer = request.send().await.map_err(|error| call.failed(&error))?;
            let harmless = [ImageFailureCode::ImageNotFound, ImageFailureCode::ImageReferencedByManifestList];
            let refused = |failure: &&aws_sdk_ecr::types::ImageFailure| failure.failure_code().is_none_or(|code| !harmless.contains(code));
            if let Some(failure) = answer.failures().iter().find(refused) {
                let digest = failure.image_id().and_then(|id| id.image_digest()).unwrap_or("an image");
                return Err(Failure::failed(format!("{digest} of {repository} was not deleted"))
                    .because(failure.failure_reason().unwrap_or("ECR gives no reason"))
                    .state("others may have been deleted")
                    .next("run the same command again: it goes on from what is there"));
            }
        }
        Ok(())
    }

    /// Content when there is one of this name.
    ///
    /// # Errors
    /// When ECR refuses or doesn't answer.
    pub async fn create_repository(&self, repository: &RepositoryName, tags: &BTreeMap<String, String>) -> Result<()> {
        let call = Call::write("ecr:CreateRepository", format!("repository {repository}"));
        let own = [(OPERATION, self.operation.as_str()), (VERSION, env!("CARGO_PKG_VERSION"))];
        let all = tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).chain(own);
        let tags: Result<Vec<_>, _> = all.map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
        let tags = tags.map_err(|error| Failure::failed("a tag can't be made").because(error))?;
        let answer = self.ecr.create_repository().repository_name(repository.as_str()).set_tags(Some(tags)).send().await;
        match answer.err().map(|error| Cause::of(&error)) {
            Some(cause) if !cause.is("RepositoryAlreadyExistsException") => Err(call.failure(&cause)),
            _ => Ok(()),
        }
    }

    /// Sets the lifecycle policy, whatever it was.
    ///
    /// # Errors
    /// When ECR refuses or doesn't answer.
    pub async fn put_lifecycle_policy(&self, repository: &RepositoryName, policy: &str) -> Result<()> {
        let call = Call::write("ecr:PutLifecyclePolicy", format!("repository {repository}"));
        let request = self.ecr.put_lifecycle_policy().repository_name(repository.as_str()).lifecycle_policy_text(policy);
        request.send().await.map_err(|error| call.failed(&error))?;
        Ok(())
    }

    /// Deletes a repository and every image in it. Content when it is gone.
    ///
    /// # Errors
    /// When ECR refuses or doesn't answer.
    pub async fn delete_repository(&self, repository: &RepositoryName) -> Result<()> {
        let call = Call::write("ecr:DeleteRepository", format!("repository {repository}"));
        let answer = self.ecr.delete_repository().repository_name(repository.as_str()).force(true).send().await;
        match answer.err().map(|error| Cause::of(&error)) {
            Some(cause) if !cause.is("RepositoryNotFoundException") => Err(call.failure(&cause)),
            _ => Ok(()),
        }
    }
}
