"""What a seeded account can look like. Each profile is the default with one thing changed."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Profile:
    about: str
    # Route 53's *.example.com: "", "alias", "foreign", "weighted", "old"
    wildcard: str = ""
    # the Elastic IP quota, and how many foreign addresses beyond the usual two
    quota: float = 5.0
    quota_applied: bool = True
    foreign_addresses: int = 0
    # an address that nobody uses and nobody tagged
    free_address: bool = False
    # an address tagged k8sport:cluster=<this>
    tagged_for: str = ""
    # False: no c02.example.com yet, and nothing of it
    cluster: bool = True
    # kOps 1.24's names and tags
    old_kops: bool = False
    # the node's instance: how many of them there are, and in which state
    control_planes: int = 1
    stopped: bool = False
    # where 443 of masters.c02.example.com is open to
    api_access: str = "0.0.0.0/0"
    # what the bash scripts left
    bash: bool = False
    console: bool = True
    # a second public zone of the same name
    twin_zone: bool = False
    # the ENI carries cluster tags, as kOps' newest version does
    tagged_interface: bool = False


DEFAULT = Profile("one single-node cluster, room for Elastic IPs, no wildcard record")

PROFILES = {
    "default": DEFAULT,
    "free": replace(DEFAULT, about="an idle, untagged Elastic IP", free_address=True),
    "full": replace(DEFAULT, about="quota used up by others' tagged addresses", foreign_addresses=3),
    "full-free": replace(
        DEFAULT, about="quota used up, one address idle and untagged", foreign_addresses=2, free_address=True
    ),
    "foreign-tag": replace(DEFAULT, about="an address of ours for another cluster", tagged_for="other.example.org"),
    "own-tag": replace(DEFAULT, about="an idle address tagged for c02", tagged_for="c02.example.com"),
    "alias": replace(DEFAULT, about="*.example.com is an alias record", wildcard="alias"),
    "foreign-wildcard": replace(DEFAULT, about="*.example.com A 192.0.2.66", wildcard="foreign"),
    "weighted": replace(DEFAULT, about="*.example.com with a routing policy", wildcard="weighted"),
    "twin-zone": replace(DEFAULT, about="two public zones example.com.", twin_zone=True),
    "old": replace(DEFAULT, about="kOps 1.24: master-…, only k8s.io/role/master", old_kops=True),
    "tagged-eni": replace(DEFAULT, about="kOps HEAD: the ENI is tagged too", tagged_interface=True),
    "two-nodes": replace(DEFAULT, about="c02 has two control-plane instances", control_planes=2),
    "stopped": replace(DEFAULT, about="c02's instance is stopped", stopped=True),
    "narrow-api": replace(DEFAULT, about="API open to 192.0.2.0/24 only", api_access="192.0.2.0/24"),
    "no-console": replace(DEFAULT, about="GetConsoleOutput is empty", console=False),
    "no-quota": replace(DEFAULT, about="no applied quota, only the default one", quota_applied=False),
    "nothing": replace(DEFAULT, about="no c02.example.com yet: the zone, and what others have", cluster=False),
    "bash": replace(
        DEFAULT,
        about="what the bash scripts left: 172.20.63.20, an untagged Elastic IP, a wildcard with TTL 300",
        wildcard="old",
        bash=True,
    ),
}
