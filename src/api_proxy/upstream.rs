//! Which API server, whom it is trusted by, and as whom it is asked; read anew when its files change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, HeaderMap};
use hyper::http::uri::{Authority, Scheme};
use hyper::{Request, Response, StatusCode};
use kube::Config;
use kube::client::ConfigExt as _;
use kube::client::middleware::AuthLayer;
use kube::config::AuthInfo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::sync::Mutex;
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::dial::{Problem, Protocol, Route, Sender, dial, offering};
use super::{BoxError, Identity};
use crate::cluster::{Configuration, KubernetesOptions, configuration};
use crate::failure::{Failure, Result};

/// Where an [`Upstream`] comes from.
#[derive(Debug, Clone)]
pub enum Source {
    Kubeconfig(KubernetesOptions),
    /// A pod's environment, and the folder of its service account.
    Pod {
        host: String,
        port: u16,
        folder: PathBuf,
    },
}

/// The API server as its source describes it now.
pub struct Target {
    pub host: String,
    pub port: u16,
    /// As it stands in requests.
    pub authority: Authority,
    pub server_name: ServerName<'static>,
    /// The context of the kubeconfig.
    pub context: String,
    /// Of that context.
    pub namespace: String,
    http1: Arc<ClientConfig>,
    http2: Arc<ClientConfig>,
    credentials: Option<AuthLayer>,
}

pub struct Upstream {
    source: Source,
    identity: Identity,
    route: Route,
    current: Mutex<(Vec<Stamp>, Arc<Target>)>,
}

const SETTLED: Duration = Duration::from_secs(1);

/// A file, when it was written, how long it is.
type Stamp = (PathBuf, Option<(SystemTime, u64)>);

impl Upstream {
    /// # Errors
    /// The kubeconfig or the pod's files can't be used.
    pub async fn open(source: Source, identity: Identity, route: Route) -> Result<Self> {
        let (stamps, target) = source.read(identity).await?;
        Ok(Self { source, identity, route, current: Mutex::new((stamps, Arc::new(target))) })
    }

    pub async fn dial(&self, wanted: Protocol) -> Result<Sender, Problem> {
        dial(&self.route, &*self.target().await, wanted).await
    }

    /// As its files describe it now; as they did before where they can't be read any more.
    pub async fn target(&self) -> Arc<Target> {
        let mut current = self.current.lock().await;
        if current.0.iter().any(|(path, before)| stamp(path) != *before) {
            match self.source.read(self.identity).await {
                Ok((stamps, target)) => {
                    tracing::info!("the way to the API server was read anew");
                    *current = (stamps, Arc::new(target));
                }
                Err(error) => {
                    tracing::warn!("the files of the API server have changed and can't be used; what they said before is used on: {error}")
                }
            }
        }
        Arc::clone(&current.1)
    }

    /// Puts our credentials in place of the caller's, unless the request goes as its caller.
    pub async fn authorize(&self, target: &Target, headers: &mut HeaderMap) -> Result<(), Problem> {
        if self.identity == Identity::Caller {
            return Ok(());
        }
        headers.remove(AUTHORIZATION);
        let Some(layer) = &target.credentials else { return Ok(()) };
        // A server that shows the head of what it gets.
        let headers_of = service_fn(|request: Request<Empty<Bytes>>| {
            let mut response = Response::new(());
            *response.headers_mut() = request.into_parts().0.headers;
            std::future::ready(Ok::<_, BoxError>(response))
        });
        let service = layer.layer(headers_of);
        // Boxed, since the compiler loses the way in the layers' types.
        let authorized: BoxFuture<'static, Result<_, BoxError>> = Box::pin(service.oneshot(Request::new(Empty::new())));
        let authorized = authorized.await.map_err(|error| {
            Problem::new("credentials", StatusCode::BAD_GATEWAY, format!("the credentials for the API server can't be had: {error}"))
        })?;
        if let Some(value) = authorized.headers().get(AUTHORIZATION) {
            headers.insert(AUTHORIZATION, value.clone());
        }
        Ok(())
    }
}

impl Source {
    /// With the files that it was read from. One that was written just now may have been read before: it counts as not seen.
    async fn read(&self, identity: Identity) -> Result<(Vec<Stamp>, Target)> {
        let Configuration { mut config, context, files } = match self {
            Self::Kubeconfig(options) => configuration(options).await?,
            Self::Pod { host, port, folder } => in_pod(host, *port, folder)?,
        };
        let settled = SystemTime::now().checked_sub(SETTLED);
        let seen = |path: &PathBuf| stamp(path).filter(|(written, _)| settled.is_some_and(|settled| *written < settled));
        let stamps = files.into_iter().map(|path| (path.clone(), seen(&path))).collect();
        if identity == Identity::Caller {
            config.auth_info = AuthInfo::default();
        }
        // An exec plugin is waited for in this call.
        let made = tokio::task::spawn_blocking(move || Target::new(&config, context));
        let target = made.await.map_err(|error| Failure::failed("the way to the API server was not made").because(error))?;
        Ok((stamps, target?))
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn in_pod(host: &str, port: u16, folder: &Path) -> Result<Configuration> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let url = format!("https://{host}:{port}")
        .parse()
        .map_err(|error| Failure::usage("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT don't name an API server").because(error))?;
    let file = |name: &str| folder.join(name);
    let mut config = Config::new(url);
    if !file("ca.crt").is_file() {
        return Err(Failure::usage(format!("there is no {}", file("ca.crt").display()))
            .state("nothing was begun")
            .next("give the container the service account's volume, or name its folder with `--service-account-dir`"));
    }
    config.root_cert_file = Some(file("ca.crt"));
    config.auth_info.token_file = Some(file("token").display().to_string());
    Ok(Configuration { config, context: "current".to_owned(), files: vec![file("ca.crt")] })
}

impl Target {
    fn new(config: &Config, context: String) -> Result<Self> {
        let url = &config.cluster_url;
        let unusable = |why: &str| Failure::usage(format!("the API server {url} can't be used")).because(why).state("nothing was begun");
        if url.scheme() != Some(&Scheme::HTTPS) {
            return Err(unusable("its address doesn't begin with https"));
        }
        if url.path() != "/" {
            return Err(unusable("its address has a path"));
        }
        if config.proxy_url.is_some() {
            return Err(unusable("it is behind a proxy (`proxy-url`, HTTPS_PROXY)"));
        }
        let authority = url.authority().cloned().ok_or_else(|| unusable("its address has no host"))?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let name = config.tls_server_name.clone().unwrap_or_else(|| host.clone());
        let server_name = ServerName::try_from(name).map_err(|error| unusable(&error.to_string()))?;
        // Two providers are linked in, so rustls can't choose by itself.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let tls = config.rustls_client_config().map_err(|error| unusable(&error.to_string()))?;
        let credentials = config.auth_layer().map_err(|error| unusable(&error.to_string()))?;
        Ok(Self {
            port: authority.port_u16().unwrap_or(443),
            host,
            authority,
            server_name,
            context,
            namespace: config.default_namespace.clone(),
            http1: offering(&tls, &["http/1.1"]),
            http2: offering(&tls, &["h2", "http/1.1"]),
            credentials,
        })
    }

    pub fn tls(&self, wanted: Protocol) -> Arc<ClientConfig> {
        Arc::clone(match wanted {
            Protocol::Http1 => &self.http1,
            Protocol::Http2 => &self.http2,
        })
    }
}
