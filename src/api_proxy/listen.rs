//! The port on this machine's loopback, and nowhere else.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

use super::port_holder;
use crate::failure::{Failure, Result};

pub struct Listeners {
    pub sockets: Vec<TcpListener>,
}

/// Listens on 127.0.0.1 and, where there is IPv6, on [::1].
///
/// # Errors
/// The port is taken, with whom by as far as it can be seen.
pub async fn listen(port: u16) -> Result<Listeners> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| taken(Ipv4Addr::LOCALHOST.into(), port, &error))?;
    let second = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(listener) => Some(listener),
        Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {
            return Err(taken(Ipv6Addr::LOCALHOST.into(), port, &error));
        }
        // A machine without IPv6.
        Err(error) => {
            tracing::debug!("[::1] is not listened on: {error}");
            None
        }
    };
    Ok(Listeners { sockets: std::iter::once(first).chain(second).collect() })
}

/// What [`listen`] says of a port that can't be had.
pub fn taken(address: IpAddr, port: u16, error: &std::io::Error) -> Failure {
    let at = SocketAddr::new(address, port);
    let failure = if error.kind() == ErrorKind::AddrInUse {
        let holder = port_holder::find(port).unwrap_or_else(|| "a process that can't be seen from here".to_owned());
        Failure::failed(format!("port {port} is taken: {holder} listens on it")).because(format!("{at}: {error}"))
    } else {
        Failure::failed(format!("port {port} can't be listened on")).because(format!("{at}: {error}"))
    };
    failure
        .state("nothing was begun")
        .next("name another port with `--listen-port`, K8SPORT_LISTEN_PORT or MCA_LISTEN_PORT")
        .next("and give applications the same one in KUBERNETES_SERVICE_PORT")
}
