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
        if self.spec.get("networkID"):
            return self.spec["networkID"]
        found = self.ec2.describe_vpcs(Filters=owned(self.name))["Vpcs"]
        if found:
            return found[0]["VpcId"]
        made = self.ec2.create_vpc(
            CidrBlock=self.spec.get("networkCIDR", "172.20.0.0/16"),
            TagSpecifications=specification("vpc", tags_of(self.name, self.name)),
        )["Vpc"]["VpcId"]
        self.ec2.modify_vpc_attribute(VpcId=made, EnableDnsHostnames={"Value": True})
        return made

    def gateway(self, vpc):
        found = self.ec2.describe_internet_gateways(Filters=owned(self.name))["InternetGateways"]
        gateway = found[0] if found else self.ec2.create_internet_gateway(
            TagSpecifications=specification("internet-gateway", tags_of(self.name, self.name))
        )["InternetGateway"]
        if not gateway["Attachments"]:
            self.ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc)
        return gateway["InternetGatewayId"]

    def route_table(self, vpc, gateway):
        found = self.ec2.describe_route_tables(Filters=owned(self.name))["RouteTables"]
        table = found[0] if found else self.ec2.create_route_table(
            VpcId=vpc, TagSpecifications=specification("route-table", tags_of(self.name, self.name))
        )["RouteTable"]
        if not any(route.get("DestinationCidrBlock") == "0.0.0.0/0" for route in table["Routes"]):
            self.ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        return table

    def subnet(self, vpc, table):
        wanted = self.spec["subnets"][0]
        found = self.ec2.describe_subnets(Filters=owned(self.name))["Subnets"]
        tags = tags_of(self.name, f"{wanted['name']}.{self.name}", SubnetType="Public")
        subnet = found[0] if found else self.ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=wanted["cidr"],
            AvailabilityZone=wanted["zone"],
            TagSpecifications=specification("subnet", tags),
        )["Subnet"]
        id = subnet["SubnetId"]
        if not any(association.get("SubnetId") == id for association in table["Associations"]):
            self.ec2.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=id)
        if not subnet.get("MapPublicIpOnLaunch"):
            self.ec2.modify_subnet_attribute(SubnetId=id, MapPublicIpOnLaunch={"Value": True})
        return id

    def group(self, vpc):
        name = f"masters.{self.name}"
        wanted = [{"Name": "group-name", "Values": [name]}, {"Name": "vpc-id", "Values": [vpc]}]
        found = self.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
        group = found[0] if found else self.ec2.create_security_group(
            GroupName=name,
            Description="Security group for masters",
            VpcId=vpc,
            TagSpecifications=specification("security-group", tags_of(self.name, name)),
        )
        made, there = group["GroupId"], {rule["FromPort"] for rule in group.get("IpPermissions", []) if "FromPort" in rule}
        for port, sources in [(22, self.spec.get("sshAccess", [])), (443, self.spec.get("kubernetesApiAccess", []))]:
            ranges = [{"CidrIp": source} for source in sources]
            if ranges and port not in there:
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
