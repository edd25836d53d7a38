//! What is left after a teardown.

use crate::plan::residue::Residue;

pub fn text(residue: &Residue) -> String {
    if residue.is_empty() {
        return "Nothing of the cluster is left\n".to_owned();
    }
    let width = |name: fn(&crate::plan::residue::Item) -> usize| residue.items.iter().map(name).max().unwrap_or_default();
    let (services, kinds, ids) =
        (width(|item| item.service.name().len()), width(|item| item.kind.len()), width(|item| item.id.chars().count()));
    let mut out = "Still there:\n".to_owned();
    for item in &residue.items {
        let cost = match item.monthly_cost_usd {
            None => "by its own price".to_owned(),
            Some(cost) if cost > 0.0 => format!("about ${cost:.2} a month"),
            Some(_) => String::new(),
        };
        let line = format!("  {:<services$}  {:<kinds$}  {:<ids$}  {cost}", item.service.name(), item.kind, item.id);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if residue.monthly_cost_usd > 0.0 {
        let unpriced =
            if residue.items.iter().any(|item| item.monthly_cost_usd.is_none()) { ", besides what has no price here" } else { "" };
        out.push_str(&format!("Costs about ${:.2} a month{unpriced}\n", residue.monthly_cost_usd));
    }
    out
}
