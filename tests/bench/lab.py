"""The lab that everything is measured in (../lab), and one measured run in it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .group import Group

BENCH = Path(__file__).parent
LAB = BENCH.parent / "lab" / "lab"
CACHE = Path(os.environ.get("LAB_CACHE") or Path.home() / ".cache/k8sport")
PROGRAMS = CACHE / "bench-venv/bin"
# The real API server and its programs, where they have been built.
KUBERNETES = CACHE / "kubernetes-1.20"
NAME = os.environ.get("LAB_NAME", "bench")
STATE = Path(os.environ.get("LAB_STATE") or f"/run/k8sport-lab/{NAME}")
CLUSTER, NODE_PUBLIC = "c02.example.com", "198.18.77.10"
# Longer than any subject needs.
LIMIT = 300


@dataclass
class Session:
    """A command that came over SSH, as the node saw it."""

    began: float
    ended: float
    what: str


@dataclass
class Run:
    """One run of a subject: what it cost, and what it did when (seconds since the epoch)."""

    began: float
    ended: float
    cpu: float
    peak_kib: int
    bytes: int
    calls: list
    connections: int
    sessions: list

    @property
    def wall(self):
        return self.ended - self.began


def lab(*arguments, check=True):
    done = subprocess.run([str(LAB), *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if check and done.returncode:
        raise RuntimeError(f"lab {' '.join(arguments)}: {(done.stdout + done.stderr).strip()[-2000:]}")
    return done.stdout


@contextmanager
def up():
    """A lab for as long as it is needed; one that was there before stays."""
    was_there = (STATE / "up").exists()
    lab("up")
    try:
        yield
    finally:
        if not was_there:
            lab("down")


# Seconds that Route 53 takes until a change is everywhere.
SETTLE = 0.25


def reset(aws_profile="default", node_profile="fresh", api="stand-in", kube_proxy="stand-in"):
    lab("reset", "--aws-profile", aws_profile, "--node-profile", node_profile, "--api", api, "--kube-proxy", kube_proxy)
    # By time alone, whoever asks how often.
    lab("aws", "settle", str(SETTLE), "0")
    # Says when each command begins and ends.
    node("echo LogLevel VERBOSE >/etc/ssh/sshd_config.d/bench.conf; systemctl reload ssh")


def node(script):
    return lab("node", "--", "sh", "-c", script)


@contextmanager
def far_away(milliseconds):
    """Everything between the operator and AWS' side, the node included, takes a round trip of so long."""
    if not milliseconds:
        yield
        return
    command = [sys.executable, str(BENCH / "wire.py"), f"k8sport-{NAME}-op", f"k8sport-{NAME}-aws", str(milliseconds)]
    wire = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if wire.stdout.readline().strip() != "ready":
        raise RuntimeError("the wire was not laid")
    try:
        yield
    finally:
        wire.stdin.close()
        wire.wait(10)


def measured(command, environment=(), codes=(0,)):
    """Runs `command` as the operator. Raises when it fails: a figure of a run that did nothing is none."""
    lab("aws", "counts", "--reset")
    inner = ["env", "-i", *lab("env").split("\n")[:-1], *environment, "timeout", str(LIMIT), *command]
    group, before = Group("run"), traffic()
    with tempfile.TemporaryFile("w+") as said:
        began = time.time()
        child = subprocess.Popen(in_op(inner), preexec_fn=group.enter, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        ended = time.time()
        said.seek(0)
        text = said.read()
    code = os.waitstatus_to_exitcode(status)
    if code not in codes:
        raise RuntimeError(f"{' '.join(command)} ended with {code}:\n{text[-3000:]}")
    time.sleep(0.3)  # for what ends after it
    calls, (connections, sessions) = json.loads(lab("aws", "calls")), ssh_log(began, ended)
    run = Run(began, ended, group.cpu(), usage.ru_maxrss, traffic() - before, calls, connections, sessions)
    group.remove()
    return run


def in_op(command):
    return ["ip", "netns", "exec", f"k8sport-{NAME}-op", *command]


def traffic():
    """Bytes in and out of the operator's namespace so far."""
    listed = subprocess.run(["ip", "-n", f"k8sport-{NAME}-op", "-s", "-j", "link"], capture_output=True, text=True, check=True)
    counted = [link["stats64"] for link in json.loads(listed.stdout) if link["ifname"] in ("edge", "wire")]
    return sum(link[way]["bytes"] for link in counted for way in ("rx", "tx"))


def ssh_log(began, ended):
    """How many connections were accepted, and what ran over them."""
    lines = node(f"journalctl -q -o json -t sshd --since @{int(began)}").splitlines()
    connections, open_sessions, sessions = 0, {}, []
    for line in map(json.loads, lines):
        at, text = int(line["__REALTIME_TIMESTAMP"]) / 1e6, line["MESSAGE"]
        if at < began - 0.5 or not isinstance(text, str):
            continue
        key = (line["_PID"], text.rsplit(" id ", 1)[-1].split()[0])
        if text.startswith("Accepted publickey for "):
            connections += 1
        elif text.startswith("Starting session: "):
            open_sessions[key] = Session(at, ended, text.removeprefix("Starting session: ").split(" for ")[0])
            sessions.append(open_sessions[key])
        elif text.startswith("Close session: ") and key in open_sessions:
            open_sessions.pop(key).ended = at
    return connections, sessions
