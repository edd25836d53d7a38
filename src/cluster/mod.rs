//! The cluster as Kubernetes and kOps see it.

pub mod kops;
