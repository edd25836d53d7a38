"""What a name server of the zone answers: RFC 1034's algorithm with RFC 4592's wildcards."""

from dataclasses import dataclass, field

# An alias to something outside the account (a load balancer) ends here.
ALIAS_ELSEWHERE = "192.0.2.99"
ALIAS_TTL = 60


@dataclass
class Answer:
    # refused: no public zone of ours holds the name
    code: str = "NOERROR"
    records: list = field(default_factory=list)  # (name, type, ttl, value)
    authority: list = field(default_factory=list)


def _labels(name):
    return name.rstrip(".").split(".") if name.rstrip(".") else []


def zone_for(name, zones):
    """The public zone with the longest name that is the name or above it."""
    fitting = [zone for zone in zones if name == zone.name or name.endswith("." + zone.name)]
    return max(fitting, key=lambda zone: len(_labels(zone.name)), default=None)


def _exists(name, records):
    """A name exists when it has records, or something below it has (an empty non-terminal)."""
    return any(record.name == name or record.name.endswith("." + name) for record in records)


def _owner(name, zone, records):
    """The name whose records answer: the name itself, or the wildcard at its closest encloser, or nothing."""
    if _exists(name, records):
        return name
    labels = _labels(name)
    for cut in range(1, len(labels)):
        encloser = ".".join(labels[cut:]) + "."
        if encloser == zone.name or _exists(encloser, records):
            wildcard = "*." + encloser
            return wildcard if _exists(wildcard, records) else None
    return None


def _values(record):
    if record.alias_target:
        return None
    return record.records or []


def _expand(found, asked, zones, published, depth):
    """Records of one owner, under the name that was asked for."""
    out = []
    for record in found:
        values = _values(record)
        if values is None:
            target = record.alias_target["DNSName"].lower().rstrip(".") + "."
            inner = lookup(target, record.type, zones, published, depth + 1)
            addresses = [(ttl, v) for _, t, ttl, v in inner.records if t == record.type]
            if inner.code == "REFUSED" and record.type == "A":
                addresses = [(ALIAS_TTL, ALIAS_ELSEWHERE)]
            out += [(asked, record.type, ttl, value) for ttl, value in addresses]
        else:
            out += [(asked, record.type, int(record.ttl), value) for value in values]
    return out


def lookup(name, type_, zones, published, depth=0):
    """`published(zone)` gives the record sets that the name servers have."""
    name = name.lower().rstrip(".") + "."
    zone = zone_for(name, zones)
    if zone is None or depth > 8:
        return Answer("REFUSED")
    records = published(zone)
    authority = [(zone.name, "SOA", int(r.ttl), r.records[0]) for r in records if r.type == "SOA"]
    owner = _owner(name, zone, records)
    if owner is None:
        return Answer("NXDOMAIN", authority=authority)
    at_owner = [record for record in records if record.name == owner]
    found = [record for record in at_owner if type_ in ("ANY", record.type)]
    if found:
        return Answer(records=_expand(found, name, zones, published, depth))
    aliases = [record for record in at_owner if record.type == "CNAME"]
    if aliases:
        first = _expand(aliases, name, zones, published, depth)
        rest = lookup(first[0][3], type_, zones, published, depth + 1)
        # A target elsewhere is the resolver's business, not an error.
        code = "NOERROR" if rest.code == "REFUSED" else rest.code
        return Answer(code, first + rest.records, rest.authority)
    return Answer(authority=authority)
