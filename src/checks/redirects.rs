//! Whether `toggle-https-redirect` has switched redirects off, which is meant for a while.

use std::time::{Duration, UNIX_EPOCH};

use super::{Check, Facts, Judge, Judged, Need, Severity, doubtful, fine, moot};
use crate::node::files::{HttpsRedirect, Until};
use crate::plan::https_redirect::{BEFORE, UNTIL, edge};
use crate::plan::ingress::Ingress;

pub const SWITCHED_OFF: Check = Check {
    id: "applications.redirects",
    title: "no Ingress has its redirect to HTTPS switched off",
    severity: Severity::Warning,
    needs: &[],
    after: &[],
    repair: None,
    explanation: "`toggle-https-redirect --disable-https` is meant for a while: without the redirect passwords and cookies can travel in \
        the clear. The Ingresses are read through the Kubernetes API, with the kubeconfig's context that has the cluster's name, or \
        --context; where there is none this isn't judged.",
    judge: Judge::Once(switched_off),
};

pub const SWITCHED_OFF_AT_EDGE: Check = Check {
    id: "haproxy.redirect",
    title: "its redirect to HTTPS is not switched off",
    severity: Severity::Warning,
    needs: &[Need::Node],
    after: &["haproxy.unit"],
    repair: None,
    explanation: "`toggle-https-redirect --at edge --disable-https` is meant for a while: without the redirect passwords and cookies can \
        travel in the clear. Where our HAProxy never redirected, that is left to the ingress and not judged.",
    judge: Judge::Once(switched_off_at_edge),
};

/// More than these would bury the rest.
const NAMED: usize = 5;

fn switched_off(facts: &Facts) -> Judged {
    let all = facts.ingresses.get()?;
    match off(all, facts.now) {
        None => fine(format!("{} Ingress(es) looked at", all.len())),
        Some(off) => doubtful(format!("off for {off}"), ["k8sport toggle-https-redirect --enable-https -A".to_owned()]),
    }
}

fn switched_off_at_edge(facts: &Facts) -> Judged {
    match edge::now(facts.node.get()?) {
        HttpsRedirect::Absent => moot("it leaves the redirect to the ingress"),
        HttpsRedirect::On => fine("on"),
        HttpsRedirect::Off { until } => doubtful(format!("off{}", since_or_until(until, facts.now)), [turn_on_at_edge(facts)]),
    }
}

fn turn_on_at_edge(facts: &Facts) -> String {
    facts.again.command("toggle-https-redirect --at edge --enable-https")
}

/// One sentence for each place where redirects are switched off, with the command that turns them on.
pub fn reminders(facts: &Facts) -> Vec<String> {
    let ingresses = facts.ingresses.ok().and_then(|ingresses| off(ingresses, facts.now));
    let ingresses = ingresses.map(|off| format!("the redirect to HTTPS is off for {off}; k8sport toggle-https-redirect --enable-https -A"));
    let edge = match facts.node.ok().map(edge::now) {
        Some(HttpsRedirect::Off { until }) => {
            Some(format!("HAProxy's redirect to HTTPS is off{}; {}", since_or_until(until, facts.now), turn_on_at_edge(facts)))
        }
        _ => None,
    };
    [ingresses, edge].into_iter().flatten().collect()
}

/// The Ingresses whose redirect is switched off, for a sentence; None when there is none. `now` is in seconds since 1970.
fn off(all: &[Ingress], now: i64) -> Option<String> {
    let off: Vec<_> = all.iter().filter(|ingress| ingress.annotations.contains_key(BEFORE)).collect();
    let mut named: Vec<_> = off.iter().take(NAMED).map(|ingress| described(ingress, now)).collect();
    if off.len() > NAMED {
        named.push(format!("{} more", off.len() - NAMED));
    }
    (!named.is_empty()).then(|| named.join(", "))
}

fn described(ingress: &Ingress, now: i64) -> String {
    let name = format!("{}/{}", ingress.namespace, ingress.name);
    let until = ingress.annotations.get(UNTIL).and_then(|until| until.parse().ok());
    format!("{name}{}", since_or_until(until, now))
}

fn since_or_until(until: Option<Until>, now: i64) -> String {
    let now = UNIX_EPOCH + Duration::from_secs(u64::try_from(now).unwrap_or(0));
    match until {
        None => String::new(),
        Some(until) if until.time() < now => format!(" (it should be on again since {until})"),
        Some(until) => format!(" (until {until})"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_time_that_was_recorded_is_told() {
        let at = |until: Option<&str>| {
            let annotations: BTreeMap<_, _> = until.map(|until| (UNTIL.to_owned(), until.to_owned())).into_iter().collect();
            described(&Ingress { namespace: "apps".to_owned(), name: "app".to_owned(), annotations, ..Ingress::default() }, 1_800_000_000)
        };
        assert_eq!(at(None), "apps/app");
        assert_eq!(at(Some("2030-01-01T00:00:00Z")), "apps/app (until 2030-01-01T00:00:00Z)");
        assert_eq!(at(Some("2020-01-01T00:00:00Z")), "apps/app (it should be on again since 2020-01-01T00:00:00Z)");
        assert_eq!(at(Some("soon")), "apps/app");
    }
}
