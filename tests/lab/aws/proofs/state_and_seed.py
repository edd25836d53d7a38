"""What the network edge gets, and what a fresh account holds."""

import time
from pathlib import Path

from .bench import code_of


def state_follows_every_change(bench):
    eni = bench.eni()
    runs = bench.hook_runs()
    bench.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=["172.20.32.77"])
    eip = bench.ec2.allocate_address(Domain="vpc")
    bench.ec2.associate_address(
        AllocationId=eip["AllocationId"], NetworkInterfaceId=eni, PrivateIpAddress="172.20.32.77"
    )
    assert bench.hook_runs() == runs + 3
    seen = bench.hook_state()
    mine = next(i for i in seen["interfaces"] if i["id"] == eni)
    assert mine["subnet_cidr"] == "172.20.32.0/19" and mine["mac"] == seen["node"]["mac"]
    assert mine["addresses"] == [
        {"private": "172.20.32.10", "primary": True, "public": "198.18.77.10"},
        {"private": "172.20.32.77", "primary": False, "public": eip["PublicIp"]},
    ]
    ingress = next(g for g in seen["groups"] if g["id"] == mine["groups"][0])["ingress"]
    assert [(r["protocol"], r["from"], r["to"], r["cidrs"]) for r in ingress] == [
        ("tcp", 22, 22, ["0.0.0.0/0"]),
        ("tcp", 443, 443, ["0.0.0.0/0"]),
    ]
    assert seen == bench.ask("state")
    bench.ec2.describe_addresses()
    assert bench.hook_runs() == runs + 3


def a_broken_hook_is_noticed(bench):
    broken = Path(f"{bench.hook}.broken")
    broken.touch()
    try:
        assert code_of(bench.ec2.allocate_address, Domain="vpc") == "LabEdgeFailed"
    finally:
        broken.unlink()


def reset_is_quick_and_always_the_same(bench):
    before = bench.ask("dump")
    bench.ec2.allocate_address(Domain="vpc")
    assert bench.ask("dump") != before
    start = time.monotonic()
    bench.ask("seed", profile="default")
    assert time.monotonic() - start < 1
    assert bench.ask("dump") == before


def every_profile_can_be_seeded(bench):
    for profile in bench.ask("profiles"):
        bench.fresh(profile)
        if profile == "nothing":
            continue
        found = bench.node()
        assert found["NetworkInterfaces"][0]["PrivateIpAddress"] == "172.20.32.10", profile


def quota_profiles(bench):
    for profile, free in (("full", 0), ("full-free", 1)):
        bench.fresh(profile)
        addresses = bench.ec2.describe_addresses()["Addresses"]
        assert len(addresses) == 5
        assert sum("AssociationId" not in a and not a.get("Tags") for a in addresses) == free
        assert code_of(bench.ec2.allocate_address, Domain="vpc") == "AddressLimitExceeded"


def kops_shape(bench):
    tags = {t["Key"]: t["Value"] for t in bench.node()["Tags"]}
    assert tags["Name"] == "control-plane-eu-central-1a.masters.c02.example.com"
    assert tags["k8s.io/role/control-plane"] == tags["k8s.io/role/master"] == "1"
    assert bench.node()["Architecture"] == "arm64"
    bench.fresh("old")
    tags = {t["Key"]: t["Value"] for t in bench.node()["Tags"]}
    assert tags["Name"] == "master-eu-central-1a.masters.c02.example.com"
    assert "k8s.io/role/control-plane" not in tags


def what_the_scripts_left(bench):
    bench.fresh("bash")
    public = bench.privates(bench.eni())["172.20.63.20"]
    assert bench.dig("app.example.com")[1] == [public]
    eip = bench.ec2.describe_addresses(PublicIps=[public])["Addresses"][0]
    assert not eip.get("Tags")
