//! What the API server's dry run says becomes a plan: what would be new, what would be otherwise, and whose it is.

use serde_json::Value;
use similar::TextDiff;

use super::manifests::yaml;
use super::{ApplicationChange, Object, Preview};
use crate::failure::{Failure, Result};
use crate::plan::change::Change;
use crate::plan::{Note, Plan};

/// Written by the API server or by controllers, so it is nobody's wish.
const OF_THE_SERVER: [&str; 6] = ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"];
/// Of the Deployment's controller.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// # Errors
/// Refuses to take fields from other managers without `force`.
pub fn plan(previews: Vec<(Object, Preview)>, force: bool) -> Result<Plan> {
    refuse_conflicts(&previews, force)?;
    let mut plan = Plan::default();
    for (object, preview) in previews {
        let change = match preview {
            Preview::NoNamespace => {
                let namespace = ApplicationChange::CreateNamespace { namespace: object.namespace.clone() };
                let namespace = Change::Application(namespace);
                if !plan.changes.contains(&namespace) {
                    plan.changes.push(namespace);
                    plan.notes.push(Note::info("the API server can check the manifests only once their namespace is there"));
                }
                ApplicationChange::Apply { object, diff: None, force }
            }
            Preview::Applied { live: Some(live), then, .. } if shown(&live) == shown(&then) => continue,
            Preview::Applied { live, then, taken } => {
                plan.notes.extend(taken.iter().map(|conflict| Note::warning(format!("{object}: {conflict} and is taken over"))));
                ApplicationChange::Apply { diff: live.map(|live| diff(&live, &then)), object, force }
            }
        };
        plan.changes.push(Change::Application(change));
    }
    Ok(plan)
}

/// Whether applying the object would still do what the plan says.
pub fn is_as_planned(diff: Option<&str>, now: &Preview) -> bool {
    match now {
        Preview::NoNamespace => false,
        Preview::Applied { live: None, .. } => diff.is_none(),
        Preview::Applied { live: Some(live), then, .. } => diff.is_some_and(|planned| planned == self::diff(live, then)),
    }
}

/// All of all objects in one message.
fn refuse_conflicts(previews: &[(Object, Preview)], force: bool) -> Result<()> {
    let taken = |preview: &Preview| match preview {
        Preview::Applied { taken, .. } => taken.clone(),
        Preview::NoNamespace => Vec::new(),
    };
    let mut lines = Vec::new();
    for (object, preview) in previews {
        lines.extend(taken(preview).iter().map(|conflict| format!("{object}: {conflict}")));
    }
    if force || lines.is_empty() {
        return Ok(());
    }
    Err(not_ours(&lines).state("nothing was changed"))
}

/// Fields of several objects and managers in one message, a line each, and the ways out.
pub fn not_ours(lines: &[String]) -> Failure {
    Failure::refused("somebody else manages fields that we want otherwise")
        .because(lines.join("\n"))
        .next("leave these fields out of the manifests, or take them over with `--force-conflicts`")
        .next("who writes them: helm, an autoscaler, somebody by hand (`kubectl get -o yaml --show-managed-fields`)")
}

/// From what is there to what would be, as `diff -u` shows it, without its head.
fn diff(live: &Value, then: &Value) -> String {
    let diff = TextDiff::from_lines(&shown(live), &shown(then)).unified_diff().context_radius(1).to_string();
    diff.trim_end().to_owned()
}

/// What an owner of the object can wish for, as YAML.
fn shown(object: &Value) -> String {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        OF_THE_SERVER.iter().for_each(|field| drop(metadata.remove(*field)));
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove(REVISION);
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    yaml(&object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::failure::Kind as FailureKind;
    use crate::plan::applications::{Conflict, Kind};

    fn object(kind: Kind) -> Object {
        Object { kind, namespace: "apps".parse().expect("a namespace"), name: "shop".parse().expect("a name"), manifest: json!({}) }
    }

    fn deployment(image: &str, generation: u32) -> Value {
        json!({
            "kind": "Deployment",
            "metadata": {
                "name": "shop",
                "generation": generation,
                "resourceVersion": generation.to_string(),
                "annotations": { REVISION: generation.to_string() },
                "managedFields": [{ "manager": "k8sport", "time": generation }],
            },
            "spec": { "replicas": 1, "image": image },
            "status": { "replicas": generation },
        })
    }

    fn applied(live: Option<Value>, then: Value, taken: &[(&str, &str)]) -> Preview {
        let taken = taken.iter().map(|(manager, field)| Conflict { manager: (*manager).to_owned(), field: (*field).to_owned() });
        Preview::Applied { live, then, taken: taken.collect() }
    }

    #[test]
    fn what_only_the_server_and_its_controllers_write_is_no_change() {
        let preview = applied(Some(deployment("a", 1)), deployment("a", 2), &[]);
        assert_eq!(plan(vec![(object(Kind::Deployment), preview)], false).expect("a plan"), Plan::default());
    }

    #[test]
    fn a_change_shows_what_becomes_of_it() {
        let preview = applied(Some(deployment("a", 1)), deployment("b", 2), &[]);
        let plan = plan(vec![(object(Kind::Deployment), preview.clone())], false).expect("a plan");
        let summary = plan.changes[0].summary();
        assert_eq!((summary.thing, summary.verb.sign()), ("Deployment", '~'));
        assert!(summary.detail.contains("\n-  image: a\n+  image: b"), "{}", summary.detail);
        let Change::Application(ApplicationChange::Apply { diff, .. }) = &plan.changes[0] else { panic!("{plan:?}") };
        assert!(is_as_planned(diff.as_deref(), &preview));
        // Somebody was quicker.
        assert!(!is_as_planned(diff.as_deref(), &applied(Some(deployment("c", 2)), deployment("b", 3), &[])));
        assert!(!is_as_planned(diff.as_deref(), &applied(None, deployment("b", 3), &[])));
        assert!(!is_as_planned(None, &preview));
    }

    #[test]
    fn a_missing_namespace_comes_first_and_once() {
        let previews = Kind::ALL.map(|kind| (object(kind), Preview::NoNamespace)).to_vec();
        let plan = plan(previews, false).expect("a plan");
        let things: Vec<_> = plan.changes.iter().map(|change| change.summary().thing).collect();
        assert_eq!(things, ["namespace", "Service", "Ingress", "Deployment"]);
    }

    #[test]
    fn fields_of_others_are_named_and_only_taken_when_told() {
        let taken = [("helm", ".spec.replicas"), ("kubectl-edit", ".spec.image")];
        let previews = || vec![(object(Kind::Deployment), applied(Some(deployment("a", 1)), deployment("b", 2), &taken))];
        let refused = plan(previews(), false).expect_err("a conflict");
        assert_eq!(refused.kind, FailureKind::Refused);
        let cause = refused.cause.expect("a cause");
        assert!(taken.iter().all(|(manager, field)| cause.contains(manager) && cause.contains(field)), "{cause}");
        let forced = plan(previews(), true).expect("a plan");
        assert_eq!((forced.changes.len(), forced.notes.len()), (1, 2));
    }
}
