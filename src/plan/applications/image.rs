//! What an image's name says: its registry, and whether it is pinned.

use crate::names::{AccountId, ImageReference, ImageTag, RepositoryName};

/// An image in ECR, by its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcrImage {
    pub account: AccountId,
    pub region: String,
    pub repository: RepositoryName,
    pub tag: ImageTag,
    /// `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop`
    pub uri: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// By digest: it can't become another one.
    Pinned,
    /// Its digest can be asked for.
    Ecr(EcrImage),
    /// What the tag means is decided when the node pulls.
    Other,
}

impl Source {
    pub fn of(image: &ImageReference) -> Self {
        let text = image.as_str();
        if text.contains("@sha256:") {
            return Self::Pinned;
        }
        ecr(text).map_or(Self::Other, Self::Ecr)
    }
}

impl EcrImage {
    /// Without digest, as people name it.
    pub fn reference(&self) -> String {
        format!("{}:{}", self.uri, self.tag)
    }

    /// `123456789012.dkr.ecr.eu-central-1.amazonaws.com`
    pub fn registry(&self) -> &str {
        self.uri.split('/').next().unwrap_or_default()
    }

    pub fn pinned(&self, digest: &str) -> String {
        format!("{}@{digest}", self.uri)
    }
}

/// `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG`
/// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html>).
fn ecr(text: &str) -> Option<EcrImage> {
    let (registry, path) = text.split_once('/')?;
    let (repository, tag) = path.rsplit_once(':').unwrap_or((path, "latest"));
    let (account, rest) = registry.split_once(".dkr.ecr.")?;
    let (region, domain) = rest.split_once('.')?;
    let known = domain.starts_with("amazonaws.com") || domain.starts_with("amazonaws.eu");
    Some(EcrImage {
        account: account.parse().ok()?,
        region: Some(region).filter(|region| !region.is_empty() && known)?.to_owned(),
        repository: repository.parse().ok()?,
        tag: tag.parse().ok()?,
        uri: format!("{registry}/{repository}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::of(&text.parse().expect(text))
    }

    #[test]
    fn registries_and_pins() {
        let registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
        let Source::Ecr(image) = source(&format!("{registry}/shop/api:v1.2")) else { panic!("not ECR") };
        assert_eq!(
            (image.account.as_str(), image.region.as_str(), image.repository.as_str()),
            ("123456789012", "eu-central-1", "shop/api")
        );
        assert_eq!(image.reference(), format!("{registry}/shop/api:v1.2"));
        assert_eq!(image.pinned("sha256:0"), format!("{registry}/shop/api@sha256:0"));
        let Source::Ecr(image) = source(&format!("{registry}/shop")) else { panic!("not ECR") };
        assert_eq!(image.tag.as_str(), "latest");
        let digest = "0".repeat(64);
        assert_eq!(source(&format!("{registry}/shop@sha256:{digest}")), Source::Pinned);
        assert_eq!(source(&format!("registry.example.com:5000/shop:v1@sha256:{digest}")), Source::Pinned);
        for other in
            ["shop:v1", "registry.example.com:5000/shop:v1", "public.ecr.aws/x/shop:v1", "x.dkr.ecr.eu-central-1.amazonaws.com/shop:v1"]
        {
            assert_eq!(source(other), Source::Other, "{other}");
        }
    }
}
