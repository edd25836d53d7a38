//! `setup-haproxy`: our own HAProxy instance on the node.

use super::flow;
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let scope = Scope { secondary_ip: false, haproxy: true, dns: false };
    let next = vec![settings.context.again.command("update-dns")];
    flow::run("setup-haproxy", settings, scope, next, console).await
}
