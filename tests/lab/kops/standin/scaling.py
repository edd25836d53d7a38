"""What starts instances and what they may do: roles with their profiles, a launch template and an Auto Scaling group an
instance group. All found by their names, or made."""

import json

import boto3
from botocore.exceptions import ClientError

from .network import owned, specification, tags_of

ROLES = ["masters", "nodes"]
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
RIGHTS = {"Effect": "Allow", "Action": ["ec2:DescribeInstances"], "Resource": "*"}


def group_name(cluster, group):
    infix = "" if group["spec"]["role"] == "Node" else "masters."
    return f"{group['metadata']['name']}.{infix}{cluster}"


def roles(cluster):
    iam = boto3.client("iam")
    trust, rights = (json.dumps({"Version": "2012-10-17", "Statement": [statement]}) for statement in (TRUST, RIGHTS))
    for name in [f"{role}.{cluster}" for role in ROLES]:
        tags = tags_of(cluster, name)
        if not there(iam.get_role, RoleName=name):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=tags)
        if not there(iam.get_role_policy, RoleName=name, PolicyName=name):
            iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=rights)
        if not there(iam.get_instance_profile, InstanceProfileName=name):
            iam.create_instance_profile(InstanceProfileName=name, Tags=tags)
        if not iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)


def there(get, **names):
    try:
        return get(**names)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return None


def groups(cluster, wanted, subnet):
    """They start nothing by themselves here: the node is the lab's one node (`node.desire`)."""
    ec2, scaling = boto3.client("ec2"), boto3.client("autoscaling")
    for group in wanted:
        name = group_name(cluster, group)
        tags = tags_of(cluster, name)
        if not templates(ec2, cluster, name):
            data = {"ImageId": "ami-0k8sport", "InstanceType": group["spec"]["machineType"]}
            ec2.create_launch_template(
                LaunchTemplateName=name, LaunchTemplateData=data, TagSpecifications=specification("launch-template", tags)
            )
        if not scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]:
            scaling.create_auto_scaling_group(
                AutoScalingGroupName=name, LaunchTemplate={"LaunchTemplateName": name, "Version": "$Latest"},
                MinSize=0, MaxSize=1, VPCZoneIdentifier=subnet,
                Tags=[tag | {"ResourceId": name, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False} for tag in tags],
            )


def templates(ec2, cluster, name=None):
    found = ec2.describe_launch_templates(Filters=owned(cluster))["LaunchTemplates"]
    return [template["LaunchTemplateName"] for template in found if name in (None, template["LaunchTemplateName"])]


def remove_groups(cluster):
    scaling = boto3.client("autoscaling")
    for group in scaling.describe_auto_scaling_groups(Filters=owned(cluster))["AutoScalingGroups"]:
        scaling.delete_auto_scaling_group(AutoScalingGroupName=group["AutoScalingGroupName"], ForceDelete=True)


def remove_rest(cluster):
    ec2, iam = boto3.client("ec2"), boto3.client("iam")
    for name in templates(ec2, cluster):
        ec2.delete_launch_template(LaunchTemplateName=name)
    for name in [f"{role}.{cluster}" for role in ROLES]:
        profile = there(iam.get_instance_profile, InstanceProfileName=name)
        steps = [
            # moto breaks when there is none.
            *([(iam.remove_role_from_instance_profile, {"InstanceProfileName": name, "RoleName": name})]
              if profile and profile["InstanceProfile"]["Roles"] else []),
            (iam.delete_instance_profile, {"InstanceProfileName": name}),
            (iam.delete_role_policy, {"RoleName": name, "PolicyName": name}),
            (iam.delete_role, {"RoleName": name}),
        ]
        for call, arguments in steps:
            try:
                call(**arguments)
            except ClientError as error:
                if error.response["Error"]["Code"] not in ("NoSuchEntity", "ValidationError"):
                    raise
