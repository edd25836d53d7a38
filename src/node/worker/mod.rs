//! A worker of a control plane that k0smotron hosts: any machine that the user can log in to.

mod parse;
mod script;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use tempfile::TempDir;
use tokio::net::UnixStream;

use super::ssh::{self, Target};
use super::step::{self, StepEvent};
use crate::failure::{Failure, Result};
use crate::names::{DnsName, SshHost};
use crate::plan::k0smotron::{K0smotronChange, Material, PORT, Worker as State, sha256};
use crate::verify::{proxied, tls};

const PROBE: &str = include_str!("probe.sh");
/// How long reading it may take, there.
const READ: Duration = Duration::from_secs(30);
/// Handshake and answer of one look through the sidecar.
const LOOK: Duration = Duration::from_secs(8);
/// What pods call the API server.
const NAME: &str = "kubernetes.default.svc";

/// Connected. Dropping it ends the connection.
pub struct Worker {
    pub host: SshHost,
    connection: ssh::Connection,
    /// Where its sidecar's port is here, once it was asked for.
    socket: tokio::sync::OnceCell<(TempDir, PathBuf)>,
}

impl Worker {
    /// # Errors
    /// Not within `deadline`, not with this key, or not this machine.
    pub async fn connect(target: &Target, deadline: Duration) -> Result<Self> {
        let connection = ssh::connect(target, async || Ok(Vec::new()), deadline).await?;
        Ok(Self { host: target.host.clone(), connection, socket: tokio::sync::OnceCell::new() })
    }

    /// Reads it and changes nothing. `api` is the name that the sidecar goes to.
    pub async fn read(&self, api: Option<&DnsName>) -> Result<State> {
        let api = api.map_or("", DnsName::as_str);
        let finished = self.connection.run(&format!("API='{api}'\n{PROBE}"), READ, |_| {}).await?;
        let mut state = finished.read(|output| parse::parse(&self.host, output))?;
        if state.listener.as_ref().is_some_and(|listener| listener.is_sidecar()) {
            state.served = self.served().await.ok();
        }
        Ok(state)
    }

    /// Makes the changes, all but restarts, in one script.
    pub async fn apply(&self, changes: &[K0smotronChange], material: &Material, on_step: impl FnMut(StepEvent)) -> Result<()> {
        let describe = |index: usize| changes.get(index).map(K0smotronChange::summary);
        step::run(&self.connection, &script::script(changes, material), &describe, on_step).await
    }

    /// What the API server answers a pod on this node.
    ///
    /// # Errors
    /// A certificate that isn't of `roots`, or no answer.
    pub async fn version(&self, roots: &Arc<RootCertStore>) -> Result<proxied::Version> {
        proxied::version(self.sidecar().await?, &self.whom(), NAME, roots, LOOK).await
    }

    /// SHA-256 of the certificate that the sidecar shows, whoever has issued it.
    async fn served(&self) -> Result<String> {
        let chain = tls::chain(self.sidecar().await?, &self.whom(), NAME, LOOK).await?;
        Ok(sha256(&chain[0]))
    }

    fn whom(&self) -> String {
        format!("port {PORT} of {}", self.host)
    }

    /// A connection to the sidecar's port on the worker's own loopback, by way of SSH, so that no firewall matters.
    async fn sidecar(&self) -> Result<UnixStream> {
        let (_, socket) = self
            .socket
            .get_or_try_init(|| async {
                let folder = tempfile::tempdir().map_err(|error| Failure::failed("there is no place for a socket").because(error))?;
                let socket = folder.path().join("sidecar");
                self.connection.forward(&socket, PORT).await?;
                Ok::<_, Failure>((folder, socket))
            })
            .await?;
        UnixStream::connect(socket)
            .await
            .map_err(|error| Failure::failed(format!("{} can't be reached over SSH", self.whom())).because(error))
    }

    pub async fn close(self) {
        self.connection.close().await;
    }
}
