//! The settings file.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cluster::kops::StateStore;
use crate::failure::{Failure, Result};
use crate::names::{AccountId, AppName, DnsName, HostKeyFingerprint, HttpPath, ImageReference, InstanceId, Namespace, SshUser};
use crate::plan::Selector;
use crate::plan::applications::EnvFrom;
use crate::plan::data_path::Wish;
use crate::plan::elastic_ip::Reuse;
use crate::plan::network::Cidr;

const DEFAULT_FILE: &str = "k8sport.toml";

/// `k8sport.toml`: the options' names, without those that belong to a single run.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct File {
    pub cluster: Option<DnsName>,
    pub zone: Option<DnsName>,
    pub instance_id: Option<InstanceId>,
    pub account: Option<AccountId>,
    pub profile: Option<String>,
    pub region: Option<String>,
    pub secondary_ip: Option<bool>,
    pub elastic_ip: Option<Selector>,
    pub reuse_eip: Option<Reuse>,
    pub skip_allocate: Option<bool>,
    pub route_api: Option<bool>,
    pub private_sources: Vec<Cidr>,
    pub data_path: Option<Wish>,
    pub source_ranges: Vec<Cidr>,
    pub hosts: Vec<DnsName>,
    pub state_store: Option<StateStore>,
    pub ssh_user: Option<SshUser>,
    pub ssh_key: Option<PathBuf>,
    pub ssh_host: Option<Ipv4Addr>,
    pub ssh_port: Option<u16>,
    pub host_key_fingerprint: Option<HostKeyFingerprint>,
    pub timeout: Option<String>,
    pub apps: BTreeMap<AppName, FileApp>,
}

/// `[apps.NAME]`: what `configure-apps` writes for an application.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct FileApp {
    pub image: Option<ImageReference>,
    pub port: Option<u16>,
    pub hosts: Vec<DnsName>,
    pub health_path: Option<HttpPath>,
    pub env_from: Vec<EnvFrom>,
    pub namespace: Option<Namespace>,
}

/// What is larger is something else: a device, or a file named by mistake.
const LARGEST: u64 = 1 << 20;

fn contents(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST { Err(std::io::Error::new(ErrorKind::FileTooLarge, "it is larger than 1 MiB")) } else { Ok(text) }
}

pub(super) fn read(path: Option<&Path>) -> Result<File> {
    let named = path.is_some();
    let path = path.unwrap_or(Path::new(DEFAULT_FILE));
    let text = match contents(path) {
        Ok(text) => text,
        Err(error) if !named && error.kind() == ErrorKind::NotFound => return Ok(File::default()),
        Err(error) => {
            return Err(Failure::usage(format!("the settings file {} can't be read", path.display()))
                .because(error)
                .state("nothing was touched")
                .next("name another one with `--config`; `k8sport help environment` tells what belongs in it"));
        }
    };
    toml::from_str(&text).map_err(|error| {
        Failure::usage(format!("the settings file {} is wrong", path.display()))
            .because(error.to_string().trim_end())
            .state("nothing was touched")
    })
}
