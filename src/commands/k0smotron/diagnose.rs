//! `k0smotron diagnose`: looks at management cluster, ingress, hosted cluster and workers at once.

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::{join_all, try_join_all};

use super::clusters::{Hosted, Management, now, sidecar};
use super::{reach, workers};
use crate::checks::k0smotron::{self, HostedFacts, HostedState, Place, WorkerFacts};
use crate::checks::{Diagnosis, Missing, Subject};
use crate::cluster::{Cluster, Scope};
use crate::commands::flow;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::ingress::Ingress;
use crate::settings::{HostedDiagnoseSettings, HostedSettings};

const COMMAND: &str = "k0smotron diagnose";

pub async fn run(settings: &HostedDiagnoseSettings, console: &Console) -> Diagnosis {
    let since = Instant::now();
    let hosted = &settings.hosted;
    let looked = flow::limited(COMMAND, &hosted.run, look(hosted, console)).await;
    let place = |management| {
        let workers = hosted.workers.iter().map(|target| target.host.to_string()).collect();
        Subject::K0smotron(Place { cluster: hosted.cluster.clone(), namespace: hosted.namespace.clone(), management, workers })
    };
    let (subject, findings, error) = match looked.and_then(|looked| looked) {
        Ok((server, facts)) => (place(Some(server)), k0smotron::run(&facts), None),
        Err(failure) => (place(None), Vec::new(), Some(failure)),
    };
    let (strict, detail) = (settings.strict, settings.detail);
    Diagnosis { command: COMMAND, subject, findings, conclusion: None, repair: None, took: since.elapsed(), strict, detail, error }
}

/// # Errors
/// The management cluster can't be asked for the secrets: nothing else would make sense.
async fn look(settings: &HostedSettings, console: &Console) -> Result<(String, HostedFacts)> {
    let cluster = Cluster::connect(&settings.kubernetes).await?;
    let step = console.step(format!("ask {} ({}) about {}/{}", cluster.server, cluster.context, settings.namespace, settings.cluster));
    let management = Management::read(cluster, settings).await?;
    let server = format!("{} ({})", management.cluster.server, management.cluster.context);
    let (cluster, namespace, objects) = (&management.cluster, settings.namespace.as_str(), &management.objects);
    let scope = Scope { namespace: Some(namespace.to_owned()), selector: None };
    let (images, ingresses, classes, routes, services) = tokio::join!(
        cluster.stateful_set_images(namespace, &objects.control_plane),
        cluster.ingresses(&scope),
        cluster.ingress_classes(),
        cluster.passthrough_routes(namespace),
        try_join_all(objects.services.iter().map(|name| cluster.service(namespace, name))),
    );
    let ingress = ingresses.map(|all| all.into_iter().find(|ingress| ingress.name == objects.control_plane));
    step.done();

    let api = management.api();
    let konnectivity = management.konnectivity.clone().or_else(|| other_host(ingress.as_ref().ok()?.as_ref()?, api.as_ref()?.0.as_str()));
    let step = console.step(format!("look at {} worker(s), the ingress and the hosted cluster", settings.workers.len()));
    let host = api.as_ref().map(|(host, _)| host);
    let (seen, hosted) = tokio::join!(workers::look(&settings.workers, host), hosted(&management));
    let service_ip =
        settings.service_ip.or(management.service_ip()).or(hosted.as_ref().ok().and_then(|(hosted, _)| hosted.service.cluster_ip));
    let material = management.material(settings, service_ip);
    let roots = material.as_ref().ok().map(|material| Arc::clone(&material.roots));
    let (to_api, to_konnectivity, versions) = tokio::join!(
        reach::api(api.as_ref(), roots.as_ref()),
        reach::konnectivity(konnectivity.as_ref(), api.as_ref(), roots.as_ref()),
        join_all(seen.iter().map(async |seen| match (seen, &roots) {
            (Ok(seen), Some(roots)) => seen.worker.version(roots).await.map(|version| version.git_version),
            _ => Err(Failure::failed("it wasn't asked")),
        })),
    );
    step.done();
    let pods = hosted.as_ref().map(|(hosted, _)| hosted).map_err(String::as_str);
    let workers = settings.workers.iter().zip(seen).zip(versions).map(|((target, seen), version)| WorkerFacts {
        host: target.host.clone(),
        sidecar: seen
            .as_ref()
            .map_or_else(|failure| crate::plan::k0smotron::Sidecar::Unknown(failure.what.clone()), |seen| sidecar(pods, &seen.state)),
        state: seen.map(|seen| seen.state),
        version,
    });
    let facts = HostedFacts {
        name: format!("{namespace}/{}", settings.cluster),
        prepare: prepare(settings),
        now: i64::try_from(now().as_secs()).unwrap_or(i64::MAX),
        workers: workers.collect(),
        images: images.map_err(missing),
        ingress: ingress.map_err(missing),
        classes: classes.map_err(missing),
        routes,
        services: services.map(|all| all.into_iter().flatten().collect()).map_err(missing),
        objects: objects.clone(),
        konnectivity,
        hosted: hosted.map(|(_, state)| state).map_err(Missing::untried),
        material,
        api,
        to_api,
        to_konnectivity,
    };
    Ok((server, facts))
}

/// An Ingress of k0smotron's has two.
fn other_host(ingress: &Ingress, api: &str) -> Option<String> {
    ingress.hosts.iter().find(|host| *host != api).cloned()
}

fn prepare(settings: &HostedSettings) -> String {
    let workers: Vec<_> = settings.workers.iter().map(|target| target.host.to_string()).collect();
    let said = settings.said.to("k0smotron prepare-workers");
    format!(
        "k8sport k0smotron prepare-workers --cluster {} -n {} --worker {}{said}",
        settings.cluster,
        settings.namespace,
        workers.join(",")
    )
}

fn missing(failure: Failure) -> Missing {
    Missing { because: failure.to_string(), failure: Some(Box::new(failure)) }
}

async fn hosted(management: &Management) -> Result<(Hosted, HostedState), String> {
    let hosted = management.hosted().await?;
    let tolerations = hosted.cluster.sidecar_tolerations().await.map_err(|failure| failure.to_string())?;
    let state = HostedState {
        server: hosted.cluster.server.clone(),
        service: hosted.service.clone(),
        pods: hosted.pods.clone(),
        nodes: hosted.nodes.clone(),
        tolerations,
    };
    Ok((hosted, state))
}
