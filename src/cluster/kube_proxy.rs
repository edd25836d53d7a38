//! What can be seen of kube-proxy from outside: its version and its mode.

use k8s_openapi::api::core::v1 as api;
use serde::Deserialize;

use super::Cluster;
use super::service_path::labelled;
use crate::failure::Result;
use crate::plan::service::{KubeProxy, Version};

/// On Linux.
const DEFAULT_MODE: &str = "iptables";

/// What matters of KubeProxyConfiguration.
#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    mode: String,
}

impl Cluster {
    /// kOps runs it as a static pod, with its mode as an argument; kubeadm and others have it in a ConfigMap.
    pub(super) async fn kube_proxy(&self, system: &[&api::Pod]) -> Result<Option<KubeProxy>> {
        let Some(pod) = labelled(system, &["kube-proxy"]) else { return Ok(None) };
        let file = match argument(pod, "--config") {
            Some(_) => Some(self.setting("kube-proxy", "config.conf").await?),
            None => None,
        };
        Ok(Some(KubeProxy { version: image_version(pod), mode: mode(pod, file.as_ref().map(Option::as_deref)) }))
    }
}

/// None when nothing says it. With a configuration file kube-proxy takes nothing from `--proxy-mode`; `file` is its text, where
/// one is named and could be read.
fn mode(pod: &api::Pod, file: Option<Option<&str>>) -> Option<String> {
    let said = match file {
        Some(text) => serde_saphyr::from_str::<Configuration>(text?).ok()?.mode,
        None => argument(pod, "--proxy-mode").unwrap_or_default(),
    };
    Some(if said.is_empty() { DEFAULT_MODE.to_owned() } else { said })
}

pub(super) fn image_version(pod: &api::Pod) -> Option<Version> {
    pod.spec.as_ref()?.containers.iter().find_map(|container| Version::parse(container.image.as_deref()?))
}

/// `--name=value`, also inside of a shell's command line.
fn argument(pod: &api::Pod, name: &str) -> Option<String> {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    let words = containers.flat_map(|container| container.command.iter().flatten().chain(container.args.iter().flatten()));
    words
        .flat_map(|text| text.split_whitespace())
        .find_map(|word| Some(word.strip_prefix(name)?.strip_prefix('=')?.trim_matches('"').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(command: &[&str]) -> api::Pod {
        let container = serde_json::json!({ "name": "kube-proxy", "image": "registry.k8s.io/kube-proxy:v1.33.4", "command": command });
        serde_json::from_value(serde_json::json!({ "spec": { "containers": [container] } })).expect("a pod")
    }

    /// As kOps' nodeup and kubeadm write them.
    #[test]
    fn the_mode_is_read_where_kube_proxy_reads_it() {
        let of_kops = |mode| {
            pod(&[
                "/go-runner",
                "--log-file=/var/log/kube-proxy.log",
                "--",
                "/usr/local/bin/kube-proxy",
                "--conntrack-max-per-core=131072",
                mode,
            ])
        };
        let in_shell = pod(&["/bin/sh", "-c", "exec /usr/local/bin/kube-proxy --proxy-mode=ipvs --v=2 >/tmp/pipe 2>&1"]);
        let of_kubeadm = pod(&["/usr/local/bin/kube-proxy", "--config=/var/lib/kube-proxy/config.conf", "--proxy-mode=ipvs"]);
        let file = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nbindAddress: 0.0.0.0\niptables:\n  masqueradeBit: 14\n\
                    kind: KubeProxyConfiguration\nmode: \"nftables\" # since 1.33\nnftables:\n  minSyncPeriod: 1s\nnodePortAddresses: null\n";
        let rows = [
            (of_kops("--proxy-mode=nftables"), None, Some("nftables")),
            (of_kops("--proxy-mode=iptables"), None, Some("iptables")),
            (of_kops("--v=2"), None, Some("iptables")),
            (in_shell, None, Some("ipvs")),
            (of_kubeadm.clone(), Some(Some(file)), Some("nftables")),
            (of_kubeadm.clone(), Some(Some("kind: KubeProxyConfiguration\nmode: ''\n")), Some("iptables")),
            (of_kubeadm.clone(), Some(Some("not: [yaml")), None),
            (of_kubeadm, Some(None), None),
        ];
        for (pod, file, expected) in rows {
            assert_eq!(mode(&pod, file).as_deref(), expected, "{file:?}");
            assert_eq!(image_version(&pod), Some(Version(1, 33)));
        }
    }
}
