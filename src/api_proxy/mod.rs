//! `api-proxy`: the Kubernetes API on a port of this machine or pod, with TLS.
//!
//! Every connection of a client has its own to the API server, of the same protocol ([`link`]). So a client that doesn't
//! read holds up nobody else, the API server's limits are the client's own, and what one side ends, ends on the other.
//! Nothing is buffered, and nothing is added to a request unless another identity than the caller's was asked for.

mod access;
pub mod admin;
mod authority;
mod body;
mod dial;
mod forward;
mod headers;
mod identity;
mod kubeconfig;
mod link;
mod listen;
pub mod manifest;
mod metrics;
pub mod pod;
mod port_holder;
mod request_info;
mod serve;
mod status;
mod tunnel;
mod upgrade;
mod upstream;

use std::error::Error;

use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Bytes;

pub use access::AccessLog;
pub use authority::Authority;
pub use dial::Route;
pub use forward::Proxy;
pub use identity::{Callers, Identity};
pub use kubeconfig::kubeconfig;
pub use listen::{Listeners, listen};
pub use metrics::Metrics;
pub use serve::{Bounds, Drain, serve};
pub use tunnel::Tunnel;
pub use upstream::{Source, Upstream};

type BoxError = Box<dyn Error + Send + Sync>;
type Body = UnsyncBoxBody<Bytes, BoxError>;
