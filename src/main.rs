mod failure;
mod names;
mod node;
mod plan;

fn main() {}
