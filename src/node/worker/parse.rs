//! The probe's lines.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::failure::{Failure, Result};
use crate::names::SshHost;
use crate::plan::k0smotron::{AUTHORITY, FileState, KEY, Listener, Owned, SERVER, Worker};
use crate::verify::tls::Certificate;

/// Reads the whole output of the probe.
pub fn parse(host: &SshHost, output: &str) -> Result<Worker> {
    let unread = || Failure::failed(format!("{host} was not read to the end")).state("nothing was changed").next("run the command again");
    if let Some(tool) = output.lines().find_map(|line| line.strip_prefix("missing ")) {
        return Err(unread().because(format!("it has no {tool}")).next("install it there"));
    }
    if output.lines().last() != Some("end") {
        return Err(unread().because(format!("the last line was {:?}", output.lines().last().unwrap_or_default())));
    }
    let all = |name: &str| {
        let prefix = format!("{name} ");
        output.lines().filter_map(move |line| line.strip_prefix(&prefix)).map(str::to_owned).collect::<Vec<_>>()
    };
    let pem = all("pem").join("\n");
    // The one that runs longest has read the files first.
    let mut listeners: Vec<_> = all("listener").iter().filter_map(|line| listener(line)).collect();
    listeners.sort_by_key(|listener| listener.started);
    let unknown = || Listener { pid: 0, command: "another program".to_owned(), uid: 0, started: 0 };
    let listens = output.lines().any(|line| line == "listens");
    Ok(Worker {
        host: host.clone(),
        hostname: all("hostname").concat(),
        addresses: all("address").iter().filter_map(|text| text.parse().ok()).collect(),
        folder: all("folder").first().and_then(|line| owned(&line.split(' ').collect::<Vec<_>>())),
        files: all("file").iter().filter_map(|line| file(line)).collect(),
        in_the_way: all("in-the-way").into_iter().next(),
        certificate: CertificateDer::from_pem_slice(pem.as_bytes()).ok().and_then(|der| Certificate::of(&der).ok()),
        account: Some(all("account").join(", ")).filter(|text| !text.is_empty()),
        listener: listeners.into_iter().next().or_else(|| listens.then(unknown)),
        served: None,
        resolved: all("resolved").iter().filter_map(|text| text.parse().ok()).collect(),
    })
}

fn owned(words: &[&str]) -> Option<Owned> {
    let [mode, uid, gid] = words else { return None };
    Some(Owned { mode: u32::from_str_radix(mode, 8).ok()?, uid: uid.parse().ok()?, gid: gid.parse().ok()? })
}

fn file(line: &str) -> Option<(&'static str, FileState)> {
    let words: Vec<_> = line.split(' ').collect();
    let [path, access @ .., modified, sha256] = words.as_slice() else { return None };
    let path = [AUTHORITY, SERVER, KEY].into_iter().find(|known| known == path)?;
    // The digest goes back to the worker in a script.
    let is_digest = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then_some(())?;
    Some((path, FileState { owned: owned(access)?, sha256: (*sha256).to_owned(), modified: modified.parse().ok()? }))
}

fn listener(line: &str) -> Option<Listener> {
    let words: Vec<_> = line.split_whitespace().collect();
    let [pid, uid, started, command @ ..] = words.as_slice() else { return None };
    Some(Listener { pid: pid.parse().ok()?, uid: uid.parse().ok()?, started: started.parse().ok()?, command: command.join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_as_the_document_leaves_it() {
        let digest = "a".repeat(64);
        let text = format!(
            "hostname worker-1\naddress 127.0.0.1\naddress 10.0.0.7\nfolder 755 0 0\nfile {SERVER} 666 0 0 1700000000 {digest}\nlistener 77    99 1700000100 haproxy\nlisteners\nend\n"
        );
        let worker = parse(&"worker-1".parse().expect("a host"), &text).expect("a worker");
        assert_eq!(worker.folder, Some(Owned { mode: 0o755, uid: 0, gid: 0 }));
        assert_eq!(worker.files[SERVER].owned.to_string(), "0666 0:0");
        assert!(worker.listener.is_some_and(|listener| listener.is_sidecar() && listener.started == 1_700_000_100));
        assert_eq!((worker.addresses.len(), worker.account, worker.in_the_way), (2, None, None));
    }

    #[test]
    fn what_breaks_off_or_lies_is_noticed() {
        let host = "worker-1".parse().expect("a host");
        assert!(parse(&host, "hostname x\n").is_err_and(|failure| failure.what.contains("not read to the end")));
        let text = format!("file {SERVER} 600 0 0 1 $(reboot)\nfile /etc/passwd 600 0 0 1 {}\nlistens\nend\n", "a".repeat(64));
        let worker = parse(&host, &text).expect("a worker");
        assert!(worker.files.is_empty() && worker.listener.is_some_and(|listener| !listener.is_sidecar()));
    }
}
