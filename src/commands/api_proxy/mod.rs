//! `api-proxy`: serves until it is told to end.

mod open_files;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use rustls::ServerConfig;
use serde_json::Value;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::flow::interruption;
use super::observe::{self, NO_SCOPE};
use super::reach::log_in;
use crate::api_proxy::pod::Shared;
use crate::api_proxy::{
    AccessLog, Authority, Bounds, Callers, Drain, Identity, Listeners, Metrics, Proxy, Route, Source, Tunnel, Upstream, admin, kubeconfig,
    listen, manifest as patch, serve,
};
use crate::failure::{Failure, Result};
use crate::output::{self, Console};
use crate::settings::{ApiProxySettings, ManifestSettings, Settings};

pub async fn run(settings: &ApiProxySettings, console: &Console) -> Result<()> {
    let mut told = pin!(interruption());
    let ready = tokio::select! {
        ready = prepare(settings, console) => ready?,
        signal = &mut told => return Err(Failure::interrupted(format!("api-proxy was stopped by {signal} before it served"))),
    };
    tracing::info!("listening on https://127.0.0.1:{}", settings.port);
    let draining = async {
        let signal = told.await;
        tracing::info!("{signal}: no new connections; what is under way has {} s", settings.drain_timeout.as_secs());
        ready.begin.send_replace(true);
        std::future::pending::<()>().await;
    };
    let bounds = Bounds { connections: open_files::connections(), idle: settings.idle_timeout };
    let all_done = tokio::select! {
        all_done = serve(ready.proxy, ready.tls, ready.listeners, bounds, settings.drain_timeout) => all_done,
        () = draining => false,
    };
    if !all_done {
        tracing::warn!("some of it was under way still, and was cut off");
    }
    if let Some((tunnel, end)) = ready.tunnel {
        drop(end);
        let _ = tunnel.await;
    }
    Ok(())
}

/// All that serving needs.
struct Ready {
    proxy: Arc<Proxy>,
    tls: ServerConfig,
    listeners: Listeners,
    /// Begins the drain.
    begin: watch::Sender<bool>,
    /// Its keeper, and what ends it.
    tunnel: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
}

async fn prepare(settings: &ApiProxySettings, console: &Console) -> Result<Ready> {
    // What can be wrong on this machine, first.
    let listeners = listen(settings.port).await?;
    let second = match settings.metrics {
        Some((address, port)) => Some(admin::listen(address, port).await?),
        None => None,
    };
    let log = Arc::new(AccessLog::open(settings.access_log.as_deref())?);
    let authority = settings.state_dir.as_deref().map_or_else(Authority::new, Authority::kept_in)?;
    let (up, socket) = watch::channel(None);
    let route = if settings.via_ssh.is_some() { Route::Tunnel(socket) } else { Route::Direct };
    let upstream = Arc::new(Upstream::open(settings.source.clone(), settings.identity, route).await?);
    let target = upstream.target().await;
    let tunnel = match &settings.via_ssh {
        Some(ssh) => {
            let (tunnel, socket) = open_tunnel(ssh, target.port, console).await?;
            up.send_replace(Some(socket));
            let (end, ended) = oneshot::channel();
            Some((tokio::spawn(tunnel.keep(up, async { drop(ended.await) })), end))
        }
        None => None,
    };
    let callers = if settings.identity == Identity::Kubeconfig { Callers::with_new_token() } else { Callers::All };
    let metrics = Metrics::new(settings.port, &target.context).map_err(|error| Failure::failed("there are no metrics").because(error))?;
    match &settings.source {
        Source::Pod { folder, .. } => {
            if let Some(to) = &settings.share_dir {
                tokio::spawn(Shared::fill(folder, to, authority.certificate.clone())?.keep());
            }
        }
        Source::Kubeconfig(_) => {
            let name = format!("{}-api-proxy", target.context);
            let document = kubeconfig(&name, settings.port, &authority.certificate, &callers, &target.namespace);
            hand_out(&document, settings.kubeconfig.as_deref())?;
        }
    }
    let (begin, drain) = Drain::new();
    let tls = authority.server()?;
    let proxy = Arc::new(Proxy { upstream, callers, metrics: Arc::new(metrics), log, drain });
    if let Some(second) = second {
        tokio::spawn(admin::serve(second, Arc::clone(&proxy)));
    }
    Ok(Ready { proxy, tls, listeners, begin, tunnel })
}

async fn open_tunnel(settings: &Settings, port: u16, console: &Console) -> Result<(Tunnel, PathBuf)> {
    let seen = observe::seen(settings, NO_SCOPE, console).await?;
    let step = console.step(format!("connect to {} over SSH", seen.instance.id));
    let node = log_in(&seen.aws, settings, &seen.instance).await?;
    let opened = Tunnel::open(node, port).await?;
    step.done();
    Ok(opened)
}

/// It may have a token in it: nobody else can read the file.
fn hand_out(kubeconfig: &Value, file: Option<&Path>) -> Result<()> {
    let text = serde_saphyr::to_string(kubeconfig).map_err(|error| Failure::failed("the kubeconfig was not written").because(error))?;
    let Some(file) = file else {
        output::stdout(&text);
        return Ok(());
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        new.persist(file).map_err(|error| error.error)
    });
    written.map(drop).map_err(|error| Failure::failed(format!("the kubeconfig {} can't be written", file.display())).because(error))
}

/// The manifest with the proxy in it.
pub fn manifest(settings: &ManifestSettings) -> Result<String> {
    let name = settings.file.display().to_string();
    let read = if settings.file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(&settings.file)
    };
    let text = read.map_err(|error| Failure::usage(format!("{name} can't be read")).because(error).state("nothing was begun"))?;
    let sidecar = patch::Sidecar {
        image: settings.image.to_string(),
        port: settings.port,
        port_chosen: settings.port_chosen,
        metrics_port: settings.metrics_port,
        identity: settings.identity,
    };
    patch::patch(&name, &text, &sidecar)
}
