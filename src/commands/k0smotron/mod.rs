//! `k0smotron`: workers of control planes that k0smotron hosts behind an ingress.

mod apply;
mod clusters;
mod diagnose;
mod prepare_workers;
mod reach;
mod workers;

pub use diagnose::run as diagnose;
pub use prepare_workers::run as prepare_workers;
