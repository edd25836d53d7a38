mod aws;
mod failure;
mod names;
mod plan;
mod verify;

fn main() {}
