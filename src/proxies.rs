//! The proxies that the environment names for what leaves this machine: for the Kubernetes API, and in messages. The AWS SDK
//! follows them by itself.

use std::env;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

const VARIABLES: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/// What to do where a proxy is the reason. Its address isn't named, since there may be a password in it.
pub fn advice(cause: &str) -> Option<String> {
    if !["tunnel error", "SOCKS error"].iter().any(|text| cause.contains(text)) {
        return None;
    }
    let named = VARIABLES.iter().find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    let whose = named.map_or_else(|| "`proxy-url` of the kubeconfig".to_owned(), |name| format!("{name} in the environment"));
    Some(format!("the connection goes through a proxy: check {whose}, or name in NO_PROXY what is reached without one"))
}

/// For the Kubernetes API, as kubectl has it; `kube` holds NO_PROXY against the proxy's own name.
pub fn to(server: &Uri) -> Option<Uri> {
    Matcher::from_env().intercept(server)?;
    let named = |name: &&str| env::var(name).ok().filter(|value| !value.is_empty());
    let proxy = ["HTTPS_PROXY", "https_proxy"].iter().find_map(named)?;
    if proxy.contains("://") { proxy.parse().ok() } else { format!("http://{proxy}").parse().ok() }
}
