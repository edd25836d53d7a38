"""Stand-in for docker: takes the three commands that k8sport runs, notes down how it was called, and pushes to the lab's ECR.

Every call is a line of JSON in $LAB_STATE/docker.log. $LAB_STATE/docker.json turns what happens:

    {"fail": {"build": "failed to solve: …"}}   the command fails with this text
    {"hang": "push"}                            it doesn't end
"""

import base64
import hashlib
import json
import os
import sys
import time
from pathlib import Path

STATE = Path(os.environ["LAB_STATE"])
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def fail(text):
    print(text, file=sys.stderr)
    sys.exit(1)


def read(name):
    path = STATE / name
    return json.loads(path.read_text()) if path.exists() else {}


def ecr():
    import boto3

    return boto3.client("ecr", region_name="eu-central-1")


def login(words):
    if words[:3] != ["--username", "AWS", "--password-stdin"]:
        fail("unknown flag")
    token = base64.b64decode(ecr().get_authorization_token()["authorizationData"][0]["authorizationToken"]).decode()
    if f"AWS:{sys.stdin.read()}" != token:
        fail("Error response from daemon: login attempt failed with status: 401 Unauthorized")
    (STATE / "docker-login.json").write_text(json.dumps({words[3]: True}))
    print("Login Succeeded")


def build(words):
    if words[0] != "--platform" or words[2] != "--tag" or words[4] != "--":
        fail("unknown flag")
    dockerfile = Path(words[5]) / "Dockerfile"
    if not dockerfile.is_file():
        fail("ERROR: failed to build: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory")
    print("#1 [internal] load build definition from Dockerfile", file=sys.stderr)
    text = f"{words[1]}\n{dockerfile.read_text()}"
    built = read("docker-images.json") | {words[3]: hashlib.sha256(text.encode()).hexdigest()}
    (STATE / "docker-images.json").write_text(json.dumps(built))


def push(words):
    registry, rest = words[0].split("/", 1)
    repository, tag = rest.rsplit(":", 1)
    if registry not in read("docker-login.json"):
        fail("no basic auth credentials")
    layer = read("docker-images.json").get(words[0]) or fail(f"An image does not exist locally with the tag: {words[0]}")
    layers = [{"digest": f"sha256:{layer}", "size": 1000, "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip"}]
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": {"digest": f"sha256:{layer}", "size": 10}, "layers": layers}
    client = ecr()
    try:
        client.put_image(repositoryName=repository, imageManifest=json.dumps(manifest), imageManifestMediaType=MANIFEST, imageTag=tag)
    except client.exceptions.ImageAlreadyExistsException:
        pass


name, *words = sys.argv[1:]
with (STATE / "docker.log").open("a") as log:
    log.write(json.dumps({"arguments": [name, *words]}) + "\n")
turn = read("docker.json")
if turn.get("hang") == name:
    time.sleep(600)
if text := turn.get("fail", {}).get(name):
    fail(text)
{"login": login, "build": build, "push": push}[name](words)
