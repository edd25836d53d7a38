//! The configuration of our HAProxy instance. Every keyword in it exists in 2.4 and isn't deprecated in 3.0.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddrV4};

use serde::Serialize;

use super::HttpsRedirect;
use crate::names::DnsName;
use crate::plan::network::Cidr;

/// Where HAProxy listens. Never on 443: whoever holds `<ip>:443` first keeps the API server from starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Front {
    /// HTTPS (8443, reached through the redirect of 443) and HTTP on the secondary address.
    Secondary(Ipv4Addr),
    /// HTTP only, on the primary address: the form without a second address.
    HttpOnly(Ipv4Addr),
}

impl Front {
    /// Every address and port that is bound, the local status page included.
    pub fn binds(&self) -> Vec<SocketAddrV4> {
        let status = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8404);
        match *self {
            Self::Secondary(ip) => vec![SocketAddrV4::new(ip, 8443), SocketAddrV4::new(ip, 80), status],
            Self::HttpOnly(ip) => vec![SocketAddrV4::new(ip, 80), status],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HaproxyConfig {
    pub cluster: DnsName,
    pub front: Front,
    /// The ingress' NodePorts.
    pub https_backend: SocketAddrV4,
    pub http_backend: SocketAddrV4,
    /// Routes `api.<cluster>` to the API server for everyone. A client chooses its SNI, so this opens the API to all
    /// who reach the address.
    pub route_api: bool,
    /// Who may reach the API server as `api.internal.<cluster>`: dns-controller of kOps up to 1.34 publishes the
    /// secondary address under that name.
    pub private_sources: Vec<Cidr>,
    /// Seconds an idle connection lives once data went both ways.
    pub timeout_tunnel: u32,
    /// Never without a second address: there 443 is the API server's.
    pub https_redirect: HttpsRedirect,
}

impl HaproxyConfig {
    pub fn render(&self) -> String {
        let mut text = self.head();
        if let Front::Secondary(ip) = self.front {
            text.push_str(&self.https(ip));
        }
        let (Front::Secondary(ip) | Front::HttpOnly(ip)) = self.front;
        let (http, redirect) = (self.http_backend, self.https_redirect.render());
        // Writing to a String can't fail.
        let _ = write!(
            text,
            "
frontend k8sport_http
    mode http
    option httplog
    option forwardfor
    bind {ip}:80
{redirect}    default_backend k8sport_ingress_http

backend k8sport_ingress_http
    mode http
    server ingress {http} check inter 5s

frontend k8sport_status
    mode http
    no log
    bind 127.0.0.1:8404
    http-request use-service prometheus-exporter if {{ path /metrics }}
    stats enable
    stats uri /stats
"
        );
        text
    }

    fn head(&self) -> String {
        format!(
            "# Written by k8sport for {}. Changes made by hand are overwritten.
global
    log stdout format short local0
    chroot /var/lib/haproxy
    stats socket /run/k8sport-haproxy/admin.sock mode 600 level admin
    user haproxy
    group haproxy
    maxconn 8000

defaults
    mode tcp
    log global
    option dontlognull
    option redispatch
    retries 3
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout client-fin 30s
    timeout tunnel {}s
    timeout http-request 15s
    timeout check 3s
",
            self.cluster, self.timeout_tunnel
        )
    }

    /// The SNI rules need the whole hello, hence accept *and* reject: without them HAProxy decides on what has come.
    fn https(&self, ip: Ipv4Addr) -> String {
        let mut routes = String::new();
        if !self.private_sources.is_empty() {
            let sources: Vec<String> = self.private_sources.iter().map(Cidr::to_string).collect();
            let _ = writeln!(
                routes,
                "    use_backend k8sport_api if {{ req.ssl_sni -i api.internal.{} }} {{ src {} }}",
                self.cluster,
                sources.join(" ")
            );
        }
        if self.route_api {
            let _ = writeln!(routes, "    use_backend k8sport_api if {{ req.ssl_sni -i api.{} }}", self.cluster);
        }
        let api = if routes.is_empty() { "" } else { "\nbackend k8sport_api\n    server api 127.0.0.1:443 check inter 5s\n" };
        format!(
            "
frontend k8sport_https
    option tcplog
    bind {ip}:8443
    tcp-request inspect-delay 5s
    tcp-request content accept if {{ req.ssl_hello_type 1 }}
    tcp-request content reject
{routes}    default_backend k8sport_ingress_https

backend k8sport_ingress_https
    server ingress {} check inter 5s
{api}",
            self.https_backend
        )
    }

    /// What a configuration was rendered from. None unless exactly this version writes it, and for the form without a
    /// second address, which doesn't say all.
    pub fn read(text: &str) -> Option<Self> {
        let after = |start: &str| text.lines().find_map(|line| line.trim().strip_prefix(start));
        let cluster: DnsName = after("# Written by k8sport for ")?.split_once(". ")?.0.parse().ok()?;
        let front = Front::Secondary(after("bind ")?.strip_suffix(":8443")?.parse().ok()?);
        let internal = after(&format!("use_backend k8sport_api if {{ req.ssl_sni -i api.internal.{cluster} }} {{ src "));
        let sources = internal.map_or("", |rest| rest.trim_end_matches(" }"));
        let config = Self {
            front,
            https_backend: Self::configured_backend(text, "k8sport_ingress_https")?,
            http_backend: Self::configured_backend(text, "k8sport_ingress_http")?,
            route_api: after(&format!("use_backend k8sport_api if {{ req.ssl_sni -i api.{cluster} }}")).is_some(),
            private_sources: sources.split_whitespace().map(|source| source.parse().ok()).collect::<Option<_>>()?,
            timeout_tunnel: after("timeout tunnel ")?.strip_suffix('s')?.parse().ok()?,
            https_redirect: HttpsRedirect::configured(text),
            cluster,
        };
        (config.render() == text).then_some(config)
    }

    /// Whether a configuration shows its statistics to whoever comes through a public frontend: `stats enable` counts for
    /// the section it stands in, and in `defaults` for all that follow.
    pub fn shows_stats_to_all(config: &str) -> bool {
        let mut section = "";
        config.lines().any(|line| {
            if line.starts_with(|first: char| first.is_ascii_lowercase()) {
                section = line;
            }
            line.trim() == "stats enable" && section != "frontend k8sport_status"
        })
    }

    /// The address that an earlier configuration of ours forwards `backend` to.
    pub fn configured_backend(config: &str, backend: &str) -> Option<SocketAddrV4> {
        let mut lines = config.lines().skip_while(|line| line.strip_prefix("backend ") != Some(backend));
        let server = lines.find_map(|line| line.trim().strip_prefix("server ingress "))?;
        server.split_whitespace().next()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::*;
    use crate::node::files::Until;

    pub fn config(front: Front) -> HaproxyConfig {
        HaproxyConfig {
            cluster: "c02.example.com".parse().expect("name"),
            front,
            https_backend: "172.20.213.10:30443".parse().expect("address"),
            http_backend: "172.20.213.10:30080".parse().expect("address"),
            route_api: false,
            private_sources: vec!["172.20.0.0/16".parse().expect("cidr"), "100.64.0.0/10".parse().expect("cidr")],
            timeout_tunnel: 3600,
            https_redirect: HttpsRedirect::Absent,
        }
    }

    const SECONDARY: Front = Front::Secondary(Ipv4Addr::new(172, 20, 213, 46));

    #[test]
    fn the_forms_of_the_configuration() {
        insta::assert_snapshot!(config(SECONDARY).render());
        insta::assert_snapshot!(HaproxyConfig { route_api: true, private_sources: Vec::new(), ..config(SECONDARY) }.render());
        insta::assert_snapshot!(config(Front::HttpOnly(Ipv4Addr::new(172, 20, 213, 10))).render());
    }

    fn off(until: Option<u64>) -> HttpsRedirect {
        HttpsRedirect::Off { until: until.and_then(|seconds| Until::new(UNIX_EPOCH + Duration::from_secs(seconds))) }
    }

    #[test]
    fn the_redirect_of_port_80() {
        let port_80 = |https_redirect: HttpsRedirect| {
            let text = HaproxyConfig { https_redirect, ..config(SECONDARY) }.render();
            text.split("\n\n").find(|section| section.starts_with("frontend k8sport_http\n")).expect("a frontend").to_owned()
        };
        insta::assert_snapshot!([port_80(HttpsRedirect::On), port_80(off(None)), port_80(off(Some(1_800_000_000)))].join("\n\n"));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(
            route_api in any::<bool>(),
            sources in 0..3_usize,
            redirect in prop::sample::select(vec![HttpsRedirect::Absent, HttpsRedirect::On, off(None), off(Some(1_800_000_000))]),
        ) {
            let mut written = HaproxyConfig { route_api, https_redirect: redirect, ..config(SECONDARY) };
            written.private_sources.truncate(sources);
            let text = written.render();
            prop_assert_eq!(HaproxyConfig::read(&text), Some(written));
            // Somebody's change, another version's text.
            prop_assert_eq!(HaproxyConfig::read(&text.replace("maxconn 8000", "maxconn 9000")), None);
        }
    }

    #[test]
    fn a_text_that_is_none_of_ours_is_not_read() {
        for text in ["", "global\n", &config(Front::HttpOnly(Ipv4Addr::new(172, 20, 213, 10))).render()] {
            assert_eq!(HaproxyConfig::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_backend_is_read_back() {
        let text = config(SECONDARY).render();
        assert_eq!(HaproxyConfig::configured_backend(&text, "k8sport_ingress_https"), Some(config(SECONDARY).https_backend));
        assert_eq!(HaproxyConfig::configured_backend(&text, "k8sport_ingress_http"), Some(config(SECONDARY).http_backend));
        assert_eq!(HaproxyConfig::configured_backend("", "k8sport_ingress_http"), None);
    }
}
