//! `setup-haproxy`: our own HAProxy instance on the node.

use super::flow;
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let scope = Scope { secondary_ip: false, haproxy: true, dns: false };
    let opt_out = if settings.secondary_ip { "" } else { " --no-secondary-ip" };
    let next = vec![format!("k8sport update-dns --cluster {}{opt_out}", settings.context.cluster)];
    flow::run("setup-haproxy", settings, scope, next, console).await
}
