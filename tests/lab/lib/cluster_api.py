"""The real API server of the lab's node, for the stand-ins of kOps and helm: as the cluster's administrator."""

import http.client
import json
import os
import ssl
from pathlib import Path

STATE = Path(os.environ["LAB_STATE"])
CERTIFICATES = STATE / "certificates"
# Until dns-controller has written the name, the node's address is set here; the certificate is the API server's in any case.
address = "api.c02.example.com"


class Failure(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def is_real():
    return (STATE / "api").read_text().strip() == "real"


def call(method, path, body=None, kind="application/json"):
    tls = ssl.create_default_context(cafile=CERTIFICATES / "kubernetes-ca.crt")
    tls.check_hostname = False
    tls.load_cert_chain(CERTIFICATES / "admin.crt", CERTIFICATES / "admin.key")
    connection = http.client.HTTPSConnection(address, 443, timeout=20, context=tls)
    try:
        connection.request(method, path, body and json.dumps(body), {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status >= 400:
        raise Failure(answer.status, json.loads(text).get("message", text.decode()))
    return json.loads(text)


def merge(path, body):
    return call("PATCH", path, body, "application/merge-patch+json")


def create(path, thing):
    """As it is, if it is there already."""
    try:
        return call("POST", path, thing)
    except Failure as failure:
        if failure.code != 409:
            raise
        return None


def find(path):
    try:
        return call("GET", path)
    except Failure as failure:
        if failure.code != 404:
            raise
        return None


def remove(path):
    try:
        call("DELETE", path)
    except Failure as failure:
        if failure.code != 404:
            raise
