"""Public addresses belong to *private addresses* of an interface.

moto keeps one public address an interface. On AWS the primary address may have an
auto-assigned one, and every private address may have an Elastic IP.
"""

from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance

from .. import pool
from ..account import REGION, SETTINGS

NODE_ADDRESS = "172.20.32.10"


def elastic_ip_of(eni, private):
    for eip in eni.ec2_backend.addresses:
        if eip.eni is eni and eip.private_ip_address == private:
            return eip
    return None


def public_of(eni, private):
    """The public address that traffic to and from this private address uses."""
    eip = elastic_ip_of(eni, private)
    if eip:
        return eip.public_ip
    return eni.auto_public_ip if private == eni.private_ip_address else None


def association_of(eni, private):
    public = public_of(eni, private)
    if not public:
        return {}
    eip = elastic_ip_of(eni, private)
    dashed = public.replace(".", "-")
    found = {
        "PublicIp": public,
        "PublicDnsName": f"ec2-{dashed}.{REGION}.compute.amazonaws.com",
        "IpOwnerId": eni.ec2_backend.account_id if eip else "amazon",
    }
    if eip:
        found["AllocationId"] = eip.allocation_id
        found["AssociationId"] = eip.association_id
    return found


def addresses_of(eni):
    """As DescribeInstances and DescribeNetworkInterfaces show them, primary first."""
    shown = []
    for entry in eni.private_ip_addresses:
        private = entry["PrivateIpAddress"]
        item = {
            "PrivateIpAddress": private,
            "Primary": private == eni.private_ip_address,
            "PrivateDnsName": f"ip-{private.replace('.', '-')}.{REGION}.compute.internal",
        }
        association = association_of(eni, private)
        if association:
            item["Association"] = association
        shown.append(item)
    return sorted(shown, key=lambda item: not item["Primary"])


def _get_public(eni):
    return public_of(eni, eni.private_ip_address)


def _set_public(eni, value):
    # Only moto's own code assigns this, when an instance stops or is made.
    eni.auto_public_ip = value


def _check_auto_public_ip(eni):
    if str(eni.public_ip_auto_assign).lower() != "true":
        return
    # While an Elastic IP is on the primary address there is no other one.
    held = getattr(eni, "private_ip_address", None)
    eni.auto_public_ip = None
    if not (held and elastic_ip_of(eni, held)):
        eni.auto_public_ip = pool.auto_assigned()


_stock_all = NetworkInterfaceBackend.get_all_network_interfaces


def _all(self, eni_ids=None, filters=None):
    found = _stock_all(self, eni_ids, filters)
    for eni in found:
        # moto shows this list as it stands: the associations are put into it first.
        eni.private_ip_addresses = addresses_of(eni)
    return found


_stock_init = NetworkInterface.__init__


def _init(self, *arguments, **named):
    """The lab's node is up before its instance is: its address comes with the MAC that it has."""
    _stock_init(self, *arguments, **named)
    if SETTINGS.node_mac and self.private_ip_address == NODE_ADDRESS:
        self.mac_address = SETTINGS.node_mac


_stock_terminate = Instance.terminate


def _terminate(self):
    """The instance's Elastic IPs become free ones."""
    for eip in self.ec2_backend.addresses:
        if eip.eni in self.nics.values():
            eip.free()
    return _stock_terminate(self)


def _unless_terminated(value, otherwise):
    # A terminated instance is still listed for a while, without any address.
    return property(lambda i: otherwise if i.state == "terminated" else value(i))


def apply():
    NetworkInterface.__init__ = _init
    NetworkInterface.auto_public_ip = None
    NetworkInterface.public_ip = property(_get_public, _set_public)
    NetworkInterface.check_auto_public_ip = _check_auto_public_ip
    NetworkInterface.association = property(lambda eni: association_of(eni, eni.private_ip_address))
    NetworkInterface.instance_private_ip_address_list = property(addresses_of)
    NetworkInterfaceBackend.get_all_network_interfaces = _all
    Instance.terminate = _terminate
    Instance.network_interfaces = _unless_terminated(lambda i: list(i.nics.values()), [])
    Instance.private_ip_address = _unless_terminated(lambda i: i.nics[0].private_ip_address, None)
    Instance.public_ip_address = _unless_terminated(lambda i: i.nics[0].public_ip, None)
