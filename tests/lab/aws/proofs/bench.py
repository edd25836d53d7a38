"""A server of our own on free loopback ports, and clients for it."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from dnslib import QTYPE, RCODE, DNSRecord

from ..control import ask

LAB = Path(__file__).resolve().parents[2]
HOOK = """#!/bin/sh
[ -e "$0.broken" ] && { echo "told to fail" >&2; exit 3; }
echo run >>"$0.runs"
cp "$1" "$0.seen"
"""


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bench:
    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory()
        self.base = Path(self._directory.name)
        self.hook = self.base / "hook"
        self.hook.write_text(HOOK)
        self.hook.chmod(0o755)
        ports = {name: f"127.0.0.1:{_free_port()}" for name in ("endpoint", "control", "moto", "dns")}
        self.endpoint, self.control = ports["endpoint"], ports["control"]
        self.dns_port = int(ports["dns"].split(":")[1])
        options = [part for name, address in ports.items() for part in (f"--{name}", address)]
        self._server = subprocess.Popen(
            [sys.executable, "-B", "-m", "aws.serve", "--state-dir", self.base / "aws", "--hook", self.hook, *options],
            cwd=LAB,
            stderr=(self.base / "log").open("w"),
        )
        for _ in range(300):
            if (self.base / "aws" / "ready").exists():
                break
            if self._server.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log()}")
            time.sleep(0.1)
        self.ec2, self.route53 = self.client("ec2"), self.client("route53")
        self.quotas = self.client("service-quotas")
        return self

    def __exit__(self, *_):
        self._server.terminate()
        assert self._server.wait(10) == 0
        assert not (self.base / "aws" / "ready").exists()
        self._directory.cleanup()

    def log(self):
        return (self.base / "log").read_text()

    def fresh(self, profile="default"):
        self.ask("seed", profile=profile)
        self.ask("settle", seconds=0, polls=0)

    def ask(self, command, **given):
        return ask(self.control, command, **given)

    def client(self, service, key="labkey", region="eu-central-1"):
        once = Config(retries={"total_max_attempts": 1}, read_timeout=3, connect_timeout=3)
        return boto3.client(
            service,
            endpoint_url=f"http://{self.endpoint}",
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key="labsecret",
            config=once,
        )

    def node(self):
        """The instance of c02.example.com, as DescribeInstances shows it."""
        mine = [{"Name": "tag:kubernetes.io/cluster/c02.example.com", "Values": ["owned"]}]
        return self.ec2.describe_instances(Filters=mine)["Reservations"][0]["Instances"][0]

    def eni(self):
        return self.node()["NetworkInterfaces"][0]["NetworkInterfaceId"]

    def privates(self, eni):
        """private → public, as DescribeNetworkInterfaces shows them."""
        shown = self.ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"][0]
        return {
            a["PrivateIpAddress"]: a.get("Association", {}).get("PublicIp") for a in shown["PrivateIpAddresses"]
        }

    def hook_runs(self):
        runs = Path(f"{self.hook}.runs")
        return len(runs.read_text().splitlines()) if runs.exists() else 0

    def hook_state(self):
        return json.loads(Path(f"{self.hook}.seen").read_text())

    def dig(self, name, type_="A", tcp=False):
        """(rcode, values of the answer, types of the authority section)."""
        question = DNSRecord.question(name, type_)
        reply = DNSRecord.parse(question.send("127.0.0.1", self.dns_port, tcp=tcp, timeout=3))
        values = sorted(str(r.rdata) for r in reply.rr)
        return RCODE.get(reply.header.rcode), values, [QTYPE.get(r.rtype) for r in reply.auth]


def code_of(call, **given):
    """The error code a call is refused with, or None."""
    try:
        call(**given)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None
