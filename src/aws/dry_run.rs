//! Whether this identity may do what a setup does (EC2). Asked with `DryRun`, which changes nothing: AWS answers
//! `DryRunOperation` to who may and `UnauthorizedOperation` to who may not.

use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::types::IpPermission;

use super::Aws;
use super::cause::{Cause, CauseKind};
use crate::names::DnsName;
use crate::plan::observed::Eni;

/// One action, and whether it is allowed; None when AWS' answer doesn't tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    pub action: &'static str,
    pub allowed: Option<bool>,
}

impl Aws {
    /// The actions of `bootstrap` on EC2, tried on this interface. Route 53 and Service Quotas have no dry run.
    pub async fn permissions(&self, eni: &Eni, cluster: &DnsName) -> Vec<Permission> {
        let ec2 = &self.ec2;
        let private_ip = eni.primary().map(|address| address.ip.to_string()).unwrap_or_default();
        let https = IpPermission::builder().ip_protocol("tcp").from_port(443).to_port(443).build();
        let group = eni.groups.first().map(|group| group.to_string()).unwrap_or_default();
        let (allocate, tag, associate, create, authorize, attach) = tokio::join!(
            ec2.allocate_address().dry_run(true).send(),
            ec2.create_tags().dry_run(true).resources(eni.id.as_str()).send(),
            ec2.associate_address().dry_run(true).network_interface_id(eni.id.as_str()).private_ip_address(private_ip).send(),
            ec2.create_security_group()
                .dry_run(true)
                .group_name(format!("k8sport.{cluster}"))
                .description("k8sport")
                .vpc_id(&eni.vpc_id)
                .send(),
            ec2.authorize_security_group_ingress().dry_run(true).group_id(group).ip_permissions(https).send(),
            ec2.modify_network_interface_attribute().dry_run(true).network_interface_id(eni.id.as_str()).send(),
        );
        [
            ("ec2:AllocateAddress", allowed(&allocate)),
            ("ec2:CreateTags", allowed(&tag)),
            ("ec2:AssociateAddress", allowed(&associate)),
            ("ec2:CreateSecurityGroup", allowed(&create)),
            ("ec2:AuthorizeSecurityGroupIngress", allowed(&authorize)),
            ("ec2:ModifyNetworkInterfaceAttribute", allowed(&attach)),
        ]
        .into_iter()
        .map(|(action, allowed)| Permission { action, allowed })
        .collect()
    }
}

fn allowed<T, E>(answer: &Result<T, SdkError<E, aws_smithy_runtime_api::client::orchestrator::HttpResponse>>) -> Option<bool>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let cause = Cause::of(answer.as_ref().err()?);
    match cause.kind {
        _ if cause.is("DryRunOperation") => Some(true),
        CauseKind::Denied => Some(false),
        _ => None,
    }
}
