//! `vip cleanup`: what `vip setup` made goes, what it took over comes back.

use futures_util::future::join_all;

use super::{nodes, perform};
use crate::commands::flow;
use crate::failure::Result;
use crate::output::Console;
use crate::plan::vip::cleanup::plan;
use crate::report::Report;
use crate::settings::VipCleanupSettings;

pub async fn run(settings: &VipCleanupSettings, console: &Console) -> Report {
    let report = Report::new("vip cleanup", settings.common.run.dry_run);
    flow::within(&settings.common.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &VipCleanupSettings, console: &Console, report: &mut Report) -> Result<()> {
    let common = &settings.common;
    let all = nodes::named(common, console).await?;
    let (connected, skipped) = nodes::all(common, &all, !common.run.dry_run, console).await?;
    let members: Vec<_> = connected.iter().map(|connected| connected.member.clone()).collect();
    let mut plan = plan(&members, common.vip, settings.purge_packages)?;
    plan.notes.extend(nodes::left_out(&skipped));
    report.set_plan(plan);
    if common.run.dry_run {
        return Ok(());
    }
    perform::plan(common, &connected, console, report).await?;
    join_all(connected.into_iter().map(|connected| connected.node.close())).await;
    Ok(())
}
