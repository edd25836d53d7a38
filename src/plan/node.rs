//! What has to change on the node.

use serde::Serialize;

/// One change on the node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "node", rename_all = "kebab-case")]
pub enum NodeChange {}

impl NodeChange {
    pub fn summary(&self) -> super::change::Summary {
        match *self {}
    }
}
