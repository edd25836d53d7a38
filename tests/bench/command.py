"""The command: the whole set-up, fresh and once more, by each subject, near and far away, the runs interleaved."""

import time

from . import lab, limit, subjects, timeline
from .statistics_of import summary

BEGINNINGS = {"HAProxy preinstalled": "fresh", "packages to be fetched": "bare"}


def measure(binary, latencies, repetitions, opponents, beginnings, log):
    """{beginning: {latency: {subject: {"fresh": [Run], "again": [Run]}}}}, and what one SSH connection takes at each latency."""
    runs, ssh = {}, {}
    for beginning in beginnings:
        for milliseconds in latencies:
            ssh.setdefault(milliseconds, one_connection(milliseconds))
            here = runs.setdefault(beginning, {}).setdefault(milliseconds, {})
            for turn in range(repetitions):
                for subject in who(binary, opponents, beginning):
                    if turn >= subject.turns:
                        continue
                    kept = here.setdefault(subject.name, {"fresh": [], "again": []})
                    lab.reset(node_profile=BEGINNINGS[beginning])
                    with lab.far_away(milliseconds):
                        for phase in ("fresh", "again"):
                            run = lab.measured(subject.command, subject.environment)
                            kept[phase].append(run)
                            log(f"{beginning}, {milliseconds} ms, turn {turn + 1}, {subject.name}, {phase}: {run.wall:.2f} s")
    return runs, ssh


def who(binary, opponents, beginning):
    all_of_them = [subjects.k8sport(binary), subjects.bash(), subjects.ansible(install=beginning != "HAProxy preinstalled")]
    return [subject for subject in all_of_them if subject.name == "k8sport" or subject.name.lower() in opponents]


def diagnose(binary, latencies, repetitions, log):
    """{latency: [Run]} of `diagnose` on a healthy cluster."""
    runs = {}
    for milliseconds in latencies:
        lab.reset()
        lab.measured(subjects.k8sport(binary).command)
        with lab.far_away(milliseconds):
            for _ in range(repetitions):
                run = lab.measured((binary, "diagnose", "--cluster", lab.CLUSTER))
                runs.setdefault(milliseconds, []).append(run)
                log(f"diagnose, {milliseconds} ms: {run.wall:.2f} s")
    return runs


def one_connection(milliseconds):
    """Seconds of `ssh … true`: connection, login, one command; the median of three."""
    lab.reset()
    ssh = ["ssh", "-q", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", "-i", str(subjects.key()), f"ubuntu@{lab.NODE_PUBLIC}", "true"]
    with lab.far_away(milliseconds):
        return sorted(lab.measured(ssh).wall for _ in range(3))[1]


def diagnoses(runs, ssh):
    """The same of `diagnose`: the node's checks are the slowest chain, and need nothing of AWS but the instance."""
    node = min(limit.node_seconds(run.sessions) for run in runs[min(runs)])
    rows = {}
    for milliseconds, measured in runs.items():
        instance = [call for call in measured[0].calls if call["action"] == "DescribeInstances"]
        rows[str(milliseconds)] = {
            **figures(measured, milliseconds),
            **against(measured, limit.limit(instance, milliseconds / 1000, ssh[milliseconds], node)),
        }
    return rows


def report(runs, ssh, pictures=True):
    """The figures that go into the report."""
    rows = []
    for beginning, by_latency in runs.items():
        nearest = by_latency[min(by_latency)]
        for milliseconds, by_subject in by_latency.items():
            for subject, phases in by_subject.items():
                for phase, measured in phases.items():
                    row = {"beginning": beginning, "ms": milliseconds, "subject": subject, "phase": phase, **figures(measured, milliseconds)}
                    if subject == "k8sport":
                        node = min(limit.node_seconds(work(run)) for run in nearest[subject][phase])
                        settle = lab.SETTLE if phase == "fresh" else 0
                        row |= against(measured, limit.limit(measured[0].calls, milliseconds / 1000, ssh[milliseconds], node, settle))
                        if pictures:
                            row["picture"] = timeline.text(measured[0])
                    rows.append(row)
    return {"rows": rows, "ssh": {str(ms): round(seconds, 3) for ms, seconds in ssh.items()}, "taken": time.strftime("%Y-%m-%d %H:%M")}


def against(runs, seconds):
    return {"limit": round(seconds, 3), "of_limit": round(summary([run.wall for run in runs])["median"] / seconds, 2)}


def work(run):
    """The commands that did something: k8sport's lock stays as long as the run, and ends its look when the next thing begins."""
    lasting = [session for session in run.sessions if session.ended > run.ended - 0.2 and session.ended - session.began > 0.6 * (run.ended - session.began)]
    others = [session for session in run.sessions if session not in lasting]
    after = min([session.began for session in others] + [call["began"] for call in run.calls if call["mutating"]], default=None)
    for session in lasting:
        others.append(lab.Session(session.began, min(session.ended, after or session.ended), session.what))
    return others


def figures(runs, milliseconds):
    one = runs[0]
    return {
        "wall": summary([run.wall for run in runs]),
        "cpu": summary([run.cpu for run in runs]),
        "peak_mib": round(max(run.peak_kib for run in runs) / 1024, 1),
        "calls": len(one.calls),
        "mutating": sum(call["mutating"] for call in one.calls),
        "rounds": limit.rounds(one.calls, milliseconds / 1000),
        "aws_connections": len({call["connection"] for call in one.calls}),
        "ssh_connections": one.connections,
        "commands": len(one.sessions),
        "kib": round(one.bytes / 1024),
    }
