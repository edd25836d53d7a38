//! What a name resolves to for the system's resolver.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
pub use hickory_resolver::proto::rr::RecordType;
use hickory_resolver::{ResolverBuilder, TokioResolver};

use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// The IPv4 addresses of a name, sorted; empty when it has none or doesn't exist. Asks the servers of `/etc/resolv.conf`
/// anew each time. `/etc/hosts` is left out, since the question is what others see.
///
/// # Errors
/// The resolver can't be set up, fails (SERVFAIL), or doesn't answer within `deadline`.
pub async fn lookup(name: &DnsName, deadline: Duration) -> Result<Vec<Ipv4Addr>> {
    let builder = TokioResolver::builder_tokio().map_err(|error| failed(name).because(error).next("check /etc/resolv.conf"))?;
    ask(builder, name, deadline).await
}

/// The records of one type as text, sorted: addresses, names with their trailing dot, `0 issue "ca.example"`.
///
/// # Errors
/// As [`lookup`].
pub async fn records(name: &DnsName, kind: RecordType, deadline: Duration) -> Result<Vec<String>> {
    let builder = TokioResolver::builder_tokio().map_err(|error| failed(name).because(error).next("check /etc/resolv.conf"))?;
    let found = query(builder, name, kind, deadline).await?;
    let mut found: Vec<String> = found.iter().filter(|data| data.record_type() == kind).map(ToString::to_string).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// [`lookup`], asked of this name server itself, so that no cache is on the way.
///
/// # Errors
/// As [`lookup`]. Many networks let nobody ask name servers outside.
pub async fn lookup_at(server: &str, name: &DnsName, deadline: Duration) -> Result<Vec<Ipv4Addr>> {
    let started = Instant::now();
    let host: DnsName = server.trim_end_matches('.').to_ascii_lowercase().parse().map_err(|error| failed(name).because(error))?;
    let addresses = lookup(&host, deadline).await?;
    let address = addresses.first().ok_or_else(|| failed(name).because(format!("the name server {host} has no address")))?;
    let server = NameServerConfig::new(IpAddr::V4(*address), true, vec![ConnectionConfig::udp(), ConnectionConfig::tcp()]);
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    ask(builder, name, deadline.saturating_sub(started.elapsed())).await
}

async fn ask(builder: ResolverBuilder<TokioRuntimeProvider>, name: &DnsName, deadline: Duration) -> Result<Vec<Ipv4Addr>> {
    let mut found: Vec<Ipv4Addr> = query(builder, name, RecordType::A, deadline).await?.iter().filter_map(address).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

async fn query(
    mut builder: ResolverBuilder<TokioRuntimeProvider>,
    name: &DnsName,
    kind: RecordType,
    deadline: Duration,
) -> Result<Vec<RData>> {
    let started = Instant::now();
    let options = builder.options_mut();
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    options.timeout = deadline.min(Duration::from_secs(2));
    let resolver = builder.build().map_err(|error| failed(name).because(error))?;
    // The trailing dot keeps search domains away.
    match tokio::time::timeout(deadline, resolver.lookup(format!("{name}."), kind)).await {
        Ok(Ok(answer)) => Ok(answer.answers().iter().map(|record| record.data.clone()).collect()),
        Ok(Err(error)) if error.is_no_records_found() => Ok(Vec::new()),
        Ok(Err(error)) => Err(failed(name).because(error).after(started.elapsed())),
        Err(_) => Err(failed(name).because("the resolver did not answer").after(started.elapsed())),
    }
}

fn failed(name: &DnsName) -> Failure {
    Failure::failed(format!("{name} could not be resolved"))
}

fn address(data: &RData) -> Option<Ipv4Addr> {
    match data {
        RData::A(address) => Some(address.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::UdpSocket;

    use super::*;

    /// A name server that answers every question with this code and these addresses; None is silence.
    async fn resolve(answer: Option<(u8, &'static [Ipv4Addr])>) -> Result<Vec<Ipv4Addr>> {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let port = socket.local_addr().expect("an address").port();
        let server = tokio::spawn(async move {
            let mut question = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut question).await {
                let Some((code, addresses)) = answer else { continue };
                let _ = socket.send_to(&reply(&question[..length], code, addresses), from).await;
            }
        });
        let mut connection = ConnectionConfig::udp();
        connection.port = port;
        let servers = vec![NameServerConfig::new(IpAddr::from([127, 0, 0, 1]), true, vec![connection])];
        let config = ResolverConfig::from_parts(None, Vec::new(), servers);
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let found = ask(builder, &"app.example.com".parse().expect("a name"), Duration::from_secs(1)).await;
        server.abort();
        found
    }

    /// The question again with the response bits, and an A record (TTL 60) for each address (RFC 1035, section 4).
    fn reply(question: &[u8], code: u8, addresses: &[Ipv4Addr]) -> Vec<u8> {
        let name = question[12..].iter().position(|byte| *byte == 0).expect("a name");
        let mut message = question[..12 + name + 5].to_vec();
        message[2] = 0x81;
        message[3] = 0x80 | code;
        message[6..12].copy_from_slice(&[0, u8::try_from(addresses.len()).expect("few"), 0, 0, 0, 0]);
        for address in addresses {
            message.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
            message.extend_from_slice(&address.octets());
        }
        message
    }

    #[tokio::test]
    async fn addresses_none_and_failures() {
        const TWICE: [Ipv4Addr; 3] = [Ipv4Addr::new(198, 51, 100, 7), Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(198, 51, 100, 7)];
        assert_eq!(resolve(Some((0, &TWICE))).await.expect("addresses"), [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(198, 51, 100, 7)]);
        assert!(resolve(Some((3, &[]))).await.expect("NXDOMAIN").is_empty());
        assert!(resolve(Some((0, &[]))).await.expect("no data").is_empty());
        assert!(resolve(Some((2, &[]))).await.is_err(), "SERVFAIL");
        let started = Instant::now();
        let failure = resolve(None).await.expect_err("silence");
        assert_eq!(failure.what, "app.example.com could not be resolved");
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}
