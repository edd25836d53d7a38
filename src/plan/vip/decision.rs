//! Whether HAProxy belongs on a control plane, and why: the rows of the decision matrix.

use serde::Serialize;

/// A row, with the nodes that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub scenario: Scenario,
    pub title: String,
    pub use_haproxy: bool,
    pub why: &'static str,
    pub nodes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    SingleControlPlane,
    VipOnNode,
    VipElsewhere,
    OwnPort,
}

/// A control plane as the matrix sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub has_vip: bool,
    /// HAProxy listens on another port than the API server.
    pub own_port: bool,
}

/// The rows that apply, in the matrix's order.
pub fn decide(rows: &[Row], planes: usize) -> Vec<Decision> {
    let scenario = |row: &Row| match row {
        Row { own_port: true, .. } => Scenario::OwnPort,
        _ if planes == 1 => Scenario::SingleControlPlane,
        Row { has_vip: true, .. } => Scenario::VipOnNode,
        Row { has_vip: false, .. } => Scenario::VipElsewhere,
    };
    [Scenario::SingleControlPlane, Scenario::VipOnNode, Scenario::VipElsewhere, Scenario::OwnPort]
        .into_iter()
        .filter_map(|wanted| {
            let nodes: Vec<_> = rows.iter().filter(|row| scenario(row) == wanted).map(|row| row.name.clone()).collect();
            (!nodes.is_empty()).then(|| wanted.decision(planes, nodes))
        })
        .collect()
}

impl Scenario {
    fn decision(self, planes: usize, nodes: Vec<String>) -> Decision {
        let (title, use_haproxy, why) = match self {
            Self::SingleControlPlane => ("1 control plane".to_owned(), false, "kube-apiserver handles the VIP directly"),
            Self::VipOnNode => {
                (format!("{planes} control planes, VIP on node"), false, "conflict with kube-apiserver, which listens on the VIP already")
            }
            Self::VipElsewhere => (
                format!("{planes} control planes, VIP NOT on node"),
                false,
                "the same conflict at the next failover, and until then the VIP can't be bound where it isn't",
            ),
            Self::OwnPort => {
                ("custom port for HAProxy".to_owned(), true, "avoids the conflict: HAProxy balances, and the API server keeps its port")
            }
        };
        Decision { scenario: self, title, use_haproxy, why, nodes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_of_the_matrix() {
        let row = |name: &str, has_vip, own_port| Row { name: name.to_owned(), has_vip, own_port };
        let scenarios = |rows: &[Row], planes| {
            decide(rows, planes).into_iter().map(|one| (one.scenario, one.use_haproxy, one.nodes.len())).collect::<Vec<_>>()
        };
        assert_eq!(scenarios(&[row("a", true, false)], 1), [(Scenario::SingleControlPlane, false, 1)]);
        let three = [row("a", true, false), row("b", false, false), row("c", false, false)];
        assert_eq!(scenarios(&three, 3), [(Scenario::VipOnNode, false, 1), (Scenario::VipElsewhere, false, 2)]);
        assert_eq!(scenarios(&[row("a", true, true), row("b", false, true)], 2), [(Scenario::OwnPort, true, 2)]);
        assert!(decide(&[], 3).is_empty());
    }
}
