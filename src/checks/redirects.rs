//! Whether `toggle-https-redirect` has switched redirects off, which is meant for a while.

use std::time::{Duration, UNIX_EPOCH};

use super::{Check, Facts, Judge, Judged, Severity, doubtful, fine};
use crate::cluster::Ingress;
use crate::plan::https_redirect::{BEFORE, UNTIL};

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

/// More than these would bury the rest.
const NAMED: usize = 5;

fn switched_off(facts: &Facts) -> Judged {
    let all = facts.ingresses.get()?;
    match off(all, facts.now) {
        None => fine(format!("{} Ingress(es) looked at", all.len())),
        Some(off) => doubtful(format!("off for {off}"), ["k8sport toggle-https-redirect --enable-https -A".to_owned()]),
    }
}

/// The Ingresses whose redirect is switched off, for a sentence; None when there is none. `now` is in seconds since 1970.
pub fn off(all: &[Ingress], now: i64) -> Option<String> {
    let off: Vec<_> = all.iter().filter(|ingress| ingress.annotations.contains_key(BEFORE)).collect();
    let mut named: Vec<_> = off.iter().take(NAMED).map(|ingress| described(ingress, now)).collect();
    if off.len() > NAMED {
        named.push(format!("{} more", off.len() - NAMED));
    }
    (!named.is_empty()).then(|| named.join(", "))
}

fn described(ingress: &Ingress, now: i64) -> String {
    let name = format!("{}/{}", ingress.namespace, ingress.name);
    let Some(until) = ingress.annotations.get(UNTIL) else { return name };
    let now = UNIX_EPOCH + Duration::from_secs(u64::try_from(now).unwrap_or(0));
    match humantime::parse_rfc3339(until) {
        Ok(time) if time < now => format!("{name} (it should be on again since {})", humantime::format_rfc3339_seconds(time)),
        Ok(time) => format!("{name} (until {})", humantime::format_rfc3339_seconds(time)),
        Err(_) => name,
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
