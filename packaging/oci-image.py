#!/usr/bin/env python3
"""oci-image.py LAYOUT ARCHITECTURE: gives the image for an architecture that name, as `umoci` can't choose from an index."""

import json
import pathlib
import sys

layout, architecture = pathlib.Path(sys.argv[1]), sys.argv[2]
index = json.loads((layout / "index.json").read_text())


def blob(descriptor):
    return json.loads((layout / "blobs" / descriptor["digest"].replace(":", "/")).read_text())


images = []
for descriptor in index["manifests"]:
    images += blob(descriptor)["manifests"] if "index" in descriptor["mediaType"] else [descriptor]
found = [image for image in images if image["platform"]["architecture"] == architecture]
if len(found) != 1 or blob(blob(found[0])["config"])["architecture"] != architecture:
    sys.exit(f"{len(found)} images for {architecture}")
index["manifests"] = [found[0] | {"annotations": {"org.opencontainers.image.ref.name": architecture}}]
(layout / "index.json").write_text(json.dumps(index))
