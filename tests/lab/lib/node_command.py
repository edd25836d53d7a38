"""What pods, kube-proxy and kubelets would do on the node."""

import subprocess
from pathlib import Path

LAB = Path(__file__).parent.parent / "lab"


def run(*words):
    subprocess.run([LAB, "node", "--", *words], check=True, stdin=subprocess.DEVNULL)


def serve_node_ports():
    run("systemctl", "start", "nginx")


def close_node_ports():
    run("systemctl", "stop", "nginx")
