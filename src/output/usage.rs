//! The table of `quota`.

use crate::plan::observed::QuotaSource;
use crate::plan::usage::{Line, Usage};

pub fn text(usage: &Usage) -> String {
    let mut out = format!("account {} in {}\n", usage.account.id, usage.account.region);
    out.push_str(&match usage.quota {
        Some(quota) => {
            let source = match quota.source {
                QuotaSource::Applied => "applied",
                QuotaSource::Default => "AWS' default; an increase that was granted isn't in it",
            };
            format!("Elastic IPs: {} of {} are used (quota {}, {source})\n\n", usage.used, quota.limit, crate::aws::ELASTIC_IP_QUOTA)
        }
        None => format!("Elastic IPs: {} are used; the quota can't be read\n\n", usage.used),
    });
    let width = usage.addresses.iter().map(|line| holder(line).len()).max().unwrap_or_default();
    for line in &usage.addresses {
        let holder = holder(line);
        out.push_str(&format!("  {:<15}  {:<26}  {holder:<width$}  {}\n", line.public_ip, line.allocation_id, line.whose));
    }
    if usage.idle > 0 {
        let (are, cost) = (if usage.idle == 1 { "is" } else { "are" }, usage.idle_monthly_cost_usd);
        out.push_str(&format!("\n{} {are} idle: about ${cost:.2} a month\n", usage.idle));
    }
    if let Some(request) = &usage.request {
        out.push_str(&format!("\n{}\n", request.sentence()));
    }
    if !usage.addresses.is_empty() {
        out.push('\n');
    }
    out
}

fn holder(line: &Line) -> String {
    match (&line.in_use_by, line.private_ip) {
        (Some(holder), Some(ip)) => format!("{holder} ({ip})"),
        (Some(holder), None) => holder.clone(),
        (None, _) => "idle".to_owned(),
    }
}
