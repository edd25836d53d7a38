"""What was called, how often and in which order."""

import threading
import time


class Counts:
    def __init__(self, log_path=None):
        self._lock = threading.Lock()
        self._log = open(log_path, "a", buffering=1) if log_path else None  # noqa: SIM115 (open while the server runs)
        self._calls = []

    def add(self, call, outcome, milliseconds, connection=0, size=0):
        """`outcome`: a status, or the name of the fault that left the caller without one. Called when it is over."""
        entry = {
            "service": call.service,
            "action": call.action,
            "mutating": call.mutating,
            "outcome": outcome,
            "ms": round(milliseconds, 1),
            # seconds since the epoch
            "began": round(time.time() - milliseconds / 1000, 4),
            # calls over the same connection have the same number
            "connection": connection,
            # of both bodies
            "bytes": size,
        }
        with self._lock:
            self._calls.append(entry)
            if self._log:
                change = "mutating" if call.mutating else ("dry-run" if call.dry_run else "read")
                stamp = time.strftime("%H:%M:%S")
                self._log.write(f"{stamp} {call.service} {call.action} {change} {outcome} {milliseconds:.0f}ms\n")

    def reset(self):
        with self._lock:
            self._calls.clear()

    def calls(self):
        with self._lock:
            return list(self._calls)

    def summary(self):
        rows = {}
        for entry in self.calls():
            key = (entry["service"], entry["action"], entry["mutating"])
            row = rows.setdefault(key, {"calls": 0, "failed": 0})
            row["calls"] += 1
            row["failed"] += not (isinstance(entry["outcome"], int) and entry["outcome"] < 400)
        return {
            "total": sum(row["calls"] for row in rows.values()),
            "mutating": sum(row["calls"] for key, row in rows.items() if key[2]),
            "actions": [
                {"service": s, "action": a, "mutating": m, **row} for (s, a, m), row in sorted(rows.items())
            ],
        }
