"""Security groups, filters, the console, what a terminated instance leaves."""

import subprocess

from .bench import code_of

WORLD = [{"CidrIp": "0.0.0.0/0"}]


def _rule(port):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": WORLD}


def _group(bench, name="k8sport.c02.example.com"):
    return bench.ec2.create_security_group(GroupName=name, Description="x", VpcId=bench.node()["VpcId"])["GroupId"]


def groups_come_and_go_on_an_interface(bench):
    ours, eni = _group(bench), bench.eni()
    masters = [g["GroupId"] for g in bench.node()["SecurityGroups"]]
    bench.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[*masters, ours])
    assert {g["GroupId"] for g in bench.node()["SecurityGroups"]} == {*masters, ours}
    assert {g["GroupId"] for g in bench.node()["NetworkInterfaces"][0]["Groups"]} == {*masters, ours}
    assert code_of(bench.ec2.delete_security_group, GroupId=ours) == "DependencyViolation"
    bench.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=masters)
    assert [g["GroupId"] for g in bench.node()["SecurityGroups"]] == masters
    bench.ec2.delete_security_group(GroupId=ours)
    unknown = dict(NetworkInterfaceId=eni, Groups=["sg-00000000000000000"])
    assert code_of(bench.ec2.modify_network_interface_attribute, **unknown) == "InvalidGroup.NotFound"


def duplicate_rules_add_nothing(bench):
    ours = _group(bench)
    bench.ec2.authorize_security_group_ingress(GroupId=ours, IpPermissions=[_rule(443)])
    given = dict(GroupId=ours, IpPermissions=[_rule(80), _rule(443)])
    assert code_of(bench.ec2.authorize_security_group_ingress, **given) == "InvalidPermission.Duplicate"
    found = bench.ec2.describe_security_groups(GroupIds=[ours])["SecurityGroups"][0]["IpPermissions"]
    assert [p["FromPort"] for p in found] == [443]
    again = dict(GroupName="k8sport.c02.example.com", Description="x", VpcId=bench.node()["VpcId"])
    assert code_of(bench.ec2.create_security_group, **again) == "InvalidGroup.Duplicate"


def instances_are_found_by_public_address(bench):
    def ids(name, value):
        found = bench.ec2.describe_instances(Filters=[{"Name": name, "Values": [value]}])["Reservations"]
        return [i["InstanceId"] for r in found for i in r["Instances"]]

    node = bench.node()["InstanceId"]
    assert ids("network-interface.association.public-ip", "198.18.77.10") == [node]
    assert ids("network-interface.addresses.association.public-ip", "198.18.77.10") == [node]
    assert ids("network-interface.addresses.private-ip-address", "172.20.32.10") == [node]
    assert ids("ip-address", "198.18.77.10") == [node]
    assert ids("ip-address", "198.18.77.99") == []
    unknown = [{"Name": "no-such-filter", "Values": ["x"]}]
    assert code_of(bench.ec2.describe_instances, Filters=unknown) == "InvalidParameterValue"


def interfaces_are_found_by_secondary_address(bench):
    eni = bench.eni()
    bench.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=["172.20.32.77"])
    for name, value in [
        ("addresses.private-ip-address", "172.20.32.77"),
        ("addresses.association.public-ip", "198.18.77.10"),
        ("attachment.instance-id", bench.node()["InstanceId"]),
    ]:
        found = bench.ec2.describe_network_interfaces(Filters=[{"Name": name, "Values": ["x", value]}])
        assert [i["NetworkInterfaceId"] for i in found["NetworkInterfaces"]] == [eni], name


def instances_live_in_one_region(bench):
    elsewhere = bench.client("ec2", region="us-east-1")
    assert elsewhere.describe_instances()["Reservations"] == []
    assert elsewhere.describe_addresses()["Addresses"] == []


def termination_frees_the_elastic_ip(bench):
    node, eni = bench.node(), bench.eni()
    eip = bench.ec2.allocate_address(Domain="vpc")
    bench.ec2.associate_address(AllocationId=eip["AllocationId"], NetworkInterfaceId=eni)
    bench.ec2.terminate_instances(InstanceIds=[node["InstanceId"]])
    left = bench.ec2.describe_addresses(AllocationIds=[eip["AllocationId"]])["Addresses"][0]
    assert "AssociationId" not in left
    gone = bench.node()
    assert gone["State"]["Name"] == "terminated" and gone.get("NetworkInterfaces", []) == []
    assert "PublicIpAddress" not in gone and "PrivateIpAddress" not in gone


def stop_and_start_changes_the_auto_assigned_address(bench):
    node = bench.node()["InstanceId"]
    bench.ec2.stop_instances(InstanceIds=[node])
    assert "PublicIpAddress" not in bench.node()
    bench.ec2.start_instances(InstanceIds=[node])
    assert bench.node()["PublicIpAddress"] not in ("", "198.18.77.10")


def the_console_shows_the_host_keys(bench):
    node = bench.node()["InstanceId"]
    assert "Output" not in bench.ec2.get_console_output(InstanceId=node)
    keys = bench.base / "node" / "ssh_host_keys.pub"
    keys.parent.mkdir(exist_ok=True)
    private = keys.parent / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", private], check=True)
    public = private.with_suffix(".pub").read_text().strip()
    keys.write_text(public + "\n")
    text = bench.ec2.get_console_output(InstanceId=node)["Output"]
    block = text.split("-----BEGIN SSH HOST KEY KEYS-----")[1].split("-----END SSH HOST KEY KEYS-----")[0]
    assert block.strip() == public
    printed = subprocess.run(["ssh-keygen", "-lf", keys], check=True, capture_output=True, text=True).stdout.strip()
    assert printed in text, (printed, text)
    other = bench.ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["other-team-nat"]}])
    other = other["Reservations"][0]["Instances"][0]["InstanceId"]
    assert "Output" not in bench.ec2.get_console_output(InstanceId=other)
    bench.fresh("no-console")
    assert "Output" not in bench.ec2.get_console_output(InstanceId=node)
    for file in keys.parent.iterdir():
        file.unlink()
