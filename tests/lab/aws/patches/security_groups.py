"""Security groups: all or nothing, the list given replaces the list there was, no deleting while in use."""

from moto.ec2.exceptions import InvalidSecurityGroupNotFoundError
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.responses.security_groups import SecurityGroups

from . import errors

_stock_modify = NetworkInterfaceBackend.modify_network_interface_attribute
_stock_authorize = SecurityGroups.authorize_security_group_ingress
_stock_delete = SecurityGroupBackend._delete_security_group


def _modify(self, eni_id, group_ids, source_dest_check=None, description=None):
    eni = self.get_network_interface(eni_id)
    for group_id in group_ids:
        if not self.get_security_group_from_id(group_id):
            raise InvalidSecurityGroupNotFoundError(group_id)
    _stock_modify(self, eni_id, group_ids, source_dest_check, description)
    if group_ids and eni.instance and eni.device_index == 0:
        # What DescribeInstances shows are the groups of the first interface.
        eni.instance.security_groups = list(eni._group_set)


def _authorize(self):
    """moto adds the first rules and then stumbles over the duplicate; AWS adds none."""
    named = self._get_param("GroupId") or self._get_param("GroupName")
    group = self.ec2_backend.get_security_group_by_name_or_id(named)
    before = list(group.ingress_rules) if group else []
    try:
        return _stock_authorize(self)
    except Exception:
        if group:
            group.ingress_rules = before
        raise


def _delete(self, vpc_id, group_id):
    for eni in self.enis.values():
        if group_id in [group.id for group in eni.group_set]:
            raise errors.dependent(group_id)
    for groups in self.groups.values():
        for group in groups.values():
            rules = group.ingress_rules + group.egress_rules
            if group.id != group_id and any(rule.source_group.get("GroupId") == group_id for rule in rules):
                raise errors.dependent(group_id)
    _stock_delete(self, vpc_id, group_id)
    self.tags.pop(group_id, None)


def apply():
    # moto joins the groups that the instance started with: they could never be taken off.
    NetworkInterface.group_set = property(lambda eni: list(eni._group_set))
    NetworkInterfaceBackend.modify_network_interface_attribute = _modify
    SecurityGroups.authorize_security_group_ingress = _authorize
    SecurityGroupBackend._delete_security_group = _delete
