//! The planner by table and by property.
