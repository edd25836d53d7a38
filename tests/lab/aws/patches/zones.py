"""Hosted zones: ListHostedZonesByName is an ordered listing that *starts* at a name, not a filter."""

from moto.core.responses import ActionResult
from moto.route53.models import Route53Backend
from moto.route53.responses import Route53

_stock_create = Route53Backend.create_hosted_zone


def _order(name):
    labels = name.rstrip(".").lower().replace("\\052", "*").split(".")
    return tuple(reversed(labels))


def _list_by_name(self):
    start = self._get_param("DNSName")
    start_id = self._get_param("HostedZoneId")
    most = int(self._get_param("MaxItems") or 100)
    zones = sorted(self.backend.zones.values(), key=lambda zone: (_order(zone.name), zone.resource_id))
    if start:
        zones = [zone for zone in zones if _order(zone.name) >= _order(start)]
    if start and start_id:
        zones = [z for z in zones if (_order(z.name), z.resource_id) >= (_order(start), start_id)]
    page, rest = zones[:most], zones[most:]
    answer = {"HostedZones": page, "IsTruncated": bool(rest), "MaxItems": most}
    if start:
        answer["DNSName"] = start
    if start_id:
        answer["HostedZoneId"] = start_id
    if rest:
        answer["NextDNSName"] = rest[0].name
        answer["NextHostedZoneId"] = rest[0].resource_id
    return ActionResult(answer)


def _create(self, *args, **kwargs):
    zone = _stock_create(self, *args, **kwargs)
    for record in zone.rrsets:
        # moto stores the SOA's value one level too deep and the NS's TTL as text.
        record.ttl = int(record.ttl)
        record.records = [r["Value"] if isinstance(r, dict) else r for r in record.records]
        if record.type == "NS":
            record.records = [name.rstrip(".") + "." for name in record.records]
    return zone


def apply():
    Route53.list_hosted_zones_by_name = _list_by_name
    Route53Backend.create_hosted_zone = _create
