//! What each command may have to do in the account: one table, beside the calls. The policy that `iam-policy` prints is
//! made from it, and a test holds it against the calls in this folder, so a call without a row doesn't get in.
//!
//! Which resources an action takes is from
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_ec2.html> and its neighbours for Route 53 and
//! Service Quotas. `sts:GetCallerIdentity` has no row: AWS allows it to everybody.

mod table;

use serde::Serialize;

pub use table::TABLE;

/// A command that calls AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AwsCommand {
    /// Also for `diagnose --fix`, and with create-cluster and deploy-app for quick-start
    Bootstrap,
    /// What bootstrap needs besides to make a cluster; what kOps itself needs is not in it
    CreateCluster,
    SetupSecondaryIp,
    /// Also for `toggle-https-redirect --at edge`
    SetupHaproxy,
    SetupService,
    UpdateDns,
    Quota,
    EcrPrune,
    DeployApp,
    Cleanup,
    Unlock,
    /// With --via-ssh; otherwise it asks AWS nothing
    ApiProxy,
    Diagnose,
    Status,
    Teardown,
}

/// A part of what commands do in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Finds the node and reads what is around it.
    Node,
    /// Logs in to the node.
    Login,
    /// Elastic IP and secondary private IP.
    Address,
    /// Remembers which way leads from the second address to the applications.
    DataPath,
    Firewall,
    Records,
    /// Writes the record of before into a tag of the Elastic IP, or without one of the security group.
    Remember,
    RememberOnGroup,
    Quota,
    Cleanup,
    /// Reads what there is to judge.
    Look,
    /// The state store, and where the node can be.
    Creation,
    /// Reads image repositories.
    Repositories,
    PruneImages,
    /// Asks for the digest of an image.
    PinImages,
    /// Ensures a repository and lets docker push to it.
    BuildImages,
    DeleteRepositories,
    /// Looks at what there is of a cluster.
    Residue,
    StateStore,
}

/// What a statement is about: resources and conditions. Spelled out in [`crate::plan::policy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// Actions that can't be limited to resources.
    Everything,
    NewElasticIp,
    NewSecurityGroup,
    /// The VPC in which a group is made.
    Vpc,
    TagsOfNewElasticIp,
    TagsOfNewSecurityGroup,
    /// Tags on an address that no cluster has: adopting it.
    TagsOfFreeElasticIp,
    TagsOfOurElasticIp,
    TagsOfOurSecurityGroup,
    OurElasticIp,
    OurSecurityGroup,
    /// Interfaces get other ids and have no tags of the cluster, so these can't be narrowed.
    Interfaces,
    /// The groups of an interface are given as a whole, so those that aren't ours are in the call, too.
    Groups,
    OurNode,
    OurZone,
    AllZones,
    OurRecords,
    /// Ours and what was there before them.
    OurRecordsAndBack,
    DnsChange,
    ElasticIpQuota,
    /// The bucket of the state store.
    StateStore,
    /// Repositories carry no tag of ours.
    Repositories,
    /// Where kOps keeps clusters; its name isn't known here.
    Buckets,
    /// The cluster's own objects.
    State,
    /// Roles and instance profiles with names as kOps gives them.
    Roles,
    InstanceProfiles,
}

/// What happens without the action. The stronger need is the smaller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The command fails.
    Always,
    /// The command calls it in this case only, and fails without it then.
    Sometimes(&'static str),
    /// The command does its work without; the text says how.
    Tolerated(&'static str),
}

/// One row: an action, for what, on what.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    pub action: &'static str,
    pub part: Part,
    pub on: &'static [On],
    pub need: Need,
}

impl Need {
    /// For a table.
    pub fn sentence(self) -> String {
        match self {
            Self::Always => "always".to_owned(),
            Self::Tolerated(without) => format!("optional: without it, {without}"),
            Self::Sometimes(when) => when.to_owned(),
        }
    }
}

impl AwsCommand {
    /// `secondary_ip` is false for the way without a second address.
    fn parts(self, secondary_ip: bool) -> &'static [Part] {
        use Part::{
            Address, BuildImages, Cleanup, Creation, DataPath, DeleteRepositories, Firewall, Login, Look, Node, PinImages, PruneImages,
            Quota, Records, Remember, RememberOnGroup, Repositories, Residue, StateStore,
        };
        match (self, secondary_ip) {
            (Self::Bootstrap, true) => &[Node, Login, Address, Firewall, Records, Remember],
            (Self::Bootstrap, false) => &[Node, Login, Firewall, Records, RememberOnGroup],
            (Self::CreateCluster, _) => &[Creation],
            (Self::SetupSecondaryIp, _) => &[Node, Login, Address, Firewall],
            (Self::SetupHaproxy, true) | (Self::SetupService, _) => &[Node, Login, DataPath],
            (Self::Unlock | Self::ApiProxy, _) => &[Node, Login],
            (Self::SetupHaproxy, false) => &[Node, Login, Firewall],
            (Self::UpdateDns, true) => &[Node, Records, Remember],
            (Self::UpdateDns, false) => &[Node, Records, RememberOnGroup],
            (Self::Quota, _) => &[Quota],
            (Self::EcrPrune, _) => &[Repositories, PruneImages],
            (Self::DeployApp, _) => &[PinImages, BuildImages],
            // What there may be to log in to is configured on the way in.
            (Self::Cleanup, _) => &[Cleanup, Login],
            (Self::Diagnose | Self::Status, _) => &[Look, Login],
            // What kOps itself needs comes on top.
            (Self::Teardown, _) => &[Cleanup, Repositories, DeleteRepositories, Residue, StateStore],
        }
    }

    /// Whether the command works on one cluster, and not on the account as a whole.
    pub fn has_cluster(self) -> bool {
        !matches!(self, Self::Quota | Self::EcrPrune | Self::DeployApp)
    }

    pub fn has_zone(self) -> bool {
        matches!(self, Self::Bootstrap | Self::UpdateDns | Self::Cleanup | Self::Teardown | Self::Diagnose | Self::Status)
    }

    /// The rows of the table for this command.
    pub fn permissions(self, secondary_ip: bool) -> impl Iterator<Item = &'static Permission> {
        let parts = self.parts(secondary_ip);
        TABLE.iter().filter(move |row| parts.contains(&row.part))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The actions in `Call::read("…"` and `Call::write("…"` of this folder.
    fn called(folder: &Path, into: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                called(&entry, into);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&entry).expect("a source file");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let calls = code.split("Call::read(").skip(1).chain(code.split("Call::write(").skip(1));
                into.extend(calls.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_call_has_a_row() {
        let mut calls = BTreeSet::new();
        called(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/aws"), &mut calls);
        calls.remove("sts:GetCallerIdentity");
        calls.extend(table::OF_OTHERS.map(str::to_owned));
        let rows: BTreeSet<String> = TABLE.iter().map(|row| row.action.to_owned()).collect();
        assert!(calls.len() > 20, "{calls:?}");
        assert_eq!(calls.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(rows.difference(&calls).collect::<Vec<_>>(), Vec::<&String>::new(), "rows for calls that nobody makes");
    }

    #[test]
    fn no_row_is_there_twice() {
        for (index, row) in TABLE.iter().enumerate() {
            assert!(!TABLE[..index].iter().any(|other| (other.part, other.action) == (row.part, row.action)), "{row:?}");
        }
    }
}
