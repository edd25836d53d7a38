"""The AWS side of the lab: moto made to answer as AWS does, a seeded account, a fault proxy, a DNS server."""

import os

# moto reads these while it is imported: no list of thousands of images, and one
# account whatever the access key is.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
os.environ.setdefault("MOTO_ACCOUNT_ID", "123456789012")
# botocore looks for an instance's metadata when nobody names credentials.
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
