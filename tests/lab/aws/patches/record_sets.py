"""ListResourceRecordSets: AWS shows `*` as `\\052`, whichever way it was written."""

import copy

from moto.core.responses import ActionResult
from moto.route53.exceptions import InvalidInput
from moto.route53.responses import Route53


def stored(name):
    """One spelling inside: lower case, `*`, a dot at the end."""
    return name.replace("\\052", "*").lower().rstrip(".") + "."


def _shown(record):
    record = copy.copy(record)
    record.name = record.name.replace("*", "\\052")
    return record


def order(name, type_="", set_identifier=""):
    return (tuple(reversed(stored(name).rstrip(".").split("."))), type_ or "", set_identifier or "")


def _list(self):
    zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
    name, type_ = self._get_param("StartRecordName"), self._get_param("StartRecordType")
    most = min(int(self._get_param("MaxItems") or 300), 300)
    if type_ and not name:
        raise InvalidInput("StartRecordType without StartRecordName")
    records = sorted(zone.rrsets, key=lambda r: order(r.name, r.type, r.set_identifier))
    if name:
        start = order(name, type_, self._get_param("StartRecordIdentifier"))
        records = [r for r in records if order(r.name, r.type, r.set_identifier) >= start]
    page, rest = records[:most], records[most:]
    answer = {"ResourceRecordSets": [_shown(r) for r in page], "IsTruncated": bool(rest), "MaxItems": most}
    if rest:
        answer["NextRecordName"] = _shown(rest[0]).name
        answer["NextRecordType"] = rest[0].type
        if rest[0].set_identifier:
            answer["NextRecordIdentifier"] = rest[0].set_identifier
    return ActionResult(answer)


def apply():
    Route53.list_resource_record_sets = _list
