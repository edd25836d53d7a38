"""The data path: what the node does to each request, through our HAProxy, through others in its place, and through none.

The client is wrk beside the node, on AWS' side of it; ingress, proxy and client share this machine.
"""

import re
import subprocess

from . import lab, subjects
from .lab import BENCH, CACHE

PRIMARY, INGRESS_PORT = "172.20.32.10", 30443
UNIT = "bench-proxy"
# Of the ingress stand-in: nothing that ends a kept connection, room for many, something large to fetch.
INGRESS = """
sed -i -e 's/worker_connections 1024/worker_connections 40000/' -e 's/^worker_processes.*/&\\nworker_rlimit_nofile 100000;/' \\
    -e 's/keepalive_timeout 600s;/keepalive_timeout 600s; keepalive_requests 100000000;/' -e 's/access_log .*/access_log off;/' /etc/nginx/nginx.conf
echo 'location = /large { root /srv/bench; }' >>/etc/nginx/answer.conf
mkdir -p /srv/bench; head -c 1048576 /dev/zero >/srv/bench/large
systemctl restart nginx
"""
OURS = "sed 's#/run/k8sport-haproxy/#/run/bench-#' /etc/k8sport/haproxy.cfg >/run/bench.cfg; "
HAPROXY = "systemd-run -q --unit={unit} haproxy -W -f /run/bench.cfg"


def proxies(secondary):
    """Name → how it is started in the place of ours; None: nothing is in between."""
    rendered = f"sed -e 's/{{{{ secondary }}}}/{secondary}/' -e 's/{{{{ primary }}}}/{PRIMARY}/'"
    stream = (f"stream {{ server {{ listen {secondary}:8443; proxy_pass {PRIMARY}:{INGRESS_PORT}; proxy_timeout 1h; }} }}")
    return {
        "straight to the ingress": None,
        "k8sport": OURS + HAPROXY,
        "bash": f"{rendered} /run/bench-files/haproxy.cfg >/run/bench.cfg; {HAPROXY}",
        "the old scripts": f"sed -e 's/^    bind \\*:80/    bind {secondary}:80/' -e '/^ *daemon/d' /run/bench-files/old-haproxy.cfg >/run/bench.cfg; {HAPROXY}",
        "nginx stream": (
            "printf '%s\\n' 'load_module /opt/bench/usr/lib/nginx/modules/ngx_stream_module.so;' 'worker_processes auto; worker_rlimit_nofile 100000;' "
            f"'pid /run/bench-nginx.pid; events {{ worker_connections 40000; }}' '{stream}' >/run/bench-nginx.conf; "
            "systemd-run -q --unit={unit} nginx -g 'daemon off;' -c /run/bench-nginx.conf"
        ),
        "sslh": (
            "systemd-run -q --unit={unit} -E LD_LIBRARY_PATH=/opt/bench/usr/lib/x86_64-linux-gnu:/opt/bench/lib/x86_64-linux-gnu "
            f"/opt/bench/usr/sbin/sslh-select -f -n -u root -p {secondary}:8443 --tls {PRIMARY}:{INGRESS_PORT}"
        ),
    }


# The configuration takes 8,000, and a container here has 20,000 file descriptors.
MANY = (1, 1000, 7000)

# One choice of ours changed each, to see what it is worth.
VARIANTS = {
    "one thread": "sed -i 's/^    maxconn 8000/&\\n    nbthread 1/'",
    "no log of connections": "sed -i -e 's/^    log global//' -e 's/^    option tcplog//'",
    # Its pipes need file descriptors.
    "kernel splicing": "sed -i -e 's/^    option redispatch/&\\n    option splice-auto/' -e 's/maxconn 8000/maxconn 4000/'",
    "buffers of 32 KiB": "sed -i 's/^    maxconn 8000/&\\n    tune.bufsize 32768/'",
    "no look at the SNI": "sed -i -e '/tcp-request /d' -e '/use_backend k8sport_api/d'",
    "no health checks": "sed -i 's/ check inter 5s//'",
}


def measure(binary, quick, log):
    seconds = 2
    lab.reset()
    lab.measured(subjects.k8sport(binary).command)
    secondary = re.search(r"bind ([0-9.]+):8443", lab.node("cat /etc/k8sport/haproxy.cfg")).group(1)
    prepare()
    subjects_here = proxies(secondary)
    variants = {f"k8sport, {name}": OURS + f"{change} /run/bench.cfg; {HAPROXY}" for name, change in VARIANTS.items()}
    rows = {}
    rounds = 1 if quick else 3
    for turn in range(rounds):
        for name, start in (subjects_here | variants).items():
            with running(start):
                row = look(name, secondary, start, seconds)
            rows.setdefault(name, []).append(row)
            log(f"data path, turn {turn + 1}, {name}: {row['kept']:.0f} requests/s kept, {row['new']:.0f} TLS/s")
    idle = []
    for name in ("k8sport", "nginx stream"):
        with running(subjects_here[name]):
            for connections in (1, 1000) if quick else MANY:
                idle.append(with_idle(name, secondary, connections, seconds))
                log(f"data path, {name}, {connections} idle: {idle[-1]['kept']:.0f} requests/s, {idle[-1]['kib_each']} KiB each")
    return {"rows": [middle(kept) for kept in rows.values()], "idle": idle}


def ways(binary, quick, log):
    """Our two ways to the same ingress, which here is a pod behind a real kube-proxy."""
    lab.reset(api="real", kube_proxy="real")
    lab.node(INGRESS.replace("nginx.conf", "pod.conf").replace("restart nginx", "restart ingress-pod"))
    rows = {}
    for turn in range(1 if quick else 3):
        for path in ("haproxy", "service"):
            lab.measured((*subjects.k8sport(binary).command, "--data-path", path), ["K8SPORT_ASSUME_CLASS=1"])
            if path == "haproxy":
                secondary = re.search(r"bind ([0-9.]+):8443", lab.node("cat /etc/k8sport/haproxy.cfg")).group(1)
                rows.setdefault("straight to the NodePort", []).append(look("straight to the NodePort", secondary, None, 2))
            name = f"--data-path {path}"
            rows.setdefault(name, []).append(look(name, secondary, path, 2))
            log(f"data path, turn {turn + 1}, {name}: {rows[name][-1]['kept']:.0f} requests/s kept, {rows[name][-1]['new']:.0f} TLS/s")
    return [middle(kept) for kept in rows.values()]


def middle(rows):
    """The median of each figure."""
    return {key: value if isinstance(value, str) else sorted(row[key] for row in rows)[len(rows) // 2] for key, value in rows[0].items()}


def prepare():
    root = lab.STATE / "node/root"
    files = root / "run-bench"
    files.mkdir(exist_ok=True)
    for source, name in ((BENCH / "opponents/files/haproxy.cfg", "haproxy.cfg"),
                         (BENCH.parent / "lab/node/profiles/bash/etc/haproxy/haproxy.cfg", "old-haproxy.cfg")):
        (files / name).write_text(source.read_text())
    (root / "opt/bench").mkdir(exist_ok=True)
    subprocess.run(["cp", "-R", f"{CACHE}/bench-programs/.", str(root / "opt/bench/")], check=True)
    lab.node("ln -sfn /run-bench /run/bench-files; systemctl stop k8sport-net.timer k8sport-haproxy")
    lab.node(INGRESS)


class running:
    """A proxy for as long as it is measured."""

    def __init__(self, start):
        self.start = start

    def __enter__(self):
        if self.start:
            lab.node(self.start.replace("{unit}", UNIT) + "; for _ in $(seq 50); do ss -Hltn | grep -q ':8443 ' && exit 0; sleep 0.1; done; "
                     f"journalctl -u {UNIT} -n 5 -o cat; exit 1")

    def __exit__(self, *_):
        if self.start:
            lab.node(f"systemctl stop {UNIT}; systemctl reset-failed {UNIT} 2>/dev/null || true")


def look(name, secondary, start, seconds):
    address = f"{secondary}:443" if start else f"{PRIMARY}:{INGRESS_PORT}"
    kept, cpu_kept = costing(lambda: wrk(address, "/healthz", seconds))
    new, cpu_new = costing(lambda: wrk(address, "/healthz", seconds, "-H", "Connection: close"))
    large = wrk(address, "/large", seconds)
    return {"name": name, "kept": kept["rate"], "new": new["rate"], "p50": new["p50"], "p99": new["p99"], "megabytes": large["rate"] * 1.048576,
            "cpu_kept": cpu_kept / kept["requests"] * 1e6, "cpu_new": cpu_new / new["requests"] * 1e6}


def costing(measure_it):
    before = usage()[0]
    result = measure_it()
    return result, usage()[0] - before


def usage():
    """Seconds of CPU and KiB of memory of all of the proxy's processes."""
    out = lab.node(
        f"for f in $(grep -ls '{UNIT}.service' /proc/[0-9]*/cgroup); do p=${{f%/cgroup}}; "
        "sed 's/.*) //' $p/stat | cut -d' ' -f12,13 | tr '\\n' ' '; awk '/^VmRSS/ {print $2}' $p/status; done"
    )
    rows = [list(map(int, line.split())) for line in out.splitlines() if len(line.split()) == 3]
    return sum(row[0] + row[1] for row in rows) / 100, sum(row[2] for row in rows)


def wrk(address, path, seconds, *more):
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", *more, f"https://{address}{path}"]
    out = subprocess.run(beside_node(command), capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    number = lambda pattern: float(re.search(pattern, out).group(1))  # noqa: E731
    return {"rate": number(r"Requests/sec:\s+([0-9.]+)"), "requests": max(number(r"(\d+) requests in"), 1),
            "p50": milliseconds(out, "50%"), "p99": milliseconds(out, "99%")}


def milliseconds(out, percentile):
    value, unit = re.search(rf"{percentile}\s+([0-9.]+)(us|ms|s)", out).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def beside_node(command):
    return ["ip", "netns", "exec", f"k8sport-{lab.NAME}-aws", *command]


def with_idle(name, secondary, connections, seconds):
    """What is left of the speed beside so many connections that are open and silent, and what each costs the proxy."""
    before = usage()[1]
    program = [str(lab.PROGRAMS / "python"), "-B", str(BENCH / "idle.py"), secondary, "443", str(connections)]
    client = subprocess.Popen(beside_node(program), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if client.stdout.readline().strip() != f"open {connections}":
            raise RuntimeError(f"{name} does not take {connections} connections")
        each = (usage()[1] - before) / connections
        kept = wrk(f"{secondary}:443", "/healthz", seconds)["rate"]
    finally:
        client.stdin.close()
        client.wait(60)
    return {"name": name, "connections": connections, "kept": kept, "kib_each": round(each, 1)}
