//! Whether a plain HTTP server answers on an address.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::connect;
use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// Head lines are short; what comes without one isn't HTTP.
const LONGEST: usize = 8192;

/// The head of an answer, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Where it redirects to.
    pub location: Option<String>,
    pub took: Duration,
}

/// The status code that `GET /` with this `Host` is answered with. Redirections aren't followed: 308 to `https` is an answer.
///
/// # Errors
/// Refused, no answer within `deadline` (for everything together), or an answer that isn't HTTP.
pub async fn status(addr: SocketAddr, host: &DnsName, deadline: Duration) -> Result<u16> {
    get(addr, host, deadline).await.map(|answer| answer.status)
}

/// The head that `GET /` is answered with.
///
/// # Errors
/// As [`status`].
pub async fn get(addr: SocketAddr, host: &DnsName, deadline: Duration) -> Result<Answer> {
    let started = Instant::now();
    let stream = connect(addr, deadline).await?;
    exchange(stream, addr, host, deadline.saturating_sub(started.elapsed())).await
}

/// Asks over a connection that stands.
pub(super) async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    addr: SocketAddr,
    host: &DnsName,
    deadline: Duration,
) -> Result<Answer> {
    let started = Instant::now();
    let failure = match tokio::time::timeout(deadline, ask(stream, host)).await {
        Ok(Ok(line)) => match parse(&line) {
            Some(status) => return Ok(Answer { status, location: location(&line), took: started.elapsed() }),
            None if line.is_empty() => Failure::failed(format!("{addr} closed the connection without an answer for {host}")),
            None => Failure::failed(format!("{addr} answered with something that isn't HTTP"))
                .because(format!("{:?}", String::from_utf8_lossy(&line[..line.len().min(60)]))),
        },
        Ok(Err(error)) => Failure::failed(format!("{addr} broke the connection off")).because(error),
        Err(_) => Failure::failed(format!("{addr} accepted the connection, but did not answer the request for {host}")),
    };
    Err(failure.after(started.elapsed()))
}

/// The head of the answer, or what came before the server closed.
async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, host: &DnsName) -> std::io::Result<Vec<u8>> {
    let request =
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: k8sport/{}\r\nConnection: close\r\n\r\n", env!("CARGO_PKG_VERSION"));
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let mut part = [0; 512];
    let ended = |answer: &[u8]| answer.windows(4).any(|end| end == b"\r\n\r\n");
    while answer.len() < LONGEST && !ended(&answer) {
        match stream.read(&mut part).await {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&part[..length]),
            // A server that closes without a word after its answer has answered.
            Err(_) if answer.contains(&b'\n') => break,
            Err(error) => return Err(error),
        }
    }
    Ok(answer)
}

fn location(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    text.lines().skip(1).take_while(|line| !line.is_empty()).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    })
}

/// `HTTP/1.1 404 Not Found` is 404.
fn parse(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok().filter(|status| (100..600).contains(status))
}
