//! What can be done for an application, and how it reads in a plan.

use std::path::PathBuf;

use serde::Serialize;

use super::{Object, Platform};
use crate::names::Namespace;
use crate::plan::change::{Summary, Verb};
use crate::plan::lane::Lane;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "application", rename_all = "kebab-case")]
pub enum ApplicationChange {
    /// On this machine.
    WriteFile {
        path: PathBuf,
        contents: String,
        /// From what is there; None for a new file.
        #[serde(skip_serializing_if = "Option::is_none")]
        diff: Option<String>,
    },
    /// With docker.
    BuildImage {
        folder: PathBuf,
        image: String,
        platform: Platform,
    },
    PushImage {
        image: String,
    },
    CreateNamespace {
        namespace: Namespace,
    },
    /// A server-side apply.
    Apply {
        object: Object,
        /// From what is there, by the API server's dry run; None for a new object.
        #[serde(skip_serializing_if = "Option::is_none")]
        diff: Option<String>,
        /// Also fields of other managers.
        force: bool,
    },
}

impl ApplicationChange {
    pub fn lane(&self) -> Lane {
        match self {
            Self::WriteFile { .. } | Self::BuildImage { .. } | Self::PushImage { .. } => Lane::LocalConfig,
            Self::CreateNamespace { .. } | Self::Apply { .. } => Lane::Kubernetes,
        }
    }

    pub fn summary(&self) -> Summary {
        match self {
            Self::WriteFile { path, diff, .. } => of("file", path.display().to_string(), diff.as_deref()),
            Self::BuildImage { folder, image, platform } => {
                of("image", format!("build {image} from {} for {platform}", folder.display()), None)
            }
            Self::PushImage { image } => of("image", format!("push {image}"), None),
            Self::CreateNamespace { namespace } => of("namespace", namespace.to_string(), None),
            Self::Apply { object, diff, .. } => {
                let name = format!("{}/{}", object.namespace, object.name);
                // A difference shows them by itself.
                let images = if diff.is_none() { object.images() } else { Vec::new() };
                let images: String = images.iter().map(|(_, image)| format!(", image {image}")).collect();
                of(object.kind.name(), name + &images, diff.as_deref())
            }
        }
    }
}

fn of(thing: &'static str, name: String, diff: Option<&str>) -> Summary {
    match diff {
        None => Summary { verb: Verb::Create, thing, detail: name },
        Some(diff) => Summary { verb: Verb::Change, thing, detail: format!("{name}\n{diff}") },
    }
}
