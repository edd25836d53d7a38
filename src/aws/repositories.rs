//! Image repositories (ECR).

use std::collections::BTreeMap;

use aws_sdk_ecr::types::{self, ImageDetail, ImageIdentifier};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::Deserialize;

use super::Aws;
use super::call::Call;
use super::cause::Cause;
use crate::failure::{Failure, Result};
use crate::names::{RepositoryName, RepositoryPrefix};
use crate::plan::applications::EcrImage;
use crate::plan::images::{Image, Repository};

/// Which repositories are meant. There is no "all".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repositories {
    pub names: Vec<RepositoryName>,
    pub prefix: Option<RepositoryPrefix>,
}

/// The media types of images that consist of others.
const INDEXES: [&str; 2] = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
/// What `BatchGetImage` takes at once.
const BATCH: usize = 100;

/// As much of an index as we read.
#[derive(Deserialize)]
struct Index {
    #[serde(default)]
    manifests: Vec<Manifest>,
}

#[derive(Deserialize)]
struct Manifest {
    digest: String,
}

impl Repositories {
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.prefix.is_none()
    }
}

impl Aws {
    /// The repositories with their images, by name. Names that don't exist are left out.
    ///
    /// # Errors
    /// When ECR refuses or doesn't answer.
    pub async fn repositories(&self, wanted: &Repositories) -> Result<Vec<Repository>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.listed_repositories(wanted).await?;
        let read = found.into_iter().map(async |(name, uri)| {
            let (images, policy) = tokio::try_join!(self.images(&name), self.lifecycle_policy(&name))?;
            Ok::<_, Failure>(Repository { name, uri, images, policy })
        });
        stream::iter(read).buffered(3).try_collect().await
    }

    /// The digest that a tag has now. None when there is no such repository, or no such tag in it.
    ///
    /// # Errors
    /// When ECR refuses or doesn't answer.
    pub async fn image_digest(&self, image: &EcrImage) -> Result<Option<String>> {
        let call = Call::read("ecr:DescribeImages", format!("image {}", image.reference()));
        let id = ImageIdentifier::builder().image_tag(image.tag.as_str()).build();
        let request = self.ecr.describe_images().registry_id(image.account.as_str()).repository_name(image.repository.as_str());
        match request.image_ids(id).send().await {
            Ok(answer) => Ok(answer.image_details().iter().find_map(ImageDetail::image_digest).map(str::to_owned)),
            Err(error) => {
                let cause = Cause::of(&error);
                let is_missing = cause.is("ImageNotFoundException") || cause.is("RepositoryNotFoundException");
                if is_missing { Ok(None) } else { Err(call.failure(&cause)) }
            }
        }
    }

    /// All are listed and picked here: asking for several names of which one is missing is an error.
    async fn listed_repositories(&self, wanted: &Repositories) -> Result<Vec<(RepositoryName, String)>> {
        let call = Call::read("ecr:DescribeRepositories", format!("the image repositories in {}", self.region));
        let listed: Result<Vec<_>, _> = self.ecr.describe_repositories().into_paginator().items().send().collect().await;
        let named = |name: &str| {
            let prefixed = wanted.prefix.as_ref().is_some_and(|prefix| name.starts_with(prefix.as_str()));
            prefixed || wanted.names.iter().any(|wanted| wanted.as_str() == name)
        };
        let mut found: Vec<(RepositoryName, String)> = Vec::new();
        for repository in listed.map_err(|error| call.failed(&error))? {
            let name = repository.repository_name().unwrap_or_default();
            if named(name) {
                let name = name.parse().map_err(|error| call.malformed(error))?;
                found.push((name, repository.repository_uri().unwrap_or_default().to_owned()));
            }
        }
        found.sort();
        Ok(found)
    }

    async fn images(&self, repository: &RepositoryName) -> Result<Vec<Image>> {
        let call = Call::read("ecr:DescribeImages", format!("repository {repository}"));
        let request = self.ecr.describe_images().repository_name(repository.as_str());
        let details: Result<Vec<_>, _> = request.into_paginator().items().send().collect().await;
        let details = details.map_err(|error| call.failed(&error))?;
        let is_index = |detail: &&ImageDetail| detail.image_manifest_media_type().is_some_and(|kind| INDEXES.contains(&kind));
        let indexes: Vec<_> = details.iter().filter(is_index).filter_map(ImageDetail::image_digest).collect();
        let mut parts = self.parts(repository, &indexes).await?;
        // A signature names what it is about.
        for detail in &details {
            if let (Some(subject), Some(digest)) = (detail.subject_manifest_digest(), detail.image_digest()) {
                parts.entry(subject.to_owned()).or_default().push(digest.to_owned());
            }
        }
        Ok(details.iter().filter_map(|detail| convert(detail, &mut parts)).collect())
    }

    /// What the multi-platform images consist of.
    async fn parts(&self, repository: &RepositoryName, indexes: &[&str]) -> Result<BTreeMap<String, Vec<String>>> {
        let mut parts = BTreeMap::new();
        for batch in indexes.chunks(BATCH) {
            let call = Call::read("ecr:BatchGetImage", format!("repository {repository}"));
            let ids = batch.iter().map(|digest| ImageIdentifier::builder().image_digest(*digest).build()).collect();
            let request = self.ecr.batch_get_image().repository_name(repository.as_str()).set_image_ids(Some(ids));
            let request = request.set_accepted_media_types(Some(INDEXES.map(str::to_owned).to_vec()));
            let answer = request.send().await.map_err(|error| call.failed(&error))?;
            for image in answer.images() {
                parts.insert(digest_of(image), contained(image, &call)?);
            }
        }
        // Without its parts known, a part could be taken for an image of its own.
        match indexes.iter().find(|digest| !parts.contains_key(**digest)) {
            Some(missing) => Err(Failure::failed(format!("the parts of image {missing} of {repository} can't be read"))
                .state("nothing was changed")
                .next("run the same command again: the image may have been deleted in the meantime")),
            None => Ok(parts),
        }
    }

    pub(super) async fn lifecycle_policy(&self, repository: &RepositoryName) -> Result<Option<String>> {
        let call = Call::read("ecr:GetLifecyclePolicy", format!("repository {repository}"));
        match self.ecr.get_lifecycle_policy().repository_name(repository.as_str()).send().await {
            Ok(answer) => Ok(answer.lifecycle_policy_text().map(str::to_owned)),
            Err(error) => {
                let cause = Cause::of(&error);
                if cause.is("LifecyclePolicyNotFoundException") { Ok(None) } else { Err(call.failure(&cause)) }
            }
        }
    }
}

fn digest_of(image: &types::Image) -> String {
    image.image_id().and_then(|id| id.image_digest()).unwrap_or_default().to_owned()
}

fn contained(image: &types::Image, call: &Call) -> Result<Vec<String>> {
    let index: Index = serde_json::from_str(image.image_manifest().unwrap_or_default()).map_err(|error| call.malformed(error))?;
    Ok(index.manifests.into_iter().map(|manifest| manifest.digest).collect())
}

fn convert(detail: &ImageDetail, parts: &mut BTreeMap<String, Vec<String>>) -> Option<Image> {
    let digest = detail.image_digest()?.to_owned();
    Some(Image {
        tags: detail.image_tags().to_vec(),
        pushed: detail.image_pushed_at().map_or(0, aws_smithy_types::DateTime::secs),
        bytes: detail.image_size_in_bytes().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0),
        parts: parts.remove(&digest).unwrap_or_default(),
        digest,
    })
}
