"""How light the binary is: what its start costs, how large it is, how much memory a command takes."""

import os
import subprocess

REPETITIONS = 20


def measure(binary):
    return {
        "binary_mib": round(os.path.getsize(binary) / 1024 / 1024, 1),
        "help_ms": cpu(binary, "--help"),
        "version_ms": cpu(binary, "--version"),
        "completion_ms": cpu(binary, "--", "k8sport", "boot", _K8SPORT_COMPLETE="bash", _CLAP_COMPLETE_INDEX="1", _CLAP_COMPLETE_COMP_TYPE="9"),
    }


def cpu(*command, **variables):
    """Milliseconds of CPU, the least of some runs: the others had guests."""
    least = float("inf")
    for _ in range(REPETITIONS):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | variables)
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            raise RuntimeError(f"{' '.join(command)} ended with {status}")
        least = min(least, usage.ru_utime + usage.ru_stime)
    return round(least * 1000, 1)
