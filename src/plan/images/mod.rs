//! Container images (ECR): which of a repository's images go, and which stay.

mod change;
mod prune;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;

pub use change::ImagesChange;
pub use prune::{Prune, lifecycle_policy, prune};

use crate::names::RepositoryName;

/// US dollars a month for a GB in a private repository (<https://aws.amazon.com/ecr/pricing/>).
pub const GB_PER_MONTH: f64 = 0.10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    pub name: RepositoryName,
    /// `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api`, as pods name it.
    pub uri: String,
    /// Everything that is stored, in no order: images, and what they consist of.
    pub images: Vec<Image>,
    /// The lifecycle policy's text.
    pub policy: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    pub digest: String,
    pub tags: Vec<String>,
    /// Seconds since 1970.
    pub pushed: i64,
    /// Compressed. Layers that images share are counted in each.
    pub bytes: u64,
    /// Digests of what belongs to it: the platforms' images of a multi-platform one, and signatures of it.
    pub parts: Vec<String>,
}

impl Repository {
    /// The images that stand for themselves, the newest first.
    pub fn whole(&self) -> Vec<&Image> {
        let parts: BTreeSet<&String> = self.images.iter().flat_map(|image| &image.parts).collect();
        let mut whole: Vec<_> = self.images.iter().filter(|image| !parts.contains(&image.digest)).collect();
        whole.sort_by(|a, b| b.pushed.cmp(&a.pushed).then_with(|| b.digest.cmp(&a.digest)));
        whole
    }

    pub fn bytes(&self) -> u64 {
        self.images.iter().map(|image| image.bytes).sum()
    }

    /// `shop/api: 22 images, 1.3 GB`
    pub fn sentence(&self) -> String {
        format!("{}: {}, {}", self.name, counted(self.whole().len(), "image"), size(self.bytes()))
    }
}

impl Image {
    /// `v1.2 latest (2026-10-01, 120 MB)`, the digest where there is no tag.
    pub fn label(&self) -> String {
        let name = if self.tags.is_empty() { self.digest.chars().take("sha256:".len() + 12).collect() } else { self.tags.join(" ") };
        format!("{name} ({}, {})", day(self.pushed), size(self.bytes))
    }
}

/// `2026-10-01` of seconds since 1970.
fn day(seconds: i64) -> String {
    let date = aws_smithy_types::DateTime::from_secs(seconds).fmt(aws_smithy_types::date_time::Format::DateTime);
    date.ok().and_then(|date| date.get(..10).map(str::to_owned)).unwrap_or_default()
}

/// Decimal units, as AWS bills.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes % 1_000_000_000 / 100_000_000),
    }
}

pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Dollars a month for so many bytes, in whole cents.
pub fn per_month(bytes: u64) -> f64 {
    let megabytes = u32::try_from(bytes / 1_000_000).unwrap_or(u32::MAX);
    (f64::from(megabytes) / 1000.0 * GB_PER_MONTH * 100.0).round() / 100.0
}
