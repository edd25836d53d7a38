//! `bootstrap`: secondary IP, HAProxy and DNS in one go, on a cluster that exists.

use super::flow;
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let scope = Scope { secondary_ip: settings.secondary_ip, haproxy: true, dns: true };
    let next = vec![
        "deploy an Ingress for a host below the zone, then open its URL".to_owned(),
        format!("k8sport bootstrap --cluster {} --dry-run   (at any time: what has drifted?)", settings.context.cluster),
    ];
    flow::run("bootstrap", settings, scope, next, console).await
}
