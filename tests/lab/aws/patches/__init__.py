"""Where moto answers other than AWS, its methods are replaced. A file a subject."""

from . import (
    buckets,
    console,
    elastic_ips,
    filters,
    images,
    interfaces,
    private_addresses,
    quotas,
    record_changes,
    record_sets,
    security_groups,
    tags,
    zones,
)

ALL = (
    buckets,
    interfaces,
    elastic_ips,
    private_addresses,
    security_groups,
    filters,
    console,
    quotas,
    zones,
    images,
    tags,
    record_sets,
    record_changes,
)


def apply():
    for patch in ALL:
        patch.apply()
