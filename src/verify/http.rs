//! Whether a plain HTTP server answers on an address.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::connect;
use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// A status line is short; what comes without one isn't HTTP.
const LONGEST: usize = 1024;

/// The status code that `GET /` with this `Host` is answered with. Redirections aren't followed: 308 to `https` is an answer.
///
/// # Errors
/// Refused, no answer within `deadline` (for everything together), or an answer that isn't HTTP.
pub async fn status(addr: SocketAddr, host: &DnsName, deadline: Duration) -> Result<u16> {
    let started = Instant::now();
    let stream = connect(addr, deadline).await?;
    let failure = match tokio::time::timeout(deadline.saturating_sub(started.elapsed()), ask(stream, host)).await {
        Ok(Ok(line)) => match parse(&line) {
            Some(status) => return Ok(status),
            None if line.is_empty() => Failure::failed(format!("{addr} closed the connection without an answer for {host}")),
            None => Failure::failed(format!("{addr} answered with something that isn't HTTP"))
                .because(format!("{:?}", String::from_utf8_lossy(&line[..line.len().min(60)]))),
        },
        Ok(Err(error)) => Failure::failed(format!("{addr} broke the connection off")).because(error),
        Err(_) => Failure::failed(format!("{addr} accepted the connection, but did not answer the request for {host}")),
    };
    Err(failure.after(started.elapsed()))
}

/// The first line of the answer, or what came before the server closed.
async fn ask(mut stream: TcpStream, host: &DnsName) -> std::io::Result<Vec<u8>> {
    let request =
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: k8sport/{}\r\nConnection: close\r\n\r\n", env!("CARGO_PKG_VERSION"));
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let mut part = [0; 256];
    while answer.len() < LONGEST && !answer.contains(&b'\n') {
        let length = stream.read(&mut part).await?;
        if length == 0 {
            break;
        }
        answer.extend_from_slice(&part[..length]);
    }
    Ok(answer)
}

/// `HTTP/1.1 404 Not Found` is 404.
fn parse(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok().filter(|status| (100..600).contains(status))
}
