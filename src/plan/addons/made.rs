//! What a cluster of ours was made with, in a tag of its instance: so that a later run completes that and nothing else.

use std::fmt;

use super::IngressController;

/// The tag that our specification gives the node: the cluster is one that we have made.
pub const TAG: &str = "k8sport:addons";

const CERT_MANAGER: &str = "cert-manager";
const NOTHING: &str = "none";
const SEPARATOR: char = '+';

/// The tag's value: `traefik+cert-manager`, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    pub ingress: IngressController,
    /// kOps brings cert-manager, and the node's role may write its challenges.
    pub cert_manager: bool,
}

impl Made {
    /// Words that another version may have written are passed over.
    pub fn parse(value: &str) -> Self {
        let mut made = Self { ingress: IngressController::Nothing, cert_manager: false };
        for word in value.split(SEPARATOR) {
            match word {
                CERT_MANAGER => made.cert_manager = true,
                _ => made.ingress = IngressController::named(word).unwrap_or(made.ingress),
            }
        }
        made
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ingress = (self.ingress != IngressController::Nothing).then(|| self.ingress.name());
        let words: Vec<_> = ingress.into_iter().chain(self.cert_manager.then_some(CERT_MANAGER)).collect();
        if words.is_empty() { f.write_str(NOTHING) } else { f.write_str(&words.join(&SEPARATOR.to_string())) }
    }
}
