#!/usr/bin/env python3
"""Puts layers together to an OCI image in an archive. https://github.com/opencontainers/image-spec (1.1)"""

import argparse
import datetime
import gzip
import hashlib
import json
import os
import pathlib
import subprocess

parser = argparse.ArgumentParser()
parser.add_argument("work", type=pathlib.Path)
parser.add_argument("archive", type=pathlib.Path)
for name in ("version", "revision"):
    parser.add_argument(f"--{name}", required=True)
parser.add_argument("--image", nargs="+", metavar=("ARCHITECTURE", "LAYER"), action="append", required=True)
arguments = parser.parse_args()

epoch = int(os.environ["SOURCE_DATE_EPOCH"])
created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
layout = arguments.work / "layout"
blobs = layout / "blobs/sha256"
blobs.mkdir(parents=True)
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def blob(content, kind):
    """Stores it, and says where."""
    name = digest(content)
    (blobs / name.removeprefix("sha256:")).write_bytes(content)
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": name, "size": len(content)}


def document(value, kind):
    return blob(json.dumps(value, sort_keys=True).encode(), kind)


annotations = {
    "org.opencontainers.image.title": "k8sport",
    "org.opencontainers.image.version": arguments.version,
    "org.opencontainers.image.revision": arguments.revision,
    "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
    "org.opencontainers.image.created": created,
}


def image(architecture, *paths):
    """The descriptor of its manifest."""
    plain = [pathlib.Path(path).read_bytes() for path in paths]
    layers = [blob(gzip.compress(content, int(os.environ["COMPRESSION"]), mtime=0), "layer.v1.tar+gzip") for content in plain]
    config = document({
        "created": created,
        "architecture": architecture,
        "os": "linux",
        "config": {
            "Entrypoint": ["/usr/bin/k8sport"],
            "User": "65532:65532",
            "WorkingDir": "/home/k8sport",
            "Env": ["PATH=/usr/bin:/bin", "HOME=/home/k8sport", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
        },
        "rootfs": {"type": "layers", "diff_ids": [digest(content) for content in plain]},
        "history": [{"created": created, "comment": comment} for comment in ("Debian packages", "k8sport")],
    }, "config.v1+json")
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers, "annotations": annotations}
    return document(manifest, "manifest.v1+json") | {"platform": {"architecture": architecture, "os": "linux"}}


images = [image(*given) for given in arguments.image]
# One image is named itself; of several, an index, from which each machine takes its own.
named = images[0] if len(images) == 1 else document({"schemaVersion": 2, "mediaType": INDEX, "manifests": images, "annotations": annotations}, "index.v1+json")
named["annotations"] = {"org.opencontainers.image.ref.name": arguments.version}
(layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [named]}, sort_keys=True))
(layout / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
subprocess.run(
    ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{epoch}", "--format=gnu", "-cf", arguments.archive, "-C", layout, "."],
    check=True,
)
