"""Growth: a run that has nothing to do, in accounts that are larger and larger, and a diagnosis of more and more Ingresses."""

import json
import subprocess

from . import lab, subjects

# Interfaces, Elastic IPs, records in the zone, hosted zones.
SIZES = [(0, 0, 0, 0), (500, 50, 1000, 50), (2000, 200, 4000, 200), (5000, 500, 10000, 500)]

INGRESSES = [0, 100, 1000]


def measure(binary, sizes, log):
    command = subjects.k8sport(binary).command
    rows = []
    for size in sizes:
        lab.reset()
        lab.measured(command)
        if any(size):
            lab.lab("aws", "grow", *map(str, size))
        run = lab.measured(command)
        calls = {}
        for call in run.calls:
            calls[call["action"]] = calls.get(call["action"], 0) + 1
        grown = {action: count for action, count in calls.items() if count > 2}
        rows.append({
            "interfaces": size[0], "addresses": size[1], "records": size[2], "zones": size[3], "calls": len(run.calls), "more": grown,
            "wall": round(run.wall, 2), "aws": round(sum(call["ms"] for call in run.calls) / 1000, 2), "peak_mib": round(run.peak_kib / 1024, 1),
            "kib": round(run.bytes / 1024),
        })
        log(f"{size}: {len(run.calls)} calls, {run.wall:.2f} s, {run.peak_kib / 1024:.0f} MiB")
    return rows


def ingresses(binary, counts, log):
    """`diagnose`, which looks at every host, against a real API server."""
    rows = []
    for count in counts:
        lab.reset(api="real")
        lab.measured(subjects.k8sport(binary).command)
        if count:
            listed = {"apiVersion": "v1", "kind": "List", "items": [ingress(f"bench{number}") for number in range(count)]}
            command = lab.in_op(["env", "-i", *lab.lab("env").split("\n")[:-1], str(lab.KUBERNETES / "kubectl"), "create", "-f", "-"])
            subprocess.run(command, input=json.dumps(listed), text=True, stdout=subprocess.DEVNULL, check=True)
        # The lab's ingress has no certificate for these hosts, which is found.
        run = lab.measured((binary, "diagnose", "--cluster", lab.CLUSTER), codes=(0, 3))
        rows.append({"ingresses": count, "wall": round(run.wall, 2), "cpu": round(run.cpu, 2), "peak_mib": round(run.peak_kib / 1024, 1), "kib": round(run.bytes / 1024)})
        log(f"{count} Ingresses: {run.wall:.2f} s, {run.peak_kib / 1024:.0f} MiB")
    return rows


def ingress(name):
    port = {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "app", "port": {"number": 80}}}}
    return {
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name, "namespace": "apps"},
        "spec": {"ingressClassName": "nginx", "rules": [{"host": f"{name}.example.com", "http": {"paths": [port]}}]},
    }
