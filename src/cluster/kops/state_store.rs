//! Where kOps keeps the specification of clusters: a bucket of S3 and a folder in it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `s3://bucket` or `s3://bucket/folder`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StateStore {
    bucket: String,
    /// Without slashes at its ends; empty for the bucket itself.
    folder: String,
}

impl StateStore {
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Below which everything of a cluster is kept, with a slash at its end.
    pub fn prefix(&self, cluster: &crate::names::DnsName) -> String {
        if self.folder.is_empty() { format!("{cluster}/") } else { format!("{}/{cluster}/", self.folder) }
    }
}

impl FromStr for StateStore {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a bucket of S3 such as s3://example-com-kops-state, got {text:?}");
        let (bucket, folder) = text.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, ""))).ok_or_else(wrong)?;
        let folder = folder.trim_end_matches('/');
        if is_bucket(bucket) && is_folder(folder) {
            Ok(Self { bucket: bucket.to_owned(), folder: folder.to_owned() })
        } else {
            Err(wrong())
        }
    }
}

/// The naming rules of general purpose buckets.
fn is_bucket(text: &str) -> bool {
    let end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&text.len())
        && text.starts_with(end)
        && text.ends_with(end)
        && text.chars().all(|c| end(c) || c == '-' || c == '.')
        && !text.contains("..")
        && text.parse::<std::net::Ipv4Addr>().is_err()
}

fn is_folder(text: &str) -> bool {
    text.is_empty()
        || text.split('/').all(|part| {
            !part.is_empty() && part != "." && part != ".." && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        })
}

impl TryFrom<String> for StateStore {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<StateStore> for String {
    fn from(store: StateStore) -> String {
        store.to_string()
    }
}

impl fmt::Display for StateStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if self.folder.is_empty() { Ok(()) } else { write!(f, "/{}", self.folder) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_no_state_store() {
        for text in ["", "bucket", "s3://", "s3://a", "s3://UPPER", "s3://a b c", "s3://-abc", "s3://1.2.3.4", "s3://a..b", "gs://bucket"] {
            assert!(text.parse::<StateStore>().is_err(), "{text:?}");
        }
        for text in ["s3://bucket/a b", "s3://bucket//a", "s3://bucket/../a", "s3://bucket/$(id)", "s3://bucket/a\n", "file:///tmp/x"] {
            assert!(text.parse::<StateStore>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn bucket_and_folder() {
        let cluster = "c02.example.com".parse().expect("name");
        let store: StateStore = "s3://example-com-state".parse().expect("bucket");
        assert_eq!((store.bucket(), store.prefix(&cluster).as_str()), ("example-com-state", "c02.example.com/"));
        let store: StateStore = "s3://example-com-state/kops/".parse().expect("folder");
        assert_eq!(store.prefix(&cluster), "kops/c02.example.com/");
        assert_eq!(store.to_string(), "s3://example-com-state/kops");
    }
}
