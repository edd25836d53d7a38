"""The figures as a page for people; the same as JSON is beside it."""

from .statistics_of import text

PHASES = {"fresh": "first run", "again": "second run, nothing to do"}


def markdown(figures):
    parts = ["# What k8sport costs, measured\n", *machine(figures["machine"])]
    for name, part in PARTS.items():
        if name in figures:
            parts.append(part(figures[name]))
    return "\n".join(parts).rstrip() + "\n"


def machine(about):
    yield (
        f"Taken {about['taken']} at commit {about['commit']} on {about['cpus']} CPUs ({about['cpu']}), load {about['load']} before, by\n"
        f"`tests/bench/run {about['arguments']}`. Medians, in brackets the least and the most.\n"
    )


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def command(part):
    text_ = ["## The command\n", "The same job in the same lab by each subject; `ms` is the round trip between operator and AWS, node included.\n"]
    rows = part["rows"]
    for beginning in dict.fromkeys(row["beginning"] for row in rows):
        for phase, title in PHASES.items():
            chosen = [row for row in rows if (row["beginning"], row["phase"]) == (beginning, phase)]
            text_.append(f"### {title.capitalize()}, {beginning}\n")
            head = ["ms", "", "time", "limit", "× limit", "k8sport is faster by", "CPU", "peak MiB", "AWS calls (mutating)", "waits for AWS",
                    "SSH connections, commands", "KiB"]
            text_.append(table(head, [line(row, chosen) for row in chosen]))
    text_.append(
        "The limit is what AWS' answers that depend on each other take, one plain `ssh … true`, and the node's own work; the look from\n"
        "outside isn't in it. Waits for AWS: the longest chain of calls of which each began after the one before was answered.\n"
    )
    text_ += pictures(rows)
    return "\n".join(text_)


def line(row, chosen):
    ours = next((other for other in chosen if other["subject"] == "k8sport" and other["ms"] == row["ms"]), None)
    faster = "" if ours in (None, row) else f"{row['wall']['median'] / ours['wall']['median']:.1f}×"
    limit = f"{row['limit']:.2f} s" if "limit" in row else ""
    return [row["ms"], row["subject"], text(row["wall"]), limit, row.get("of_limit", ""), faster, text(row["cpu"]), row["peak_mib"],
            f"{row['calls']} ({row['mutating']})", row["rounds"], f"{row['ssh_connections']}, {row['commands']}", row["kib"]]


def pictures(rows):
    farthest = max(row["ms"] for row in rows)
    for row in rows:
        if "picture" in row and row["ms"] == farthest and row["beginning"].startswith("HAProxy"):
            yield f"k8sport, {PHASES[row['phase']]}, {row['ms']} ms:\n\n```\n{row['picture']}\n```\n"


def diagnose(part):
    rows = [[ms, text(row["wall"]), f"{row['limit']:.2f} s", row["of_limit"], text(row["cpu"]), row["peak_mib"], row["calls"], row["rounds"],
             f"{row['ssh_connections']}, {row['commands']}"] for ms, row in part.items()]
    head = ["ms", "time", "limit", "× limit", "CPU", "peak MiB", "AWS calls", "waits for AWS", "SSH connections, commands"]
    return "## diagnose\n\n" + table(head, rows) + "\nThe limit is the slowest chain: the instance is found, one plain `ssh … true`, and the node's own work.\n"


def growth(rows):
    lines = [[row["interfaces"], row["addresses"], row["records"], row["zones"], row["calls"],
              ", ".join(f"{count} {action}" for action, count in row["more"].items()), row["wall"], row["peak_mib"], row["kib"]] for row in rows]
    head = ["ENIs of others", "Elastic IPs", "records", "zones", "AWS calls", "of them more than two", "seconds", "peak MiB", "KiB"]
    return "## A second run in a growing account\n\n" + table(head, lines)


def ingresses(rows):
    lines = [[row["ingresses"], row["wall"], row["cpu"], row["peak_mib"], row["kib"]] for row in rows]
    return "## diagnose with more and more Ingresses\n\n" + table(["Ingresses, each with a host", "seconds", "CPU seconds", "peak MiB", "KiB"], lines)


def start(part):
    rows = [["binary", f"{part['binary_mib']} MiB"], ["`--help`", f"{part['help_ms']} ms of CPU"], ["`--version`", f"{part['version_ms']} ms of CPU"],
            ["a TAB in bash, as its script asks", f"{part['completion_ms']} ms of CPU"]]
    return "## Start\n\n" + table(["", ""], rows)


def datapath(part):
    head = ["", "requests/s, kept", "of direct", "new TLS/s", "p50 / p99 ms, new", "MB/s", "proxy's µs per kept request", "per new connection"]
    rows = [[row["name"], round(row["kept"]), f"{row['kept'] / part['rows'][0]['kept']:.0%}", round(row["new"]),
             f"{row['p50']:.1f} / {row['p99']:.1f}", round(row["megabytes"]), round(row["cpu_kept"]), round(row["cpu_new"])] for row in part["rows"]]
    idle = [[row["name"], row["connections"], round(row["kept"]), row["kib_each"]] for row in part["idle"]]
    return (
        "## The data path\n\nClient, ingress and proxy share the machine's CPUs, so these compare with each other and with nothing else.\n\n"
        + table(head, rows) + "\n" + table(["", "idle connections", "requests/s beside them", "proxy's KiB each"], idle)
    )


def ways(rows):
    lines = [[row["name"], round(row["kept"]), f"{row['kept'] / rows[0]['kept']:.0%}", round(row["new"]), f"{row['new'] / rows[0]['new']:.0%}",
              f"{row['p50']:.1f} / {row['p99']:.1f}", round(row["megabytes"])] for row in rows]
    head = ["", "requests/s, kept", "of straight", "new TLS/s", "of straight", "p50 / p99 ms, new", "MB/s"]
    return "## With and without a proxy\n\nThe ingress is a pod behind a real kube-proxy (iptables).\n\n" + table(head, lines)


PARTS = {"command": command, "diagnose": diagnose, "growth": growth, "ingresses": ingresses, "start": start, "datapath": datapath, "ways": ways}
