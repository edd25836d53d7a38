//! `--build`: the repository ensured, the image built for the node and pushed.

use std::collections::BTreeSet;
use std::path::Path;

use crate::aws::{Aws, AwsOptions};
use crate::cluster::Cluster;
use crate::commands::apply::Applier;
use crate::commands::flow::Confirmed;
use crate::docker;
use crate::failure::{Failure, Result};
use crate::names::ImageReference;
use crate::output::Console;
use crate::plan::applications::{ApplicationChange, Build, EcrImage, Platform, Source, build};
use crate::plan::change::{Change, Deferred};
use crate::plan::lane::Lane;
use crate::report::{Report, Status};
use crate::settings::DeploySettings;

/// Plans it, and makes it so unless this is a dry run. Who has said yes to it has said it to the deployment.
///
/// # Errors
/// An image that isn't in ECR, no docker, nodes of several kinds; what ECR or docker refuse.
pub async fn image(
    folder: &Path,
    named: &ImageReference,
    cluster: &Cluster,
    settings: &DeploySettings,
    confirmed: Confirmed,
    console: &Console,
    report: &mut Report,
) -> Result<Confirmed> {
    let image = in_ecr(named)?;
    docker::installed()?;
    let step = console.step("look at the nodes and the repository");
    let aws = Aws::connect(&AwsOptions { region: Some(image.region.clone()), ..settings.aws.clone() }).await?;
    let account = aws.account().await?;
    if account.id != image.account.as_str() {
        return Err(Failure::refused(format!(
            "the registry {} is account {}'s, and these credentials are {}'s",
            image.registry(),
            image.account,
            account.id
        ))
        .state("nothing was changed")
        .next("name a repository of this account with `--image`, or use credentials of that one (`--profile`)"));
    }
    let (architectures, repository) = tokio::try_join!(cluster.architectures(), aws.repository_state(&image))?;
    step.done();
    let wanted = Build { folder: folder.to_owned(), platform: platform(&architectures)?, image };
    let first = report.plan.changes.len();
    let plan = build(&wanted, repository.as_ref());
    report.extend_plan(plan.clone());
    if settings.run.dry_run {
        return Ok(confirmed);
    }
    console.plan(&plan);
    if confirmed == Confirmed::NotYet && !settings.run.yes {
        console.confirm("Build, push and deploy this image?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
    }
    Applier::new(&aws, None, console, Deferred::AfterApply).cleanup(report, Lane::Images).await?;
    for (index, change) in report.plan.changes.iter().enumerate().skip(first) {
        let Change::Application(change) = change else { continue };
        report.set_status(index, Status::Running);
        let step = console.step(change.summary().sentence());
        let on_line = |line: &str| step.update(line);
        let limit = settings.run.timeout;
        let done = match change {
            ApplicationChange::BuildImage { .. } => docker::build(&wanted.image, &wanted.platform, &wanted.folder, limit, on_line).await,
            ApplicationChange::PushImage { .. } => push(&aws, &wanted.image, limit, on_line).await,
            _ => Ok(()),
        };
        report.set_status(index, if done.is_ok() { Status::Done } else { Status::Failed });
        step.ended(done.is_ok());
        done?;
    }
    Ok(Confirmed::Before)
}

async fn push(aws: &Aws, image: &EcrImage, limit: std::time::Duration, on_line: impl FnMut(&str)) -> Result<()> {
    docker::login(&aws.registry_login(image).await?, image).await?;
    docker::push(image, limit, on_line).await
}

fn in_ecr(named: &ImageReference) -> Result<EcrImage> {
    match Source::of(named) {
        Source::Ecr(image) => Ok(image),
        Source::Pinned | Source::Other => Err(Failure::usage(format!("the image {named} can't be built: it isn't one in ECR by its tag"))
            .state("nothing was touched")
            .next("name it as ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG with `--image`")),
    }
}

/// The one of all nodes.
fn platform(architectures: &BTreeSet<String>) -> Result<Platform> {
    let all: Vec<_> = architectures.iter().cloned().collect();
    match all.as_slice() {
        [one] => one.parse().map_err(|error: String| Failure::failed("the node's platform can't be read").because(error)),
        [] => Err(Failure::failed("the cluster has no node to build an image for").state("nothing was changed")),
        several => Err(Failure::refused(format!("the cluster's nodes are of several architectures: {}", several.join(", ")))
            .state("nothing was changed")
            .next("build and push a multi-platform image (`docker buildx build --push`), and leave out `--build`")),
    }
}
