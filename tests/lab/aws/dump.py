"""The whole account as JSON that can be compared: no times, no random order, ids only where they are the content."""

from .account import ec2, ecr, iam, instances, route53, s3, scaling, tags_of
from .patches.interfaces import addresses_of
from .state import rules_of


def _by(key, items):
    return sorted(items, key=lambda item: str(item[key]))


def _addresses():
    return [
        {
            "public": eip.public_ip,
            "allocation": eip.allocation_id,
            "eni": eip.eni.id if eip.eni else None,
            "private": eip.private_ip_address,
            "tags": tags_of(eip.id),
        }
        for eip in ec2().addresses
    ]


def _interfaces():
    return [
        {
            "id": eni.id,
            "instance": eni.instance.id if eni.instance else None,
            "groups": sorted(group.id for group in eni.group_set),
            "addresses": [
                {"private": a["PrivateIpAddress"], "public": a.get("Association", {}).get("PublicIp")}
                for a in addresses_of(eni)
            ],
            "tags": tags_of(eni.id),
        }
        for eni in ec2().enis.values()
    ]


def _groups():
    return [
        {"id": group.id, "name": group.name, "vpc": group.vpc_id, "ingress": rules_of(group), "tags": tags_of(group.id)}
        for by_id in ec2().groups.values()
        for group in by_id.values()
    ]


def _record(record):
    return {
        "name": record.name,
        "type": record.type,
        "ttl": record.ttl,
        "values": sorted(record.records or []),
        "alias": record.alias_target,
        "set": record.set_identifier,
    }


def _zone(zone):
    records = [_record(record) for record in zone.rrsets]
    return {
        "id": zone.resource_id,
        "name": zone.name,
        "private": zone.private_zone,
        "records": sorted(records, key=lambda r: (r["name"], r["type"], r["set"] or "")),
        "tags": dict(route53().resource_tags.get(zone.resource_id, {})),
    }


def _repository(repository):
    images = [{"digest": image.get_image_digest(), "tags": sorted(image.image_tags)} for image in repository.images]
    return {"name": repository.name, "images": _by("digest", images), "lifecycle": repository.lifecycle_policy}


def _bucket(bucket):
    keys = {key: len(bucket.keys.getlist(key)) for key in bucket.keys}
    return {"name": bucket.name, "versions": dict(sorted(keys.items()))}


def dump():
    return {
        "addresses": _by("public", _addresses()),
        "interfaces": _by("id", _interfaces()),
        "groups": _by("id", _groups()),
        "instances": _by(
            "id", [{"id": i.id, "state": i.state, "type": i.instance_type, "tags": tags_of(i.id)} for i in instances()]
        ),
        "volumes": _by(
            "id", [{"id": v.id, "size": v.size, "tags": tags_of(v.id)} for v in ec2().volumes.values()]
        ),
        "launch_templates": sorted(template.name for template in ec2().launch_templates.values()),
        "scaling_groups": sorted(scaling().autoscaling_groups),
        "roles": sorted(role.name for role in iam().roles.values()),
        "instance_profiles": sorted(profile.name for profile in iam().instance_profiles.values()),
        "repositories": _by("name", [_repository(repository) for repository in ecr().repositories.values()]),
        "buckets": _by("name", [_bucket(bucket) for bucket in s3().buckets.values()]),
        "zones": _by("id", [_zone(zone) for zone in route53().zones.values()]),
    }
