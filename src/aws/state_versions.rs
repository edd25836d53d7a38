//! What kOps' state store (S3) keeps of a cluster, with all versions.

use aws_sdk_s3::types::ObjectIdentifier;

use super::Aws;
use super::call::Call;
use crate::cluster::kops::StateStore;
use crate::failure::Result;
use crate::names::DnsName;
use crate::plan::teardown::Stored;

/// One version of an object, or the mark that it was deleted.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub key: String,
    pub id: Option<String>,
    pub bytes: u64,
    /// What a plain read would find.
    pub current: bool,
}

/// Where the next page starts.
#[derive(Default, PartialEq, Clone)]
struct Marker {
    key: Option<String>,
    version: Option<String>,
}

impl Version {
    pub(super) fn identifier(&self, call: &Call) -> Result<ObjectIdentifier> {
        ObjectIdentifier::builder().key(&self.key).set_version_id(self.id.clone()).build().map_err(|error| call.malformed(error))
    }
}

impl Aws {
    /// What the state store holds of the cluster; None when there is no such bucket. `account` has to own the bucket: a
    /// name that somebody else has taken isn't ours.
    ///
    /// # Errors
    /// When S3 refuses or doesn't answer.
    pub async fn stored(&self, store: &StateStore, cluster: &DnsName, account: &str) -> Result<Option<Stored>> {
        let Some(bucket) = Bucket::find(&self.s3, store, account).await? else { return Ok(None) };
        let prefix = store.prefix(cluster);
        let own = bucket.versions(Some(&prefix), |_| true).await?;
        let foreign = bucket.versions(None, |version| version.key.starts_with(&prefix)).await?;
        Ok(Some(Stored {
            store: store.clone(),
            configured: own.iter().any(|version| version.current && version.key == format!("{prefix}config")),
            current: own.iter().filter(|version| version.current).count(),
            versions: own.len(),
            bytes: own.iter().map(|version| version.bytes).sum(),
            prefix,
            // The listing ends with the first version of somebody else's.
            others: foreign.last().filter(|version| !version.key.starts_with(&store.prefix(cluster))).map(|version| version.key.clone()),
        }))
    }
}

/// A bucket in its own region.
pub(super) struct Bucket {
    pub s3: aws_sdk_s3::Client,
    pub name: String,
    pub account: String,
}

impl Bucket {
    pub(super) async fn find(s3: &aws_sdk_s3::Client, store: &StateStore, account: &str) -> Result<Option<Self>> {
        let call = Call::read("s3:ListBucket", format!("the state store {store}"));
        let answer = s3.head_bucket().bucket(store.bucket()).expected_bucket_owner(account).send().await;
        // A bucket in another region answers with a redirection that names it.
        let region = match &answer {
            Ok(found) => found.bucket_region().map(str::to_owned),
            Err(error) => error.raw_response().and_then(|raw| raw.headers().get("x-amz-bucket-region")).map(str::to_owned),
        };
        if let Err(error) = answer {
            let status = error.raw_response().map(|raw| raw.status().as_u16());
            match status {
                Some(404) => return Ok(None),
                Some(301) if region.is_some() => {}
                // HEAD has no body to say which of the two it is.
                Some(403) => {
                    return Err(call
                        .failed(&error)
                        .because("HTTP 403: the bucket belongs to another account, or this identity may not list it")
                        .missing("s3:ListBucket"));
                }
                _ => return Err(call.failed(&error)),
            }
        }
        let mut config = s3.config().to_builder();
        if let Some(region) = region {
            config = config.region(aws_sdk_s3::config::Region::new(region));
        }
        let s3 = aws_sdk_s3::Client::from_conf(config.build());
        Ok(Some(Self { s3, name: store.bucket().to_owned(), account: account.to_owned() }))
    }

    /// Versions and marks below `prefix`, up to and with the first that `go_on` says no to.
    pub(super) async fn versions(&self, prefix: Option<&str>, go_on: impl Fn(&Version) -> bool) -> Result<Vec<Version>> {
        let call = Call::read("s3:ListBucketVersions", format!("bucket {}", self.name));
        let mut versions = Vec::new();
        let mut marker = Marker::default();
        // The SDK has no paginator for this one.
        loop {
            let request = self.s3.list_object_versions().bucket(&self.name).expected_bucket_owner(&self.account);
            let request = request.set_prefix(prefix.map(str::to_owned)).set_key_marker(marker.key.clone());
            let page = request.set_version_id_marker(marker.version.clone()).send().await.map_err(|error| call.failed(&error))?;
            let objects = page.versions().iter().map(|version| Version {
                key: version.key().unwrap_or_default().to_owned(),
                id: version.version_id().map(str::to_owned),
                bytes: version.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
                current: version.is_latest() == Some(true),
            });
            let marks = page.delete_markers().iter().map(|mark| Version {
                key: mark.key().unwrap_or_default().to_owned(),
                id: mark.version_id().map(str::to_owned),
                bytes: 0,
                current: false,
            });
            for version in objects.chain(marks) {
                let more = go_on(&version);
                versions.push(version);
                if !more {
                    return Ok(versions);
                }
            }
            if page.is_truncated() != Some(true) {
                return Ok(versions);
            }
            let next = Marker { key: page.next_key_marker, version: page.next_version_id_marker };
            if next == marker || next.key.is_none() {
                return Err(call.malformed("a page that leads to itself"));
            }
            marker = next;
        }
    }
}
