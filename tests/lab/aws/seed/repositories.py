"""Image repositories of two teams, the same in every profile."""

import hashlib
import json

from ..account import ecr

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
FIRST_PUSH = 1_790_000_000
DAY = 86_400


def _digest(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _push(repository, name, day, tag, manifest):
    image = ecr().put_image(repository, json.dumps(manifest), tag, manifest["mediaType"], _digest(f"{repository}/{name}"))
    image.image_pushed_at = FIRST_PUSH + day * DAY
    return image.image_digest


def _image(repository, name, day, tag=None, size=50_000_000):
    layers = [{"digest": _digest(f"layer of {name}"), "size": size}]
    return _push(
        repository, name, day, tag, {"mediaType": MANIFEST, "config": {"size": size}, "layers": layers, "name": name}
    )


def _multi_platform(repository, name, day):
    parts = [_image(repository, f"{name}-{platform}", day) for platform in ("amd64", "arm64")]
    manifests = [{"mediaType": MANIFEST, "digest": digest} for digest in parts]
    _push(repository, name, day, name, {"mediaType": INDEX, "manifests": manifests})


def make():
    for name in ("shop/api", "shop/web", "other-team/tool"):
        ecr().create_repository(name, None, None, None, "MUTABLE", None)
    for number in range(1, 13):
        _image("shop/api", f"v{number}", number, f"v{number}")
    for number in range(1, 4):
        _multi_platform("shop/web", f"v{number}", number)
    for number in range(1, 16):
        _image("other-team/tool", f"v{number}", number, f"v{number}")
    ecr().put_lifecycle_policy(None, "shop/web", json.dumps({"rules": []}))
