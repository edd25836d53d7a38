//! Connects with a host key that is known before.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use openssh::{ControlPersist, ForwardType, KnownHosts, Session, SessionBuilder, Socket};

use super::{HostKeyTrust, Target, errors, greeting, host_keys, key_file, leftovers};
use crate::failure::{Failure, Result};

/// Seconds after which `ssh` gives up on a host that doesn't answer.
const CONNECT: u64 = 15;
/// Seconds without an answer after which `ssh` asks; three unanswered end the connection.
const ALIVE: u64 = 10;
/// Seconds an idle master lives when nobody could close it. While a run waits for an answer it has the node's lock, and with
/// it a script that keeps the master busy.
const IDLE: usize = 120;

/// An open connection and how to open another one like it.
pub struct Connection {
    /// Shared with the scripts that stay.
    pub(super) session: Arc<Session>,
    pub(super) target: Target,
    builder: SessionBuilder,
    /// Where we keep its host keys, if it is us who do.
    known_hosts: Option<PathBuf>,
}

/// Connects. `console_keys` is asked for the host keys of the instance's console output when none is pinned.
pub async fn connect(target: &Target, console_keys: impl AsyncFnOnce() -> Result<Vec<String>>, deadline: Duration) -> Result<Connection> {
    let started = Instant::now();
    if let Some(key) = &target.key {
        key_file::check(key)?;
    }
    leftovers::sweep(&std::env::temp_dir());
    let known_hosts = target.instance.as_ref().map(host_keys::file).transpose()?;
    let check = match &known_hosts {
        Some(file) => prepare_host_key(target, file, console_keys).await?,
        None if target.trust == HostKeyTrust::AcceptNew => KnownHosts::Add,
        None => KnownHosts::Strict,
    };
    let trusted = matches!(check, KnownHosts::Add);
    let (kept, left) = (known_hosts.as_deref(), deadline.saturating_sub(started.elapsed()));
    let session = open(&builder(target, kept, check), target, kept, left).await?;
    if let Some(file) = kept.filter(|_| trusted) {
        host_keys::generalize(file)?;
    }
    let builder = builder(target, kept, KnownHosts::Strict);
    Ok(Connection { session: Arc::new(session), target: target.clone(), builder, known_hosts })
}

impl Connection {
    /// A second connection of its own, with its own handshake.
    pub async fn another(&self, deadline: Duration) -> Result<Connection> {
        let session = open(&self.builder, &self.target, self.known_hosts.as_deref(), deadline).await?;
        Ok(Self {
            session: Arc::new(session),
            target: self.target.clone(),
            builder: self.builder.clone(),
            known_hosts: self.known_hosts.clone(),
        })
    }

    /// Whether new connections get through to the node, as far as that can be told without a login.
    pub async fn is_reached_anew(&self, deadline: Duration) -> bool {
        greeting::is_given(&self.target, deadline).await
    }

    /// Makes a socket here lead to a port of the node's loopback, for as long as the session lives.
    pub async fn forward(&self, socket: &Path, port: u16) -> Result<()> {
        let here = Socket::UnixSocket { path: socket.into() };
        let there = Socket::TcpSocket { host: "127.0.0.1".into(), port };
        self.session.request_port_forward(ForwardType::Local, here, there).await.map_err(|error| {
            Failure::failed(format!("{} does not forward to port {port} over SSH", self.target.host))
                .because(error)
                .next("see that sshd on the node allows it (AllowTcpForwarding)")
        })
    }

    /// Whether the session is there still.
    pub async fn is_connected(&self, deadline: Duration) -> bool {
        matches!(tokio::time::timeout(deadline, self.session.check()).await, Ok(Ok(())))
    }

    /// Ends the master process. Dropping does the same without waiting.
    pub async fn close(self) {
        let Some(session) = Arc::into_inner(self.session) else { return };
        // Nothing depends on the answer; an idle master ends by itself.
        let _ = tokio::time::timeout(Duration::from_secs(3), session.close()).await;
    }
}

/// How strict `ssh` has to be: strict, unless the user trusts the first connection and nothing else is known.
async fn prepare_host_key(
    target: &Target,
    known_hosts: &Path,
    console_keys: impl AsyncFnOnce() -> Result<Vec<String>>,
) -> Result<KnownHosts> {
    if let HostKeyTrust::Fingerprint(fingerprint) = &target.trust {
        host_keys::pin_fingerprint(target, fingerprint, known_hosts).await?;
        return Ok(KnownHosts::Strict);
    }
    if host_keys::is_pinned(known_hosts) {
        return Ok(KnownHosts::Strict);
    }
    let on_console = console_keys().await;
    if let Ok(keys) = &on_console
        && keys.iter().any(|key| host_keys::key_of(key).is_some())
    {
        host_keys::pin(known_hosts, keys)?;
        return Ok(KnownHosts::Strict);
    }
    if target.trust == HostKeyTrust::AcceptNew {
        host_keys::pin(known_hosts, &[])?;
        return Ok(KnownHosts::Add);
    }
    let (cause, missing_action) = match on_console {
        Err(error) => (error.to_string(), error.missing_action),
        Ok(_) => ("the instance's console output doesn't show it (any more)".to_owned(), None),
    };
    let unknown = Failure::refused(format!("the SSH host key of {target} is not known"));
    Err(Failure { missing_action, ..unknown }
        .because(cause)
        .state("nothing was sent to it")
        .next("give its fingerprint with `--host-key-fingerprint SHA256:…`")
        .next("or trust what the first connection shows, with `--accept-new-host-key`"))
}

fn builder(target: &Target, known_hosts: Option<&Path>, check: KnownHosts) -> SessionBuilder {
    let mut builder = SessionBuilder::default();
    builder
        .known_hosts_check(check)
        .connect_timeout(Duration::from_secs(CONNECT))
        .server_alive_interval(Duration::from_secs(ALIVE))
        // The path of a control socket may have about 100 characters; a home directory can be too deep.
        .control_directory(std::env::temp_dir());
    if let Some(idle) = std::num::NonZeroUsize::new(IDLE) {
        builder.control_persist(ControlPersist::IdleFor(idle));
    }
    if let Some(file) = known_hosts {
        builder.user_known_hosts_file(file);
    }
    if let Some(user) = &target.user {
        builder.user(user.to_string());
    }
    if let Some(port) = target.port {
        builder.port(port);
    }
    if let Some(key) = &target.key {
        builder.keyfile(key);
    }
    builder
}

async fn open(builder: &SessionBuilder, target: &Target, known_hosts: Option<&Path>, deadline: Duration) -> Result<Session> {
    let started = Instant::now();
    match tokio::time::timeout(deadline, builder.connect_mux(target.host.to_string())).await {
        Ok(Ok(session)) => {
            leftovers::mark(session.control_socket());
            Ok(session)
        }
        Ok(Err(openssh::Error::Connect(error) | openssh::Error::Master(error))) if is_not_installed(&error) => {
            Err(Failure::failed("`ssh` can't be started").because(error).next("install the OpenSSH client"))
        }
        Ok(Err(openssh::Error::Connect(error) | openssh::Error::Master(error))) => {
            Err(errors::explain(&error.to_string(), target, known_hosts, started.elapsed()))
        }
        Ok(Err(error)) => Err(errors::explain(&error.to_string(), target, known_hosts, started.elapsed())),
        Err(_) => Err(errors::silent(target, started.elapsed())),
    }
}

/// A path in it is that of a folder that isn't there.
fn is_not_installed(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound && error.get_ref().is_none()
}
