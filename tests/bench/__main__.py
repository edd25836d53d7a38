"""tests/bench/run [PART…]: measures, and writes report.md and report.json."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from . import command, datapath, growth, lab, report, start

PARTS = ("command", "growth", "datapath", "start")
ROOT = lab.BENCH.parent.parent


def arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description="Measures k8sport and its opponents in a lab of its own.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--binary", default=os.environ.get("K8SPORT_BENCH_BINARY", str(ROOT / "target/release/k8sport")),
                        help="default: target/release/k8sport, or K8SPORT_BENCH_BINARY")
    parser.add_argument("--quick", action="store_true", help="one run each, the shorter list of latencies and sizes; some five minutes")
    parser.add_argument("--latency", type=int, action="append", metavar="MS", help="round trips (default: 0, 80, 200; quick: 0, 80)")
    parser.add_argument("--repeat", type=int, help="runs of each (default: 3; quick: 1)")
    parser.add_argument("--opponents", default="bash,ansible", help="default: bash,ansible; or none")
    parser.add_argument("--fetch-packages", action="store_true", help="also from a node without HAProxy: needs the network, and its time")
    parser.add_argument("--output", type=Path, default=lab.BENCH, metavar="FOLDER", help="for report.md and report.json; default: tests/bench")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if not Path(given.binary).is_file():
        parser.error(f"there is no {given.binary}: build it with `cargo build --release --locked`, or name one with --binary")
    given.parts = given.parts or list(PARTS)
    given.latency = given.latency or ([0, 80] if given.quick else [0, 80, 200])
    given.repeat = given.repeat or (1 if given.quick else 3)
    return given


def main():
    given = arguments()
    began = time.monotonic()

    def log(what):
        print(f"{time.monotonic() - began:6.0f} s  {what}", file=sys.stderr, flush=True)

    figures = {"machine": machine()}
    if "start" in given.parts:
        figures["start"] = start.measure(given.binary)
    if set(given.parts) - {"start"}:
        with lab.up():
            measure(given, figures, log)
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "report.json").write_text(json.dumps(figures, indent=1) + "\n")
    (given.output / "report.md").write_text(report.markdown(figures))
    log(f"{given.output / 'report.md'}")


def measure(given, figures, log):
    if "command" in given.parts:
        beginnings = list(command.BEGINNINGS)[: 2 if given.fetch_packages else 1]
        runs, ssh = command.measure(given.binary, given.latency, given.repeat, given.opponents.split(","), beginnings, log)
        figures["command"] = command.report(runs, ssh)
        looks = command.diagnose(given.binary, given.latency, given.repeat, log)
        figures["diagnose"] = command.diagnoses(looks, ssh)
    if "growth" in given.parts:
        figures["growth"] = growth.measure(given.binary, [growth.SIZES[0], growth.SIZES[-1]] if given.quick else growth.SIZES, log)
        if lab.KUBERNETES.exists():
            figures["ingresses"] = growth.ingresses(given.binary, growth.INGRESSES[::2] if given.quick else growth.INGRESSES, log)
        else:
            log("no Ingresses: tests/lab/build-kubernetes makes the API server that has them")
    if "datapath" in given.parts:
        figures["datapath"] = datapath.measure(given.binary, given.quick, log)
        if lab.KUBERNETES.exists():
            figures["ways"] = datapath.ways(given.binary, given.quick, log)


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return {"taken": time.strftime("%Y-%m-%d %H:%M"), "commit": commit or "unknown", "cpus": os.cpu_count(), "cpu": model,
            "load": os.getloadavg()[0], "arguments": " ".join(sys.argv[1:])}


main()
