//! The image of an application, pinned: what was looked at is what runs, also after a restart or on another node.

use crate::aws::{Aws, AwsOptions};
use crate::failure::{Failure, Result};
use crate::names::{AppName, ImageReference};
use crate::output::Console;
use crate::plan::Note;
use crate::plan::applications::{EcrImage, IMAGE, Object, Source};

/// Gives the application's container this image.
///
/// # Errors
/// There are several containers, and none has the application's name.
pub fn set(deployment: &mut Object, app: &AppName, image: &ImageReference) -> Result<()> {
    let container = container(deployment, app)?;
    deployment.set_image(&container, image.as_str());
    Ok(())
}

/// The application's own.
///
/// # Errors
/// As [`set`], and a name that can't be one.
pub fn named(deployment: &Object, app: &AppName) -> Result<ImageReference> {
    let own = container(deployment, app)?;
    let image = deployment.images().into_iter().find(|(name, _)| *name == own).map(|(_, image)| image).unwrap_or_default();
    image.parse().map_err(|error| Failure::usage(format!("the image of container {own} is wrong")).because(error))
}

/// Asks ECR which digests the tags have now. Other registries aren't asked.
///
/// # Errors
/// There is no such image; ECR refuses or doesn't answer.
pub async fn pin(deployment: &mut Object, app: &AppName, options: &AwsOptions, console: &Console) -> Result<Vec<Note>> {
    let own = container(deployment, app).ok();
    let mut notes = Vec::new();
    for (name, image) in deployment.images() {
        let reference: ImageReference =
            image.parse().map_err(|error| Failure::usage(format!("the image of container {name} is wrong")).because(error))?;
        let named = match Source::of(&reference) {
            Source::Pinned => image,
            Source::Other => {
                notes.push(Note::warning(format!(
                    "{image} isn't pinned: the node decides what the tag means when it pulls; name the image by its digest (…@sha256:…)"
                )));
                image
            }
            Source::Ecr(image) => {
                let step = console.step(format!("ask ECR which image {} is", image.reference()));
                let digest = digest(&image, options).await?;
                step.done();
                notes.push(Note::info(format!("{}:{} is {digest}", image.repository, image.tag)));
                deployment.set_image(&name, &image.pinned(&digest));
                image.reference()
            }
        };
        if own.as_ref() == Some(&name) {
            deployment.annotate(IMAGE, &named);
        }
    }
    Ok(notes)
}

async fn digest(image: &EcrImage, options: &AwsOptions) -> Result<String> {
    // The image is where its name says, whatever the cluster's region.
    let aws = Aws::connect(&AwsOptions { region: Some(image.region.clone()), ..options.clone() }).await?;
    aws.image_digest(image).await?.ok_or_else(|| {
        Failure::usage(format!("there is no image {}", image.reference()))
            .because(format!("repository {} of account {} in {} has no tag {}", image.repository, image.account, image.region, image.tag))
            .state("nothing was touched")
            .next(format!("see what is there: aws ecr describe-images --region {} --repository-name {}", image.region, image.repository))
    })
}

/// The one with the application's name, or the only one.
fn container(deployment: &Object, app: &AppName) -> Result<String> {
    let names: Vec<String> = deployment.images().into_iter().map(|(name, _)| name).collect();
    let own = names.iter().find(|name| *name == app.as_str()).or_else(|| names.first().filter(|_| names.len() == 1));
    own.cloned().ok_or_else(|| {
        Failure::usage(format!("which container is {app}?"))
            .because(format!("the Deployment has {}", if names.is_empty() { "none".to_owned() } else { names.join(", ") }))
            .state("nothing was touched")
            .next("give the container the application's name in the manifest")
    })
}
