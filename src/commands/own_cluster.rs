//! The Kubernetes API of the cluster that the command is about, and of no other.

use crate::cluster::{Cluster, KubernetesOptions};
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::plan::observed::Instance;

/// With the context that the user named; else with the one that has the cluster's name, as kOps writes it, and only if it
/// leads to this cluster: the kubeconfig's current one may be another's.
///
/// # Errors
/// No kubeconfig, no such context, or one that leads elsewhere.
pub async fn connect(options: &KubernetesOptions, name: &DnsName, instance: &Instance) -> Result<Cluster> {
    if options.context.is_some() {
        return Cluster::connect(options).await;
    }
    let cluster = Cluster::connect(&KubernetesOptions { context: Some(name.to_string()), ..options.clone() }).await?;
    if leads_to(&cluster.server, name.as_str(), instance) {
        return Ok(cluster);
    }
    Err(Failure::refused(format!("the context {name} leads to {}, which isn't this cluster's API server", cluster.server)))
}

/// Whether it is one of the API server's names or one of the node's addresses.
fn leads_to(server: &str, cluster: &str, instance: &Instance) -> bool {
    let host = server.trim_start_matches("https://").split(['/', ':']).next().unwrap_or_default();
    let primary = instance.eni.primary();
    let addresses = primary.into_iter().flat_map(|address| [Some(address.ip), address.public_ip]).flatten().map(|ip| ip.to_string());
    let names = [format!("api.{cluster}"), format!("api.internal.{cluster}")];
    names.into_iter().chain(addresses).any(|known| known == host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::account;

    #[test]
    fn only_this_cluster_s_names_and_addresses_are_its_api_server() {
        let instance = account().instance;
        for server in
            ["https://api.c02.example.com", "https://api.internal.c02.example.com:443/", "https://198.18.77.10:443", "https://172.20.32.10"]
        {
            assert!(leads_to(server, "c02.example.com", &instance), "{server}");
        }
        for server in
            ["https://api.c03.example.com", "https://api.c02.example.com.evil.org", "https://198.18.77.11", "https://127.0.0.1:6443", ""]
        {
            assert!(!leads_to(server, "c02.example.com", &instance), "{server}");
        }
    }
}
