"""Elastic IPs and private addresses."""

from .bench import code_of


def _secondary(bench, address="172.20.32.77"):
    eni = bench.eni()
    bench.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=[address])
    return eni, address


def _allocate(bench):
    return bench.ec2.allocate_address(
        Domain="vpc",
        TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": [{"Key": "k8sport:op", "Value": "x1"}]}],
    )


def allocation_is_public_tagged_and_limited(bench):
    first = _allocate(bench)
    assert first["PublicIp"].startswith("198.18.77.1"), first
    found = bench.ec2.describe_addresses(Filters=[{"Name": "tag:k8sport:op", "Values": ["x1"]}])["Addresses"]
    assert [a["AllocationId"] for a in found] == [first["AllocationId"]]
    assert found[0]["PublicIpv4Pool"] == "amazon"
    _allocate(bench), _allocate(bench)
    assert code_of(bench.ec2.allocate_address, Domain="vpc") == "AddressLimitExceeded"


def association_goes_to_the_private_address_named(bench):
    eni, secondary = _secondary(bench)
    eip = _allocate(bench)
    given = dict(
        AllocationId=eip["AllocationId"],
        NetworkInterfaceId=eni,
        PrivateIpAddress=secondary,
        AllowReassociation=False,
    )
    made = bench.ec2.associate_address(**given)
    assert bench.ec2.associate_address(**given)["AssociationId"] == made["AssociationId"]
    assert bench.privates(eni) == {"172.20.32.10": "198.18.77.10", secondary: eip["PublicIp"]}
    shown = bench.node()["NetworkInterfaces"][0]["PrivateIpAddresses"]
    assert [a["Association"]["PublicIp"] for a in shown] == ["198.18.77.10", eip["PublicIp"]]
    assert bench.node()["PublicIpAddress"] == "198.18.77.10"
    address = bench.ec2.describe_addresses(AllocationIds=[eip["AllocationId"]])["Addresses"][0]
    assert (address["PrivateIpAddress"], address["NetworkInterfaceId"]) == (secondary, eni)


def association_steals_unless_told_not_to(bench):
    eni, secondary = _secondary(bench)
    theirs = bench.ec2.describe_addresses(Filters=[{"Name": "tag:Name", "Values": ["other-team-nat"]}])["Addresses"][0]
    given = dict(AllocationId=theirs["AllocationId"], NetworkInterfaceId=eni, PrivateIpAddress=secondary)
    assert code_of(bench.ec2.associate_address, AllowReassociation=False, **given) == "Resource.AlreadyAssociated"
    mine = _allocate(bench)
    bench.ec2.associate_address(AllocationId=mine["AllocationId"], NetworkInterfaceId=eni, PrivateIpAddress=secondary)
    idle = bench.ec2.describe_addresses(Filters=[{"Name": "tag:owner", "Values": ["other-team"]}])["Addresses"]
    idle = next(a for a in idle if "AssociationId" not in a)
    given["AllocationId"] = idle["AllocationId"]
    assert code_of(bench.ec2.associate_address, AllowReassociation=False, **given) == "Resource.AlreadyAssociated"
    bench.ec2.associate_address(**given)
    assert bench.privates(eni)[secondary] == idle["PublicIp"]
    left = bench.ec2.describe_addresses(AllocationIds=[mine["AllocationId"]])["Addresses"][0]
    assert "AssociationId" not in left


def association_on_the_primary_replaces_the_auto_assigned_address(bench):
    eni, eip = bench.eni(), _allocate(bench)
    made = bench.ec2.associate_address(AllocationId=eip["AllocationId"], NetworkInterfaceId=eni)
    assert bench.node()["PublicIpAddress"] == eip["PublicIp"]
    bench.ec2.disassociate_address(AssociationId=made["AssociationId"])
    again = bench.node()["PublicIpAddress"]
    assert again.startswith("198.18.77.") and again not in ("198.18.77.10", eip["PublicIp"]), again


def association_needs_an_address_of_the_interface(bench):
    eip = _allocate(bench)
    given = dict(AllocationId=eip["AllocationId"], NetworkInterfaceId=bench.eni(), PrivateIpAddress="172.20.40.1")
    assert code_of(bench.ec2.associate_address, **given) == "InvalidParameterValue"
    given["AllocationId"] = "eipalloc-0000000000000000f"
    assert code_of(bench.ec2.associate_address, **given) == "InvalidAllocationID.NotFound"


def release_refuses_an_address_in_use(bench):
    eni, secondary = _secondary(bench)
    eip = _allocate(bench)
    made = bench.ec2.associate_address(
        AllocationId=eip["AllocationId"], NetworkInterfaceId=eni, PrivateIpAddress=secondary
    )
    assert code_of(bench.ec2.release_address, AllocationId=eip["AllocationId"]) == "InvalidIPAddress.InUse"
    bench.ec2.disassociate_address(AssociationId=made["AssociationId"])
    bench.ec2.release_address(AllocationId=eip["AllocationId"])
    assert code_of(bench.ec2.release_address, AllocationId=eip["AllocationId"]) == "InvalidAllocationID.NotFound"
    assert bench.ec2.allocate_address(Domain="vpc")["PublicIp"] != eip["PublicIp"]
    back = bench.ec2.allocate_address(Domain="vpc", Address=eip["PublicIp"])
    assert back["PublicIp"] == eip["PublicIp"]
    assert code_of(bench.ec2.allocate_address, Domain="vpc", Address="198.18.77.222") == "InvalidAddress.NotFound"


def assignment_answers_the_new_addresses_only(bench):
    eni = bench.eni()
    one = bench.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=1)
    new = [a["PrivateIpAddress"] for a in one["AssignedPrivateIpAddresses"]]
    assert len(new) == 1 and new[0] != "172.20.32.10"
    assert set(bench.privates(eni)) == {"172.20.32.10", *new}
    again = bench.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=new)
    assert [a["PrivateIpAddress"] for a in again["AssignedPrivateIpAddresses"]] == new
    assert len(bench.privates(eni)) == 2


def assignment_is_limited_by_the_instance_type(bench):
    kind = bench.node()["InstanceType"]
    shown = bench.ec2.describe_instance_types(InstanceTypes=[kind])["InstanceTypes"][0]["NetworkInfo"]
    assert shown["Ipv4AddressesPerInterface"] == 6
    eni = bench.eni()
    bench.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=5)
    given = dict(NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=1)
    assert code_of(bench.ec2.assign_private_ip_addresses, **given) == "PrivateIpAddressLimitExceeded"


def assignment_refuses_what_is_not_free(bench):
    eni = bench.eni()
    for address in ("172.20.32.40", "172.20.64.10", "172.20.32.1", "172.20.63.255"):
        given = dict(NetworkInterfaceId=eni, PrivateIpAddresses=[address])
        assert code_of(bench.ec2.assign_private_ip_addresses, **given) == "InvalidParameterValue", address
    both = dict(NetworkInterfaceId=eni, PrivateIpAddresses=["172.20.32.9"], SecondaryPrivateIpAddressCount=1)
    assert code_of(bench.ec2.assign_private_ip_addresses, **both) == "InvalidParameterCombination"


def assignment_needs_room_in_the_subnet(bench):
    vpc = bench.node()["VpcId"]
    subnet = bench.ec2.create_subnet(VpcId=vpc, CidrBlock="172.20.0.0/28")["Subnet"]["SubnetId"]
    eni = bench.ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="172.20.0.4")["NetworkInterface"]
    given = dict(NetworkInterfaceId=eni["NetworkInterfaceId"])
    bench.ec2.assign_private_ip_addresses(SecondaryPrivateIpAddressCount=10, **given)
    code = code_of(bench.ec2.assign_private_ip_addresses, SecondaryPrivateIpAddressCount=1, **given)
    assert code == "InsufficientFreeAddressesInSubnet", code


def unassignment_drops_the_association(bench):
    eni, secondary = _secondary(bench)
    eip = _allocate(bench)
    bench.ec2.associate_address(AllocationId=eip["AllocationId"], NetworkInterfaceId=eni, PrivateIpAddress=secondary)
    bench.ec2.unassign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=[secondary])
    assert bench.privates(eni) == {"172.20.32.10": "198.18.77.10"}
    left = bench.ec2.describe_addresses(AllocationIds=[eip["AllocationId"]])["Addresses"][0]
    assert "AssociationId" not in left and "PrivateIpAddress" not in left
    for address in (secondary, "172.20.32.10"):
        given = dict(NetworkInterfaceId=eni, PrivateIpAddresses=[address])
        assert code_of(bench.ec2.unassign_private_ip_addresses, **given) == "InvalidParameterValue"


def dry_runs_change_nothing(bench):
    """AssignPrivateIpAddresses and UnassignPrivateIpAddresses have no DryRun in AWS' own model."""
    before = bench.ask("dump")
    eni = bench.eni()
    calls = [
        (bench.ec2.allocate_address, {"Domain": "vpc"}),
        (bench.ec2.create_security_group, {"GroupName": "x", "Description": "x"}),
        (bench.ec2.modify_network_interface_attribute, {"NetworkInterfaceId": eni, "Groups": []}),
    ]
    for call, given in calls:
        assert code_of(call, DryRun=True, **given) == "DryRunOperation"
    assert bench.ask("dump") == before
    assert bench.ask("counts")["mutating"] == 0


def quota_is_readable(bench):
    asked = dict(ServiceCode="ec2", QuotaCode="L-0263D0A3")
    assert bench.quotas.get_service_quota(**asked)["Quota"]["Value"] == 5.0
    assert bench.quotas.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 5.0
    bench.fresh("no-quota")
    assert code_of(bench.quotas.get_service_quota, **asked) == "NoSuchResourceException"
