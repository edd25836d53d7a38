//! What `kops validate cluster -o json` says.

use serde::{Deserialize, Serialize};

/// One look of kOps at its cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validation {
    /// Null where there are none.
    #[serde(default, deserialize_with = "or_empty")]
    pub failures: Vec<ValidationFailure>,
    #[serde(default, deserialize_with = "or_empty")]
    pub nodes: Vec<ValidatedNode>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationFailure {
    /// `dns`, `Machine`, `Node`, `Pod`, `ComponentStatus`, `InstanceGroup`, …
    #[serde(rename = "type")]
    pub kind: String,
    pub name: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatedNode {
    pub name: String,
    #[serde(default)]
    pub role: String,
    /// `True` when the node is Ready.
    #[serde(default)]
    pub status: String,
}

impl Validation {
    /// Nothing failed, and there is a node that could have.
    pub fn is_healthy(&self) -> bool {
        self.failures.is_empty() && !self.nodes.is_empty()
    }

    /// The first of what is missing, in one line.
    pub fn missing(&self) -> Option<String> {
        let first = self.failures.first()?;
        let message = first.message.split_whitespace().collect::<Vec<_>>().join(" ");
        let others = self.failures.len() - 1;
        let more = if others == 0 { String::new() } else { format!(" (and {others} more)") };
        Some(format!("{} {}: {message}{more}", first.kind, first.name))
    }
}

/// The last document of them: with `--wait`, there is one for each attempt, without a separator between them. None when
/// there is none that is whole.
pub(super) fn last(text: &str) -> Option<Validation> {
    serde_json::Deserializer::from_str(text).into_iter().map_while(Result::ok).last()
}

fn or_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl std::fmt::Display for ValidationFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.kind, self.name, self.message)
    }
}
