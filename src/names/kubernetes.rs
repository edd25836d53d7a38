//! Of a cluster, its objects and its images.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::is_label;

parsed_name!(
    /// A release of Kubernetes.
    KubernetesVersion, "a Kubernetes version such as 1.36.1",
    |text| text.split('.').count() == 3 && text.split('.').all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
);
parsed_name!(
    /// An application: the name of its Deployment, Service and Ingress (RFC 1035, as Services have it).
    AppName, "an application's name such as shop: at most 63 lower-case letters, digits or `-`, a letter first",
    |text| is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
);
parsed_name!(
    /// A namespace of Kubernetes (RFC 1123 label).
    Namespace, "a namespace such as apps: at most 63 lower-case letters, digits or `-`", is_label
);
parsed_name!(
    /// An object of Kubernetes (RFC 1123 subdomain).
    ObjectName, "a name such as shop-settings: lower-case letters, digits, `-` or `.`",
    |text| text.len() <= 253 && text.split('.').all(is_label)
);
parsed_name!(
    /// A container image as pods name it, with or without registry, tag and digest.
    ImageReference, "an image such as registry.example.com/shop:v1",
    |text| (1..=512).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/:@".contains(c))
        && !text.contains("//")
);
parsed_name!(
    /// A tag of an image.
    ImageTag, "a tag such as v1.2 of at most 128 letters, digits, `_`, `.` or `-`",
    |text| (1..=128).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
);
