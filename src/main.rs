mod aws;
mod failure;
mod names;
mod plan;

fn main() {}
