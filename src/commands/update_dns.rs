//! `update-dns`: the wildcard record. It touches nothing on the node, so it needs no SSH.

use super::flow;
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let scope = Scope { secondary_ip: false, haproxy: false, dns: true };
    let next = vec!["deploy an Ingress for a host below the zone, then open its URL".to_owned()];
    flow::run("update-dns", settings, scope, next, console).await
}
