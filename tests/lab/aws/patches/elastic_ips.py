"""Elastic IPs: a quota, public addresses, association with the private address that was named."""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidAddressError, ResourceAlreadyAssociatedError
from moto.ec2.models.elastic_ip_addresses import ElasticAddress, ElasticAddressBackend
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.utils import random_eip_association_id

from .. import pool
from ..account import SETTINGS
from . import errors
from .interfaces import elastic_ip_of


def _allocate(self, domain, address=None, tags=None):
    if len(self.addresses) >= SETTINGS.elastic_ip_quota:
        raise errors.address_limit()
    if address:
        # Only an address that this account gave back can be asked for.
        if address not in _given_back(self) or address in {eip.public_ip for eip in self.addresses}:
            raise InvalidAddressError(address)
    eip = ElasticAddress(self, domain="vpc", address=address or pool.elastic(), tags=tags)
    eip.public_ipv4_pool = "amazon"
    eip.network_border_group = self.region_name
    self.addresses.append(eip)
    return eip


def _given_back(backend):
    if not hasattr(backend, "released_addresses"):
        backend.released_addresses = set()
    return backend.released_addresses


def _free(eip):
    eni, on_primary = eip.eni, eip.eni and eip.private_ip_address == eip.eni.private_ip_address
    eip.eni = eip.instance = eip.association_id = None
    eip.private = None
    # AWS gives a running instance's primary address an auto-assigned one again.
    if on_primary and eni.instance and eni.instance.is_running():
        eni.check_auto_public_ip()


def _associate(self, eip, eni, private, reassociate):
    private = private or eni.private_ip_address
    if private not in [entry["PrivateIpAddress"] for entry in eni.private_ip_addresses]:
        raise errors.invalid_value(f"The private IP address {private} is not assigned to the interface {eni.id}")
    if eni.instance and eni.instance.state not in ("running", "stopped", "stopping"):
        raise EC2ClientError("IncorrectInstanceState", f"The instance {eni.instance.id} is {eni.instance.state}.")
    if eip.eni is eni and eip.private_ip_address == private:
        return eip
    holder = elastic_ip_of(eni, private)
    if not reassociate and eip.association_id:
        raise ResourceAlreadyAssociatedError(eip.allocation_id)
    if not reassociate and holder:
        raise errors.already_associated(eni.id)
    if eip.association_id:
        eip.free()
    if holder:
        holder.eni = holder.instance = holder.association_id = holder.private = None
    eip.eni, eip.instance, eip.private = eni, eni.instance, private
    eip.association_id = random_eip_association_id()
    if private == eni.private_ip_address:
        # The auto-assigned address is lost at once.
        eni.auto_public_ip = None
    return eip


def _find(response):
    backend = response.ec2_backend
    if response._get_param("AllocationId"):
        return backend.address_by_allocation([response._get_param("AllocationId")])[0]
    if response._get_param("PublicIp"):
        return backend.address_by_ip([response._get_param("PublicIp")])[0]
    raise EC2ClientError("MissingParameter", "Either public IP or allocation id must be specified")


def _associate_address(self):
    eip = _find(self)
    if self._get_param("NetworkInterfaceId"):
        eni = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
    elif self._get_param("InstanceId"):
        eni = self.ec2_backend.get_instance(self._get_param("InstanceId")).nics[0]
    else:
        raise EC2ClientError("MissingParameter", "Either instance id or network interface id must be specified")
    self.error_on_dryrun()
    # Unset means yes: AWS takes an address from whoever has it.
    reassociate = str(self._get_param("AllowReassociation", True)).lower() != "false"
    self.ec2_backend.associate_address(eip, eni, self._get_param("PrivateIpAddress"), reassociate)
    return ActionResult({"AssociationId": eip.association_id, "Return": True})


def _disassociate(self, address=None, association_id=None):
    eip = self.address_by_ip([address])[0] if address else self.address_by_association([association_id])[0]
    eip.free()


def _release(self, address=None, allocation_id=None):
    eip = self.address_by_ip([address])[0] if address else self.address_by_allocation([allocation_id])[0]
    if eip.association_id:
        raise errors.address_in_use(eip.public_ip)
    self.addresses.remove(eip)
    self.tags.pop(eip.id, None)
    _given_back(self).add(eip.public_ip)


_stock_filter = ElasticAddress.get_filter_value


def _filter_value(self, name, method=None):
    if name == "private-ip-address":
        return self.private_ip_address
    if name == "network-interface-owner-id":
        return self.network_interface_owner_id
    return _stock_filter(self, name, method)


def apply():
    ElasticAddress.private = None
    ElasticAddress.private_ip_address = property(lambda eip: eip.private)
    ElasticAddress.free = _free
    ElasticAddress.get_filter_value = _filter_value
    ElasticAddressBackend.allocate_address = _allocate
    ElasticAddressBackend.associate_address = _associate
    ElasticAddressBackend.disassociate_address = _disassociate
    ElasticAddressBackend.release_address = _release
    ElasticIPAddresses.associate_address = _associate_address
