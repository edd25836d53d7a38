//! The registry (ECR) that images are pushed to.

use aws_smithy_types::base64;

use super::Aws;
use super::call::Call;
use super::cause::Cause;
use crate::docker::Login;
use crate::failure::Result;
use crate::plan::applications::{EcrImage, RepositoryState};
use crate::plan::ownership::ROLE;

impl Aws {
    /// The repository of an image; None when there is none.
    ///
    /// # Errors
    /// When ECR refuses or doesn't answer.
    pub async fn repository_state(&self, image: &EcrImage) -> Result<Option<RepositoryState>> {
        let call = Call::read("ecr:DescribeRepositories", format!("repository {}", image.repository));
        let request = self.ecr.describe_repositories().registry_id(image.account.as_str()).repository_names(image.repository.as_str());
        let arn = match request.send().await {
            Ok(answer) => answer.repositories().first().and_then(|found| found.repository_arn()).unwrap_or_default().to_owned(),
            Err(error) => {
                let cause = Cause::of(&error);
                return if cause.is("RepositoryNotFoundException") { Ok(None) } else { Err(call.failure(&cause)) };
            }
        };
        let call = Call::read("ecr:ListTagsForResource", format!("repository {}", image.repository));
        let (policy, tags) = tokio::try_join!(self.lifecycle_policy(&image.repository), async {
            self.ecr.list_tags_for_resource().resource_arn(arn).send().await.map_err(|error| call.failed(&error))
        })?;
        let role = tags.tags().iter().find(|tag| tag.key() == ROLE).map(|tag| tag.value().to_owned());
        Ok(Some(RepositoryState { role, has_policy: policy.is_some() }))
    }

    /// What docker logs in with.
    ///
    /// # Errors
    /// When ECR refuses, doesn't answer, or gives no such thing.
    pub async fn registry_login(&self, image: &EcrImage) -> Result<Login> {
        let call = Call::read("ecr:GetAuthorizationToken", format!("registry {}", image.registry()));
        let answer = self.ecr.get_authorization_token().send().await.map_err(|error| call.failed(&error))?;
        let token = answer.authorization_data().first().and_then(|data| data.authorization_token());
        let text = token.and_then(|token| String::from_utf8(base64::decode(token).ok()?).ok());
        let login = text.as_deref().and_then(|text| text.split_once(':'));
        let (user, password) = login.ok_or_else(|| call.malformed("no user and password"))?;
        Ok(Login { user: user.to_owned(), password: password.to_owned() })
    }
}
