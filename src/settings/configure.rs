//! Settings of `configure-apps`.

use std::path::Path;

use super::file::{File, FileApp};
use super::{Run, first_filled, resolve_run};
use crate::cli::{ApplicationArgs, ConfigureArgs};
use crate::failure::{Failure, Result};
use crate::names::{AppName, Namespace, ObjectName};
use crate::plan::applications::{self, Application};

/// What `configure-apps` needs to know.
#[derive(Debug)]
pub struct ConfigureSettings {
    pub wanted: applications::Wanted,
    pub run: Run,
}

const DEFAULT_PORT: u16 = 8080;
const DEFAULT_PATH: &str = "/";
/// The one that `bootstrap` makes.
const DEFAULT_ISSUER: &str = crate::plan::addons::issuer::NAME;
const DEFAULT_NAMESPACE: &str = "apps";

impl ConfigureSettings {
    /// # Errors
    /// Usage errors: no application, or one of which image or host is missing; a settings file that can't be read.
    pub fn resolve(args: ConfigureArgs) -> Result<Self> {
        let file = super::file::read(args.config.as_deref())?;
        let names = first_filled(args.names.clone(), file.apps.keys().cloned().collect())
            .ok_or_else(|| nothing_touched("which application?").next("name it, or describe it as `[apps.NAME]` in k8sport.toml"))?;
        if names.len() > 1 && (args.application.image.is_some() || !args.application.host.is_empty()) {
            return Err(nothing_touched("--image and --host are for one application")
                .next("name one application, or describe each as `[apps.NAME]` in k8sport.toml"));
        }
        let applications = names.into_iter().map(|name| application(name, &args.application, &file)).collect::<Result<_>>()?;
        let run = resolve_run(&args.run, file.timeout.as_deref(), None)?;
        Ok(Self { wanted: applications::Wanted { applications, out: args.out, overwrite: args.overwrite }, run })
    }
}

/// Those that the settings file describes.
///
/// # Errors
/// A settings file that can't be read.
pub fn application_names(file: Option<&Path>) -> Result<Vec<AppName>> {
    Ok(super::file::read(file)?.apps.into_keys().collect())
}

pub(super) fn application(name: AppName, args: &ApplicationArgs, file: &File) -> Result<Application> {
    let said = file.apps.get(&name).cloned().unwrap_or_default();
    let missing = |what: &str, option: &str, key: &str| {
        nothing_touched(format!("which {what} does {name} have?"))
            .next(format!("say `{option}`, or `{key}` of `[apps.{name}]` in k8sport.toml"))
    };
    let FileApp { image, port, hosts, health_path, env_from, namespace } = said;
    if port == Some(0) {
        return Err(nothing_touched(format!("`port` of `[apps.{name}]` is 0")).next("a port is from 1 to 65535"));
    }
    Ok(Application {
        namespace: args.namespace.clone().or(namespace).map_or_else(default_namespace, Ok)?,
        image: args.image.clone().or(image).ok_or_else(|| missing("image", "--image", "image"))?,
        port: args.port.or(port).unwrap_or(DEFAULT_PORT),
        hosts: first_filled(args.host.clone(), hosts).ok_or_else(|| missing("host", "--host", "hosts"))?,
        health_path: args.health_path.clone().or(health_path).map_or_else(|| DEFAULT_PATH.parse().map_err(Failure::usage), Ok)?,
        env_from: first_filled(args.env_from.clone(), env_from).unwrap_or_default(),
        ingress_class: args.ingress_class.clone(),
        cluster_issuer: (!args.http_only).then(|| args.cluster_issuer.clone().map_or_else(default_issuer, Ok)).transpose()?,
        name,
    })
}

pub(super) fn default_namespace() -> Result<Namespace> {
    DEFAULT_NAMESPACE.parse().map_err(Failure::usage)
}

fn default_issuer() -> Result<ObjectName> {
    DEFAULT_ISSUER.parse().map_err(Failure::usage)
}

pub(super) fn nothing_touched(what: impl Into<String>) -> Failure {
    Failure::usage(what).state("nothing was touched")
}
