"""Records of the API server, as kOps and dns-controller write them."""

import time

import boto3
from botocore.exceptions import BotoCoreError, ClientError

# kOps writes it first; dns-controller replaces it.
PLACEHOLDER = "203.0.113.123"
NAMES = ["api", "api.internal", "kops-controller.internal", "bastion"]


def zones(cluster):
    """Public zones that the cluster's name lies in, the longest first."""
    found = boto3.client("route53").list_hosted_zones()["HostedZones"]
    fitting = [z for z in found if f".{cluster}.".endswith(f".{z['Name']}") and not z["Config"]["PrivateZone"]]
    return sorted(fitting, key=lambda zone: -len(zone["Name"]))


def records(zone, cluster):
    pages = boto3.client("route53").get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
    wanted = {f"{name}.{cluster}." for name in NAMES}
    return [r for page in pages for r in page["ResourceRecordSets"] if r["Name"] in wanted and r["Type"] in ("A", "AAAA", "TXT")]


def change(zone, action, record):
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    boto3.client("route53").change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=batch)


def write(cluster, name, address):
    record = {"Name": f"{name}.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}
    change(zones(cluster)[0], "UPSERT", record)


def insist(cluster, name, address):
    """dns-controller tries again until it may, here for a minute."""
    for _ in range(60):
        try:
            return write(cluster, name, address)
        except (ClientError, BotoCoreError):
            time.sleep(1)


def placeholders(cluster):
    there = {record["Name"] for record in records(zones(cluster)[0], cluster)}
    for name in NAMES[:2]:
        if f"{name}.{cluster}." not in there:
            write(cluster, f"{name}.{cluster}", PLACEHOLDER)


def remove(cluster):
    for zone in zones(cluster):
        for record in records(zone, cluster):
            change(zone, "DELETE", record)
