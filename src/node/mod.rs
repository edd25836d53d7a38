//! The node: what is put on it, how it is read and how it is changed over SSH.

pub mod files;
