//! The two ways from the second address to the ingress, and which one is on.
//!
//! The Elastic IP's tag remembers it. `both` stands there as long as a run is on its way from one to the other: the node may
//! carry address, redirect and HAProxy of ours, and the cluster the Service.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::observed::ElasticIp;

pub const TAG: &str = "k8sport:data-path";

/// What the user asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// Our HAProxy on the node, which routes by SNI to the ingress' NodePorts
    Haproxy,
    /// A Service of ours: kube-proxy sends the address straight to the ingress' pods
    Service,
    /// `service` where everything that it needs is seen to hold, else `haproxy`
    Auto,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataPath {
    #[default]
    Haproxy,
    Service,
}

/// What the tag says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recorded {
    /// Also where there is no tag.
    #[default]
    Haproxy,
    Service,
    Both,
}

impl DataPath {
    pub fn recorded(self) -> Recorded {
        match self {
            Self::Haproxy => Recorded::Haproxy,
            Self::Service => Recorded::Service,
        }
    }

    /// One line: which one is on, and what the other would give.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Haproxy => {
                "HAProxy on the node, which routes by SNI; `--data-path service` would go without it, straight to the ingress' pods, \
                 which then see the clients' addresses"
            }
            Self::Service => {
                "a Service of ours, with nothing on the node; `--data-path haproxy` would add the route to api.internal by SNI, \
                 statistics and the redirect at the edge"
            }
        }
    }
}

impl Recorded {
    pub fn of(address: Option<&ElasticIp>) -> Self {
        match address.and_then(|address| address.tags.get(TAG)).map(String::as_str) {
            Some("service") => Self::Service,
            Some("both") => Self::Both,
            _ => Self::Haproxy,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Haproxy => "haproxy",
            Self::Service => "service",
            Self::Both => "both",
        }
    }

    /// Nothing of ours is on the node, and nothing is to come there. A node that was replaced has nothing of ours either.
    pub fn leaves_node_alone(self, wish: Option<Wish>) -> bool {
        self == Self::Service && wish != Some(Wish::Haproxy)
    }

    /// Whether the Kubernetes API has to be asked.
    pub fn needs_cluster(self, wish: Option<Wish>) -> bool {
        self != Self::Haproxy || matches!(wish, Some(Wish::Service | Wish::Auto))
    }

    /// The way to be on. Without a wish it stays, and a switch that was cut off is taken back. `fit` is what `auto` goes by.
    pub fn path(self, wish: Option<Wish>, fit: bool) -> DataPath {
        match (wish, self) {
            (Some(Wish::Haproxy), _) | (None, Self::Haproxy | Self::Both) => DataPath::Haproxy,
            (Some(Wish::Service), _) | (None, Self::Service) => DataPath::Service,
            (Some(Wish::Auto), _) => {
                if fit {
                    DataPath::Service
                } else {
                    DataPath::Haproxy
                }
            }
        }
    }
}
