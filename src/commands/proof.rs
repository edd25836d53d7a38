//! Verify: looks from outside and says who answered. A success that nobody has seen isn't one.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::output::Console;
use crate::plan::ownership;
use crate::plan::whole::{Scope, World};
use crate::report::Check;
use crate::settings::Settings;
use crate::verify::judge::{Verdict, judge};
use crate::verify::tls::{Certificate, certificate};
use crate::verify::{dns, http};

/// The checks, and the first failure among them.
pub type Proven = (Vec<Check>, Result<()>);

#[derive(Clone, Copy)]
pub struct Proof<'a> {
    pub settings: &'a Settings,
    pub world: &'a World,
    pub console: &'a Console,
    /// Whether this run changed what is looked at, so that it may take some seconds to be seen.
    pub just_changed: bool,
}

/// One look.
const LOOK: Duration = Duration::from_secs(5);
/// A new association, security group rule or health check needs some seconds to take effect.
const SETTLE: Duration = Duration::from_secs(40);
/// Where nothing was changed, one lost packet is no reason to fail, and no reason to wait long either.
const UNCHANGED: Duration = Duration::from_secs(1);

impl Proof<'_> {
    /// Who answers on the two addresses, and does HTTP work?
    pub async fn data_path(&self, scope: Scope, public_ip: Ipv4Addr) -> Proven {
        let step = self.console.step("look from outside");
        let proxy_expected = scope.haproxy || scope.dns;
        let (api, applications, http) = tokio::join!(
            self.api_server(),
            async { if proxy_expected { Some(self.applications(public_ip).await) } else { None } },
            async { if proxy_expected { Some(self.http(public_ip).await) } else { None } },
        );
        let applications = applications.map(|shown| self.not_the_api_server(shown, api.as_ref().ok()));
        let api = check(
            "API server",
            api.map(|shown| format!("{} shows the API server's certificate ({})", shown.address, brief(&shown.certificate))),
        );
        let checks: Vec<Check> = [Some(api), applications, http].into_iter().flatten().collect();
        let verdict = verdict(&checks, self.hints(scope));
        step.ended(verdict.is_ok());
        (checks, verdict)
    }

    /// What the operator's resolver says about the names.
    pub async fn names(&self, public_ip: Ipv4Addr) -> Proven {
        let Some(zone) = self.world.dns.as_ref().map(|dns| dns.zone.name.clone()) else { return (Vec::new(), Ok(())) };
        let step = self.console.step(format!("resolve a name below {zone}"));
        // Nobody has asked for this name before, so no cache on the way holds the answer of before.
        let fresh = zone.child(&format!("{PROBE}-{}", &ownership::operation_id()[..8]));
        let names = self.settings.context.hosts.iter().chain([&fresh]);
        let checks = join_all(names.map(async |name| check("DNS", self.resolves(name, public_ip).await))).await;
        let next = "the record is in sync in Route 53: check the resolver's cache and the zone's delegation (dig +trace)";
        let verdict = verdict(&checks, vec![next.to_owned()]);
        step.ended(verdict.is_ok());
        (checks, verdict)
    }

    async fn resolves(&self, name: &DnsName, public_ip: Ipv4Addr) -> Result<String, String> {
        self.until_settled(async || match dns::lookup(name, LOOK).await {
            Ok(found) if found == [public_ip] => Ok(format!("{name} is {public_ip}")),
            Ok(found) if found.is_empty() => Err(format!("{name} does not resolve yet")),
            Ok(found) => {
                let found = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
                Err(format!("{name} is {found}, not {public_ip}; a resolver may keep the record of before for as long as its TTL said"))
            }
            Err(failure) => Err(failure.to_string()),
        })
        .await
    }

    async fn api_server(&self) -> Result<Shown, String> {
        let cluster = &self.settings.context.cluster;
        let primary = self.world.aws.instance.eni.primary().and_then(|address| address.public_ip);
        let address = SocketAddr::from((primary.ok_or("the node has no public address of its own")?, 443));
        self.until_settled(async || {
            let shown = Shown::on(address, &cluster.child("api")).await?;
            match judge(&shown.certificate, None, cluster) {
                Verdict::ApiServer { .. } => Ok(shown),
                Verdict::Application => {
                    Err(format!("{address} shows a certificate that isn't the API server's ({})", brief(&shown.certificate)))
                }
            }
        })
        .await
    }

    async fn applications(&self, public_ip: Ipv4Addr) -> Result<Shown, String> {
        let port = if self.settings.secondary_ip { 443 } else { 30443 };
        let address = SocketAddr::from((public_ip, port));
        self.until_settled(async || {
            let shown = Shown::on(address, &self.application()).await?;
            match judge(&shown.certificate, None, &self.settings.context.cluster) {
                Verdict::Application => Ok(shown),
                Verdict::ApiServer { because } => Err(wrong_one(address, &because)),
            }
        })
        .await
    }

    /// The API server's own certificate tells more than its names do.
    fn not_the_api_server(&self, shown: Result<Shown, String>, api: Option<&Shown>) -> Check {
        let judged =
            shown.and_then(|shown| match judge(&shown.certificate, api.map(|api| &api.certificate), &self.settings.context.cluster) {
                Verdict::Application => Ok(format!(
                    "{} shows the ingress' certificate for {} ({})",
                    shown.address,
                    self.application(),
                    brief(&shown.certificate)
                )),
                Verdict::ApiServer { because } => Err(wrong_one(shown.address, &because)),
            });
        check("applications", judged)
    }

    async fn http(&self, public_ip: Ipv4Addr) -> Check {
        let address = SocketAddr::from((public_ip, 80));
        let host = self.application();
        let look = async || match http::status(address, &host, LOOK).await {
            // HAProxy itself answers 503 when no server of the backend is up.
            Ok(503) => Err(format!("{address} answers HTTP 503: HAProxy or the ingress has nothing behind it")),
            Ok(status) => Ok(format!("{address} answers HTTP {status} for {host}")),
            Err(failure) => Err(failure.to_string()),
        };
        check("HTTP", self.until_settled(look).await)
    }

    async fn until_settled<T>(&self, look: impl AsyncFn() -> Result<T, String>) -> Result<T, String> {
        until_settled(if self.just_changed { SETTLE } else { UNCHANGED }, look).await
    }

    /// A name that an application could have: the first `--host`, or one that nobody uses.
    fn application(&self) -> DnsName {
        let zone = self.world.dns.as_ref().map_or(&self.settings.context.cluster, |dns| &dns.zone.name);
        self.settings.context.hosts.first().map_or_else(|| zone.child(PROBE), Clone::clone)
    }

    fn hints(&self, scope: Scope) -> Vec<String> {
        let again = &self.settings.context.again;
        if scope.dns && !scope.haproxy {
            vec![again.command("setup-haproxy")]
        } else {
            vec![
                "see that an ingress controller answers on the NodePorts 30443 and 30080, then run this command again".to_owned(),
                format!("what else can be in the way: {}", again.command("diagnose")),
            ]
        }
    }
}

/// Looks until it is well, or for as long as it may take.
pub async fn until_settled<T>(limit: Duration, look: impl AsyncFn() -> Result<T, String>) -> Result<T, String> {
    let since = Instant::now();
    let mut pause = Duration::from_millis(200);
    loop {
        let outcome = look().await;
        if outcome.is_ok() || since.elapsed() + pause > limit {
            return outcome;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(4));
    }
}

const PROBE: &str = "k8sport-probe";

fn brief(certificate: &Certificate) -> String {
    let subject = common_name(&certificate.subject);
    if certificate.subject == certificate.issuer {
        format!("{subject}, self-signed")
    } else {
        format!("{subject}, issued by {}", common_name(&certificate.issuer))
    }
}

/// The part of a distinguished name that people recognise.
fn common_name(distinguished: &str) -> &str {
    distinguished.split(", ").find(|part| part.starts_with("CN=")).unwrap_or(distinguished)
}

fn check(name: &'static str, outcome: Result<String, String>) -> Check {
    let ok = outcome.is_ok();
    Check { name, ok, detail: outcome.unwrap_or_else(|detail| detail) }
}

fn verdict(checks: &[Check], next: Vec<String>) -> Result<()> {
    let Some(failed) = checks.iter().find(|check| !check.ok) else { return Ok(()) };
    let failure = Failure::failed(format!("verification failed: {}", failed.name)).because(&failed.detail);
    Err(next.into_iter().fold(failure, Failure::next))
}

fn wrong_one(address: SocketAddr, because: &str) -> String {
    format!("the API server answers on {address}, not the ingress: its certificate says so, {because}")
}

/// A certificate and where it was seen.
struct Shown {
    address: SocketAddr,
    certificate: Certificate,
}

impl Shown {
    async fn on(address: SocketAddr, name: &DnsName) -> Result<Self, String> {
        let certificate = certificate(address, name.as_str(), LOOK).await.map_err(|failure| failure.to_string())?;
        Ok(Self { address, certificate })
    }
}
