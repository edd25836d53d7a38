"""ChangeResourceRecordSets: a batch is atomic, DELETE must name exactly what is there; the change is PENDING first."""

import copy

from moto.core.responses import ActionResult
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import RecordSet
from moto.route53.responses import Route53

from .. import changes
from .record_sets import stored


def _refuse(messages):
    return Route53ClientError("InvalidChangeBatch", "[" + ", ".join(messages) + "]")


def _record(given):
    given = copy.deepcopy(given)
    given["Name"] = stored(given["Name"])
    given["ResourceRecords"] = [r["Value"] for r in given.get("ResourceRecords") or []]
    if given.get("TTL") is not None:
        given["TTL"] = int(given["TTL"])
    return RecordSet(given)


def _key(record):
    return record.name, record.type, record.set_identifier


def _same(old, new):
    alias = (old.alias_target or {}, new.alias_target or {})
    return (
        sorted(old.records or []) == sorted(new.records or [])
        and (old.ttl is None or new.ttl is None or int(old.ttl) == int(new.ttl))
        and {k: str(v).lower() for k, v in alias[0].items()} == {k: str(v).lower() for k, v in alias[1].items()}
    )


def _problem(action, zone, record, present):
    """The sentence AWS puts into InvalidChangeBatch, or nothing."""
    name, type_ = record.name.replace("*", "\\052"), record.type
    old = present.get(_key(record))
    if record.name != zone.name and not record.name.endswith("." + zone.name):
        return f"RRSet with DNS name {name} is not permitted in zone {zone.name}"
    if action == "DELETE":
        if not old:
            return f"Tried to delete resource record set [name='{name}', type='{type_}'] but it was not found"
        if not _same(old, record):
            return (
                f"Tried to delete resource record set [name='{name}', type='{type_}'] "
                "but the values provided do not match the current values"
            )
        return None
    if not record.alias_target and (record.ttl is None or not record.records):
        return f"Invalid request: no TTL or no ResourceRecords for [name='{name}', type='{type_}']"
    if action == "CREATE" and old:
        return f"Tried to create resource record set [name='{name}', type='{type_}'] but it already exists"
    for other_name, other_type, other_set in present:
        if other_name != record.name:
            continue
        if "CNAME" in (type_, other_type) and type_ != other_type:
            return (
                f"RRSet of type {type_} with DNS name {name} is not permitted because "
                f"a conflicting RRSet of type {other_type} with the same DNS name already exists in zone {zone.name}"
            )
        if type_ == other_type and bool(other_set) != bool(record.set_identifier):
            return (
                f"RRSet with DNS name {name}, type {type_}, SetIdentifier {record.set_identifier} cannot be created "
                "as a non-multivalue and a multivalue set of that name exist"
            )
    return None


def _change(self):
    zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
    before = list(zone.rrsets)
    present = {_key(record): record for record in before}
    problems = []
    for change in self._get_param("ChangeBatch.Changes"):
        action, record = change["Action"], _record(change["ResourceRecordSet"])
        problem = _problem(action, zone, record, present)
        if problem:
            problems.append(problem)
        elif action == "DELETE":
            del present[_key(record)]
        else:
            present[_key(record)] = record
    if problems:
        raise _refuse(problems)
    zone.rrsets = list(present.values())
    change = changes.begin(zone.resource_id, before)
    return ActionResult({"ChangeInfo": _info(change)})


def _info(change):
    return {"Id": f"/change/{change.id}", "Status": change.status(), "SubmittedAt": change.submitted_at}


def _get_change(self):
    change_id = self._get_param("Id").removeprefix("/change/")
    change = changes.find(change_id)
    if change is None:
        raise Route53ClientError("NoSuchChange", f"A change with ID {change_id} was not found.")
    change.poll()
    return ActionResult({"ChangeInfo": _info(change)})


def apply():
    Route53.change_resource_record_sets = _change
    Route53.get_change = _get_change
