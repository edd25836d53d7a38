"""`delete cluster`: what carries the cluster's tag goes, what doesn't stays, and so does what hangs on it."""

import time

import boto3
from botocore.exceptions import ClientError

from . import dns, kubeconfig, lab, node, scaling
from .network import owned


def run(store, cluster, yes, wait):
    ec2 = boto3.client("ec2")
    if not yes:
        print("Must specify --yes to delete cluster")
        return
    end = time.monotonic() + wait
    scaling.remove_groups(cluster)
    for instance in node.running(ec2, cluster):
        ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
        lab.say(f"instance:{instance['InstanceId']}\tok")
    dns.remove(cluster)
    scaling.remove_rest(cluster)
    while left := remove(ec2, cluster):
        if time.monotonic() > end:
            lab.say("Not all resources deleted; waiting before reattempting deletion")
            for line in left:
                lab.say(f"\t{line}")
            raise lab.Error("wait time exceeded during resources deletion")
        time.sleep(1)
    kubeconfig.remove(cluster, kubeconfig.path())
    store.forget(cluster)
    print(f"\nDeleted cluster: {cluster!r}".replace("'", '"'))


def remove(ec2, cluster):
    """What could not be removed yet."""
    tagged = owned(cluster)
    left = []

    def attempt(what, call, *arguments, **named):
        try:
            call(*arguments, **named)
        except ClientError as error:
            left.append(f"{what}: {error.response['Error']['Code']}")

    for volume in ec2.describe_volumes(Filters=tagged)["Volumes"]:
        attempt(f"volume:{volume['VolumeId']}", ec2.delete_volume, VolumeId=volume["VolumeId"])
    for group in ec2.describe_security_groups(Filters=tagged)["SecurityGroups"]:
        attempt(f"security-group:{group['GroupId']}", ec2.delete_security_group, GroupId=group["GroupId"])
    for subnet in ec2.describe_subnets(Filters=tagged)["Subnets"]:
        attempt(f"subnet:{subnet['SubnetId']}", ec2.delete_subnet, SubnetId=subnet["SubnetId"])
    for vpc in ec2.describe_vpcs(Filters=tagged)["Vpcs"]:
        left.extend(vpc_and_gateway(ec2, vpc["VpcId"], tagged, attempt) or [])
    return left


def vpc_and_gateway(ec2, vpc, tagged, attempt):
    within = [{"Name": "vpc-id", "Values": [vpc]}]
    groups = [g for g in ec2.describe_security_groups(Filters=within)["SecurityGroups"] if g["GroupName"] != "default"]
    interfaces = ec2.describe_network_interfaces(Filters=within)["NetworkInterfaces"]
    subnets = ec2.describe_subnets(Filters=within)["Subnets"]
    if groups or interfaces or subnets:
        # moto would delete the VPC under them.
        return [f"vpc:{vpc}: DependencyViolation"]
    for table in ec2.describe_route_tables(Filters=tagged)["RouteTables"]:
        for association in table["Associations"]:
            if not association.get("Main"):
                attempt("route-table", ec2.disassociate_route_table, AssociationId=association["RouteTableAssociationId"])
        attempt(f"route-table:{table['RouteTableId']}", ec2.delete_route_table, RouteTableId=table["RouteTableId"])
    for gateway in ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])["InternetGateways"]:
        id = gateway["InternetGatewayId"]
        attempt(f"internet-gateway:{id}", ec2.detach_internet_gateway, InternetGatewayId=id, VpcId=vpc)
        attempt(f"internet-gateway:{id}", ec2.delete_internet_gateway, InternetGatewayId=id)
    attempt(f"vpc:{vpc}", ec2.delete_vpc, VpcId=vpc)
    return None
