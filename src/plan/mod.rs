//! The pure core: what was observed and what is wanted become a [`Plan`]. Nothing here reads or writes the world.

pub mod change;
pub mod network;
pub mod node;
pub mod observed;
pub mod ownership;
