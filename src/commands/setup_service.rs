//! `setup-service`: the data path without a proxy.

use super::flow;
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let scope = Scope { secondary_ip: false, haproxy: true, dns: false };
    let next = vec![format!("k8sport update-dns --cluster {}", settings.context.cluster)];
    flow::run("setup-service", settings, scope, next, console).await
}
