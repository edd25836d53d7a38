//! `diagnose` and `status`: a table of broken states, a file a category, and what is shown.

mod account;
mod asking;
mod behind;
mod dns;
mod node;
mod table;
mod unreadable;
mod whole;
