"""The state store: a bucket of S3, with the keys that kOps uses."""

import json

import boto3
from botocore.exceptions import ClientError

from .lab import Error


class Store:
    def __init__(self, location):
        if not location:
            raise Error("please set the --state flag or export KOPS_STATE_STORE.")
        if not location.startswith("s3://"):
            raise Error(f'State Store "{location}" is invalid')
        self.location = location
        self.bucket, _, folder = location.removeprefix("s3://").partition("/")
        self.folder = f"{folder.rstrip('/')}/" if folder else ""
        self.s3 = boto3.client("s3")

    def key(self, *parts):
        return self.folder + "/".join(parts)

    def read(self, *parts):
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=self.key(*parts))["Body"].read().decode()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchKey":
                return None
            raise Error(f'error reading s3://{self.bucket}/{self.key(*parts)}: {code}: {error}') from error

    def write(self, text, *parts):
        self.s3.put_object(Bucket=self.bucket, Key=self.key(*parts), Body=text.encode(), ServerSideEncryption="AES256")

    def names(self, *parts):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.key(*parts) + "/")
        return sorted(item["Key"] for page in pages for item in page.get("Contents", []))

    def cluster(self, name):
        text = self.read(name, "config")
        return json.loads(text) if text else None

    def known(self, name):
        cluster = self.cluster(name)
        if cluster is None:
            raise Error(f'cluster "{name}" not found')
        return cluster

    def groups(self, name):
        keys = self.names(name, "instancegroup")
        return [json.loads(self.read(name, "instancegroup", key.rsplit("/", 1)[1])) for key in keys]

    def ssh_keys(self, name):
        keys = self.names(name, "pki", "ssh", "public", "admin")
        return [(key.rsplit("/", 1)[1], self.read(*key.removeprefix(self.folder).split("/"))) for key in keys]

    def forget(self, name):
        for key in self.names(name):
            self.s3.delete_object(Bucket=self.bucket, Key=key)
