"""An admin's kubeconfig, merged into what is there."""

import base64
import os
from pathlib import Path

import yaml

from . import lab

LISTS = {"clusters": "cluster", "users": "user", "contexts": "context"}


def path(named=None):
    listed = named or os.environ.get("KUBECONFIG") or str(Path(os.environ["HOME"]) / ".kube/config")
    return Path(listed.split(":")[0])


def _read(file):
    empty = {"apiVersion": "v1", "kind": "Config"} | {name: [] for name in LISTS}
    return yaml.safe_load(file.read_text()) or empty if file.exists() else empty


def _write(file, content):
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(yaml.safe_dump(content, sort_keys=False))


def _encoded(name):
    file = lab.STATE / "certificates" / name
    return base64.b64encode(file.read_bytes()).decode() if file.exists() else None


def export(cluster, file):
    content = _read(file)
    user = {"client-certificate-data": _encoded("admin.crt"), "client-key-data": _encoded("admin.key")}
    added = {
        "clusters": {"server": f"https://api.{cluster}", "certificate-authority-data": _encoded("kubernetes-ca.crt")},
        "users": {key: value for key, value in user.items() if value},
        "contexts": {"cluster": cluster, "user": cluster},
    }
    for plural, singular in LISTS.items():
        others = [entry for entry in content.get(plural) or [] if entry["name"] != cluster]
        content[plural] = [*others, {"name": cluster, singular: added[plural]}]
    content["current-context"] = cluster
    _write(file, content)
    lab.say(f"kOps has set your kubectl context to {cluster}")


def remove(cluster, file):
    if not file.exists():
        return
    content = _read(file)
    for plural in LISTS:
        content[plural] = [entry for entry in content.get(plural) or [] if entry["name"] != cluster]
    if content.get("current-context") == cluster:
        content["current-context"] = ""
    _write(file, content)
    lab.say(f"Deleted kubectl config for {cluster}")
