"""After a change: write state.json, and tell the network edge, before the caller gets the answer."""

import shlex
import subprocess
import sys
import threading

from . import state
from .account import LOCK

HOOK_LIMIT = 10


class HookFailed(RuntimeError):
    pass


class Edge:
    def __init__(self, path, hook=None):
        self.path = path
        self.hook = hook
        # Changes reach the edge one after the other, in the order they were made.
        self.order = threading.Lock()
        self._last = None

    def apply(self, always=False):
        """Runs the hook when what it would read has changed. Call it with `order` held."""
        with LOCK:
            content = state.export()
        if content == self._last and not always:
            return
        state.write(self.path, content)
        if self.hook:
            self._run()
        self._last = content

    def _run(self):
        try:
            done = subprocess.run(
                [*shlex.split(self.hook), self.path], capture_output=True, text=True, timeout=HOOK_LIMIT, check=False
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise HookFailed(f"edge hook: {error}") from error
        if done.returncode:
            raise HookFailed(f"edge hook: exit {done.returncode}: {done.stderr.strip()[-400:]}")
        if done.stderr:
            sys.stderr.write(done.stderr)
