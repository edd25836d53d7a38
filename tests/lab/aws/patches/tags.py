"""Tags go with their resource; moto keeps some for ever. And an Elastic IP is an `elastic-ip`."""

from moto.ec2.models.tags import TagBackend

_describe = TagBackend.describe_tags


def _ids(backend):
    """By the prefix of ids, the ids that there are; a prefix that isn't here isn't looked at."""
    return {
        "vpc": backend.vpcs,
        "subnet": {id for by_id in backend.subnets.values() for id in by_id},
        "igw": backend.internet_gateways,
        "rtb": backend.route_tables,
        "sg": {id for by_id in backend.groups.values() for id in by_id},
        "vol": backend.volumes,
        "lt": backend.launch_templates,
        "eni": backend.enis,
        "eipalloc": {address.allocation_id for address in backend.addresses},
    }


def _describe_tags(self, filters=None):
    there = _ids(self)
    found = []
    for tag in _describe(self, filters):
        prefix = tag["resource_id"].split("-")[0]
        if prefix in there and tag["resource_id"] not in there[prefix]:
            continue
        found.append(tag | {"resource_type": "elastic-ip"} if prefix == "eipalloc" else tag)
    return found


def apply():
    TagBackend.describe_tags = _describe_tags
