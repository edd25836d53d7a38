//! Credentials, identity, region, permissions.

use super::{Check, Facts, Judge, Judged, Need, Severity, bad, fine};
use crate::failure::Failure;

pub const CHECKS: &[Check] = &[
    Check {
        id: "account.region",
        title: "an AWS region is set",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "The region comes from --region, AWS_REGION, the profile, or the instance this runs on. Without the right one \
            nothing of the cluster can be found, and AWS' own answer to a wrong one is an empty list.",
        judge: Judge::Once(region),
    },
    Check {
        id: "account.credentials",
        title: "AWS credentials are there",
        severity: Severity::Failure,
        needs: &[],
        after: &["account.region"],
        repair: None,
        explanation: "Credentials come from the environment, the profile, web identity, the container or the instance, in the order \
            in which every AWS tool looks. They are fetched before the first call, so that an expired sign-on is named as such.",
        judge: Judge::Once(credentials),
    },
    Check {
        id: "account.identity",
        title: "AWS accepts the credentials",
        severity: Severity::Failure,
        needs: &[],
        after: &["account.credentials"],
        repair: None,
        explanation: "sts:GetCallerIdentity needs no permission: when it fails, the keys are wrong or expired, the clock of this \
            machine is off, or AWS can't be reached. The account id says whether it is the account that you think it is.",
        judge: Judge::Once(identity),
    },
    Check {
        id: "account.permissions",
        title: "the identity may do what a setup does",
        severity: Severity::Warning,
        needs: &[Need::Account, Need::Instance],
        after: &[],
        repair: None,
        explanation: "The EC2 actions of `bootstrap` are asked for with DryRun, which changes nothing: AWS answers DryRunOperation to \
            who may and UnauthorizedOperation to who may not. Reading alone is enough for `diagnose` and `status`, hence a warning. \
            Route 53 and Service Quotas have no dry run, and neither has ec2:AssignPrivateIpAddresses: whether those are allowed \
            shows only when they are used. `k8sport iam-policy` prints all that is needed.",
        judge: Judge::Once(permissions),
    },
];

/// A look that failed, in the words of its failure.
pub fn broken(facts: &Facts, failure: &Failure) -> Judged {
    let denied = failure.missing_action.is_some();
    let policy = denied.then(|| format!("{}   (prints the policy that diagnose needs)", facts.again.command("iam-policy diagnose")));
    let remedy = failure.next.iter().cloned().chain(policy).collect();
    Ok(super::Verdict::Bad { evidence: failure.to_string(), remedy })
}

fn region(facts: &Facts) -> Judged {
    match facts.region.failed()? {
        Some(failure) => broken(facts, failure),
        None => fine(facts.region.get()?.as_str()),
    }
}

fn credentials(facts: &Facts) -> Judged {
    match facts.credentials.failed()? {
        Some(failure) => broken(facts, failure),
        None => fine("found"),
    }
}

fn identity(facts: &Facts) -> Judged {
    match facts.account.failed()? {
        Some(failure) => broken(facts, failure),
        None => fine(format!("account {}", facts.account.get()?.id)),
    }
}

/// What only its use shows.
const UNASKED: &str = "AWS has no dry run for ec2:AssignPrivateIpAddresses and route53:ChangeResourceRecordSets";

fn permissions(facts: &Facts) -> Judged {
    let permissions = facts.permissions.get()?;
    let actions = |allowed: Option<bool>| {
        let these = permissions.iter().filter(|permission| permission.allowed == allowed);
        these.map(|permission| permission.action).collect::<Vec<_>>().join(", ")
    };
    let unclear_count = permissions.iter().filter(|permission| permission.allowed.is_none()).count();
    let (denied, unclear) = (actions(Some(false)), actions(None));
    if !denied.is_empty() {
        return bad(
            format!("not allowed: {denied}; {UNASKED}"),
            [format!("for setups: {}   (prints the policy to attach)", facts.again.command("iam-policy bootstrap"))],
        );
    }
    let suffix = if unclear.is_empty() { String::new() } else { format!(", AWS doesn't say for {unclear}") };
    fine(format!("{} actions tried{suffix}; {UNASKED}", permissions.len() - unclear_count))
}
