//! Which Ingresses stop redirecting HTTP to HTTPS, or do again what they did before, and by which annotations.
//!
//! Turning off remembers in an annotation of ours what was there; turning on puts back exactly that, and nothing that
//! somebody has changed since. An Ingress without our memory is never made to redirect.

mod drivers;
pub mod edge;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::plan::change::Change;
use crate::plan::ingress::{Ingress, IngressClass};
use crate::plan::{Note, Plan};

/// Remembers the annotations that were changed: their values before, `null` for none.
pub const BEFORE: &str = "k8sport.io/https-redirect-before";
/// When it is meant to be turned on again, in RFC 3339.
pub const UNTIL: &str = "k8sport.io/https-redirect-off-until";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    On,
    Off,
}

/// The annotations of one Ingress that change, with their values before and after; None for absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub namespace: String,
    pub name: String,
    pub hosts: Vec<String>,
    pub tls: bool,
    pub before: BTreeMap<String, Option<String>>,
    pub after: BTreeMap<String, Option<String>>,
    /// The version that this was decided on.
    #[serde(skip)]
    pub resource_version: String,
}

/// Whether an Ingress redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    On,
    Off,
    /// As somebody else has it; no switch is touched.
    Theirs,
}

impl Edit {
    /// Now and then.
    pub fn redirect(&self) -> (State, State) {
        let remembers = self.after.get(BEFORE).is_some_and(Option::is_some);
        match self.after.keys().any(|key| key != BEFORE && key != UNTIL) {
            false => (State::Theirs, State::Theirs),
            true if remembers => (State::On, State::Off),
            true => (State::Off, State::On),
        }
    }
}

/// What one Ingress needs: an edit, nothing, or nothing with a reason that the operator should hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Edit(Edit),
    AsWanted,
    Skipped(String),
}

/// `until` is recorded where the redirect is turned off.
pub fn plan(ingresses: &[Ingress], classes: &[IngressClass], wanted: Wanted, until: Option<&str>) -> Plan {
    let mut plan = Plan::default();
    for ingress in ingresses {
        match decide(ingress, classes, wanted, until) {
            Decision::Edit(edit) => plan.changes.push(Change::EditIngress(edit)),
            Decision::AsWanted => {}
            Decision::Skipped(why) => {
                plan.notes.push(Note::warning(format!("{}/{} is left as it is: {why}", ingress.namespace, ingress.name)))
            }
        }
    }
    if wanted == Wanted::Off && !plan.changes.is_empty() {
        plan.notes.push(Note::info(
            "browsers that have seen HSTS, or a permanent redirect (301, 308) that they keep, go on asking for HTTPS; that can't be undone from here",
        ));
        plan.notes.push(Note::warning(
            "without the redirect passwords and cookies can travel in the clear; turn it on again with --enable-https",
        ));
    }
    plan
}

/// Pure, so that it can be asked again when somebody else has changed the Ingress in between.
pub fn decide(ingress: &Ingress, classes: &[IngressClass], wanted: Wanted, until: Option<&str>) -> Decision {
    match wanted {
        Wanted::On => turn_on(ingress),
        Wanted::Off => turn_off(ingress, classes, until),
    }
}

fn turn_off(ingress: &Ingress, classes: &[IngressClass], until: Option<&str>) -> Decision {
    if ingress.annotations.contains_key(BEFORE) {
        return Decision::AsWanted;
    }
    let driver = match controller(ingress, classes).and_then(drivers::driver) {
        Ok(driver) => driver,
        Err(why) => return Decision::Skipped(why),
    };
    let on: Vec<_> = driver.switches.iter().filter(|switch| switch.is_on(&ingress.annotations)).collect();
    // What redirects only with TLS does nothing here.
    let redirects = on.iter().any(|switch| ingress.tls || !switch.by_default || ingress.annotations.contains_key(switch.annotation));
    if !redirects {
        return Decision::AsWanted;
    }
    let before: BTreeMap<String, Option<String>> =
        on.iter().map(|switch| (switch.annotation.to_owned(), ingress.annotations.get(switch.annotation).cloned())).collect();
    let Ok(memory) = serde_json::to_string(&before) else { return Decision::Skipped("what was there can't be written down".to_owned()) };
    let mut after: BTreeMap<_, _> = on.iter().map(|switch| (switch.annotation.to_owned(), Some(switch.off.to_owned()))).collect();
    after.insert(BEFORE.to_owned(), Some(memory));
    after.extend(until.map(|until| (UNTIL.to_owned(), Some(until.to_owned()))));
    Decision::Edit(edit(ingress, after))
}

fn turn_on(ingress: &Ingress) -> Decision {
    let Some(memory) = ingress.annotations.get(BEFORE) else { return Decision::AsWanted };
    let Ok(before) = serde_json::from_str::<BTreeMap<String, Option<String>>>(memory) else {
        return Decision::Skipped(format!("its annotation {BEFORE} is no memory of ours"));
    };
    let known =
        |annotation: &str| drivers::DRIVERS.iter().flat_map(|driver| driver.switches).find(|switch| switch.annotation == annotation);
    let mut after: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (annotation, value) in before {
        let Some(switch) = known(&annotation) else {
            return Decision::Skipped(format!("its annotation {BEFORE} names {annotation}, which is not a switch of the redirect"));
        };
        // Somebody has decided otherwise since: that stays.
        if ingress.annotations.get(&annotation).map(String::as_str) == Some(switch.off) {
            after.insert(annotation, value);
        }
    }
    after.insert(BEFORE.to_owned(), None);
    if ingress.annotations.contains_key(UNTIL) {
        after.insert(UNTIL.to_owned(), None);
    }
    Decision::Edit(edit(ingress, after))
}

fn edit(ingress: &Ingress, after: BTreeMap<String, Option<String>>) -> Edit {
    Edit {
        namespace: ingress.namespace.clone(),
        name: ingress.name.clone(),
        hosts: ingress.hosts.clone(),
        tls: ingress.tls,
        resource_version: ingress.resource_version.clone(),
        before: after.keys().map(|key| (key.clone(), ingress.annotations.get(key).cloned())).collect(),
        after,
    }
}

fn controller<'a>(ingress: &Ingress, classes: &'a [IngressClass]) -> Result<&'a str, String> {
    let class = match &ingress.class {
        Some(name) => classes.iter().find(|class| class.name == *name).ok_or_else(|| format!("there is no IngressClass {name}")),
        None => classes.iter().find(|class| class.default).ok_or_else(|| "it has no class, and no class is the default".to_owned()),
    };
    class.map(|class| class.controller.as_str())
}
