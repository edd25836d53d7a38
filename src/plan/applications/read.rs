//! Manifests from files back to objects.

use std::path::Path;

use serde_json::Value;

use super::{Kind, Object};
use crate::failure::{Failure, Result};
use crate::names::{AppName, Namespace, ObjectName};

/// The objects of an application's files, in the order in which they are applied.
///
/// # Errors
/// A usage failure that names the file: no YAML, another kind of object, not exactly one Deployment, several namespaces.
pub fn read(app: &AppName, default: &Namespace, files: &[(impl AsRef<Path>, String)]) -> Result<Vec<Object>> {
    let mut objects = Vec::new();
    for (path, text) in files {
        let path = path.as_ref().display();
        let documents: Vec<Value> =
            serde_saphyr::from_multiple(text).map_err(|error| wrong(format!("{path} is no YAML")).because(error))?;
        for document in documents {
            objects.push(object(document, default).map_err(|why| wrong(format!("{path} can't be applied")).because(why))?);
        }
    }
    objects.sort_by_key(|object| object.kind);
    let deployments = objects.iter().filter(|object| object.kind == Kind::Deployment).count();
    if deployments != 1 {
        return Err(wrong(format!("the manifests of {app} have {deployments} Deployments")).next("one is rolled out at a time"));
    }
    match objects.iter().find(|object| object.namespace != objects[0].namespace) {
        Some(other) => {
            Err(wrong(format!("the manifests of {app} are for two namespaces, {} and {}", objects[0].namespace, other.namespace)))
        }
        None => Ok(objects),
    }
}

fn object(mut manifest: Value, default: &Namespace) -> Result<Object, String> {
    let text = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let (version, kind) = (text("/apiVersion").unwrap_or_default(), text("/kind").unwrap_or_default());
    let known = Kind::ALL.into_iter().find(|known| known.name() == kind && known.api_version() == version);
    let kind = known.ok_or_else(|| format!("it has a {kind} ({version}), and deploy-app applies Deployment, Service and Ingress"))?;
    let name: ObjectName = text("/metadata/name").ok_or("its object has no name")?.parse()?;
    let namespace: Namespace = text("/metadata/namespace").map_or_else(|| Ok(default.clone()), |namespace| namespace.parse())?;
    if let Some(fields) = manifest.as_object_mut() {
        fields.remove("status");
    }
    manifest["metadata"]["namespace"] = Value::from(namespace.as_str());
    Ok(Object { kind, namespace, name, manifest })
}

fn wrong(what: impl Into<String>) -> Failure {
    Failure::usage(what).state("nothing was touched")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {ports: [{port: 80}]}\n";
    const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop, namespace: apps}\nspec: {replicas: 1}\n";

    fn parsed(texts: &[&str]) -> Result<Vec<Object>> {
        let files: Vec<_> = texts.iter().map(|text| ("shop.yaml", (*text).to_owned())).collect();
        read(&"shop".parse().expect("a name"), &"apps".parse().expect("a namespace"), &files)
    }

    #[test]
    fn several_documents_in_one_file_and_in_several() {
        let both = format!("{DEPLOYMENT}---\n{SERVICE}");
        let objects = parsed(&[&both]).expect("objects");
        assert_eq!(objects, parsed(&[DEPLOYMENT, SERVICE]).expect("objects"));
        assert_eq!(objects.iter().map(ToString::to_string).collect::<Vec<_>>(), ["Service apps/shop", "Deployment apps/shop"]);
        assert_eq!(objects[0].manifest["metadata"]["namespace"], "apps");
    }

    #[test]
    fn what_is_not_ours_to_apply_is_named() {
        let other = DEPLOYMENT.replace("apps}", "blog}");
        for (texts, said) in [
            (&["a: [b"][..], "is no YAML"),
            (&[SERVICE], "have 0 Deployments"),
            (&[DEPLOYMENT, DEPLOYMENT], "have 2 Deployments"),
            (&[DEPLOYMENT, &other, SERVICE], "have 2 Deployments"),
            (&[&other, SERVICE], "two namespaces, apps and blog"),
            (&[DEPLOYMENT, "apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\n"], "a Secret (v1)"),
            (&[DEPLOYMENT, "apiVersion: v1\nkind: Service\nmetadata: {name: '../shop'}\n"], "expected a name"),
            (&[DEPLOYMENT, "apiVersion: v1\nkind: Service\n"], "no name"),
            (&[DEPLOYMENT, "just text\n"], "shop.yaml"),
        ] {
            let failure = parsed(texts).expect_err(said);
            let text = format!("{failure}");
            assert!(text.contains(said), "{text}");
        }
    }
}
