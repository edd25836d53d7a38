//! Changes of image repositories.

use crate::aws::AwsWriter;
use crate::failure::Result;
use crate::plan::images::ImagesChange;

/// # Errors
/// What ECR refuses.
pub async fn perform(writer: &AwsWriter, change: &ImagesChange) -> Result<()> {
    match change {
        ImagesChange::DeleteImages { repository, gone } => {
            // ECR deletes no part of an image that is still there.
            let whole: Vec<_> = gone.iter().map(|gone| gone.image.digest.clone()).collect();
            let parts: Vec<_> = gone.iter().flat_map(|gone| gone.image.parts.clone()).collect();
            writer.delete_images(repository, &whole).await?;
            writer.delete_images(repository, &parts).await
        }
        ImagesChange::PutLifecyclePolicy { repository, policy, .. } => writer.put_lifecycle_policy(repository, policy).await,
        ImagesChange::CreateRepository { repository, tags } => writer.create_repository(repository, tags).await,
        ImagesChange::DeleteRepository { repository, .. } => writer.delete_repository(repository).await,
    }
}
