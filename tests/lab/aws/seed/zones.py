"""Hosted zones: the cluster's public one among look-alikes."""

from moto.route53.models import RecordSet

from ..account import REGION, route53

NODE_PUBLIC = "198.18.77.10"


def _record(zone, name, type_, values, ttl=300, **more):
    zone.rrsets.append(RecordSet({"Name": name, "Type": type_, "TTL": ttl, "ResourceRecords": values, **more}))


def _zone(name, zone_id, vpc=None):
    if vpc:
        zone = route53().create_hosted_zone(name, private_zone=True, vpcid=vpc.id, vpcregion=REGION)
    else:
        zone = route53().create_hosted_zone(name, private_zone=False)
    # Ids that sort as the tests want them, and that a reader recognises.
    del route53().zones[zone.resource_id]
    zone.resource_id = zone_id
    route53().zones[zone_id] = zone
    return zone


def _alias(zone):
    target = {
        "HostedZoneId": "Z215JYRZR1TBD5",
        "DNSName": "dualstack.web-1234567890.eu-central-1.elb.amazonaws.com.",
        "EvaluateTargetHealth": False,
    }
    zone.rrsets.append(RecordSet({"Name": "*.example.com.", "Type": "A", "AliasTarget": target}))


def _wildcard(zone, kind):
    if kind == "alias":
        _alias(zone)
    elif kind == "foreign":
        _record(zone, "*.example.com.", "A", ["192.0.2.66"])
    elif kind == "weighted":
        for number, address in enumerate(["192.0.2.66", "192.0.2.67"]):
            _record(zone, "*.example.com.", "A", [address], SetIdentifier=f"blue-{number}", Weight=10)


def old_wildcard(address):
    """As the bash scripts wrote it."""
    zone = next(z for z in route53().zones.values() if z.name == "example.com." and not z.private_zone)
    _record(zone, "*.example.com.", "A", [address], ttl=300)


def _public_example_com(wanted):
    zone = _zone("example.com.", "Z02PUBLICEXAMPLECOM")
    _record(zone, "example.com.", "MX", ["10 mail.example.com."])
    _record(zone, "example.com.", "TXT", ['"v=spf1 -all"'])
    if wanted.cluster:
        # dns-controller's records, TTL 60 as it writes them
        _record(zone, "api.c02.example.com.", "A", [NODE_PUBLIC], ttl=60)
        _record(zone, "api.internal.c02.example.com.", "A", ["172.20.32.10"], ttl=60)
    _record(zone, "www.example.com.", "A", ["192.0.2.80"])
    # No A record: the name exists all the same, so a wildcard doesn't cover it.
    _record(zone, "mail.example.com.", "TXT", ['"only text here"'])
    _wildcard(zone, wanted.wildcard)


def make(net, wanted):
    # Before the public one in every listing, by id and by age.
    private = _zone("example.com.", "Z01PRIVATEEXAMPLECOM", net.vpc or net.other_vpc)
    _record(private, "*.example.com.", "A", ["10.99.99.99"])
    _record(private, "www.example.com.", "A", ["10.99.99.80"])
    _public_example_com(wanted)
    if wanted.twin_zone:
        _zone("example.com.", "Z03TWINEXAMPLECOM")
    other = _zone("example.org.", "Z04EXAMPLEORG")
    _record(other, "www.example.org.", "A", ["192.0.2.81"])
    # Names that an inexact comparison takes for example.com.
    near = _zone("notexample.com.", "Z05NOTEXAMPLECOM")
    _record(near, "*.notexample.com.", "A", ["192.0.2.90"])
    longer = _zone("example.com.something-longer.net.", "Z06EXAMPLECOMLONGER")
    _record(longer, "www.example.com.something-longer.net.", "A", ["192.0.2.91"])
