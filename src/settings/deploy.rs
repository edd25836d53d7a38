//! Settings of `deploy-app`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::configure::{application, default_namespace, nothing_touched};
use super::file::{File, read};
use super::{Run, aws_options, filled, resolve_run};
use crate::aws::AwsOptions;
use crate::cli::{ApplicationArgs, DeployArgs};
use crate::cluster::KubernetesOptions;
use crate::failure::{Failure, Result};
use crate::names::{AppName, DnsName, ImageReference, Namespace};
use crate::plan::applications::{self, Object, objects};

/// What `deploy-app` needs to know.
#[derive(Debug)]
pub struct DeploySettings {
    pub name: AppName,
    pub deployed: Deployed,
    /// The folder of a Dockerfile, to build the image from first.
    pub build: Option<PathBuf>,
    /// Also fields that others manage.
    pub force: bool,
    pub patience: Patience,
    pub cluster: Option<DnsName>,
    pub secondary_ip: bool,
    pub kubernetes: KubernetesOptions,
    pub aws: AwsOptions,
    pub run: Run,
}

/// What is to run afterwards.
#[derive(Debug)]
pub enum Deployed {
    Objects {
        objects: Vec<Object>,
        image: Option<ImageReference>,
    },
    /// A revision that the cluster has kept; None for the one before.
    Earlier {
        namespace: Namespace,
        revision: Option<i64>,
    },
}

/// How long the rollout may take, and how long one obstacle may hold it up.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub rollout: Duration,
    pub obstacle: Duration,
}

const ROLLOUT: Duration = Duration::from_secs(5 * 60);
const OBSTACLE: Duration = Duration::from_secs(60);

impl DeploySettings {
    /// # Errors
    /// Usage errors: an application of which image or host is missing, manifests or a settings file that can't be read.
    pub fn resolve(args: DeployArgs) -> Result<Self> {
        let file = read(args.account.config.as_deref())?;
        Self::with_file(args, &file)
    }

    pub(super) fn with_file(args: DeployArgs, file: &File) -> Result<Self> {
        let deployed = deployed(&args, file)?;
        if let Some(folder) = args.build.as_deref().filter(|folder| !folder.join("Dockerfile").is_file()) {
            return Err(nothing_touched(format!("there is no Dockerfile in {}", folder.display())).next("name its folder with `--build`"));
        }
        let cluster = args.cluster.or_else(|| file.cluster.clone());
        // kOps names contexts after clusters. What kubectl happens to be at may be another's.
        let context = filled(args.kubernetes.context).or_else(|| cluster.as_ref().map(ToString::to_string));
        Ok(Self {
            name: args.name,
            deployed,
            build: args.build,
            force: args.force_conflicts,
            patience: Patience { rollout: args.rollout_timeout.unwrap_or(ROLLOUT), obstacle: args.stalled_after.unwrap_or(OBSTACLE) },
            cluster,
            secondary_ip: !args.secondary.no_secondary_ip && (args.secondary.with_secondary_ip || file.secondary_ip.unwrap_or(true)),
            kubernetes: KubernetesOptions { kubeconfig: args.kubernetes.kubeconfig, context },
            aws: aws_options(args.account, file.account.clone(), file.profile.clone(), file.region.clone()),
            run: resolve_run(&args.run, file.timeout.as_deref(), None)?,
        })
    }
}

fn deployed(args: &DeployArgs, file: &File) -> Result<Deployed> {
    let said = args.application.namespace.clone();
    let namespace = || said.clone().or_else(|| file.apps.get(&args.name)?.namespace.clone()).map_or_else(default_namespace, Ok);
    if args.rollback {
        return Ok(Deployed::Earlier { namespace: namespace()?, revision: args.to_revision });
    }
    let folder = args.manifests.join(args.name.as_str());
    let files = manifests(&folder)?;
    if files.is_empty() {
        let application = application(args.name.clone(), &args.application, file)?;
        return Ok(Deployed::Objects { objects: objects(&application)?, image: Some(application.image) });
    }
    refuse_shape(&args.application, &folder)?;
    let objects = applications::read(&args.name, &namespace()?, &files)?;
    if let Some(other) = said.filter(|said| objects.iter().any(|object| object.namespace != *said)) {
        return Err(nothing_touched(format!(
            "the manifests in {} are for namespace {}, not {other}",
            folder.display(),
            objects[0].namespace
        )));
    }
    Ok(Deployed::Objects { objects, image: args.application.image.clone() })
}

/// The YAML files of a folder, by name; none where there is no folder.
fn manifests(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let unreadable = |path: &Path, error: std::io::Error| nothing_touched(format!("{} can't be read", path.display())).because(error);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, error)),
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| std::fs::read_to_string(&path).map(|text| (path.clone(), text)).map_err(|error| unreadable(&path, error)))
        .collect()
}

/// What the files say is said there.
fn refuse_shape(args: &ApplicationArgs, folder: &Path) -> Result<()> {
    let said = [
        (args.port.is_some(), "--port"),
        (!args.host.is_empty(), "--host"),
        (args.health_path.is_some(), "--health-path"),
        (!args.env_from.is_empty(), "--env-from"),
    ];
    let Some((_, option)) = said.into_iter().find(|(said, _)| *said) else { return Ok(()) };
    Err(Failure::usage(format!("{option} has no effect: the manifests are in {}", folder.display()))
        .state("nothing was touched")
        .next("change the files, or write them anew with `k8sport configure-apps --overwrite`"))
}
