//! Whatever AWS answers: an error or a plan, never a panic and never a request without end.

use std::time::Duration;

use proptest::prelude::*;

use super::exchange::{Reply, serve};
use super::{Aws, call::Call};
use crate::failure::{Failure, Result};
use crate::hostile::{any_edits, edited};
use crate::names::DnsName;
use crate::plan::dns::{choose_zone, looked_at};
use crate::plan::observed::{AwsState, Instance};
use crate::plan::tests::context;
use crate::plan::whole::{self, Scope, Wanted, World};

/// An action and the body of its answer a line: the account of a cluster that has its second address.
const RECORDED: &str = include_str!("recorded/answers.txt");

/// Elements and their texts a line each.
fn lines(body: &str) -> String {
    body.replace('<', "\n<").replace('>', ">\n")
}

fn answers() -> Vec<(&'static str, &'static str)> {
    RECORDED.lines().filter_map(|line| line.split_once(' ')).collect()
}

/// All that `bootstrap` reads.
async fn world(aws: &Aws, cluster: &DnsName) -> Result<World> {
    let nothing = || Call::read("ec2:DescribeInstances", "the node").malformed("no node");
    let instance = aws.control_plane(cluster, None).await?.pop().ok_or_else(nothing)?;
    let zone = choose_zone(&aws.hosted_zones().await?, &context())?;
    let names = looked_at(&zone, &context());
    let dns = aws.records_for(zone, &names).await?;
    aws.public_route(&instance.eni.subnet_id, &instance.eni.vpc_id).await?;
    let (subnet, eni) = aws.subnet(&instance.eni).await?;
    let instance = Instance { eni, ..instance };
    let aws = AwsState {
        account: aws.account().await?,
        subnet,
        elastic_ips: aws.elastic_ips().await?,
        quota: aws.elastic_ip_quota().await,
        addresses_per_interface: aws.addresses_per_interface(&instance.instance_type).await,
        security_groups: aws.security_groups(&instance.eni, cluster).await?,
        instance,
    };
    Ok(World { aws, node: None, dns: Some(dns), cluster: None })
}

/// Reads and plans with this body for one of the actions and the recorded ones for the others.
fn planned(changed: &str, body: String) -> Result<whole::Planned> {
    let changed = changed.to_owned();
    let reply = move |action: &str, _: usize| {
        let name = match action {
            "/2013-04-01/hostedzone" => "ListHostedZones",
            path if path.starts_with("/2013-04-01/hostedzone/") => "ListResourceRecordSets",
            other => other,
        };
        let recorded = answers().into_iter().find(|(action, _)| *action == name).map(|(_, body)| body.to_owned());
        Reply::Answer(200, if name == changed { body.clone() } else { recorded.unwrap_or_default() })
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let world = runtime.block_on(async {
        let (aws, _) = serve(reply).await;
        let read = tokio::time::timeout(Duration::from_secs(60), world(&aws, &context().cluster)).await;
        read.expect("an end")
    })?;
    let scope = Scope { secondary_ip: true, haproxy: true, dns: true };
    whole::plan(
        &world,
        &Wanted {
            context: context(),
            scope,
            secondary_ip: true,
            route_api: false,
            private_sources: Vec::new(),
            data_path: Default::default(),
        },
    )
}

#[test]
fn as_it_was_recorded_there_is_nothing_to_do() {
    let planned = planned("", String::new()).map_err(|Failure { what, cause, .. }| (what, cause)).expect("a plan");
    assert_eq!(planned.plan.changes, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn an_answer_of_any_kind_is_an_error_or_a_plan(which in 0..answers().len(), edits in any_edits()) {
        let (action, body) = answers()[which];
        let _ = planned(action, edited(&lines(body), &edits).replace('\n', ""));
    }
}
