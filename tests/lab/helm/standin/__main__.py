"""The command line, as far as k8sport uses it. Anything else is an error, so that a new call is noticed."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import yaml

import cluster_api

from . import charts, node
from .release import Error, Release

STATE = Path(os.environ["LAB_STATE"])


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        raise Error(f"unknown flag or argument: {message}")


def parse(words):
    parser = Arguments(prog="helm", add_help=False, allow_abbrev=False)
    parser.add_argument("words", nargs="*")
    for option in ["--namespace", "--output", "--kube-context", "--version", "--repo", "--values", "--timeout"]:
        parser.add_argument(option)
    for flag in ["--install", "--create-namespace", "--wait"]:
        parser.add_argument(flag, action="store_true")
    return parser.parse_intermixed_args(words)


def behaviour():
    try:
        return json.loads((STATE / "helm.json").read_text())
    except FileNotFoundError:
        return {}


def check_context(name):
    file = Path(os.environ.get("KUBECONFIG") or Path(os.environ["HOME"]) / ".kube/config")
    contexts = yaml.safe_load(file.read_text())["contexts"] if file.exists() else []
    if name not in [context["name"] for context in contexts]:
        raise Error(f'Kubernetes cluster unreachable: context "{name}" does not exist')


def install(release, options):
    objects = charts.objects(options.words[2], options.repo, options.version, release, yaml.safe_load(sys.stdin.read()))
    turn = behaviour()
    release.begin(options.words[2], options.version)
    for path, thing in objects:
        # What a failed installation has left is as it would be made.
        if not cluster_api.find(f"{path}/{thing['metadata']['name']}"):
            cluster_api.create(path, thing)
    if turn.get("hang"):
        time.sleep(600)
    if text := turn.get("fail"):
        release.end("failed")
        raise Error(text)
    node.serve(thing for _, thing in objects)
    release.end("deployed")
    print(f'Release "{release.name}" has been upgraded. Happy Helming!')


def run(options):
    check_context(options.kube_context)
    verb, name = options.words[0], options.words[1]
    release = Release(name, options.namespace)
    if verb == "status" and options.output == "json":
        print(json.dumps(release.status()))
    elif verb == "upgrade" and options.install and options.create_namespace and options.wait and options.values == "-":
        install(release, options)
    elif verb == "uninstall" and options.wait:
        release.status()
        for path in charts.paths(release):
            cluster_api.remove(path)
        node.stop()
        release.forget()
        print(f'release "{name}" uninstalled')
    else:
        raise Error(f'unknown command "{" ".join(options.words)}" for "helm"')


def main(words):
    with (STATE / "helm.log").open("a") as log:
        log.write(json.dumps({"time": time.time(), "arguments": words}) + "\n")
    try:
        run(parse(words))
    except Error as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except (cluster_api.Failure, OSError) as error:
        print(f"Error: Kubernetes cluster unreachable: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main(sys.argv[1:]))
