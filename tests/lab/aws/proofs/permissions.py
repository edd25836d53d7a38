"""Credentials: moto takes any, AWS doesn't."""

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from .bench import code_of

QUOTA = {"ServiceCode": "ec2", "QuotaCode": "L-0263D0A3"}


def expired_credentials(bench):
    def of(service):
        return bench.client(service, key="expired")

    assert code_of(of("ec2").describe_instances) == "RequestExpired"
    assert code_of(of("route53").list_hosted_zones) == "ExpiredToken"
    assert code_of(of("sts").get_caller_identity) == "ExpiredToken"
    assert code_of(of("service-quotas").get_service_quota, **QUOTA) == "ExpiredTokenException"


def denied_reads_but_does_not_write(bench):
    before = bench.ask("dump")
    ec2, route53 = bench.client("ec2", key="denied"), bench.client("route53", key="denied")
    assert code_of(ec2.describe_instances) is None
    assert code_of(route53.list_hosted_zones) is None
    assert code_of(ec2.allocate_address, Domain="vpc") == "UnauthorizedOperation"
    assert code_of(ec2.allocate_address, Domain="vpc", DryRun=True) == "UnauthorizedOperation"
    record = {"Name": "a.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    change = dict(HostedZoneId="Z02PUBLICEXAMPLECOM", ChangeBatch=batch)
    assert code_of(route53.change_resource_record_sets, **change) == "AccessDenied"
    assert bench.ask("dump") == before


def wrong_and_missing_credentials(bench):
    assert code_of(bench.client("ec2", key="invalid").describe_instances) == "AuthFailure"
    assert code_of(bench.client("sts", key="invalid").get_caller_identity) == "InvalidClientTokenId"
    unsigned = boto3.client(
        "ec2",
        endpoint_url=f"http://{bench.endpoint}",
        region_name="eu-central-1",
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )
    assert code_of(unsigned.describe_instances) == "MissingAuthenticationToken"


def identity(bench):
    who = bench.client("sts").get_caller_identity()
    assert who["Account"] == "123456789012"


def a_user_may_do_what_its_policy_says(bench):
    cluster = "k8sport:cluster"
    tagged = [{"ResourceType": "elastic-ip", "Tags": [{"Key": cluster, "Value": "c02.example.com"}]}]
    ours = {"StringEquals": {f"aws:RequestTag/{cluster}": "c02.example.com"}}
    new = {"Effect": "Allow", "Resource": "arn:aws:ec2:eu-central-1:123456789012:elastic-ip/*", "Condition": ours}
    read = {"Effect": "Allow", "Action": ["ec2:DescribeAddresses"], "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [read, {**new, "Action": ["ec2:AllocateAddress"]}]}
    ec2 = bench.client("ec2", key=bench.ask("enforce", policy=document)["AWS_ACCESS_KEY_ID"])
    assert code_of(ec2.describe_addresses) is None
    assert code_of(ec2.describe_instances) == "UnauthorizedOperation"
    # Tags at creation are an action of their own, and without them the condition doesn't hold.
    assert code_of(ec2.allocate_address, Domain="vpc", TagSpecifications=tagged) == "UnauthorizedOperation"
    assert code_of(ec2.allocate_address, Domain="vpc") == "UnauthorizedOperation"
    document["Statement"].append({**new, "Action": ["ec2:CreateTags"]})
    bench.ask("enforce", policy=document)
    assert code_of(ec2.allocate_address, Domain="vpc", TagSpecifications=tagged) is None
    assert code_of(bench.ec2.allocate_address, Domain="vpc") is None


def quota_requests_are_one_at_a_time(bench):
    assert bench.quotas.list_requested_service_quota_change_history_by_quota(**QUOTA)["RequestedQuotas"] == []
    assert code_of(bench.quotas.request_service_quota_increase, **QUOTA, DesiredValue=4) == "IllegalArgumentException"
    asked = bench.quotas.request_service_quota_increase(**QUOTA, DesiredValue=10)["RequestedQuota"]
    assert asked["Status"] == "PENDING"
    again = code_of(bench.quotas.request_service_quota_increase, **QUOTA, DesiredValue=12)
    assert again == "ResourceAlreadyExistsException"
    listed = bench.quotas.list_requested_service_quota_change_history_by_quota(**QUOTA)["RequestedQuotas"]
    assert [change["Id"] for change in listed] == [asked["Id"]]
