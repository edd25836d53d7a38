"""Faults by action and number of times."""

import fnmatch
import os
import signal
import threading
import time
from dataclasses import asdict, dataclass

KINDS = {
    "throttle": "the service's own answer to too many requests",
    "error": "code (and status, message) as the service's error",
    "status": "status without any error code",
    "hang": "no answer at all (seconds, default 600)",
    "drop": "connection reset, not performed",
    "slow": "performed after `seconds`, unless another account has come by then",
    "lost": "performed, then connection reset in place of the answer",
    "kill": "the process whose pid is in the file `victim` gets SIGKILL; not performed",
    "kill-after": "performed, then the same",
}


@dataclass
class Fault:
    kind: str
    # pattern: "AllocateAddress", "Describe*", "*"
    action: str = "*"
    service: str = "*"
    # so often; 0 is for ever
    times: int = 1
    # so many calls that match go through first
    skip: int = 0
    # only calls that change something
    mutating: bool = False
    code: str = "InternalError"
    status: int = 0
    message: str = "A fault of the lab."
    seconds: float = 0.0
    # a file with a process id
    victim: str = ""
    hits: int = 0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"no kind of fault {self.kind!r}; there are {', '.join(KINDS)}")
        if self.kind.startswith("kill") and not self.victim:
            raise ValueError(f"{self.kind!r} needs the file with the process id as `victim`")
        if not self.status:
            self.status = 503 if self.kind == "status" else 400

    def matches(self, call):
        return (
            fnmatch.fnmatchcase(call.action, self.action)
            and fnmatch.fnmatchcase(call.service, self.service)
            and (call.mutating or not self.mutating)
        )


    def kill(self):
        """Returns when the process is dead."""
        with open(self.victim) as file:
            process = int(file.read())
        os.kill(process, signal.SIGKILL)
        end = time.monotonic() + 2
        while _lives(process) and time.monotonic() < end:
            time.sleep(0.002)


def _lives(process):
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Faults:
    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []

    def add(self, **given):
        try:
            fault = Fault(**given)
        except TypeError as error:
            raise ValueError(str(error).replace("Fault.__init__() ", "")) from None
        with self._lock:
            self._faults.append(fault)

    def clear(self):
        with self._lock:
            self._faults.clear()

    def list(self):
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def next(self, call):
        """The first fault that has its turn at this call; one fault a call."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(call) or (fault.times and fault.hits >= fault.times):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                return fault
        return None
