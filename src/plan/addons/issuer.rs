//! The ClusterIssuer for certificates of Let's Encrypt, once cert-manager is there. One of that name stays as it is, but for the
//! address of the account in one that we have made.
//!
//! Where our specification gave the node's role the zone, names of the zone are proven by DNS-01: it needs no open port and no
//! keys in the cluster, and can do wildcards. All others are proven by HTTP-01 through an ingress.

use serde_json::{Value, json};

use super::AddonChange;
use crate::names::{DnsName, EmailAddress};
use crate::plan::Note;

/// The one that `configure-apps` names, too.
pub const NAME: &str = "letsencrypt-prod";
const SERVER: &str = "https://acme-v02.api.letsencrypt.org/directory";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerWanted {
    /// Of the ACME account, which needs none.
    pub email: Option<EmailAddress>,
    /// None where the node's role isn't known to have a zone.
    pub dns01: Option<Dns01>,
    /// kOps brings cert-manager, so it will come.
    pub expected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dns01 {
    pub zone: DnsName,
    pub zone_id: String,
    pub region: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssuerState {
    /// Its API is served.
    pub cert_manager: bool,
    pub there: Option<Issuer>,
}

/// One that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    pub spec: Value,
    /// We are among the managers of its fields.
    pub ours: bool,
}

/// `class` is the IngressClass for HTTP-01, if there is or will be one.
pub fn plan(state: &IssuerState, wanted: &IssuerWanted, class: Option<&str>) -> (Option<AddonChange>, Option<Note>) {
    if let Some(issuer) = &state.there {
        return wanted.email.as_ref().map_or((None, None), |email| with_address(issuer, email));
    }
    if !state.cert_manager && !wanted.expected {
        return (None, Some(Note::warning(format!("there is no cert-manager in the cluster, so the ClusterIssuer {NAME} is not made"))));
    }
    let solvers = solvers(wanted.dns01.as_ref(), class);
    if solvers.is_empty() {
        return (None, Some(Note::warning(format!("no IngressClass is the default one, so the ClusterIssuer {NAME} is not made"))));
    }
    let mut acme = json!({ "server": SERVER, "privateKeySecretRef": { "name": NAME }, "solvers": solvers });
    if let Some(email) = &wanted.email {
        acme["email"] = email.as_str().into();
    }
    let dns01 = wanted.dns01.as_ref().map(|dns01| format!("DNS-01 for {} with the node's role", dns01.zone));
    let http01 = class.map(|class| format!("HTTP-01 through the IngressClass {class}"));
    let how = dns01.into_iter().chain(http01).collect::<Vec<_>>().join(", else ");
    (Some(AddonChange::CreateClusterIssuer { name: NAME, how, spec: json!({ "acme": acme }) }), None)
}

/// The rest of it stays.
fn with_address(issuer: &Issuer, email: &EmailAddress) -> (Option<AddonChange>, Option<Note>) {
    let was = issuer.spec["acme"]["email"].as_str();
    if was == Some(email.as_str()) {
        return (None, None);
    }
    if !issuer.ours || !issuer.spec["acme"].is_object() {
        let why = if issuer.ours { "has no account" } else { "wasn't made by k8sport" };
        return (None, Some(Note::warning(format!("the ClusterIssuer {NAME} {why}, so {email} doesn't become its account's address"))));
    }
    let mut spec = issuer.spec.clone();
    spec["acme"]["email"] = email.as_str().into();
    (Some(AddonChange::ChangeClusterIssuer { name: NAME, was: was.map(str::to_owned), email: email.clone(), spec }), None)
}

/// cert-manager takes the one whose selector fits best.
fn solvers(dns01: Option<&Dns01>, class: Option<&str>) -> Vec<Value> {
    let dns01 = dns01.map(|Dns01 { zone, zone_id, region }| {
        json!({ "selector": { "dnsZones": [zone] }, "dns01": { "route53": { "region": region, "hostedZoneID": zone_id } } })
    });
    let http01 = class.map(|class| json!({ "http01": { "ingress": { "ingressClassName": class } } }));
    dns01.into_iter().chain(http01).collect()
}
