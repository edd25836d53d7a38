//! The application's URLs, tried the way its users come: by name, with a certificate that has to be right.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;

use crate::cluster::{Cluster, Scope};
use crate::commands::proof::until_settled;
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::output::Console;
use crate::plan::Note;
use crate::plan::ingress::Ingress;
use crate::report::{Check, Report};
use crate::settings::DeploySettings;
use crate::verify::judge::{Verdict, judge};
use crate::verify::{dns, http, https, tls};

/// One look.
const LOOK: Duration = Duration::from_secs(5);
/// Controllers take an Ingress up within seconds. A certificate may take minutes and isn't waited for.
const SETTLE: Duration = Duration::from_secs(30);
const UNCHANGED: Duration = Duration::from_secs(1);
const PORT: &str = ":30443";

/// What was seen at a URL, and what is to be said about its certificate.
struct Seen {
    answer: String,
    remark: Option<String>,
}

/// # Errors
/// A URL where the application doesn't answer. A certificate that isn't trusted yet is a remark.
pub async fn look(
    cluster: &Cluster,
    settings: &DeploySettings,
    namespace: &str,
    changed: bool,
    console: &Console,
    report: &mut Report,
) -> Result<()> {
    let scope = Scope { namespace: Some(namespace.to_owned()), selector: None };
    let ingresses = cluster.ingresses(&scope).await?;
    let Some(ingress) = ingresses.into_iter().find(|ingress| ingress.name == settings.name.as_str()) else {
        report
            .remarks
            .push(Note::info(format!("{} has no Ingress of its name in namespace {namespace}, so no URL was tried", settings.name)));
        return Ok(());
    };
    let step = console.step(format!("try the URLs of {}", settings.name));
    let limit = if changed { SETTLE } else { UNCHANGED };
    let hosts = ingress.hosts.iter().filter_map(|host| host.parse::<DnsName>().ok());
    let seen = join_all(hosts.map(async |host| until_settled(limit, async || try_host(&host, &ingress, settings).await).await)).await;
    let mut failed = None;
    for seen in seen {
        let (ok, detail) = match seen {
            Ok(Seen { answer, remark }) => {
                report.remarks.extend(remark.map(Note::warning));
                (true, answer)
            }
            Err(why) => {
                failed = failed.or(Some(why.clone()));
                (false, why)
            }
        };
        report.checks.push(Check { name: "URL", ok, detail });
    }
    let Some(why) = failed else {
        step.done();
        return Ok(());
    };
    step.failed();
    let cluster = settings.cluster.as_ref().map(|cluster| format!(" --cluster {cluster}")).unwrap_or_default();
    Err(Failure::failed(format!("{} runs, but a URL of it doesn't work", settings.name))
        .because(why)
        .state("the rollout is complete")
        .next(format!("k8sport diagnose{cluster}")))
}

async fn try_host(host: &DnsName, ingress: &Ingress, settings: &DeploySettings) -> Result<Seen, String> {
    let address = match dns::lookup(host, LOOK).await.map_err(|failure| failure.to_string())?.first() {
        Some(address) => *address,
        None => return Err(format!("{host} does not resolve")),
    };
    let over_tls = ingress.tls && (ingress.tls_hosts.is_empty() || ingress.tls_hosts.contains(host.as_str()));
    if !over_tls {
        let answer = plain(address, host).await?;
        return Ok(Seen { answer, remark: None });
    }
    let (port, shown) = if settings.secondary_ip { (443, "") } else { (30443, PORT) };
    let at = SocketAddr::from((address, port));
    let url = format!("https://{host}{shown}/");
    let shaken = tls::handshake(at, host.as_str(), LOOK).await.map_err(|failure| format!("{url}: {failure}"))?;
    if let Verdict::ApiServer { because } = judge(&shaken.certificate, None, settings.cluster.as_ref().unwrap_or(host)) {
        return Err(format!("{url}: the API server answers, not the ingress: its certificate says so, {because}"));
    }
    if let Some(why) = shaken.distrust {
        // Nothing may be sent to a server that can't be trusted, so the application is asked without TLS.
        let remark = format!(
            "the certificate of {url} is not trusted: {why} ({}); cert-manager may still be at it: kubectl -n {} get certificates,challenges",
            shaken.certificate.subject, ingress.namespace
        );
        return Ok(Seen { answer: plain(address, host).await?, remark: Some(remark) });
    }
    let answer = https::get(at, host, LOOK).await.map_err(|failure| format!("{url}: {failure}"))?;
    let until = &shaken.certificate.not_after_date;
    Ok(Seen { answer: format!("{}, with a trusted certificate until {until}", judged(&url, &answer)?), remark: None })
}

async fn plain(address: Ipv4Addr, host: &DnsName) -> Result<String, String> {
    let url = format!("http://{host}/");
    let answer = http::get(SocketAddr::from((address, 80)), host, LOOK).await.map_err(|failure| format!("{url}: {failure}"))?;
    judged(&url, &answer)
}

/// 4xx is an answer of the application. 5xx comes from it, or from an ingress that has nothing behind it.
fn judged(url: &str, answer: &http::Answer) -> Result<String, String> {
    let to = answer.location.as_ref().map(|to| format!(", redirects to {to}")).unwrap_or_default();
    let said = format!("{url} answers HTTP {}{to}", answer.status);
    if answer.status < 500 { Ok(said) } else { Err(said) }
}
