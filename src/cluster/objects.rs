//! Objects of applications, by server-side apply: what isn't in our manifest stays as it is, and a field that somebody else
//! has is a conflict.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Namespace, Service};
use k8s_openapi::api::networking::v1::Ingress;
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use kube::core::{ApiResource, DynamicObject, Status};
use serde_json::Value;

use super::request::Request;
use super::{Cluster, ClusterWriter, FIELD_MANAGER};
use crate::failure::{Failure, Result};
use crate::plan::applications::{Conflict, Kind, Object, Preview, not_ours};

/// How an apply ended.
enum Applied {
    Done(Value),
    Conflicts(Vec<Conflict>),
    NoNamespace,
}

impl Cluster {
    /// The object as it is, with all that others have written into it. None when it isn't there.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn live(&self, kind: Kind, namespace: &str, name: &str) -> Result<Option<Value>> {
        let objects = of_kind(&self.client, kind, namespace);
        let request = Request::new("get", kind.resource(), &self.server).in_namespace(Some(namespace)).named(name);
        request.ask(async || objects.get_opt(name).await).await?.as_ref().map(whole).transpose()
    }

    /// What applying the object would do, by the API server's dry run: it validates and fills in as the real thing does,
    /// and writes nothing. `taken` are the fields that it would take from others.
    ///
    /// # Errors
    /// Not allowed, not valid, not reachable, no answer in time.
    pub async fn preview(&self, object: &Object) -> Result<Preview> {
        let objects = api(&self.client, object);
        let live = self.live(object.kind, object.namespace.as_str(), object.name.as_str()).await?;
        let (then, taken) = match apply(&objects, object, &self.server, How { dry_run: true, force: false }).await? {
            Applied::NoNamespace => return Ok(Preview::NoNamespace),
            Applied::Done(then) => (then, Vec::new()),
            Applied::Conflicts(conflicts) => match apply(&objects, object, &self.server, How { dry_run: true, force: true }).await? {
                Applied::Done(then) => (then, conflicts),
                Applied::NoNamespace => return Ok(Preview::NoNamespace),
                Applied::Conflicts(_) => return Err(conflict(object, &conflicts)),
            },
        };
        Ok(Preview::Applied { live, then, taken })
    }
}

impl ClusterWriter {
    /// Applies the object; with `force` also where somebody else has the field.
    ///
    /// # Errors
    /// Not allowed, not valid, not reachable, no answer in time. Refuses to take fields from others without `force`.
    pub async fn apply(&self, object: &Object, force: bool) -> Result<()> {
        let objects = api(&self.client, object);
        match apply(&objects, object, &self.server, How { dry_run: false, force }).await? {
            Applied::Done(_) => Ok(()),
            Applied::Conflicts(conflicts) => Err(conflict(object, &conflicts)),
            Applied::NoNamespace => Err(Failure::failed(format!("{object} was not applied"))
                .because(format!("the namespace {} has gone in the meantime", object.namespace))
                .next("run the same command again: it plans anew")),
        }
    }

    /// Content when it is there already.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn create_namespace(&self, name: &str) -> Result<()> {
        let namespaces = Api::<Namespace>::all(self.client.clone());
        let mut namespace = Namespace::default();
        namespace.metadata.name = Some(name.to_owned());
        let how = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        let request = Request::new("create", "namespaces", &self.server).named(name);
        let there = |error| match error {
            kube::Error::Api(status) if status.reason == "AlreadyExists" => Ok(()),
            other => Err(other),
        };
        request.ask(async || namespaces.create(&how, &namespace).await.map(drop).or_else(there)).await
    }
}

fn conflict(object: &Object, conflicts: &[Conflict]) -> Failure {
    let lines: Vec<_> = conflicts.iter().map(|conflict| format!("{object}: {conflict}")).collect();
    not_ours(&lines).state("it was not changed by us")
}

struct How {
    dry_run: bool,
    force: bool,
}

async fn apply(objects: &Api<DynamicObject>, object: &Object, server: &str, how: How) -> Result<Applied> {
    let parameters =
        PatchParams { dry_run: how.dry_run, force: how.force, field_manager: Some(FIELD_MANAGER.to_owned()), field_validation: None };
    let request = request("patch", object, server);
    let answer = request.ask(async || match objects.patch(object.name.as_str(), &parameters, &Patch::Apply(&object.manifest)).await {
        Ok(applied) => Ok(Answer::Object(Box::new(applied))),
        Err(kube::Error::Api(status)) if status.is_conflict() && !managers(&status).is_empty() => Ok(Answer::Conflicts(managers(&status))),
        Err(kube::Error::Api(status)) if is_namespace_missing(&status) => Ok(Answer::NoNamespace),
        Err(kube::Error::Api(status)) if may_not_create(&status) => Ok(Answer::MayNotCreate(status)),
        Err(other) => Err(other),
    });
    match answer.await? {
        Answer::Object(applied) => whole(&applied).map(Applied::Done),
        Answer::Conflicts(conflicts) => Ok(Applied::Conflicts(conflicts)),
        Answer::NoNamespace => Ok(Applied::NoNamespace),
        Answer::MayNotCreate(status) => Err(self::request("create", object, server).failed(&kube::Error::Api(status))),
    }
}

/// What an apply is answered with, as far as it is told apart.
enum Answer {
    Object(Box<DynamicObject>),
    Conflicts(Vec<Conflict>),
    NoNamespace,
    MayNotCreate(Box<Status>),
}

/// An apply of something new needs two rights, and only the words say which one is missing: for the second one there are
/// none on many servers. Others that refuse, such as a quota, give their reason.
fn may_not_create(status: &Status) -> bool {
    status.code == 403 && (status.message.trim_end().ends_with("is forbidden:") || status.message.contains(" cannot create "))
}

fn is_namespace_missing(status: &Status) -> bool {
    status.is_not_found() && status.details.as_ref().is_some_and(|details| details.kind == "namespaces")
}

/// Of the causes of a conflict: `conflict with "helm" using apps/v1`, with the field.
fn managers(status: &Status) -> Vec<Conflict> {
    let causes = status.details.iter().flat_map(|details| &details.causes).filter(|cause| cause.reason == "FieldManagerConflict");
    let named = causes.map(|cause| Conflict {
        manager: cause.message.split('"').nth(1).unwrap_or(&cause.message).to_owned(),
        field: cause.field.clone(),
    });
    named.collect()
}

fn whole(object: &DynamicObject) -> Result<Value> {
    serde_json::to_value(object).map_err(|error| Failure::failed("the API server's answer can't be read").because(error))
}

fn request(verb: &'static str, object: &Object, server: &str) -> Request {
    Request::new(verb, object.kind.resource(), server).in_namespace(Some(object.namespace.as_str())).named(object.name.as_str())
}

fn api(client: &kube::Client, object: &Object) -> Api<DynamicObject> {
    of_kind(client, object.kind, object.namespace.as_str())
}

fn of_kind(client: &kube::Client, kind: Kind, namespace: &str) -> Api<DynamicObject> {
    let resource = match kind {
        Kind::Deployment => ApiResource::erase::<Deployment>(&()),
        Kind::Service => ApiResource::erase::<Service>(&()),
        Kind::Ingress => ApiResource::erase::<Ingress>(&()),
    };
    Api::namespaced_with(client.clone(), namespace, &resource)
}
