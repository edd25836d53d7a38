"""Who may do what: users with a policy (`lab aws enforce`), judged by moto's policy engine.

moto's engine knows actions and resources, but takes a Condition for fulfilled or for denied without looking at the
request. So the conditions are judged here, as AWS documents the few operators and keys that occur, and moto's engine gets
the statements whose conditions hold. moto would also judge only the call itself, and not all services' calls: which
actions and resources a call is about is said here, as in AWS' service authorization reference.

All other access keys may do everything.
"""

import fnmatch
import json
import re
from urllib.parse import parse_qs

from moto.iam.access_control import CreateAccessKeyFailure, IAMPolicy, IAMUserAccessKey, PermissionResult
from moto.iam.models import iam_backends

from .account import ACCOUNT, REGION, ec2, tags_of

USER = "k8sport"
READS = ("Describe", "List")
# The parameter of an EC2 call that names a resource, and the resource's type in ARNs.
NAMED = {
    "AllocationId": "elastic-ip",
    "NetworkInterfaceId": "network-interface",
    "InstanceId": "instance",
    "GroupId": "security-group",
    "SecurityGroupId": "security-group",
    "VpcId": "vpc",
}
PREFIXES = {"eipalloc-": "elastic-ip", "eni-": "network-interface", "i-": "instance", "sg-": "security-group", "vpc-": "vpc"}
CREATED = {"AllocateAddress": "elastic-ip", "CreateSecurityGroup": "security-group"}


def enforce(policy):
    """A user that has this policy and no other; the one of before is replaced. Gone with the next seed."""
    iam = iam_backends[ACCOUNT]["aws"]
    if USER not in [user.name for user in iam.list_users("/", None, None)]:
        iam.create_user("us-east-1", USER)
    iam.put_user_policy(USER, "exact", json.dumps(policy))
    keys = iam.list_access_keys(USER) or [iam.create_access_key(USER)]
    return {"AWS_ACCESS_KEY_ID": keys[0].access_key_id, "AWS_SECRET_ACCESS_KEY": keys[0].secret_access_key}


def _arn(kind, name):
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:{kind}/{name}"


def _attached(eni_id):
    eni = ec2().enis.get(eni_id)
    return [_arn("instance", eni.instance.id)] if eni and eni.instance else []


def _ec2_resources(action, form):
    """Every resource that the call is about."""
    if action.startswith(READS):
        return ["*"]
    found = [_arn(CREATED[action], "new")] if action in CREATED else []
    for name, value in form.items():
        stem = name.split(".")[0]
        if stem == "ResourceId":
            found += [_arn(kind, value) for prefix, kind in PREFIXES.items() if value.startswith(prefix)]
        elif stem in NAMED:
            found.append(_arn(NAMED[stem], value))
        elif stem == "AssociationId":
            held = [eip for eip in ec2().addresses if eip.association_id == value]
            found += [_arn("elastic-ip", eip.allocation_id) for eip in held]
            found += [_arn("network-interface", eip.eni.id) for eip in held if eip.eni]
    for arn in list(found):
        if ":network-interface/" in arn:
            found += _attached(arn.rsplit("/", 1)[1]) if action in ("AssociateAddress", "DisassociateAddress") else []
    return found or ["*"]


def _tags(form, pattern):
    pairs = {}
    for name, value in form.items():
        if match := re.fullmatch(pattern + r"\.(\d+)\.(Key|Value)", name):
            pairs.setdefault(match[1], {})[match[2]] = value
    return {pair["Key"]: pair.get("Value", "") for pair in pairs.values()}


def _tag_context(tags):
    return {f"aws:RequestTag/{key}": [value] for key, value in tags.items()} | {"aws:TagKeys": list(tags)}


def _ec2_questions(call, form):
    """(action, resource, context) that all have to be allowed."""
    created = _tags(form, r"TagSpecification\.\d+\.Tag")
    given = created or _tags(form, "Tag")
    for arn in _ec2_resources(call.action, form):
        present = tags_of(arn.rpartition("/")[2])
        context = _tag_context(given) | {f"aws:ResourceTag/{key}": [value] for key, value in present.items()}
        yield f"ec2:{call.action}", arn, context
    if created:
        arn = _arn(CREATED[call.action], "new")
        yield "ec2:CreateTags", arn, _tag_context(created) | {"ec2:CreateAction": [call.action]}


def _route53_questions(call, path, body):
    zone = re.search(r"/hostedzone/([^/]+)", path)
    change = re.search(r"/change/([^/]+)", path)
    resource = f"arn:aws:route53:::hostedzone/{zone[1]}" if zone else "*"
    resource = f"arn:aws:route53:::change/{change[1]}" if change else resource
    text = body.decode("utf-8", "replace")

    def values(tag):
        return re.findall(rf"<{tag}>([^<]*)</{tag}>", text)

    names = [re.sub(r"\*", r"\\052", name.rstrip(".").lower()) for name in values("Name")]
    prefix = "route53:ChangeResourceRecordSets"
    context = {f"{prefix}NormalizedRecordNames": names}
    context |= {f"{prefix}RecordTypes": values("Type"), f"{prefix}Actions": values("Action")}
    yield f"route53:{call.action}", resource, context


def _ecr_questions(call, body):
    name = json.loads(body or b"{}").get("repositoryName", "*")
    yield f"ecr:{call.action}", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}", {}


# What IAM calls the right to a call, where that isn't the call's own name.
S3_RIGHTS = {
    "HeadBucket": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "DeleteObjects": "DeleteObjectVersion",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "PutBucketEncryption": "PutEncryptionConfiguration",
}


def _s3_questions(call, path, body):
    bucket = path.strip("/").split("/")[0]
    keys = re.findall(r"<Key>([^<]*)</Key>", body.decode("utf-8", "replace")) if call.action == "DeleteObjects" else []
    action = f"s3:{S3_RIGHTS.get(call.action, call.action)}"
    for name in [f"{bucket}/{key}" for key in keys] or [bucket]:
        yield action, f"arn:aws:s3:::{name}", {}


def _iam_questions(call, body):
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    kinds = {"RoleName": "role", "InstanceProfileName": "instance-profile"}
    named = [f"arn:aws:iam::{ACCOUNT}:{kind}/{form[name]}" for name, kind in kinds.items() if name in form]
    for resource in named or ["*"]:
        yield f"iam:{call.action}", resource, {}


def _questions(call, path, body):
    if call.service == "ec2":
        yield from _ec2_questions(call, {name: values[0] for name, values in parse_qs(body.decode()).items()})
    elif call.service == "route53":
        yield from _route53_questions(call, path, body)
    elif call.service == "s3":
        yield from _s3_questions(call, path, body)
    elif call.service == "iam":
        yield from _iam_questions(call, body)
    elif call.service == "tagging":
        yield f"tag:{call.action}", "*", {}
    elif call.service == "ecr":
        yield from _ecr_questions(call, body)
    elif call.action == "RequestServiceQuotaIncrease":
        asked = json.loads(body)
        quota = f"{asked['ServiceCode']}/{asked['QuotaCode']}"
        yield f"servicequotas:{call.action}", f"arn:aws:servicequotas:{REGION}:{ACCOUNT}:{quota}", {}
    elif call.action != "GetCallerIdentity":
        yield f"{call.service}:{call.action}", "*", {}


def _holds(operator, key, wanted, context):
    wanted = wanted if isinstance(wanted, list) else [wanted]
    actual = context.get(key, [])
    every = operator.startswith("ForAllValues:")
    operator = operator.removeprefix("ForAllValues:")
    if operator == "Null":
        return (not actual) == (wanted == ["true"])
    if operator == "StringEquals":
        results = [value in wanted for value in actual]
    elif operator == "StringLike":
        results = [any(fnmatch.fnmatchcase(value, pattern) for pattern in wanted) for value in actual]
    else:
        raise ValueError(f"the lab can't judge the operator {operator}")
    # ForAllValues holds for no value at all; the plain operators want one.
    return all(results) and (every or bool(results))


def _in_force(document, context):
    def applies(statement):
        conditions = statement.get("Condition", {})
        return all(_holds(operator, key, wanted, context) for operator, keys in conditions.items() for key, wanted in keys.items())

    kept = [statement for statement in document["Statement"] if applies(statement)]
    return {"Statement": [{key: value for key, value in statement.items() if key != "Condition"} for statement in kept]}


def denied(call, path, body):
    """The action that the caller may not do and the resource of it, or None."""
    try:
        key = IAMUserAccessKey(ACCOUNT, "aws", call.access_key, {})
    except CreateAccessKeyFailure:
        return None
    documents = [json.loads(policy["policy_document"]) for policy in key.collect_policies()]
    for action, resource, context in _questions(call, path, body):
        judged = [
            IAMPolicy(json.dumps(_in_force(document, context))).is_action_permitted(action, resource)
            for document in documents
        ]
        if PermissionResult.PERMITTED not in judged:
            who = f"User: {key.arn} is not authorized to perform: {action}"
            return f"{who} on resource: {resource} because no identity-based policy allows the {action} action"
    return None
