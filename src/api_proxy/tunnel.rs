//! The way to the API server through the node: a forwarded port of an SSH session. One that is lost is made again for as
//! long as the process runs, so a change of networks or a night in sleep is survived.

use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::watch;

use crate::failure::{Failure, Result};
use crate::node::Node;

/// How often the session is looked at. `ssh` itself notices a silent node after half a minute.
const LOOK: Duration = Duration::from_secs(5);
/// For one attempt.
const ATTEMPT: Duration = Duration::from_secs(25);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The local ends are sockets in a folder of ours, so that nobody else on this machine gets there.
pub struct Tunnel {
    folder: TempDir,
    node: Node,
    /// The API server's on the node.
    port: u16,
    made: u32,
}

impl Tunnel {
    /// # Errors
    /// The node refuses to forward.
    pub async fn open(node: Node, port: u16) -> Result<(Self, PathBuf)> {
        let folder = tempfile::Builder::new().prefix("k8sport-tunnel-").tempdir();
        let folder = folder.map_err(|error| Failure::failed("there is no folder for the tunnel's socket").because(error))?;
        let mut tunnel = Self { folder, node, port, made: 0 };
        let socket = tunnel.forward().await?;
        Ok((tunnel, socket))
    }

    async fn forward(&mut self) -> Result<PathBuf> {
        self.made += 1;
        let socket = self.folder.path().join(self.made.to_string());
        self.node.forward(&socket, self.port).await?;
        Ok(socket)
    }

    /// Keeps it up until `ended`, and tells where its local end is.
    pub async fn keep(mut self, tell: watch::Sender<Option<PathBuf>>, ended: impl Future<Output = ()>) {
        tokio::select! {
            () = self.keep_up(&tell) => {}
            () = ended => {}
        }
        self.node.close().await;
    }

    async fn keep_up(&mut self, tell: &watch::Sender<Option<PathBuf>>) {
        loop {
            while self.node.is_connected().await {
                tokio::time::sleep(LOOK).await;
            }
            tracing::warn!("the SSH session is lost; connecting again");
            tell.send_replace(None);
            let mut pause = FIRST_PAUSE;
            let socket = loop {
                match self.again().await {
                    Ok(socket) => break socket,
                    Err(error) => tracing::warn!("no tunnel yet: {error}"),
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            };
            tracing::warn!("the tunnel is up again");
            tell.send_replace(Some(socket));
        }
    }

    async fn again(&mut self) -> Result<PathBuf> {
        self.node = self.node.again(ATTEMPT).await?;
        self.forward().await
    }
}
