mod aws;
mod failure;
mod names;
mod node;
mod plan;
mod verify;

fn main() {}
