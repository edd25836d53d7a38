"""The one account of the lab: where moto keeps it, and what a profile can turn."""

import threading
from dataclasses import dataclass, field

ACCOUNT = "123456789012"
REGION = "eu-central-1"
CLUSTER = "c02.example.com"

# moto is not made for concurrent calls. Reads and writes take this lock.
LOCK = threading.RLock()


@dataclass
class Settings:
    """What a seed profile, the command line or a control command decides."""

    elastic_ip_quota: float = 5.0
    # False: the quota service has no applied value, only a default (seen in new accounts).
    quota_applied: bool = True
    # False: the console text is gone, as it is a while after boot.
    console: bool = True
    host_keys: str = ""
    # A Route 53 change is INSYNC after so many seconds, or at this poll.
    settle_seconds: float = 1.0
    settle_polls: int = 2
    # increases of the quota that were asked for, none of them decided
    quota_requests: list = field(default_factory=list)
    # the instance whose console text shows the node's host keys
    node_instance: str = ""
    # of the node's interface to be, where there is no instance yet
    node_mac: str = ""

    def reset(self):
        """Back to the defaults; what the command line gave stays."""
        keep = self.host_keys
        self.__init__(host_keys=keep)


SETTINGS = Settings()


def ec2(region=REGION):
    from moto.ec2.models import ec2_backends

    return ec2_backends[ACCOUNT][region]


def route53():
    from moto.route53.models import route53_backends

    return route53_backends[ACCOUNT]["aws"]


def ecr():
    from moto.ecr.models import ecr_backends

    return ecr_backends[ACCOUNT][REGION]


def s3():
    from moto.s3.models import s3_backends

    return s3_backends[ACCOUNT]["aws"]


def iam():
    from moto.iam.models import iam_backends

    return iam_backends[ACCOUNT]["aws"]


def scaling():
    from moto.autoscaling.models import autoscaling_backends

    return autoscaling_backends[ACCOUNT][REGION]


def instances():
    return [i for r in ec2().reservations.values() for i in r.instances]


def tags_of(resource_id):
    return dict(ec2().tags.get(resource_id, {}))
