//! A look from outside: who answers on an address, over TLS, HTTP and DNS. Every look has a deadline.

pub mod dns;
#[cfg(test)]
mod exchange;
pub mod http;
pub mod https;
pub mod judge;
pub mod proxied;
pub mod tls;
pub mod trust;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use crate::failure::{Failure, Result};

/// Opens a TCP connection; tells "refused" from "no answer", since they have different reasons.
pub async fn connect(addr: SocketAddr, deadline: Duration) -> Result<TcpStream> {
    let started = Instant::now();
    match tokio::time::timeout(deadline, TcpStream::connect(addr)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Err(Failure::failed(format!("{addr} refused the connection"))
                .because("the address is reachable, but nothing listens on the port")
                .after(started.elapsed()))
        }
        Ok(Err(error)) => Err(Failure::failed(format!("{addr} could not be reached")).because(error).after(started.elapsed())),
        Err(_) => Err(Failure::failed(format!("{addr} did not answer"))
            .because("packets are dropped: by a security group or network ACL, a firewall on the host, a route, or a host that doesn't know the address")
            .after(started.elapsed())),
    }
}
