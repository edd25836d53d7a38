//! Host keys, pinned by instance id. A file an instance, its lines with the host pattern `*`: an instance keeps its keys
//! when its address changes, and an address that gets another instance doesn't keep its keys.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::{Target, errors};
use crate::failure::{Failure, Result};
use crate::names::{HostKeyFingerprint, InstanceId};

/// Seconds for `ssh-keyscan` to fetch the keys.
const SCAN: u64 = 10;

/// `$XDG_STATE_HOME/k8sport/known_hosts/<instance>`, by default below `~/.local/state`.
pub fn file(instance: &InstanceId) -> Result<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
    let state = state.ok_or_else(|| {
        Failure::failed("there is no place to keep the node's SSH host key")
            .because("neither HOME nor XDG_STATE_HOME is set")
            .next("set HOME")
    })?;
    Ok(state.join("k8sport/known_hosts").join(instance.as_str()))
}

/// Whether something is pinned in `file`.
pub fn is_pinned(file: &Path) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| text.lines().any(|line| key_of(line).is_some()))
}

/// Whether something is pinned for the instance.
pub fn is_known(instance: &InstanceId) -> bool {
    file(instance).is_ok_and(|file| is_pinned(&file))
}

/// Pins `lines`, each a public key with or without something before it. Replaces what was there, at once.
pub fn pin(file: &Path, lines: &[String]) -> Result<()> {
    let keys: Vec<String> = lines.iter().filter_map(|line| key_of(line)).map(|key| format!("* {key}\n")).collect();
    let write = || {
        let directory = file.parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(directory)?;
        let new = tempfile::NamedTempFile::new_in(directory)?;
        std::fs::write(new.path(), keys.concat())?;
        new.persist(file).map_err(|error| error.error)
    };
    write().map(drop).map_err(|error| {
        Failure::failed(format!("the host key can't be kept in {}", file.display()))
            .because(error)
            .next("let XDG_STATE_HOME, or HOME, name a folder that can be written")
    })
}

/// After a first connection that was trusted: the lines that ssh added are for every address.
pub fn generalize(file: &Path) -> Result<()> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    pin(file, &text.lines().map(str::to_owned).collect::<Vec<_>>())
}

/// `<type> <base64>` out of a line of known_hosts, ssh-keyscan, a `.pub` file or the console.
pub fn key_of(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let kind = |word: &str| word.starts_with("ssh-") || word.starts_with("ecdsa-sha2-") || word.starts_with("sk-");
    let base64 = |word: &str| word.len() >= 32 && word.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c));
    let pair = words.windows(2).find(|pair| kind(pair[0]) && base64(pair[1]))?;
    Some(format!("{} {}", pair[0], pair[1]))
}

/// Fetches the keys that the host shows and pins the one with the fingerprint that the user gave.
pub async fn pin_fingerprint(target: &Target, wanted: &HostKeyFingerprint, file: &Path) -> Result<()> {
    let keys = scan(target).await?;
    let mut seen = Vec::new();
    for key in &keys {
        let fingerprint = fingerprint(key).await?;
        if fingerprint == wanted.as_str() {
            return pin(file, std::slice::from_ref(key));
        }
        seen.push(fingerprint);
    }
    Err(Failure::refused(format!("{} doesn't have the host key {wanted}", target.host))
        .because(format!("it shows {}", if seen.is_empty() { "none".to_owned() } else { seen.join(", ") }))
        .state("nothing was sent to it")
        .next(errors::console(target)))
}

async fn scan(target: &Target) -> Result<Vec<String>> {
    let output = Command::new("ssh-keyscan")
        .args(["-T", &SCAN.to_string(), "-p", &target.port.unwrap_or(22).to_string(), "--", target.host.as_str()])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let failed = || Failure::failed(format!("the host keys of {target} can't be fetched with ssh-keyscan"));
    let output = tokio::time::timeout(Duration::from_secs(2 * SCAN), output)
        .await
        .map_err(|_| failed().after(Duration::from_secs(2 * SCAN)))?
        .map_err(|error| failed().because(error).next("install the OpenSSH client"))?;
    let keys: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().filter_map(key_of).collect();
    if keys.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(failed().because(if said.is_empty() { "no answer" } else { &said }).next(errors::reachable(target)));
    }
    Ok(keys)
}

/// As `ssh-keygen -l` prints it.
async fn fingerprint(key: &str) -> Result<String> {
    let failed = || Failure::failed("ssh-keygen can't read a host key");
    let run = async {
        let mut child = Command::new("ssh-keygen")
            .args(["-l", "-E", "sha256", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(format!("{key}\n").as_bytes()).await?;
        }
        child.wait_with_output().await
    };
    let output = tokio::time::timeout(Duration::from_secs(5), run).await.map_err(|_| failed())?.map_err(|error| failed().because(error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().nth(1).map(str::to_owned).ok_or_else(|| failed().because(format!("it said {text:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMmJ3Zl0YfZ8h1N3p8Ywqk1kqQ6r0s9hHq4Vw3mT1xYz";

    #[test]
    fn a_key_is_found_in_every_form() {
        for line in [
            KEY.to_owned(),
            format!("{KEY} root@ip-172-20-0-10"),
            format!("* {KEY}"),
            format!("[192.0.2.1]:2222 {KEY}"),
            format!("|1|aGFzaA==|aGFzaA== {KEY}"),
        ] {
            assert_eq!(key_of(&line).as_deref(), Some(KEY), "{line}");
        }
        for line in ["", "# comment", "-----BEGIN SSH HOST KEY KEYS-----", "ssh-ed25519", "ssh-ed25519 $(id)"] {
            assert_eq!(key_of(line), None, "{line}");
        }
    }

    #[test]
    fn pinning_replaces_and_generalizes() {
        let directory = tempfile::tempdir().expect("directory");
        let file = directory.path().join("known_hosts/i-0123456789abcdef0");
        assert!(!is_pinned(&file));
        pin(&file, &["noise".to_owned(), format!("192.0.2.1 {KEY} comment")]).expect("pinned");
        assert_eq!(std::fs::read_to_string(&file).expect("file"), format!("* {KEY}\n"));
        assert!(is_pinned(&file));
        std::fs::write(&file, format!("|1|aGFzaA==|aGFzaA== {KEY}\n")).expect("written");
        generalize(&file).expect("generalized");
        assert_eq!(std::fs::read_to_string(&file).expect("file"), format!("* {KEY}\n"));
    }
}
