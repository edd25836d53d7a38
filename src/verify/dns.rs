//! What a name resolves to for the system's resolver.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::ResolveHosts;
use hickory_resolver::proto::rr::RData;

use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// The IPv4 addresses of a name, sorted; empty when it has none or doesn't exist. Asks the servers of `/etc/resolv.conf`
/// anew each time. `/etc/hosts` is left out, since the question is what others see.
///
/// # Errors
/// The resolver can't be set up, fails (SERVFAIL), or doesn't answer within `deadline`.
pub async fn lookup(name: &DnsName, deadline: Duration) -> Result<Vec<Ipv4Addr>> {
    let started = Instant::now();
    let failed = || Failure::failed(format!("{name} could not be resolved"));
    let mut builder = TokioResolver::builder_tokio().map_err(|error| failed().because(error).next("check /etc/resolv.conf"))?;
    let options = builder.options_mut();
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    options.timeout = deadline.min(Duration::from_secs(2));
    let resolver = builder.build().map_err(|error| failed().because(error))?;
    // The trailing dot keeps search domains away.
    match tokio::time::timeout(deadline, resolver.ipv4_lookup(format!("{name}."))).await {
        Ok(Ok(answer)) => {
            let mut found: Vec<Ipv4Addr> = answer.answers().iter().filter_map(|record| address(&record.data)).collect();
            found.sort();
            found.dedup();
            Ok(found)
        }
        Ok(Err(error)) if error.is_no_records_found() => Ok(Vec::new()),
        Ok(Err(error)) => Err(failed().because(error).after(started.elapsed())),
        Err(_) => Err(failed().because("the resolver did not answer").after(started.elapsed())),
    }
}

fn address(data: &RData) -> Option<Ipv4Addr> {
    match data {
        RData::A(address) => Some(address.0),
        _ => None,
    }
}
