//! From outside, the way users come: DNS, TCP, TLS, HTTP, for the address and for each host.

use std::time::Duration;

use super::account::broken;
use super::{Check, Facts, Host, HostLook, Judge, Judged, Need, Repair, Severity, bad, doubtful, fine, moot};
use crate::verify::http::Answer;
use crate::verify::judge::{Verdict as Who, judge};

pub const CHECKS: &[Check] = &[
    Check {
        id: "applications.https",
        title: "the ingress answers HTTPS on the applications' address",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &["address.association"],
        repair: None,
        explanation: "A TLS handshake from here with the Elastic IP, port 443. Whose certificate answers tells the rest: none and no \
            answer is a closed security group or a missing address, refused is a missing HAProxy, the API server's own is a missing \
            redirect.",
        judge: Judge::Once(https),
    },
    Check {
        id: "applications.http",
        title: "HTTP answers on the applications' address",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &["address.association"],
        repair: None,
        explanation: "GET / on port 80. Any status is an answer but 503, which is HAProxy's own: nothing of its backend is up.",
        judge: Judge::Once(http),
    },
    Check {
        id: "applications.no-api",
        title: "the API server can't be reached through the applications' address",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &["applications.https"],
        repair: Some(Repair::Haproxy),
        explanation: "A handshake with the Elastic IP and the name api.<cluster>. A client chooses its own SNI, so routing it to the API \
            server opens the API to all who reach the address, whatever the security group of the primary says. With --route-api \
            that is what you asked for.",
        judge: Judge::Once(no_api),
    },
    super::redirects::SWITCHED_OFF,
    Check {
        id: "host.dns",
        title: "the host resolves to the applications' address",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "What this machine's resolver says about the host, and how long it took. The hosts are those of --host, of \
            k8sport.toml, and of the cluster's Ingress objects.",
        judge: Judge::Host(HostLook::Dns, host_dns),
    },
    Check {
        id: "host.tls",
        title: "the host answers HTTPS",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "TCP connection and TLS handshake with the host's own name at the address that it resolves to, each with its \
            time: a slow hop shows.",
        judge: Judge::Host(HostLook::Tls, host_tls),
    },
    Check {
        id: "host.certificate",
        title: "the host's certificate is trusted, for its name, and lasts",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "The chain against this machine's certificate authorities (or SSL_CERT_FILE), the name, and the days left: a \
            warning under 14, since cert-manager renews 30 days before the end. `Kubernetes Ingress Controller Fake Certificate` \
            means that the Ingress has no TLS secret for the host.",
        judge: Judge::Host(HostLook::Tls, host_certificate),
    },
    Check {
        id: "host.https",
        title: "the host's application answers",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "GET / over HTTPS with verification. 4xx is an answer of the application; 404 with the ingress' default page may \
            mean that no Ingress has the host; 5xx comes from the application or from an ingress without endpoints. A redirect back to HTTP is a warning, and a failure \
            where HTTP redirects to HTTPS: browsers go round in circles.",
        judge: Judge::Host(HostLook::Https, host_https),
    },
    Check {
        id: "host.http",
        title: "the host answers HTTP, and where it redirects to",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "GET / on port 80. Whether it redirects to HTTPS is told, not judged. A redirect to HTTP is a warning.",
        judge: Judge::Host(HostLook::Http, host_http),
    },
    Check {
        id: "host.latency",
        title: "every hop to the host is quick",
        severity: Severity::Warning,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "DNS, TCP, TLS and HTTP one after the other, as a browser goes that has never been there; the last is the answer to \
            GET /, without connection and handshake. A hop of more than 2 s is a warning: DNS is the resolver's, TCP the way to the node, \
            TLS and HTTP the node's load or the application's.",
        judge: Judge::Host(HostLook::All, host_latency),
    },
];

fn https(facts: &Facts) -> Judged {
    if let Some(failure) = facts.outside.applications.failed()? {
        return broken(facts, failure);
    }
    let shown = facts.outside.applications.get()?;
    let api = facts.outside.api.ok().map(|api| &api.certificate);
    match judge(&shown.certificate, api, &facts.cluster) {
        Who::Application => fine(format!("{} in {} ms", shown.certificate.subject, (shown.connected + shown.shaken).as_millis())),
        Who::ApiServer { because } => bad(
            format!("the API server answers on {}: {because}", facts.public_ip()?),
            [format!("the redirect is missing or comes too late: {}", Repair::SecondaryIp.command(facts))],
        ),
    }
}

fn http(facts: &Facts) -> Judged {
    if let Some(failure) = facts.outside.http.failed()? {
        return broken(facts, failure);
    }
    let answer = facts.outside.http.get()?;
    if answer.status == 503 {
        return bad("HTTP 503: HAProxy has nothing behind it", ["is the ingress controller there? kubectl get pods -A".to_owned()]);
    }
    fine(format!("HTTP {} in {} ms", answer.status, answer.took.as_millis()))
}

fn no_api(facts: &Facts) -> Judged {
    if facts.route_api {
        return moot("--route-api asks for it");
    }
    if !facts.secondary_ip {
        return moot("the cluster goes without a second address");
    }
    let shown = facts.outside.api_on_elastic_ip.get()?;
    let api = facts.outside.api.ok().map(|api| &api.certificate);
    match judge(&shown.certificate, api, &facts.cluster) {
        Who::Application => fine(format!("api.{} gets the ingress", facts.cluster)),
        Who::ApiServer { because } => bad(format!("the SNI api.{} leads to the API server: {because}", facts.cluster), []),
    }
}

fn host_dns(facts: &Facts, host: &Host) -> Judged {
    if let Some(failure) = host.a.failed()? {
        return broken(facts, failure);
    }
    let found = host.a.get()?;
    let list = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let took = host.a.took.as_millis();
    // A record of its own is needed only where something hides the wildcard.
    let own = if super::dns::hides_wildcard(facts, host) { format!(" --host {}", host.name) } else { String::new() };
    let remedy = || [format!("{}{own}", Repair::Dns.command(facts))];
    match facts.public_ip() {
        _ if found.is_empty() => bad("it doesn't resolve", remedy()),
        Ok(wanted) if !found.contains(&wanted) => bad(format!("it is {list}, the applications' address is {wanted}"), remedy()),
        Ok(wanted) if found.len() > 1 => doubtful(format!("it is {list}: only some clients come to {wanted}"), remedy()),
        _ => match host.aaaa.ok().and_then(|all| all.first()) {
            Some(six) => doubtful(format!("it is {list}, but for IPv6 clients {six}"), ["delete the AAAA record".to_owned()]),
            None => fine(format!("{list} in {took} ms")),
        },
    }
}

fn host_tls(facts: &Facts, host: &Host) -> Judged {
    if let Some(failure) = host.tls.failed()? {
        return broken(facts, failure);
    }
    let shown = host.tls.get()?;
    fine(format!("TCP {} ms, TLS {} ms", shown.connected.as_millis(), shown.shaken.as_millis()))
}

const DAY: i64 = 86_400;
const SOON: i64 = 14;

fn host_certificate(facts: &Facts, host: &Host) -> Judged {
    let shown = host.tls.get()?;
    let certificate = &shown.certificate;
    let days = (certificate.not_after - facts.now).div_euclid(DAY);
    let remedy = || {
        [
            "kubectl get certificates,challenges -A   # what does cert-manager say?".to_owned(),
            format!("kubectl get ingress -A | grep {}   # has it a tls section?", host.name),
        ]
    };
    if let Some(why) = &shown.distrust {
        return bad(format!("{}: {why} (until {})", certificate.subject, certificate.not_after_date), remedy());
    }
    if days < SOON {
        return doubtful(format!("{days} days left, until {}", certificate.not_after_date), remedy());
    }
    fine(format!("{}, {days} days left", certificate.issuer))
}

/// Where an answer redirects to.
fn redirect(answer: &Answer) -> Option<&str> {
    answer.location.as_deref().filter(|_| (300..400).contains(&answer.status))
}

fn host_https(facts: &Facts, host: &Host) -> Judged {
    if let Some(failure) = host.https.failed()? {
        return broken(facts, failure);
    }
    let answer = host.https.get()?;
    let text = format!("HTTP {} in {} ms", answer.status, answer.took.as_millis());
    if answer.status >= 500 {
        return bad(text, ["kubectl get pods,endpoints -A   # is the application there?".to_owned()]);
    }
    let back = format!("http://{}", host.name);
    let Some(to) = redirect(answer).filter(|to| to.starts_with(&back)) else { return fine(text) };
    let evidence = format!("{text}, redirects back to {to}");
    let remedy = [format!(
        "the application believes that it was asked over HTTP: does it look at X-Forwarded-Proto? curl -sI https://{}/",
        host.name
    )];
    // Each of the two sends browsers to the other.
    let circle = host.http.ok().and_then(redirect).is_some_and(|to| to.starts_with(&format!("https://{}", host.name)));
    if circle {
        bad(format!("{evidence}, and HTTP redirects to HTTPS: browsers go round in circles"), remedy)
    } else {
        doubtful(evidence, remedy)
    }
}

fn host_http(facts: &Facts, host: &Host) -> Judged {
    if let Some(failure) = host.http.failed()? {
        return broken(facts, failure);
    }
    let answer = host.http.get()?;
    let https = format!("https://{}", host.name);
    match (&answer.location, answer.status) {
        (_, 503) => bad("HTTP 503", ["kubectl get pods,endpoints -A   # is the application there?".to_owned()]),
        (Some(to), 300..400) if to.starts_with(&https) => fine(format!("HTTP {}, redirects to HTTPS", answer.status)),
        (Some(to), 300..400) if to.starts_with("http://") => doubtful(
            format!("HTTP {}, redirects to {to}", answer.status),
            ["a redirect to HTTP goes round in circles when HTTPS redirects back".to_owned()],
        ),
        (_, status) => fine(format!("HTTP {status}, no redirect to HTTPS")),
    }
}

const SLOW: Duration = Duration::from_secs(2);

fn host_latency(_: &Facts, host: &Host) -> Judged {
    let hops = host.hops();
    let Some(slowest) = hops.iter().max_by_key(|hop| hop.took) else { return moot("there is no address to go to (host.dns)") };
    let each = hops.iter().map(|hop| format!("{} {} ms", hop.name, hop.took.as_millis())).collect::<Vec<_>>().join(", ");
    let whole: Duration = hops.iter().map(|hop| hop.took).sum();
    let text = format!("{each}: {} ms", whole.as_millis());
    if slowest.took <= SLOW {
        return fine(text);
    }
    let times = "%{time_namelookup} %{time_connect} %{time_appconnect} %{time_total}\\n";
    bad(
        format!("{} takes long: {text}", slowest.name),
        [format!("is it so each time? curl -so /dev/null -w '{times}' https://{}/", host.name)],
    )
}
