"""A large account: what others have in it, beside what is there."""

from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.route53.models import RecordSet

from ..account import CLUSTER, SETTINGS, ec2, route53


def grow(interfaces, addresses, records, zones):
    """So many interfaces and Elastic IPs of others, records in the cluster's zone, and hosted zones."""
    subnet = next(s for by_id in ec2().subnets.values() for s in by_id.values() if s.cidr_block.startswith("10.50."))
    for _ in range(interfaces):
        ec2().create_network_interface(subnet, [])
    SETTINGS.elastic_ip_quota += addresses
    for number in range(addresses):
        # Nothing is ever sent to them, so they needn't be the lab's.
        public_ip = f"198.19.{number // 250}.{number % 250 + 1}"
        ec2().addresses.append(ElasticAddress(ec2(), "vpc", public_ip, {"owner": "other-team"}))
    zone = next(z for z in route53().zones.values() if z.name == f"{CLUSTER.split('.', 1)[1]}." and not z.private_zone)
    zone.rrsets.extend(
        RecordSet({"Name": f"host-{number}.{zone.name}", "Type": "A", "TTL": 300, "ResourceRecords": ["192.0.2.99"]})
        for number in range(records)
    )
    for number in range(zones):
        route53().create_hosted_zone(f"zone-{number}.example.net.", private_zone=False)
