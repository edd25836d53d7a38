//! `vip`: control planes that share an address.

pub mod cleanup;
pub mod diagnose;
mod nodes;
mod perform;
pub mod setup;
