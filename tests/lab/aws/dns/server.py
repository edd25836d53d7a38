"""The DNS server: UDP and TCP, authoritative for the account's public zones only."""

import re

from dnslib import QTYPE, RCODE, RR
from dnslib.server import BaseResolver, DNSLogger, DNSServer

from .. import changes
from ..account import LOCK, route53
from .lookup import Answer, lookup


def _rr(name, type_, ttl, value):
    return RR.fromZone(f"{name} {ttl} IN {type_} {value}")[0]


class Route53Resolver(BaseResolver):
    def __init__(self, host):
        self.host = host

    def resolve(self, request, handler):
        name = str(request.q.qname)
        type_ = QTYPE.get(request.q.qtype)
        with LOCK:
            zones = [zone for zone in route53().zones.values() if not zone.private_zone]
            answer = lookup(name, type_, zones, changes.published)
        if type_ == "A" and re.fullmatch(r"ns-\d+\.awsdns-\d+\.[a-z.]+", name):
            # The zones' name servers are this one.
            answer = Answer(records=[(name, "A", 300, self.host)])
        reply = request.reply(ra=0, aa=answer.code != "REFUSED")
        reply.header.rcode = getattr(RCODE, answer.code)
        for record in answer.records:
            reply.add_answer(_rr(*record))
        for record in answer.authority:
            reply.add_auth(_rr(*record))
        return reply


def start(host, port):
    quiet = DNSLogger(log="-request,-reply,-truncated,-data", prefix=False)
    servers = [DNSServer(Route53Resolver(host), address=host, port=port, tcp=tcp, logger=quiet) for tcp in (False, True)]
    for server in servers:
        server.start_thread()
    return servers
