"""A run as a picture: which call and which remote command when."""

WIDTH = 50


def rows(run):
    """(what, began, ended) in the order in which they began, seconds since the run's start."""
    calls = [(f"{call['service']} {call['action']}", call["began"], call["began"] + call["ms"] / 1000) for call in run.calls]
    sessions = [("ssh " + session.what, session.began, session.ended) for session in run.sessions]
    return [(what, b - run.began, e - run.began) for what, b, e in sorted(calls + sessions, key=lambda row: row[1])]


def text(run):
    scale = WIDTH / run.wall
    lines = [f"{run.wall:.2f} s, {run.cpu:.2f} s of CPU, {len(run.calls)} AWS calls, {run.connections} SSH connections, {len(run.sessions)} commands"]
    for what, began, ended in rows(run):
        first, last = int(began * scale), max(int(ended * scale), int(began * scale) + 1)
        lines.append(f"  {began:6.3f} {ended - began:6.3f}  {' ' * first + '#' * (last - first):{WIDTH}.{WIDTH}}  {what}")
    return "\n".join(lines)
