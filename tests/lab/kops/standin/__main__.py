"""The command line, as far as k8sport uses it. Anything else is an error, so that a new call is noticed."""

import argparse
import json
import os
import re
import sys
import time

from . import cert_manager, create, delete, kubeconfig, lab, node, register, update, validate
from .store import Store


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        raise lab.Error(f"unknown flag or argument: {message}")


def parse(words):
    parser = Arguments(prog="kops", add_help=False, allow_abbrev=False)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--state", default=os.environ.get("KOPS_STATE_STORE"))
    parser.add_argument("--name", default=os.environ.get("KOPS_CLUSTER_NAME"))
    parser.add_argument("-o", "--output")
    parser.add_argument("-f", "--filename")
    parser.add_argument("-i", "--ssh-public-key")
    parser.add_argument("--kubeconfig")
    parser.add_argument("--wait", default="10m")
    for flag in ["--yes", "--admin", "--short"]:
        parser.add_argument(flag, action="store_true")
    return parser.parse_args(words)


def seconds(text):
    amount, unit = re.fullmatch(r"(\d+)([smh])", text).groups()
    return int(amount) * {"s": 1, "m": 60, "h": 3600}[unit]


def get(store, kind, cluster, output):
    if output != "json":
        raise lab.Error(f'Unknown output format: "{output}"')
    if kind == "cluster":
        found = store.cluster(cluster)
        if not found:
            raise lab.Error(f'cluster not found "{cluster}"')
        print(json.dumps(found))
    elif kind == "instancegroups":
        store.known(cluster)
        groups = store.groups(cluster)
        if not groups:
            raise lab.Error("no InstanceGroup objects found")
        print(json.dumps(groups))
    elif kind == "sshpublickeys":
        store.known(cluster)
        keys = [{"id": id, "publicKey": text} for id, text in store.ssh_keys(cluster)]
        print(json.dumps(keys or None), end="")
    else:
        raise lab.Error(f'unknown command "{kind}" for "kops get"')


def run(options):
    verb, *rest = options.words or [""]
    turn = lab.behaviour()
    if turn.get("own_rights"):
        lab.as_another_user()
    if turn.get("hang") == verb:
        time.sleep(600)
    if verb == "version":
        print(turn.get("version", "1.36.1"))
        return
    if verb == "lab-cert-manager":
        cert_manager.come(0)
        return
    store = Store(options.state)
    cluster = rest[1] if len(rest) > 1 else options.name
    match verb, rest[:1]:
        case "create", []:
            create.from_file(store, options.filename)
        case "create", ["sshpublickey"]:
            create.ssh_public_key(store, cluster, options.ssh_public_key)
        case "get", [kind]:
            get(store, kind, cluster, options.output)
        case "update", ["cluster"]:
            update.run(store, cluster, options.yes, options.admin)
        case "validate", ["cluster"]:
            store.known(cluster)
            validate.run(store, cluster, options.output)
        case "export", ["kubeconfig"]:
            store.known(cluster)
            kubeconfig.export(cluster, kubeconfig.path(options.kubeconfig))
        case "delete", ["cluster"]:
            if not options.name:
                raise lab.Error("--name is required (for safety)")
            if text := turn.get("fail", {}).get("delete"):
                raise lab.Error(text)
            delete.run(store, options.name, options.yes, seconds(options.wait))
        case "lab-register", []:
            register.run(store, options.name)
        case _:
            raise lab.Error(f'unknown command "{" ".join(options.words)}" for "kops"')


def main(words):
    if words[:1] == ["lab-start"]:
        node.start(*words[1:])
        return 0
    lab.note(words)
    try:
        run(parse(words))
    except lab.Error as error:
        lab.say(f"Error: {error}")
        return 1
    return 0


sys.exit(main(sys.argv[1:]))
