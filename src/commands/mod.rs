//! A file a subcommand. All of them do the same six things in the same order (see [`flow`]): observe, plan, show,
//! confirm, apply, verify. `diagnose` and `status` only look ([`look`]).

mod apply;
mod flow;
mod look;
mod observe;
mod proof;
mod reach;
mod remains;

pub mod api_proxy;
pub mod bootstrap;
pub mod cleanup;
pub mod configure_apps;
pub mod deploy_app;
pub mod diagnose;
pub mod ecr_prune;
pub mod iam_policy;
pub mod k0smotron;
mod own_cluster;
pub mod quick_start;
pub mod quota;
pub mod setup_haproxy;
pub mod setup_secondary_ip;
pub mod setup_service;
pub mod status;
pub mod teardown;
pub mod toggle_https_redirect;
pub mod unlock;
pub mod update_dns;
pub mod vip;
