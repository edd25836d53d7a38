"""What a sabotage needs of the account. The script of the row follows."""

import os
import time

import boto3

CLUSTER, ZONE = "c02.example.com", "Z02PUBLICEXAMPLECOM"
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
r53 = boto3.client("route53", region_name=os.environ["AWS_REGION"])


def is_ours(thing):
    return {"Key": "k8sport:cluster", "Value": CLUSTER} in thing.get("Tags", [])


addresses = ec2.describe_addresses()["Addresses"]
ours = next((a for a in addresses if is_ours(a)), None)
groups = {g["GroupName"]: g for g in ec2.describe_security_groups()["SecurityGroups"]}
group, masters = groups["k8sport." + CLUSTER]["GroupId"], groups["masters." + CLUSTER]["GroupId"]
eni = next(
    i for i in ec2.describe_network_interfaces()["NetworkInterfaces"] if masters in [g["GroupId"] for g in i["Groups"]]
)
instance, interface = eni["Attachment"]["InstanceId"], eni["NetworkInterfaceId"]
second = "172.20.63.254"


def untag(thing, key):
    ec2.delete_tags(Resources=[thing], Tags=[{"Key": key}])


def tag(thing, key, value):
    ec2.create_tags(Resources=[thing], Tags=[{"Key": key, "Value": value}])


def allocate(**tags):
    specification = [{"ResourceType": "elastic-ip", "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}]
    return ec2.allocate_address(Domain="vpc", **({"TagSpecifications": specification} if tags else {}))


def release(wanted):
    for address in addresses:
        if wanted(address):
            ec2.release_address(AllocationId=address["AllocationId"])


def has_tag(key):
    return lambda address: any(t["Key"] == key for t in address.get("Tags", []))


def associate():
    ec2.associate_address(AllocationId=ours["AllocationId"], NetworkInterfaceId=interface, PrivateIpAddress=second)


def rule(port, cidr="0.0.0.0/0"):
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}]


def allow(where, port, cidr="0.0.0.0/0"):
    ec2.authorize_security_group_ingress(GroupId=where, IpPermissions=rule(port, cidr))


def revoke(where, port, cidr="0.0.0.0/0"):
    ec2.revoke_security_group_ingress(GroupId=where, IpPermissions=rule(port, cidr))


def change(action, name, kind, values, ttl=60):
    record = {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": v} for v in values]}
    changes = [{"Action": action, "ResourceRecordSet": record}]
    r53.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch={"Changes": changes})
    # The lab's name servers have it after a second.
    time.sleep(1.2)


def put(name, kind, *values):
    change("UPSERT", name, kind, values)


def drop(name, kind, *values, ttl=60):
    change("DELETE", name, kind, values, ttl)


tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [eni["VpcId"]]}])["RouteTables"]
gateways = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [eni["VpcId"]]}])
gateway = gateways["InternetGateways"][0]["InternetGatewayId"]
