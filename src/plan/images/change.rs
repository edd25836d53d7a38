//! What can be done to repositories, and how it reads in a plan.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Image, counted, size};
use crate::names::RepositoryName;
use crate::plan::change::{Summary, Verb};
use crate::plan::lane::Lane;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "ecr", rename_all = "kebab-case")]
pub enum ImagesChange {
    /// By digest, so a tag that has moved on since takes nothing with it.
    DeleteImages {
        repository: RepositoryName,
        gone: Vec<Gone>,
    },
    /// Keeps the newest `keep` images and expires the others from now on.
    PutLifecyclePolicy {
        repository: RepositoryName,
        keep: u32,
        policy: String,
        previous: Option<String>,
    },
    CreateRepository {
        repository: RepositoryName,
        tags: BTreeMap<String, String>,
    },
    /// With everything in it.
    DeleteRepository {
        repository: RepositoryName,
        images: usize,
        bytes: u64,
    },
}

/// An image that goes, with what belongs to no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    #[serde(flatten)]
    pub image: Image,
    /// The size of the image and its parts.
    pub total_bytes: u64,
}

impl ImagesChange {
    pub fn lane(&self) -> Lane {
        Lane::Images
    }

    pub fn summary(&self) -> Summary {
        match self {
            Self::DeleteImages { repository, gone } => {
                let lines: String = gone.iter().map(|gone| format!("\n{}", gone.image.label())).collect();
                let detail = format!("{} of {repository}, {}{lines}", counted(gone.len(), "image"), size(self.bytes()));
                Summary { verb: Verb::Remove, thing: "images", detail }
            }
            Self::PutLifecyclePolicy { repository, keep, previous, .. } => {
                let (verb, instead) = match previous {
                    None => (Verb::Create, ""),
                    Some(_) => (Verb::Change, ", in place of the one that is there"),
                };
                Summary { verb, thing: "lifecycle policy", detail: format!("{repository} keeps its newest {keep} images{instead}") }
            }
            Self::CreateRepository { repository, .. } => {
                Summary { verb: Verb::Create, thing: "image repository", detail: repository.to_string() }
            }
            Self::DeleteRepository { repository, images, bytes } => {
                let detail = format!("{repository} with {}, {}", counted(*images, "image"), size(*bytes));
                Summary { verb: Verb::Remove, thing: "image repository", detail }
            }
        }
    }

    /// What it frees.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::DeleteImages { gone, .. } => gone.iter().map(|gone| gone.total_bytes).sum(),
            Self::DeleteRepository { bytes, .. } => *bytes,
            Self::PutLifecyclePolicy { .. } | Self::CreateRepository { .. } => 0,
        }
    }
}
