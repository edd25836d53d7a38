//! `deploy-app`: an application on the cluster, waited for and looked at from outside.

mod build;
mod image;
mod rollout;
mod urls;

use futures_util::future::try_join_all;

use super::flow::{self, Confirmed};
use crate::cluster::{Cluster, FIELD_MANAGER};
use crate::failure::{Failure, Result};
use crate::names::AppName;
use crate::output::Console;
use crate::plan::Note;
use crate::plan::applications::{ApplicationChange, Kind, Object, deployment, is_as_planned, rollback};
use crate::plan::change::Change;
use crate::report::{Report, Status};
use crate::settings::{DeploySettings, Deployed};

pub async fn run(settings: &DeploySettings, console: &Console) -> Report {
    let report = Report::new("deploy-app", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| steps(settings, Confirmed::NotYet, console, report).await).await
}

/// What is to be applied, and which Deployment is rolled out by it.
struct Wanted {
    objects: Vec<Object>,
    deployment: (String, String),
    notes: Vec<Note>,
}

/// # Errors
/// A conflict, not confirmed, a rollout that doesn't end, a URL that doesn't answer.
pub async fn steps(settings: &DeploySettings, mut confirmed: Confirmed, console: &Console, report: &mut Report) -> Result<()> {
    let cluster = Cluster::connect(&settings.kubernetes).await?;
    if let (Some(folder), Deployed::Objects { objects, image }) = (&settings.build, &settings.deployed) {
        let deployment = objects.iter().find(|object| object.kind == Kind::Deployment);
        let named = match (image, deployment) {
            (Some(image), _) => image.clone(),
            (None, Some(deployment)) => image::named(deployment, &settings.name)?,
            (None, None) => return Err(no_deployment()),
        };
        confirmed = build::image(folder, &named, &cluster, settings, confirmed, console, report).await?;
    }
    let wanted = wanted(&cluster, settings, console).await?;
    let step = console.step(format!("ask {} what would change", cluster.server));
    let previews = try_join_all(wanted.objects.into_iter().map(async |object| {
        let preview = cluster.preview(&object).await?;
        Ok::<_, Failure>((object, preview))
    }));
    let mut plan = deployment(previews.await?, settings.force)?;
    step.done();
    plan.notes.insert(0, Note::info(format!("on {} ({})", cluster.server, cluster.context)));
    plan.notes.extend(wanted.notes);
    report.extend_plan(plan.clone());
    if settings.run.dry_run {
        return Ok(());
    }
    console.plan(&plan);
    if !plan.changes.is_empty() {
        if confirmed == Confirmed::NotYet && !settings.run.yes {
            console.confirm("Apply these changes?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
        }
        write(&cluster, console, report).await?;
    }
    let (namespace, name) = &wanted.deployment;
    rollout::wait(&cluster, settings, namespace, name, console).await?;
    let changed = !report.plan.changes.is_empty();
    urls::look(&cluster, settings, namespace, changed, console, report).await
}

async fn wanted(cluster: &Cluster, settings: &DeploySettings, console: &Console) -> Result<Wanted> {
    match &settings.deployed {
        Deployed::Objects { objects, image } => {
            let mut objects = objects.clone();
            let named = objects.iter_mut().find(|object| object.kind == Kind::Deployment);
            let deployment = named.ok_or_else(no_deployment)?;
            if let Some(image) = image {
                image::set(deployment, &settings.name, image)?;
            }
            let notes = if settings.build.is_some() && settings.run.dry_run {
                vec![Note::info("the image is pinned by the digest that it has after the push")]
            } else {
                image::pin(deployment, &settings.name, &settings.aws, console).await?
            };
            let deployment = (deployment.namespace.to_string(), deployment.name.to_string());
            Ok(Wanted { objects, deployment, notes })
        }
        Deployed::Earlier { namespace, revision } => {
            let step = console.step(format!("read the revisions of {namespace}/{}", settings.name));
            let (namespace, name) = (namespace.as_str(), settings.name.as_str());
            let (live, look) =
                tokio::try_join!(cluster.live(Kind::Deployment, namespace, name), async { Ok(cluster.rollout(namespace, name).await?) })?;
            let (Some(live), Some(look)) = (live, look) else { return Err(not_there(namespace, &settings.name)) };
            step.done();
            let back = rollback(&live, &look.revisions, *revision, FIELD_MANAGER)?;
            let note = match &back {
                Some(back) => Note::info(format!("back to {}", back.to)),
                None => Note::info("it was rolled back already; `--to-revision N` goes to another one"),
            };
            let deployment = (namespace.to_owned(), name.to_owned());
            Ok(Wanted { objects: back.into_iter().map(|back| back.object).collect(), deployment, notes: vec![note] })
        }
    }
}

/// One after the other, each only if it would still do what was shown.
async fn write(cluster: &Cluster, console: &Console, report: &Report) -> Result<()> {
    let writer = cluster.writer();
    for (index, change) in report.plan.changes.iter().enumerate() {
        let Change::Application(change) = change else { continue };
        // What was built and pushed is done.
        if report.status(index) != Status::Planned {
            continue;
        }
        report.set_status(index, Status::Running);
        let step = console.step(change.summary().sentence());
        let written = match change {
            ApplicationChange::CreateNamespace { namespace } => writer.create_namespace(namespace.as_str()).await,
            ApplicationChange::Apply { object, diff, force } => match cluster.preview(object).await {
                Ok(now) if is_as_planned(diff.as_deref(), &now) => writer.apply(object, *force).await,
                Ok(_) => Err(Failure::refused(format!("{object} has been changed since the plan was made"))
                    .state("it is left as it is now")
                    .next("run the same command again: it plans anew")),
                Err(failure) => Err(failure),
            },
            ApplicationChange::WriteFile { .. } | ApplicationChange::BuildImage { .. } | ApplicationChange::PushImage { .. } => Ok(()),
        };
        report.set_status(index, if written.is_ok() { Status::Done } else { Status::Failed });
        step.ended(written.is_ok());
        written?;
    }
    Ok(())
}

fn no_deployment() -> Failure {
    Failure::failed("there is no Deployment among the manifests").state("nothing was changed")
}

fn not_there(namespace: &str, name: &AppName) -> Failure {
    Failure::failed(format!("there is no Deployment {name} in namespace {namespace}"))
        .state("nothing was changed")
        .next("name its namespace with `--namespace`, or deploy it: `k8sport deploy-app`")
}
