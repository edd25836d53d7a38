"""Secondary private addresses: limits, conflicts, and what goes with an address that is taken away."""

import ipaddress

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.moto_api._internal import mock_random

from . import errors
from .interfaces import elastic_ip_of


def _limit(eni):
    kind = eni.instance.instance_type if eni.instance else None
    return INSTANCE_TYPES.get(kind, {}).get("NetworkInfo", {}).get("Ipv4AddressesPerInterface", 50)


def _of(eni):
    return [entry["PrivateIpAddress"] for entry in eni.private_ip_addresses]


def _usable(subnet):
    """AWS keeps the first four addresses and the last one."""
    network = ipaddress.IPv4Network(subnet.cidr_block)
    return int(network.network_address) + 4, int(network.broadcast_address) - 1


def _taken(backend, subnet):
    return {ip for eni in backend.enis.values() if eni.subnet.id == subnet.id for ip in _of(eni)}


def _pick(backend, subnet, count):
    first, last = _usable(subnet)
    taken = _taken(backend, subnet)
    if last - first + 1 - len(taken) < count:
        raise errors.subnet_full(subnet.id, count)
    chosen = []
    candidate = mock_random.randint(first, last)
    while len(chosen) < count:
        address = str(ipaddress.IPv4Address(candidate))
        if address not in taken:
            chosen.append(address)
        candidate = first if candidate == last else candidate + 1
    return chosen


def _check_named(backend, eni, wanted, move):
    first, last = _usable(eni.subnet)
    for address in wanted:
        try:
            number = int(ipaddress.IPv4Address(address))
        except ValueError:
            raise errors.invalid_value(f"invalid value for parameter address: {address}") from None
        if not first <= number <= last:
            raise errors.invalid_value(f"Address {address} does not fall within the subnet's address range")
        for other in backend.enis.values():
            if other is not eni and address in _of(other) and (not move or address == other.private_ip_address):
                raise errors.invalid_value(f"[{address}] is already assigned to another interface.")


def _take_from_others(backend, eni, wanted):
    for other in backend.enis.values():
        if other is not eni:
            _remove(other, [address for address in wanted if address in _of(other)])


def _remove(eni, addresses):
    for address in addresses:
        eip = elastic_ip_of(eni, address)
        if eip:
            eip.free()
    eni.private_ip_addresses = [e for e in eni.private_ip_addresses if e["PrivateIpAddress"] not in addresses]


def _assign(self):
    backend = self.ec2_backend
    eni = backend.get_network_interface(self._get_param("NetworkInterfaceId"))
    named = self._get_param("PrivateIpAddresses", [])
    count = int(self._get_param("SecondaryPrivateIpAddressCount", 0) or 0)
    move = str(self._get_param("AllowReassignment", False)).lower() == "true"
    if bool(named) == bool(count):
        raise EC2ClientError(
            "InvalidParameterCombination",
            "Specify either the addresses or the number of addresses, not both and not none.",
        )
    _check_named(backend, eni, named, move)
    new = [address for address in named if address not in _of(eni)]
    if len(_of(eni)) + len(new) + count > _limit(eni):
        raise errors.private_limit()
    if count:
        new = named = _pick(backend, eni.subnet, count)
    _take_from_others(backend, eni, new)
    eni.private_ip_addresses.extend({"Primary": False, "PrivateIpAddress": address} for address in new)
    assigned = [{"PrivateIpAddress": address} for address in named]
    return ActionResult({"NetworkInterfaceId": eni.id, "AssignedPrivateIpAddresses": assigned})


def _unassign(self):
    eni = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
    addresses = self._get_param("PrivateIpAddresses", [])
    if eni.private_ip_address in addresses:
        raise errors.invalid_value("The primary private address of an interface cannot be unassigned.")
    if not set(addresses) <= set(_of(eni)):
        raise errors.invalid_value(f"Some of {addresses} are not assigned to interface {eni.id}")
    _remove(eni, addresses)
    return EmptyResult()


def apply():
    ElasticNetworkInterfaces.assign_private_ip_addresses = _assign
    ElasticNetworkInterfaces.unassign_private_ip_addresses = _unassign
