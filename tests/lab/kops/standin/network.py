"""What `update cluster` makes besides the instance: found by its tags, or made."""

from .lab import Error


def tags_of(cluster, name, **more):
    tags = {"Name": name, "KubernetesCluster": cluster, f"kubernetes.io/cluster/{cluster}": "owned"} | more
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def owned(cluster):
    return [{"Name": f"tag:kubernetes.io/cluster/{cluster}", "Values": ["owned"]}]


def specification(kind, tags):
    return [{"ResourceType": kind, "Tags": tags}]


class Network:
    def __init__(self, ec2, name, spec):
        self.ec2, self.name, self.spec = ec2, name, spec

    def make(self):
        vpc = self.vpc()
        gateway = self.gateway(vpc)
        table = self.route_table(vpc, gateway)
        subnet = self.subnet(vpc, table)
        return subnet, self.group(vpc)

    def vpc(self):
        networking = self.spec["networking"]
        if networking.get("networkID"):
            return networking["networkID"]
        found = self.ec2.describe_vpcs(Filters=owned(self.name))["Vpcs"]
        if found:
            return found[0]["VpcId"]
        made = self.ec2.create_vpc(
            CidrBlock=networking.get("networkCIDR", "172.20.0.0/16"),
            TagSpecifications=specification("vpc", tags_of(self.name, self.name)),
        )["Vpc"]["VpcId"]
        self.ec2.modify_vpc_attribute(VpcId=made, EnableDnsHostnames={"Value": True})
        return made

    def gateway(self, vpc):
        found = self.ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
        if found["InternetGateways"]:
            return found["InternetGateways"][0]["InternetGatewayId"]
        made = self.ec2.create_internet_gateway(
            TagSpecifications=specification("internet-gateway", tags_of(self.name, self.name))
        )["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc)
        return made

    def route_table(self, vpc, gateway):
        found = self.ec2.describe_route_tables(Filters=owned(self.name))["RouteTables"]
        if found:
            return found[0]["RouteTableId"]
        made = self.ec2.create_route_table(
            VpcId=vpc, TagSpecifications=specification("route-table", tags_of(self.name, self.name))
        )["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=made, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        return made

    def subnet(self, vpc, table):
        wanted = self.spec["networking"]["subnets"][0]
        found = self.ec2.describe_subnets(Filters=owned(self.name))["Subnets"]
        if found:
            return found[0]["SubnetId"]
        tags = tags_of(self.name, f"{wanted['name']}.{self.name}", SubnetType="Public")
        made = self.ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=wanted["cidr"],
            AvailabilityZone=wanted["zone"],
            TagSpecifications=specification("subnet", tags),
        )["Subnet"]["SubnetId"]
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=made)
        self.ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": True})
        return made

    def group(self, vpc):
        name = f"masters.{self.name}"
        wanted = [{"Name": "group-name", "Values": [name]}, {"Name": "vpc-id", "Values": [vpc]}]
        found = self.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
        if found:
            return found[0]["GroupId"]
        made = self.ec2.create_security_group(
            GroupName=name,
            Description="Security group for masters",
            VpcId=vpc,
            TagSpecifications=specification("security-group", tags_of(self.name, name)),
        )["GroupId"]
        for port, sources in [(22, self.spec.get("sshAccess", [])), (443, self.spec["api"].get("access", []))]:
            ranges = [{"CidrIp": source} for source in sources]
            if ranges:
                permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges}
                self.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[permission])
        return made

    def volumes(self, zone):
        found = self.ec2.describe_volumes(Filters=owned(self.name))["Volumes"]
        for name in ["main", "events"]:
            title = f"a.etcd-{name}.{self.name}"
            if any({"Key": "Name", "Value": title} in volume.get("Tags", []) for volume in found):
                continue
            tags = tags_of(self.name, title, **{f"k8s.io/etcd/{name}": "a/a", "k8s.io/role/master": "1"})
            self.ec2.create_volume(
                AvailabilityZone=zone, Size=20, VolumeType="gp3", TagSpecifications=specification("volume", tags)
            )

    def groups_of(self, group):
        """Ours, through `additionalSecurityGroups`; kOps finds out late when one doesn't exist."""
        wanted = group["spec"].get("additionalSecurityGroups", [])
        if wanted:
            found = {g["GroupId"] for g in self.ec2.describe_security_groups()["SecurityGroups"]}
            for missing in set(wanted) - found:
                raise Error(f"error running tasks: InvalidGroup.NotFound: The security group '{missing}' does not exist")
        return wanted
