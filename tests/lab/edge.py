#!/usr/bin/python3 -IS
"""The AWS edge: makes what the account says about addresses and security groups true for packets.

    edge.py [apply] STATE.json     program the router from the account's state
    edge.py closed                 nothing passes (before the account exists)

Runs inside the aws namespace, after every mutating call and before its answer goes out: an address that
AssociateAddress returned is reachable at once. The whole rule set is replaced in one transaction.
"""

import json
import os
import subprocess
import sys

VPC = "172.20.0.0/16"
TABLE = "edge"
# The operator's side; `wire` is there while the bench delays what it sends (tests/bench/wire.py).
OPERATOR = '{ "op", "wire" }'


def main(arguments):
    if arguments == ["closed"]:
        load(ruleset({}, [], []))
        return
    state_file = arguments[-1]
    with open(state_file) as file:
        state = json.load(file)
    interface = node_interface(state)
    public = {a["private"]: a["public"] for a in interface["addresses"] if a.get("public")}
    load(ruleset(public, [a["private"] for a in interface["addresses"]], ingress_of(interface, state)))
    set_neighbours({a["private"] for a in interface["addresses"]}, interface["mac"])
    forget_moved(public, os.path.join(os.path.dirname(os.path.abspath(state_file)), "edge.json"))


def node_interface(state):
    """The node's interface; one without addresses when the instance is gone."""
    wanted = (state["node"] or {}).get("eni")
    return next((i for i in state["interfaces"] if i["id"] == wanted), {"addresses": [], "groups": [], "mac": None})


def ingress_of(interface, state):
    groups = {g["id"]: g["ingress"] for g in state["groups"]}
    return [rule for group in interface["groups"] for rule in groups.get(group, [])]


def ruleset(public, private, ingress):
    lines = [f"table ip {TABLE} {{}}", f"delete table ip {TABLE}", f"table ip {TABLE} {{"]
    lines += chain("prerouting", "type nat hook prerouting priority dstnat",
                   [f"ip daddr {there} dnat to {here}" for here, there in public.items()])
    # Also what the node sends to a public address of its own comes back with a public source.
    lines += chain("postrouting", "type nat hook postrouting priority srcnat",
                   ['oifname "uplink" masquerade']
                   + [f"ct original ip daddr != {VPC} ip saddr {here} snat to {there}" for here, there in public.items()])
    lines += chain("forward", "type filter hook forward priority filter; policy drop", [
        "ct state established,related accept",
        f'iifname {OPERATOR} oifname "vpc" ct status dnat jump from_internet',
        'iifname "vpc" oifname "vpc" ct status dnat jump from_node',
        f'iifname "vpc" oifname {OPERATOR} accept',
        # The uplink is for packages; it exists in profile `bare` only.
        'iifname "vpc" oifname "uplink" meta l4proto { tcp, udp } th dport { 53, 80, 443 } accept',
    ])
    # The stand-ins on this router speak to nobody outside; the VPC's resolver asks the host's name servers.
    lines += chain("output", "type filter hook output priority filter; policy accept",
                   ['oifname "uplink" meta l4proto { tcp, udp } th dport != 53 drop',
                    'oifname "uplink" meta l4proto != { tcp, udp } drop'])
    lines += chain("from_internet", None, [m for rule in ingress for m in matches(rule, sources(rule))])
    lines += chain("from_node", None, [m for rule in ingress for m in matches(rule, own_sources(rule, public))])
    return "\n".join(lines + ["}"])


def chain(name, hook, rules):
    head = f"  chain {name} {{" + (f" {hook};" if hook else "")
    return [head] + [f"    {rule}" for rule in rules] + ["  }"]


def sources(rule):
    return [cidr for cidr in rule.get("cidrs", []) if ":" not in cidr]


def own_sources(rule, public):
    """The private addresses whose public form the rule lets in: AWS filters after it has translated."""
    return [here for here, there in public.items() if any(inside(there, cidr) for cidr in sources(rule))]


def inside(address, cidr):
    network, _, length = cidr.partition("/")
    shift = 32 - int(length or 32)
    return number(address) >> shift == number(network) >> shift


def number(address):
    return int.from_bytes(bytes(map(int, address.split("."))), "big")


def matches(rule, cidrs):
    protocol = str(rule["protocol"])
    first, last = rule.get("from"), rule.get("to")
    if protocol == "-1":
        match = ""
    elif protocol in ("tcp", "udp") and first not in (None, -1):
        match = f" {protocol} dport {first}-{last}" if first != last else f" {protocol} dport {first}"
    else:
        match = f" ip protocol {protocol}"
    return [f"ip saddr {cidr}{match} accept" for cidr in cidrs]


def load(rules):
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


def set_neighbours(addresses, mac):
    """AWS delivers to the interface whether or not its system knows the address: permanent neighbour entries."""
    listed = subprocess.run(["ip", "neigh", "show", "dev", "vpc", "nud", "permanent"], capture_output=True, text=True)
    if listed.returncode:
        return  # the node's network isn't there yet; the edge is applied again when it is
    present = {line.split()[0] for line in listed.stdout.splitlines()}
    batch = [f"neigh replace {a} lladdr {mac} dev vpc nud permanent" for a in sorted(addresses)]
    batch += [f"neigh del {a} dev vpc" for a in sorted(present - addresses)]
    subprocess.run(["ip", "-batch", "-"], input="\n".join(batch) + "\n", text=True, check=True)


def forget_moved(public, memory):
    """Connections know their translation: those of an address that moved must not outlive the move."""
    try:
        with open(memory) as file:
            before = json.load(file)
    except (OSError, ValueError):
        before = {}
    for here, there in before.items():
        if public.get(here) != there:
            for end in ("--orig-dst", "--reply-dst"):
                subprocess.run(["conntrack", "-D", end, there], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if before != public:
        with open(memory + ".new", "w") as file:
            json.dump(public, file)
        os.replace(memory + ".new", memory)


if __name__ == "__main__":
    main(sys.argv[1:])
