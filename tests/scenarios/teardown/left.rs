//! What is left is told.

use super::{prepared, teardown};

/// Python: what may be left of a cluster, in a VPC that it shares; and the same of another cluster.
const LEFT: &str = "
elb, scaling, iam = boto3.client('elbv2'), boto3.client('autoscaling'), boto3.client('iam')
subnet = ec2.describe_subnets(Filters=[{'Name': 'cidr-block', 'Values': ['10.50.*']}])['Subnets'][0]
for cluster, size in (('c02.example.com', 50), ('xc02.example.com', 60)):
    tags = [{'Key': f'kubernetes.io/cluster/{cluster}', 'Value': 'owned'}]
    name = f'nodes.{cluster}'
    ec2.create_volume(Size=size, AvailabilityZone='eu-central-1a', TagSpecifications=[{'ResourceType': 'volume', 'Tags': tags}])
    elb.create_load_balancer(Name=f'shop-{size}', Subnets=[subnet['SubnetId']], Type='network', Tags=tags)
    ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData={'InstanceType': 't3.small', 'ImageId': 'ami-0k8sport'}, TagSpecifications=[{'ResourceType': 'launch-template', 'Tags': tags}])
    scaling.create_auto_scaling_group(AutoScalingGroupName=name, LaunchTemplate={'LaunchTemplateName': name}, MinSize=0, MaxSize=1, VPCZoneIdentifier=subnet['SubnetId'], Tags=[tag | {'PropagateAtLaunch': False} for tag in tags])
    iam.create_role(RoleName=name, AssumeRolePolicyDocument='{}', Tags=tags)
    iam.create_instance_profile(InstanceProfileName=name, Tags=tags)
shared = [{'Key': 'kubernetes.io/cluster/c02.example.com', 'Value': 'shared'}]
ec2.create_volume(Size=60, AvailabilityZone='eu-central-1a', TagSpecifications=[{'ResourceType': 'volume', 'Tags': shared}])
iam.create_role(RoleName='ci.c02.example.com', AssumeRolePolicyDocument='{}')
";

#[test]
fn what_is_left_is_listed_with_its_price_and_is_no_success() {
    let lab = prepared();
    teardown(&lab, &[]).expect(0);
    lab.meanwhile(LEFT);
    let left = teardown(&lab, &["--output", "json"]).expect(1).json();
    let items = left["residue"]["items"].as_array().expect("items");
    let kinds: Vec<_> = items.iter().map(|item| item["kind"].as_str().unwrap_or_default()).collect();
    assert_eq!(kinds, ["launch template", "volume", "Auto Scaling group", "load balancer", "instance profile", "role"], "{left}");
    let named = |kind: &str| items.iter().find(|item| item["kind"] == kind).map(|item| item["id"].as_str().unwrap_or_default());
    assert_eq!((named("role"), named("Auto Scaling group")), (Some("nodes.c02.example.com"), Some("nodes.c02.example.com")));
    assert!(named("load balancer").is_some_and(|id| id.contains("/shop-50/")), "{left}");
    let text = teardown(&lab, &[]).expect(1);
    assert!(text.stdout.contains("about $4.00 a month") && text.stderr.contains("6 things of c02.example.com still there"), "{text:?}");
}
