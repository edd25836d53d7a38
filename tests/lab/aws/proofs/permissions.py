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
