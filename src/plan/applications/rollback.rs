//! Back to an earlier revision of a Deployment, as its ReplicaSets have kept it.
//!
//! What is applied is what we have applied before, with the pod template of that revision: the fields that we manage in the
//! Deployment, with their values of now, so that nothing of what others manage is touched and nothing of ours is given up.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{IMAGE, Kind, Object};
use crate::failure::{Failure, Result};
use crate::names::{Namespace, ObjectName};

/// Says which revision was left, so that a second rollback doesn't go forward again.
pub const LEFT: &str = "k8sport.io/rolled-back-from";

/// What a ReplicaSet has kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub number: i64,
    pub annotations: BTreeMap<String, String>,
    /// Of the pods, without what the controller has added.
    pub template: Value,
}

/// The Deployment as it is to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollback {
    pub object: Object,
    /// `2 (registry.example.com/shop:v1)`
    pub to: String,
}

/// None when it was rolled back already. `revisions` come the newest first.
///
/// # Errors
/// There is no earlier revision, or not the one that was named. Refuses a Deployment that we haven't deployed.
pub fn rollback(live: &Value, revisions: &[Revision], wanted: Option<i64>, manager: &str) -> Result<Option<Rollback>> {
    let name = live.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let namespace = live.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default();
    let untouched = |failure: Failure| failure.state("nothing was changed");
    let Some(fields) = managed(live, manager) else {
        return Err(untouched(Failure::refused(format!("the Deployment {namespace}/{name} was not deployed by k8sport")))
            .next(format!("kubectl -n {namespace} rollout undo deployment {name}, or `helm rollback`")));
    };
    let left = live.pointer("/metadata/annotations").and_then(|all| all.get(LEFT));
    let Some((current, earlier)) = revisions.split_first() else {
        return Err(untouched(Failure::failed(format!("the Deployment {namespace}/{name} has no revision that is kept"))));
    };
    let target = match wanted {
        Some(number) if number == current.number => return Ok(None),
        Some(number) => earlier.iter().find(|revision| revision.number == number),
        None if left.is_some() => return Ok(None),
        None => earlier.first(),
    };
    let Some(target) = target else {
        let kept: Vec<_> = revisions.iter().map(Revision::sentence).collect();
        let which = wanted.map_or("an earlier revision".to_owned(), |number| format!("a revision {number}"));
        return Err(untouched(Failure::failed(format!(
            "the Deployment {namespace}/{name} has no {}",
            which.trim_start_matches("an ").trim_start_matches("a ")
        )))
        .because(format!("what its ReplicaSets have kept:\n{}", kept.join("\n"))));
    };
    let mut manifest = owned(live, fields);
    manifest["apiVersion"] = json!(Kind::Deployment.api_version());
    manifest["kind"] = json!(Kind::Deployment.name());
    manifest["metadata"]["name"] = json!(name);
    manifest["metadata"]["namespace"] = json!(namespace);
    manifest["spec"]["template"] = target.template.clone();
    let annotations = &mut manifest["metadata"]["annotations"];
    if annotations.is_null() {
        *annotations = json!({});
    }
    annotations[LEFT] = json!(current.number.to_string());
    if let Some(fields) = annotations.as_object_mut() {
        fields.remove(IMAGE);
    }
    if let Some(image) = target.annotations.get(IMAGE) {
        annotations[IMAGE] = json!(image);
    }
    let parsed = |error: String| Failure::failed("the Deployment's name can't be read").because(error);
    let (namespace, name): (Namespace, ObjectName) = (namespace.parse().map_err(parsed)?, name.parse().map_err(parsed)?);
    let object = Object { kind: Kind::Deployment, namespace, name, manifest };
    Ok(Some(Rollback { object, to: target.sentence() }))
}

impl Revision {
    /// `2 (registry.example.com/shop:v1)`
    pub fn sentence(&self) -> String {
        let images = self.template.pointer("/spec/containers").and_then(Value::as_array).into_iter().flatten();
        let images: Vec<_> = images.filter_map(|container| container.get("image")?.as_str()).collect();
        let image = self.annotations.get(IMAGE).cloned().unwrap_or_else(|| images.join(", "));
        format!("revision {} ({image})", self.number)
    }
}

/// The fields that `manager` has applied.
fn managed<'a>(live: &'a Value, manager: &str) -> Option<&'a Map<String, Value>> {
    let entries = live.pointer("/metadata/managedFields")?.as_array()?.iter();
    let mut ours =
        entries.filter(|entry| entry["manager"] == manager && entry["operation"] == "Apply" && entry.get("subresource").is_none());
    ours.next()?.get("fieldsV1")?.as_object()
}

/// The values of these fields. Lists are taken as a whole: outside of the pod template a Deployment has none whose entries
/// have different managers.
fn owned(live: &Value, fields: &Map<String, Value>) -> Value {
    let mut values = Map::new();
    for (key, inner) in fields {
        let Some(name) = key.strip_prefix("f:").filter(|name| *name != "template") else { continue };
        let Some(value) = live.get(name) else { continue };
        let inner = inner.as_object().filter(|inner| inner.keys().any(|key| key.starts_with("f:")));
        values.insert(name.to_owned(), inner.map_or_else(|| value.clone(), |inner| owned(value, inner)));
    }
    Value::Object(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(number: i64, image: &str) -> Revision {
        Revision {
            number,
            annotations: [(IMAGE.to_owned(), format!("r/{image}"))].into(),
            template: json!({ "spec": { "containers": [{ "name": "shop", "image": format!("r@{image}") }] } }),
        }
    }

    fn live(annotations: Value) -> Value {
        json!({
            "metadata": {
                "name": "shop", "namespace": "apps", "annotations": annotations, "labels": { "a": "b", "theirs": "x" },
                "managedFields": [
                    { "manager": "kube-controller-manager", "operation": "Update", "fieldsV1": { "f:status": {} } },
                    { "manager": "k8sport", "operation": "Apply", "fieldsV1": {
                        "f:metadata": { "f:labels": { "f:a": {} }, "f:annotations": { "f:k8sport.io/image": {} } },
                        "f:spec": { "f:selector": {}, "f:template": { "f:spec": {} }, "f:strategy": { "f:type": {} } },
                    } },
                ],
            },
            "spec": { "replicas": 4, "selector": { "matchLabels": { "a": "b" } }, "strategy": { "type": "RollingUpdate", "x": 1 }, "template": {} },
        })
    }

    const OURS: &str = "k8sport";

    #[test]
    fn what_we_manage_is_applied_with_the_earlier_template() {
        let revisions = [revision(3, "c"), revision(2, "b"), revision(1, "a")];
        let rollback = rollback(&live(json!({ IMAGE: "r/c" })), &revisions, None, OURS).expect("a rollback").expect("something to do");
        let manifest = &rollback.object.manifest;
        assert_eq!(manifest["spec"]["template"], revision(2, "b").template);
        // An autoscaler's, and others' labels.
        assert_eq!((&manifest["spec"]["replicas"], &manifest["metadata"]["labels"]), (&Value::Null, &json!({ "a": "b" })));
        assert_eq!(manifest["spec"]["strategy"], json!({ "type": "RollingUpdate" }));
        assert_eq!(manifest["spec"]["selector"], json!({ "matchLabels": { "a": "b" } }));
        assert_eq!(manifest["metadata"]["annotations"], json!({ IMAGE: "r/b", LEFT: "3" }));
        assert_eq!(rollback.to, "revision 2 (r/b)");
    }

    #[test]
    fn a_second_rollback_does_not_go_forward_again() {
        let revisions = [revision(4, "b"), revision(3, "c"), revision(1, "a")];
        let there = live(json!({ LEFT: "3" }));
        assert_eq!(rollback(&there, &revisions, None, OURS).expect("nothing to do"), None);
        assert_eq!(rollback(&there, &revisions, Some(4), OURS).expect("nothing to do"), None);
        let named = rollback(&there, &revisions, Some(1), OURS).expect("a rollback").expect("something to do");
        assert_eq!(named.to, "revision 1 (r/a)");
    }

    #[test]
    fn what_can_not_be_rolled_back_says_why() {
        let there = live(json!({}));
        let failure = rollback(&there, &[revision(1, "a")], None, OURS).expect_err("one revision");
        assert!(failure.what.contains("earlier revision") && failure.cause.is_some_and(|cause| cause.contains("revision 1")));
        let failure = rollback(&there, &[revision(2, "b"), revision(1, "a")], Some(9), OURS).expect_err("no such revision");
        assert!(failure.what.contains("revision 9"), "{failure}");
        let failure = rollback(&there, &[revision(2, "b"), revision(1, "a")], None, "helm").expect_err("not ours");
        assert_eq!(failure.kind, crate::failure::Kind::Refused);
    }
}
