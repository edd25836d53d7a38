"""A fresh account, the same every time: ids come from a seeded generator."""

from moto.autoscaling.models import autoscaling_backends
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend

from .. import changes, pool
from ..account import LOCK, SETTINGS
from . import addresses, clusters, network, repositories, zones
from .profiles import PROFILES


def fresh(profile):
    """Throws the account away and fills a new one. Raises KeyError for an unknown profile."""
    wanted = PROFILES[profile]
    with LOCK:
        # Its reset would make EC2 anew before the generator is seeded, and all ids would be others.
        autoscaling_backends.clear()
        moto_api_backend.reset()
        mock_random.seed(20261120)
        pool.reset()
        changes.reset()
        SETTINGS.reset()
        SETTINGS.elastic_ip_quota = wanted.quota
        SETTINGS.quota_applied = wanted.quota_applied
        SETTINGS.console = wanted.console
        net = network.make(wanted)
        made = clusters.make(net, wanted)
        if made.node:
            SETTINGS.node_instance = made.node.id
        else:
            SETTINGS.node_mac = "02:6b:38:73:70:6f"
        zones.make(net, wanted)
        addresses.make(net, made, wanted)
        repositories.make()
        # Nothing of the seed is still on its way to the name servers.
        changes.reset()
