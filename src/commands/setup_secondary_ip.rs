//! `setup-secondary-ip`: the second address, from the Elastic IP to the NAT table on the node.

use super::flow;
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let scope = Scope { secondary_ip: true, haproxy: false, dns: false };
    let next = vec![settings.context.again.command("setup-haproxy")];
    flow::run("setup-secondary-ip", settings, scope, next, console).await
}
