//! Reads the node: one script over standard input, whose output becomes a [`NodeState`](crate::plan::node::NodeState).

mod cni;
mod listeners;
mod parse;
pub mod sections;

use std::net::Ipv4Addr;

use super::files::MacAddress;

pub use listeners::listeners;
pub use parse::{address, files, is_package, parse, units};

/// Also the functions that other scripts build on.
pub const SCRIPT: &str = include_str!("probe.sh");

/// The script for `sh -s`. Standard input stays the script itself, so nothing in it may read from there.
pub fn script(mac: &MacAddress, primary: Ipv4Addr) -> String {
    format!("{SCRIPT}\nprobe {mac} {primary} </dev/null\n")
}
