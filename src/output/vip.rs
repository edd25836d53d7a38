//! What the diagnosis of a VIP has beside its findings.

use super::text::Paint;
use crate::checks::Conclusion;
use crate::checks::vip::{Place, PlaneSeen};

/// The head: the VIP, and a line a control plane.
pub fn place(place: &Place) -> String {
    let mut out = format!("VIP     {}\n", place.vip);
    for (index, node) in place.nodes.iter().enumerate() {
        out.push_str(&format!("{} {:<16}{}\n", if index == 0 { "nodes  " } else { "       " }, node.address, plane(node)));
    }
    out + "\n"
}

fn plane(node: &PlaneSeen) -> String {
    if !node.reached {
        return "not reached".to_owned();
    }
    let role = node.role.map(|role| role.to_string());
    let priority = node.priority.map(|priority| format!("priority {priority}"));
    let holds = node.holds_vip.then(|| "holds the VIP".to_owned());
    [node.hostname.clone(), role, priority, holds].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Why it is so, and the rows of the matrix that apply.
pub fn conclusion(all: &Conclusion, paint: Paint) -> String {
    let mut out = String::new();
    for sentence in &all.explanation {
        out.push_str(&paint.hang("", sentence));
    }
    for row in &all.decision {
        let use_haproxy = if row.use_haproxy { "yes" } else { "no" };
        out.push_str(&paint.hang("decision: ", &format!("{} ({}): HAProxy {use_haproxy}, {}", row.title, row.nodes.join(", "), row.why)));
    }
    out + "\n"
}
