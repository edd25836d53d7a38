//! The real binary against the lab: a real node, and an AWS that counts what is done to it. `tests/run` starts the lab
//! and runs these; by hand: `LAB_NAME=test tests/lab/lab up; LAB_NAME=test cargo test --test scenarios -- --test-threads=1`.

mod addons;
mod aws_faults;
mod bad_input;
mod cleanup;
mod commands;
mod configure_apps;
mod crash;
mod creation;
mod deploy_app;
mod diagnose;
mod downtime;
mod ecr;
mod edge_redirect;
mod ended;
mod faults;
mod figures;
mod iam;
mod interrupts;
mod kubernetes;
mod lifecycle;
mod locks;
mod node_faults;
mod other_nodes;
mod quota;
mod readme;
mod service;
mod soak;
mod support;
mod takeover;
mod teardown;
mod transcripts;
mod world;
