"""Elastic IPs, most of them not ours."""

from ..account import ec2


def _allocate(**tags):
    return ec2().allocate_address("vpc", tags=tags)


def _associate(eip, eni, private=None):
    ec2().associate_address(eip, eni, private, False)


def make(_net, clusters, wanted):
    in_use = _allocate(Name="other-team-nat")
    _associate(in_use, clusters.nat.nics[0])
    _allocate(owner="other-team")
    for number in range(wanted.foreign_addresses):
        _allocate(Name=f"partner-{number + 1}", owner="other-team")
    if wanted.free_address:
        _allocate()
    if wanted.tagged_for:
        ec2().allocate_address(
            "vpc",
            tags={"k8sport:cluster": wanted.tagged_for, "k8sport:role": "elastic-ip", "k8sport:version": "0.1.0"},
        )
    if wanted.bash:
        _left_by_the_scripts(clusters.node.nics[0])


def _left_by_the_scripts(eni):
    eni.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": "172.20.63.20"})
    eip = _allocate()
    _associate(eip, eni, "172.20.63.20")
    from .zones import old_wildcard

    old_wildcard(eip.public_ip)
