"""What answers on the node's NodePorts, in the place of kube-proxy and an ingress controller's pods."""

import subprocess
from pathlib import Path

LAB = Path(__file__).parent.parent / "lab"


def systemctl(*words):
    subprocess.run([LAB, "node", "--", "systemctl", *words], check=True, stdin=subprocess.DEVNULL)


def serve():
    systemctl("start", "nginx")


def stop():
    systemctl("stop", "nginx")
