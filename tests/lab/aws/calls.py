"""Which call a request is: service, action, whether it changes anything, who makes it."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

READS = ("Describe", "Get", "List", "Head", "Test", "Simulate", "Search", "Lookup", "BatchGet", "BatchCheck", "Check")
# Names that read, though they don't sound like it.
READ_NAMES = {"AssumeRole", "AssumeRoleWithWebIdentity"}

# Route 53 has no action in its requests: method and path say what is meant.
ROUTE53 = [
    ("GET", r"/hostedzonesbyname", "ListHostedZonesByName"),
    ("GET", r"/hostedzonesbyvpc", "ListHostedZonesByVPC"),
    ("GET", r"/hostedzonecount", "GetHostedZoneCount"),
    ("GET", r"/hostedzone", "ListHostedZones"),
    ("POST", r"/hostedzone", "CreateHostedZone"),
    ("GET", r"/hostedzone/[^/]+/rrset", "ListResourceRecordSets"),
    ("POST", r"/hostedzone/[^/]+/rrset", "ChangeResourceRecordSets"),
    ("GET", r"/hostedzone/[^/]+", "GetHostedZone"),
    ("DELETE", r"/hostedzone/[^/]+", "DeleteHostedZone"),
    ("GET", r"/change/[^/]+", "GetChange"),
    ("GET", r"/tags/[^/]+/[^/]+", "ListTagsForResource"),
    ("POST", r"/tags/[^/]+/[^/]+", "ChangeTagsForResource"),
    ("GET", r"/testdnsanswer", "TestDNSAnswer"),
]


@dataclass(frozen=True)
class Call:
    service: str
    action: str
    # A dry run of a mutating action changes nothing, but needs the same permission.
    writes: bool
    dry_run: bool
    # None: the request isn't signed
    access_key: str | None

    @property
    def mutating(self):
        return self.writes and not self.dry_run


def _scope(authorization):
    """Access key and service of a signature, version 4."""
    match = re.search(r"Credential=([^/]+)/\d+/[^/]*/([^/]+)/aws4_request", authorization or "")
    return (match[1], match[2].lower()) if match else (None, None)


def _route53(method, path):
    path = re.sub(r"^/\d{4}-\d\d-\d\d", "", path).rstrip("/")
    for wanted, pattern, action in ROUTE53:
        if method == wanted and re.fullmatch(pattern, path):
            return action
    return None


# What a bucket has besides its objects, by the name in the query.
BUCKET_PARTS = {"versioning": "BucketVersioning", "publicAccessBlock": "PublicAccessBlock", "encryption": "BucketEncryption"}


def _s3(method, path, query):
    bucket_only = "/" not in path.strip("/")
    for part, name in BUCKET_PARTS.items():
        if bucket_only and part in query:
            return method.capitalize() + name
    if path.strip("/") == "":
        return "ListBuckets"
    if method == "POST":
        return "DeleteObjects" if "delete" in query else "PostObject"
    if method == "GET" and bucket_only:
        if "versions" in query:
            return "ListObjectVersions"
        return "ListObjectsV2" if "list-type" in query else "GetBucket"
    if method == "PUT" and bucket_only and not query:
        return "CreateBucket"
    return method.capitalize() + ("Bucket" if bucket_only else "Object")


def name(method, path, query, headers, body):
    """`headers` has lower-case names."""
    access_key, service = _scope(headers.get("authorization"))
    form = {}
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        form = parse_qs(body.decode("utf-8", "replace"))
    action = form.get("Action", [None])[0]
    if headers.get("x-amz-target"):
        action = headers["x-amz-target"].split(".")[-1]
    elif service == "route53":
        action = _route53(method, path)
    elif service == "s3":
        action = _s3(method, path, parse_qs(query, keep_blank_values=True))
    action = action or f"{method} {path}"
    # GET and HEAD without a name of their own don't change anything either.
    writes = not action.startswith((*READS, "GET ", "HEAD ")) and action not in READ_NAMES
    dry_run = form.get("DryRun", ["false"])[0].lower() == "true"
    return Call(service or "unsigned", action, writes, dry_run, access_key)
