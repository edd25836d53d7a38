//! The container network, from its configuration.

use crate::plan::node::Cni;

/// The first line is the file's name, the rest its JSON.
pub(super) fn cni(lines: &[&str], cilium_ipam: &str) -> Cni {
    let Some((file, json)) = lines.split_first() else { return Cni::Unknown };
    let configuration: serde_json::Value = serde_json::from_str(&json.join("\n")).unwrap_or_default();
    let plugins = configuration["plugins"].as_array().cloned().unwrap_or_else(|| vec![configuration.clone()]);
    let kinds: Vec<&str> = plugins.iter().filter_map(|plugin| plugin["type"].as_str()).collect();
    if kinds.contains(&"aws-cni") || file.contains("aws") {
        Cni::AmazonVpc
    } else if kinds.contains(&"cilium-cni") || file.contains("cilium") {
        match cilium_ipam {
            "eni" => Cni::CiliumEni,
            ipam => Cni::Cilium { ipam: (!ipam.is_empty()).then(|| ipam.to_owned()) },
        }
    } else {
        Cni::Other(configuration["name"].as_str().or(kinds.first().copied()).unwrap_or(file).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn container_networks_by_their_configuration() {
        let vpc = ["10-aws.conflist", r#"{"name":"aws-cni","plugins":[{"type":"aws-cni"},{"type":"portmap"}]}"#];
        assert_eq!(cni(&vpc, ""), Cni::AmazonVpc);
        let cilium = ["05-cilium.conflist", r#"{"name":"cilium","plugins":[{"type":"cilium-cni"}]}"#];
        assert_eq!(cni(&cilium, "eni"), Cni::CiliumEni);
        assert_eq!(cni(&cilium, "cluster-pool"), Cni::Cilium { ipam: Some("cluster-pool".to_owned()) });
        assert_eq!(cni(&cilium, ""), Cni::Cilium { ipam: None });
        assert_eq!(cni(&["10-calico.conflist", r#"{"name":"k8s-pod-network"}"#], ""), Cni::Other("k8s-pod-network".to_owned()));
        assert_eq!(cni(&["10-broken.conf", "{"], ""), Cni::Other("10-broken.conf".to_owned()));
        assert_eq!(cni(&[], ""), Cni::Unknown);
    }
}
