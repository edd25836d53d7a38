"""`create -f` and `create sshpublickey`: into the state store and nowhere else."""

import hashlib
import base64
import json
import sys
from pathlib import Path

import yaml

from .lab import Error


def from_file(store, file):
    text = sys.stdin.read() if file == "-" else Path(file).read_text()
    said = []
    for document in yaml.safe_load_all(text):
        if document:
            said.append(register(store, document))
    print("\n".join(["", *said, "", "To deploy these resources, run: kops update cluster --name … --yes", ""]))


def register(store, document):
    kind, name = document.get("kind"), document.get("metadata", {}).get("name")
    if kind == "Cluster":
        if store.cluster(name):
            raise Error(f'cluster "{name}" already exists')
        store.write(json.dumps(document), name, "config")
        return f"Created cluster/{name}"
    if kind == "InstanceGroup":
        cluster = document["metadata"].get("labels", {}).get("kops.k8s.io/cluster")
        if not cluster:
            raise Error('must specify "kops.k8s.io/cluster" label with cluster name to create instanceGroup')
        store.known(cluster)
        if store.read(cluster, "instancegroup", name):
            raise Error(f'instanceGroup "{name}" already exists')
        store.write(json.dumps(document), cluster, "instancegroup", name)
        return f"Created instancegroup/{name}"
    raise Error(f'Unhandled kind "{kind}"')


def ssh_public_key(store, cluster, file):
    store.known(cluster)
    try:
        text = Path(file).read_text()
        digest = hashlib.md5(base64.b64decode(text.split()[1])).hexdigest()
    except OSError as error:
        raise Error(f"error reading SSH public key {file}: open {file}: no such file or directory") from error
    except (IndexError, ValueError) as error:
        raise Error(f"error adding SSH public key: error parsing SSH public key: {error}") from error
    store.write(text, cluster, "pki", "ssh", "public", "admin", digest)
