//! What can be done for an application, and how it reads in a plan.

use std::path::PathBuf;

use serde::Serialize;

use crate::plan::change::{Lane, Summary, Verb};

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
}

impl ApplicationChange {
    pub fn lane(&self) -> Lane {
        match self {
            Self::WriteFile { .. } => Lane::LocalConfig,
        }
    }

    pub fn summary(&self) -> Summary {
        match self {
            Self::WriteFile { path, diff: None, .. } => Summary { verb: Verb::Create, thing: "file", detail: path.display().to_string() },
            Self::WriteFile { path, diff: Some(diff), .. } => {
                Summary { verb: Verb::Change, thing: "file", detail: format!("{}\n{diff}", path.display()) }
            }
        }
    }
}
