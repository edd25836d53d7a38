//! `quota`: the region's Elastic IPs against their quota, and asking for more. No cluster, no SSH.

use super::flow;
use crate::aws::Aws;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::Note;
use crate::plan::change::Change;
use crate::plan::observed::QuotaRequest;
use crate::plan::ownership;
use crate::plan::usage::{self, Usage};
use crate::report::{Report, Status};
use crate::settings::QuotaSettings;

pub async fn run(settings: &QuotaSettings, console: &Console) -> Report {
    let report = Report::new("quota", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &QuotaSettings, console: &Console, report: &mut Report) -> Result<()> {
    let step = console.step("read the account");
    let aws = Aws::connect(&settings.aws).await?;
    let (account, elastic_ips, quota, open) =
        tokio::try_join!(aws.account(), aws.elastic_ips(), async { Ok(aws.elastic_ip_quota().await) }, async {
            Ok(aws.open_quota_request().await)
        })?;
    step.done();
    let (open, unreadable) = match open {
        Ok(open) => (open, None),
        // Asking without having looked could be a second request; showing what there is does no harm.
        Err(failure) if settings.request.is_some() => return Err(failure),
        Err(failure) => (None, Some(failure)),
    };
    let usage = Usage::new(account, &elastic_ips, quota, open);
    let planned = settings.request.map(|wanted| usage::request(&usage, wanted));
    report.usage = Some(usage.clone());
    let mut plan = planned.transpose()?.unwrap_or_default();
    plan.notes.extend(unreadable.as_ref().map(unreadable_requests));
    report.set_plan(plan);
    let Some(Change::RequestQuotaIncrease { to, .. }) = report.plan.changes.first() else { return Ok(()) };
    if settings.run.dry_run {
        return Ok(());
    }
    console.account(&usage.account);
    console.plan(&report.plan);
    if !settings.run.yes {
        console.confirm("Ask AWS for it?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
    }
    let request = ask(&aws, *to, console, report).await?;
    report.plan.notes.push(Note::info("AWS decides, in minutes or days; `k8sport quota` shows what has become of it"));
    report.usage = Some(Usage { request: Some(request), ..usage });
    Ok(())
}

async fn ask(aws: &Aws, wanted: u32, console: &Console, report: &Report) -> Result<QuotaRequest> {
    let step = console.step(format!("ask AWS for {wanted} Elastic IPs"));
    report.set_status(0, Status::Running);
    let asked = aws.writer(ownership::operation_id()).request_elastic_ip_quota(wanted).await;
    step.ended(asked.is_ok());
    report.set_status(0, if asked.is_ok() { Status::Done } else { Status::Failed });
    asked
}

fn unreadable_requests(failure: &Failure) -> Note {
    Note::warning(format!("whether an increase is requested already can't be read: {failure}"))
}
