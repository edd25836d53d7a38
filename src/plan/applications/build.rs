//! An image that is built here and pushed to ECR, before it is deployed.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Serialize;

use super::{ApplicationChange, EcrImage};
use crate::plan::change::Change;
use crate::plan::images::{ImagesChange, lifecycle_policy};
use crate::plan::ownership::{ROLE, Role};
use crate::plan::{Note, Plan};

/// Images of a repository of ours that stay: more than the revisions that can be rolled back to.
const KEEP: u32 = 20;

/// `linux/arm64`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Platform(String);

/// What is to be built, from what, as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    pub folder: PathBuf,
    pub image: EcrImage,
    pub platform: Platform,
}

/// A repository as far as it has to be ensured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryState {
    /// The value of our [`ROLE`] tag.
    pub role: Option<String>,
    pub has_policy: bool,
}

/// The repository where it is missing, the image in any case: only docker knows what has changed.
pub fn plan(build: &Build, repository: Option<&RepositoryState>) -> Plan {
    let mut plan = Plan::default();
    let Build { folder, image, platform } = build;
    let policy = || {
        let policy = lifecycle_policy(KEEP).to_string();
        Change::Images(ImagesChange::PutLifecyclePolicy { repository: image.repository.clone(), keep: KEEP, policy, previous: None })
    };
    match repository {
        None => {
            let tags = [(ROLE.to_owned(), Role::Images.as_str().to_owned())].into();
            plan.changes.push(Change::Images(ImagesChange::CreateRepository { repository: image.repository.clone(), tags }));
            plan.changes.push(policy());
        }
        // Of a run that was stopped between the two.
        Some(there) if !there.has_policy && there.role.as_deref() == Some(Role::Images.as_str()) => plan.changes.push(policy()),
        Some(there) if !there.has_policy => plan.notes.push(Note::info(format!(
            "{0} keeps all its images: k8sport ecr prune --repositories {0} --lifecycle-policy",
            image.repository
        ))),
        Some(_) => {}
    }
    let reference = image.reference();
    plan.changes.push(Change::Application(ApplicationChange::BuildImage {
        folder: folder.clone(),
        image: reference.clone(),
        platform: platform.clone(),
    }));
    plan.changes.push(Change::Application(ApplicationChange::PushImage { image: reference }));
    plan
}

impl FromStr for Platform {
    type Err = String;

    /// Of a node's architecture, as Go names it: `amd64`.
    fn from_str(architecture: &str) -> Result<Self, String> {
        let known = (1..=16).contains(&architecture.len()) && architecture.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if known {
            Ok(Self(format!("linux/{architecture}")))
        } else {
            Err(format!("expected an architecture such as amd64, got {architecture:?}"))
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::applications::Source;

    fn build() -> Build {
        let image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:v1".parse().expect("an image");
        let Source::Ecr(image) = Source::of(&image) else { panic!("not ECR") };
        Build { folder: "shop".into(), image, platform: "arm64".parse().expect("a platform") }
    }

    fn things(repository: Option<&RepositoryState>) -> Vec<&'static str> {
        plan(&build(), repository).changes.iter().map(|change| change.summary().thing).collect()
    }

    #[test]
    fn a_repository_is_ensured_and_one_of_others_is_left() {
        let there = |role: Option<&str>, has_policy| RepositoryState { role: role.map(str::to_owned), has_policy };
        assert_eq!(things(None), ["image repository", "lifecycle policy", "image", "image"]);
        assert_eq!(things(Some(&there(Some("app-images"), false))), ["lifecycle policy", "image", "image"]);
        assert_eq!(things(Some(&there(Some("app-images"), true))), ["image", "image"]);
        assert_eq!(things(Some(&there(None, false))), ["image", "image"]);
        assert!(plan(&build(), Some(&there(None, false))).notes[0].text.contains("ecr prune --repositories shop/api"));
    }

    #[test]
    fn architectures_become_platforms() {
        assert_eq!("amd64".parse::<Platform>().expect("a platform").to_string(), "linux/amd64");
        for text in ["", "amd64 --push", "linux/amd64", "AMD64"] {
            assert!(text.parse::<Platform>().is_err(), "{text:?}");
        }
    }
}
