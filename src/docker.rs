//! docker as a subprocess: builds an image and pushes it. What it says is shown as it says it.

use std::path::Path;
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::plan::applications::{EcrImage, Platform};
use crate::subprocess::Subprocess;

const DOCKER: &str = "docker";
/// A login is one request.
const LOGIN: Duration = Duration::from_secs(60);

/// What ECR gives for its registry, for twelve hours. It goes over standard input and nowhere else.
pub struct Login {
    pub user: String,
    pub password: String,
}

/// # Errors
/// It isn't on the PATH.
pub fn installed() -> Result<()> {
    if Subprocess::is_installed(DOCKER) {
        return Ok(());
    }
    Err(Failure::usage("docker is not installed, or not on the PATH")
        .state("nothing was touched")
        .next("install it, or push the image by other means and leave out `--build`"))
}

/// docker keeps it in its own configuration, as after a login by hand.
///
/// # Errors
/// It can't be run, the registry refuses, or there is no end in time.
pub async fn login(login: &Login, image: &EcrImage) -> Result<()> {
    let registry = image.registry();
    let command = Subprocess::new(DOCKER, ["login", "--username", &login.user, "--password-stdin", registry]);
    command.input(login.password.as_str()).succeed(LOGIN, |_| ()).await.map(drop)
}

/// # Errors
/// It can't be run, the build fails or doesn't end within `deadline`.
pub async fn build(image: &EcrImage, platform: &Platform, folder: &Path, deadline: Duration, on_line: impl FnMut(&str)) -> Result<()> {
    let (platform, tag, folder) = (platform.to_string(), image.reference(), folder.display().to_string());
    let command = Subprocess::new(DOCKER, ["build", "--platform", &platform, "--tag", &tag, "--", &folder]);
    command.succeed(deadline, on_line).await.map(drop).map_err(|failure| failure.next("see why: build it by hand with the same command"))
}

/// # Errors
/// It can't be run, the registry refuses or there is no end within `deadline`.
pub async fn push(image: &EcrImage, deadline: Duration, on_line: impl FnMut(&str)) -> Result<()> {
    let command = Subprocess::new(DOCKER, ["push", &image.reference()]);
    command.succeed(deadline, on_line).await.map(drop).map_err(|failure| {
        failure
            .state("what is in the repository under this tag is as before, or is the image that was just built")
            .next("a tag of an immutable repository can't be pushed again: name another one with `--image`")
            .next("run the same command again: what is pushed already isn't pushed twice")
    })
}
