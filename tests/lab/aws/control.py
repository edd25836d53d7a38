"""`lab aws COMMAND`: asks the running lab's control port."""

import argparse
import http.client
import json
import os
import sys


def ask(address, command, **given):
    host, port = address.rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    connection.request("POST", f"/{command}", json.dumps(given), {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = json.loads(response.read())
    if response.status != 200:
        raise ValueError(answer["error"])
    return answer


def _counts_text(summary):
    lines = []
    for row in summary["actions"]:
        line = f"{row['calls']:4} {row['service']:14} {row['action']:34}"
        line += " mutating" if row["mutating"] else ""
        line += f" failed {row['failed']}" if row["failed"] else ""
        lines.append(line.rstrip())
    return "\n".join([*lines, f"{summary['total']:4} calls, {summary['mutating']} mutating"])


def _policy(file):
    with sys.stdin if file == "-" else open(file) as text:  # noqa: SIM115
        return json.load(text)


def _parser():
    parser = argparse.ArgumentParser(prog="lab aws")
    parser.add_argument("--control", default=os.environ.get("LAB_CONTROL", "10.77.0.1:4567"))
    commands = parser.add_subparsers(dest="command", required=True)
    counts = commands.add_parser("counts", help="calls by service and action")
    counts.add_argument("--reset", action="store_true", help="start again from nothing afterwards")
    counts.add_argument("--json", action="store_true")
    commands.add_parser("calls", help="every call in order, as JSON")
    commands.add_parser("fault", help="add a fault").add_argument("fault", type=json.loads, metavar="JSON")
    commands.add_parser("faults", help="list the faults").add_argument("--clear", action="store_true")
    commands.add_parser("latency", help="delay before every call").add_argument("ms", type=float)
    settle = commands.add_parser("settle", help="when a Route 53 change becomes INSYNC")
    settle.add_argument("seconds", type=float)
    settle.add_argument("polls", type=int)
    enforce = commands.add_parser("enforce", help="a user with this policy alone; prints its keys")
    enforce.add_argument("policy", type=_policy, metavar="FILE")
    commands.add_parser("state", help="state.json")
    commands.add_parser("dump", help="the whole account")
    commands.add_parser("seed", help="a fresh account").add_argument("profile")
    grow = commands.add_parser("grow", help="others' things in the account until the next seed")
    for what in ("interfaces", "addresses", "records", "zones"):
        grow.add_argument(what, type=int)
    commands.add_parser("profiles", help="names of the profiles")
    return parser


def main():
    given = vars(_parser().parse_args())
    address, command, as_json = given.pop("control"), given.pop("command"), given.pop("json", False)
    given = given.get("fault", given)
    try:
        answer = ask(address, command, **given)
    except (OSError, ValueError) as error:
        sys.exit(f"lab aws {command}: {error}")
    if command == "counts" and not as_json:
        print(_counts_text(answer))
    elif command == "enforce":
        print("\n".join(f"{name}={value}" for name, value in answer.items()))
    elif command == "profiles":
        print("\n".join(f"{name:18} {about}" for name, about in answer.items()))
    else:
        print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
