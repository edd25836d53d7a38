//! `vip setup`: the VIP kept by our keepalived, with or without HAProxy.

use futures_util::future::join_all;

use super::{nodes, perform};
use crate::commands::flow;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::vip::Member;
use crate::plan::vip::setup::{Wanted, plan};
use crate::report::{Check, Report};
use crate::settings::VipSetupSettings;

pub async fn run(settings: &VipSetupSettings, console: &Console) -> Report {
    let report = Report::new("vip setup", settings.common.run.dry_run);
    flow::within(&settings.common.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &VipSetupSettings, console: &Console, report: &mut Report) -> Result<()> {
    let common = &settings.common;
    let all = nodes::named(common, console).await?;
    let (connected, skipped) = nodes::all(common, &all, !common.run.dry_run, console).await?;
    let VipSetupSettings { balancer, router_id, take_over, .. } = *settings;
    let members: Vec<_> = connected.iter().map(|connected| connected.member.clone()).collect();
    let api_runs = members.iter().any(|member| member.state.has_api_server(common.vip.port));
    let wanted = Wanted { vip: common.vip, said: common.said.clone(), balancer, router_id, take_over, api_runs, all };
    let mut plan = plan(&members, &wanted)?;
    plan.notes.extend(nodes::left_out(&skipped));
    report.set_plan(plan);
    if common.run.dry_run {
        return Ok(());
    }
    perform::plan(common, &connected, console, report).await?;
    let proven = prove(&wanted, &connected, console).await;
    join_all(connected.into_iter().map(|connected| connected.node.close())).await;
    let (check, verdict) = proven;
    report.checks.push(check);
    verdict
}

/// One holder, and the API through it, as the nodes have it. Before the first API server: that everything waits for it.
async fn prove(wanted: &Wanted, connected: &[nodes::Connected], console: &Console) -> (Check, Result<()>) {
    let step = console.step("look at the VIP");
    let vip = wanted.vip.address;
    let look = connected.iter().map(|one| async move { (one, one.node.control_plane(one.member.address, wanted.vip).await) });
    let (mut holders, mut silent, mut not_ready): (Vec<_>, Vec<String>, Vec<String>) = Default::default();
    for (one, state) in join_all(look).await {
        match state {
            Ok(state) => {
                let member = Member { address: one.member.address, state };
                if member.state.has(vip) {
                    holders.push(member.name());
                }
                silent.extend(wanted.unanswered(&member));
                not_ready.extend(wanted.not_ready(&member));
            }
            Err(failure) => not_ready.push(format!("{}: {failure}", one.member.name())),
        }
    }
    silent.extend(not_ready.iter().cloned());
    let detail = match (holders.as_slice(), silent.is_empty()) {
        ([one], true) => Ok(format!("{} is on {one} and answers on all {} nodes", wanted.api(), connected.len())),
        ([_], false) => Err(silent.join("; ")),
        ([], _) if !wanted.api_runs && not_ready.is_empty() => Ok(format!(
            "not proven yet: all {} nodes are ready, and {vip} comes with the first API server on port {}; then: {}",
            connected.len(),
            wanted.vip.port,
            wanted.diagnose()
        )),
        ([], _) if !wanted.api_runs => Err(not_ready.join("; ")),
        // One that wasn't reached may have it.
        ([], true) if connected.len() < wanted.all.len() => Ok(format!("{} answers; its holder wasn't reached", wanted.api())),
        ([], _) => Err(format!("nobody has {vip}")),
        (many, _) => Err(format!("{} have {vip} at the same time", many.join(" and "))),
    };
    let check = Check { name: "VIP", ok: detail.is_ok(), detail: detail.clone().unwrap_or_else(|detail| detail) };
    match detail {
        Ok(_) => {
            step.done();
            (check, Ok(()))
        }
        Err(why) => {
            step.failed();
            (check, Err(Failure::failed("verification failed: VIP").because(why).next(wanted.diagnose())))
        }
    }
}
