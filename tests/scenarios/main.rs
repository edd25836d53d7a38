//! The real binary against the lab: a real node, and an AWS that counts what is done to it. `tests/run` starts the lab
//! and runs these; by hand: `LAB_NAME=test tests/lab/lab up; LAB_NAME=test cargo test --test scenarios -- --test-threads=1`.

mod bad_input;
mod cleanup;
mod commands;
mod diagnose;
mod faults;
mod figures;
mod iam;
mod kubernetes;
mod lifecycle;
mod other_nodes;
mod quota;
mod readme;
mod support;
mod takeover;
mod transcripts;
