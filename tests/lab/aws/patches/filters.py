"""Filters that moto doesn't know, and 400 in place of a crash for those that nobody knows."""

import fnmatch

from moto.ec2 import utils
from moto.ec2.exceptions import FilterNotImplementedError
from moto.ec2.models import instances as instance_models
from moto.ec2.models.elastic_network_interfaces import NetworkInterface

from . import errors
from .interfaces import addresses_of, association_of

_stock_eni_value = NetworkInterface.get_filter_value
_stock_instance_passes = utils.passes_filter_dict
_stock_matching = utils.is_filter_matching


def _association_values(eni, key):
    found = [item.get("Association", {}).get(key) for item in addresses_of(eni)]
    return [value for value in found if value]


# name of the filter (for an instance with `network-interface.` before it) → values of an interface
INTERFACE = {
    "association.public-ip": lambda eni: [association_of(eni, eni.private_ip_address).get("PublicIp")],
    "association.allocation-id": lambda eni: _association_values(eni, "AllocationId"),
    "association.association-id": lambda eni: _association_values(eni, "AssociationId"),
    "addresses.association.public-ip": lambda eni: _association_values(eni, "PublicIp"),
    "addresses.private-ip-address": lambda eni: [a["PrivateIpAddress"] for a in addresses_of(eni)],
    "addresses.primary": lambda eni: [str(a["Primary"]).lower() for a in addresses_of(eni)],
    "private-ip-address": lambda eni: [eni.private_ip_address],
    "attachment.device-index": lambda eni: [str(eni.device_index)],
    "attachment.status": lambda eni: ["attached"] if eni.instance else [],
    "attachment.instance-id": lambda eni: [eni.instance.id] if eni.instance else [],
    "attachment.attachment-id": lambda eni: [eni.attachment_id],
    "network-interface-id": lambda eni: [eni.id],
    "mac-address": lambda eni: [eni.mac_address],
    "group-id": lambda eni: [group.id for group in eni.group_set],
    "group-name": lambda eni: [group.name for group in eni.group_set],
    "subnet-id": lambda eni: [eni.subnet.id],
    "vpc-id": lambda eni: [eni.subnet.vpc_id],
    "status": lambda eni: [eni.status],
}


def _matches(values, wanted):
    return any(fnmatch.fnmatchcase(str(v), w) for v in values if v is not None for w in wanted)


def _eni_value(self, name, method=None):
    if name in INTERFACE:
        return INTERFACE[name](self)
    return _stock_eni_value(self, name, method)


def _is_matching(obj, name, wanted):
    try:
        value = obj.get_filter_value(name)
    except FilterNotImplementedError:
        raise errors.invalid_value(f"The filter '{name}' is invalid") from None
    if isinstance(value, list):
        return _matches(value, wanted)
    return _stock_matching(obj, name, wanted)


def _instance_passes(instance, filters):
    stock = {}
    for name, wanted in filters.items():
        inner = name.removeprefix("network-interface.")
        if inner != name and inner in INTERFACE:
            if not any(_matches(INTERFACE[inner](nic), wanted) for nic in instance.nics.values()):
                return False
        elif name == "ip-address":
            if instance.public_ip not in wanted:
                return False
        else:
            stock[name] = wanted
    try:
        return _stock_instance_passes(instance, stock)
    except NotImplementedError:
        raise errors.invalid_value(f"The filter '{next(iter(stock))}' is invalid") from None


def apply():
    NetworkInterface.get_filter_value = _eni_value
    utils.is_filter_matching = _is_matching
    utils.passes_filter_dict = _instance_passes
    assert instance_models.filter_reservations.__globals__ is utils.__dict__
