//! Control planes that share an address, in their own lab: real nodes, real VRRP.

mod balance;
mod before;
mod cleanup;
mod conflict;
mod failover;
mod input;
mod kubernetes;
mod lab;
mod others;
mod packages;
mod setup;
mod taking;
