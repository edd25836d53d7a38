//! The planner by table and by property.

mod any;
mod model;
mod properties;
mod removal;
mod table;
