//! The SSH host keys that a node printed on its console at first boot (EC2). They come to us through AWS' API, not through
//! the connection that they are to prove.

use aws_smithy_types::base64;

use super::Aws;
use super::call::Call;
use crate::failure::Result;
use crate::names::InstanceId;

/// cloud-init's markers (`write-ssh-key-fingerprints` prints the keys themselves between them).
const BEGIN: &str = "-----BEGIN SSH HOST KEY KEYS-----";
const END: &str = "-----END SSH HOST KEY KEYS-----";

impl Aws {
    /// Public host keys as `type base64`, without a comment. Empty when the console shows none, which is so for some minutes
    /// after the boot and again when later output has pushed them out of its 64 KiB.
    pub async fn console_host_keys(&self, instance: &InstanceId) -> Result<Vec<String>> {
        let keys = host_keys(&self.console(instance, false).await?);
        if !keys.is_empty() {
            return Ok(keys);
        }
        // What is kept from the last boot may be older than what the console shows now; only Nitro instances can say.
        let latest = self.console(instance, true).await;
        Ok(latest.map(|text| host_keys(&text)).unwrap_or_default())
    }

    async fn console(&self, instance: &InstanceId, latest: bool) -> Result<String> {
        let call = Call::read("ec2:GetConsoleOutput", format!("instance {instance}"));
        let request = self.ec2.get_console_output().instance_id(instance.as_str());
        let answer = request.set_latest(latest.then_some(true)).send().await.map_err(|error| call.failed(&error))?;
        let encoded: String = answer.output().unwrap_or_default().split_whitespace().collect();
        let decoded = base64::decode(encoded).map_err(|error| call.malformed(error))?;
        Ok(String::from_utf8_lossy(&decoded).into_owned())
    }
}

/// The keys of the last complete block: a later boot may have made new ones.
fn host_keys(console: &str) -> Vec<String> {
    let Some((before, _)) = console.rsplit_once(END) else { return Vec::new() };
    let Some((_, block)) = before.rsplit_once(BEGIN) else { return Vec::new() };
    block.lines().filter_map(host_key).collect()
}

/// `ssh-ed25519 AAAA…` of a line, which may begin with a time stamp or a program's name and end with a comment.
fn host_key(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| word.starts_with("ssh-") || word.starts_with("ecdsa-sha2-"))?;
    let (kind, key) = (words[at], words.get(at + 1)?);
    // The key repeats its type: a length of four bytes, then the name.
    let decoded = base64::decode(key).ok()?;
    let name = decoded.get(4..4 + kind.len())?;
    (name == kind.as_bytes()).then(|| format!("{kind} {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbZ5xvdgTGy3sZqMBJb0CIpLw1bVvRfC2q5kWbHzXhT";

    #[test]
    fn keys_between_the_markers() {
        let text = format!("boot\r\n{BEGIN}\r\n{ED25519} root@ip-10-0-0-1\r\n{END}\r\nlogin:");
        assert_eq!(host_keys(&text), [ED25519]);
    }

    #[test]
    fn prefixes_of_journal_and_kernel_are_ignored() {
        let text = format!("[   12.3] cloud-init[512]: {BEGIN}\n[   12.4] cloud-init[512]: {ED25519}\n<14>Nov 20 ec2: {END}\n");
        assert_eq!(host_keys(&text), [ED25519]);
    }

    #[test]
    fn the_last_complete_block_counts() {
        let text = format!("{BEGIN}\nssh-rsa old\n{END}\n{BEGIN}\n{ED25519}\n{END}\n");
        assert_eq!(host_keys(&text), [ED25519]);
    }

    #[test]
    fn nothing_is_taken_from_elsewhere() {
        for text in [
            String::new(),
            ED25519.to_owned(),
            format!("{BEGIN}\n{ED25519}\n"),
            format!("{ED25519}\n{END}\n"),
            format!("{END}\n{ED25519}\n{BEGIN}\n"),
            format!("{BEGIN}\nssh-ed25519\nssh-ed25519 !!!\nssh-rsa {}\nssh-ed25519 AAAA\n{END}\n", &ED25519[12..]),
        ] {
            assert_eq!(host_keys(&text), Vec::<String>::new(), "{text}");
        }
    }
}
