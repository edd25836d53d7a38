//! What we put on the node, as values. Each is rendered by a pure function; nothing here knows what is on the node now.

mod haproxy;
mod https_redirect;
mod net;
mod redirect;
mod units;

use serde::Serialize;

pub use haproxy::{Front, HaproxyConfig};
pub use https_redirect::{HttpsRedirect, Until};
pub use net::{MacAddress, NetSettings};
pub use redirect::{Redirect, RedirectBackend};

use std::net::Ipv4Addr;

/// Our units by the names systemd knows them by.
pub const NET_UNIT: &str = "k8sport-net.service";
pub const NET_CHECK_UNIT: &str = "k8sport-net-check.service";
pub const NET_TIMER: &str = "k8sport-net.timer";
pub const HAPROXY_UNIT: &str = "k8sport-haproxy.service";

pub const NET_SCRIPT: &str = "/usr/local/lib/k8sport/net";
pub const HAPROXY_CONFIG: &str = "/etc/k8sport/haproxy.cfg";
/// The configuration that the running instance was started or last reloaded with.
pub const HAPROXY_LOADED: &str = "/run/k8sport-haproxy/loaded.cfg";

/// A file of ours with everything that decides its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "file", rename_all = "kebab-case")]
pub enum NodeFile {
    Redirect(Redirect),
    NetSettings(NetSettings),
    NetScript,
    NetUnit,
    NetCheckUnit,
    NetTimer,
    HaproxyUnit,
    HaproxyConfig(HaproxyConfig),
}

impl NodeFile {
    pub fn path(&self) -> &'static str {
        match self {
            Self::Redirect(redirect) => redirect.path(),
            Self::NetSettings(_) => net::SETTINGS,
            Self::NetScript => NET_SCRIPT,
            Self::NetUnit => "/etc/systemd/system/k8sport-net.service",
            Self::NetCheckUnit => "/etc/systemd/system/k8sport-net-check.service",
            Self::NetTimer => "/etc/systemd/system/k8sport-net.timer",
            Self::HaproxyUnit => "/etc/systemd/system/k8sport-haproxy.service",
            Self::HaproxyConfig(_) => HAPROXY_CONFIG,
        }
    }

    /// Octal permissions. Nothing of ours is secret.
    pub fn mode(&self) -> &'static str {
        match self {
            Self::NetScript => "755",
            _ => "644",
        }
    }

    /// Whether systemd has to read its units again after a change.
    pub fn is_unit(&self) -> bool {
        matches!(self, Self::NetUnit | Self::NetCheckUnit | Self::NetTimer | Self::HaproxyUnit)
    }

    /// The content, None while the public address in it isn't known. `public` is used where the plan says "known after
    /// apply".
    pub fn render(&self, public: Option<Ipv4Addr>) -> Option<String> {
        Some(match self {
            Self::Redirect(redirect) => return redirect.render(public),
            Self::NetSettings(settings) => settings.render(),
            Self::NetScript => net::SCRIPT.to_owned(),
            Self::NetUnit => units::net(),
            Self::NetCheckUnit => units::net_check(),
            Self::NetTimer => units::net_timer(),
            Self::HaproxyUnit => units::haproxy(),
            Self::HaproxyConfig(config) => config.render(),
        })
    }
}
