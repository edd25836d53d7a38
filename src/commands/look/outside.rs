//! From outside: TLS and HTTP at the two public addresses, and each host the way its users come.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};

use super::account::AccountFacts;
use super::{LOOK, timed};
use crate::checks::Observed;
use crate::checks::facts::{Host, Outside};
use crate::failure::Result;
use crate::names::DnsName;
use crate::plan::elastic_ip;
use crate::settings::Settings;
use crate::verify::dns::{self, RecordType};
use crate::verify::{http, https, tls};

/// Where to look, as far as AWS has said.
pub struct Places {
    primary: Result<Ipv4Addr, String>,
    applications: Result<Ipv4Addr, String>,
    pub https_port: u16,
}

impl Places {
    pub fn of(settings: &Settings, account: &AccountFacts) -> Self {
        let primary = account.instance().map_err(|missing| missing.because).and_then(|(_, instance)| {
            let public = instance.eni.primary().and_then(|address| address.public_ip);
            public.ok_or_else(|| "needs instance.public-address, which failed".to_owned())
        });
        let applications = if settings.secondary_ip { elastic_ip(settings, account) } else { primary.clone() };
        Self { primary, applications, https_port: if settings.secondary_ip { 443 } else { 30443 } }
    }
}

fn elastic_ip(settings: &Settings, account: &AccountFacts) -> Result<Ipv4Addr, String> {
    let (_, instance) = account.instance().map_err(|missing| missing.because)?;
    let all = account.elastic_ips.get().map_err(|missing| missing.because)?;
    let ours = elastic_ip::among(all, &instance.eni.id, &settings.context.cluster);
    ours.map(|address| address.public_ip).ok_or_else(|| "there is no Elastic IP of ours (address.elastic-ip)".to_owned())
}

pub async fn look(cluster: &DnsName, places: &Places, application: &DnsName) -> Outside {
    let api_name = cluster.child("api");
    let (primary, applications, port) = (&places.primary, &places.applications, places.https_port);
    let (api, applications, api_on_elastic_ip, http) = tokio::join!(
        handshake("cluster.api-outside", primary, 443, &api_name),
        handshake("applications.https", applications, port, application),
        handshake("applications.https", applications, port, &api_name),
        get("applications.http", applications, application),
    );
    Outside { api, applications, api_on_elastic_ip, http }
}

async fn handshake(check: &str, address: &Result<Ipv4Addr, String>, port: u16, name: &DnsName) -> Observed<tls::Handshake> {
    match address {
        Ok(address) => timed(check, LOOK, tls::handshake(SocketAddr::from((*address, port)), name.as_str(), LOOK)).await,
        Err(because) => Observed::untried(because.as_str()),
    }
}

async fn get(check: &str, address: &Result<Ipv4Addr, String>, name: &DnsName) -> Observed<http::Answer> {
    match address {
        Ok(address) => timed(check, LOOK, http::get(SocketAddr::from((*address, 80)), name, LOOK)).await,
        Err(because) => Observed::untried(because.as_str()),
    }
}

/// More at once would wait for each other, and that would be told as the hosts' latency.
const HOSTS_AT_ONCE: usize = 16;
/// When no look at another host begins any more.
const ALL_HOSTS: Duration = Duration::from_secs(60);

pub async fn hosts(names: impl IntoIterator<Item = DnsName>, port: u16) -> Vec<Host> {
    let started = Instant::now();
    let look = async |name| if started.elapsed() < ALL_HOSTS { host(name, port).await } else { unseen(name) };
    stream::iter(names).map(look).buffered(HOSTS_AT_ONCE).collect().await
}

fn unseen(name: DnsName) -> Host {
    let because = "the hosts before it took a minute; `--host` has it looked at first";
    Host {
        name,
        a: Observed::untried(because),
        aaaa: Observed::untried(because),
        tls: Observed::untried(because),
        https: Observed::untried(because),
        http: Observed::untried(because),
    }
}

/// DNS first; the rest goes to the address that it says.
async fn host(name: DnsName, port: u16) -> Host {
    let (a, aaaa) = tokio::join!(
        timed("host.dns", LOOK, dns::lookup(&name, LOOK)),
        timed("host.dns", LOOK, dns::records(&name, RecordType::AAAA, LOOK))
    );
    let address = a
        .get()
        .map_err(|missing| missing.because)
        .and_then(|found| found.first().copied().ok_or_else(|| "needs host.dns, which failed".to_owned()));
    let (tls, http) = tokio::join!(handshake("host.tls", &address, port, &name), get("host.http", &address, &name));
    let https = match (&address, tls.ok().map(|shown| &shown.distrust)) {
        (Ok(address), Some(None)) => timed("host.https", LOOK, https::get(SocketAddr::from((*address, port)), &name, LOOK)).await,
        (Ok(_), Some(Some(_))) => Observed::untried("needs host.certificate, which failed"),
        _ => Observed::untried("needs host.tls, which failed"),
    };
    Host { name, a, aaaa, tls, https, http }
}
