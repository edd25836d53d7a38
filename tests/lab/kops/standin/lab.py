"""What the lab tells the stand-in, and what it notes down."""

import json
import os
import sys
import time
from pathlib import Path

STATE = Path(os.environ["LAB_STATE"])


class Error(Exception):
    """What kOps prints after `Error: ` on standard error, with exit code 1."""


def behaviour():
    try:
        return json.loads((STATE / "kops.json").read_text())
    except FileNotFoundError:
        return {}


def as_another_user():
    """So that a policy is k8sport's alone. kOps' own rights aren't judged."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "kops", "AWS_SECRET_ACCESS_KEY": "kops"}


def note(arguments):
    with (STATE / "kops.log").open("a") as log:
        log.write(json.dumps({"time": time.time(), "arguments": arguments}) + "\n")


def say(text):
    print(text, file=sys.stderr, flush=True)
