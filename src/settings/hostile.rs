//! Whatever somebody writes into `k8sport.toml` or on the command line: settings or an error.

use proptest::prelude::*;

use super::file::File;
use crate::hostile::{MARK, any_edits, edited};

const WRITTEN: &str = r#"cluster = "c02.example.com"
zone = "example.com"
instance-id = "i-0123456789abcdef0"
account = "123456789012"
profile = "production"
region = "eu-central-1"
secondary-ip = true
elastic-ip = "eipalloc-0123456789abcdef0"
reuse-eip = "at-limit"
skip-allocate = false
route-api = false
private-sources = ["10.0.0.0/8", "172.20.0.0/16"]
hosts = ["app.example.com", "shop.example.com"]
state-store = "s3://clusters-example-com"
ssh-user = "ubuntu"
ssh-key = "~/.ssh/kops-key"
ssh-host = "198.51.100.7"
ssh-port = 22
host-key-fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
timeout = "15m"
"#;

/// What of it can become part of a command on the node or of a name in the account.
fn names(file: &File) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        file.cluster,
        file.zone,
        file.instance_id,
        file.account,
        file.elastic_ip,
        file.private_sources,
        file.hosts,
        file.state_store,
        file.ssh_user,
        file.ssh_host,
        file.host_key_fingerprint
    )
}

#[test]
fn as_it_was_written_it_is_read() {
    toml::from_str::<File>(WRITTEN).expect("settings");
}

proptest! {
    #[test]
    fn a_settings_file_of_any_kind_is_an_error_or_settings(edits in any_edits()) {
        if let Ok(file) = toml::from_str::<File>(&edited(WRITTEN, &edits)) {
            prop_assert!(!names(&file).contains(MARK), "{file:?}");
        }
    }

    #[test]
    fn any_text_is_an_error_or_settings(text in "(?s).{0,200}") {
        let _ = toml::from_str::<File>(&text);
    }
}
