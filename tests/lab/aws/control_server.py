"""The second port: JSON over HTTP, for `lab aws …` and for tests."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import dump, permissions, state
from .account import LOCK, SETTINGS
from .seed import growth
from .seed.profiles import PROFILES


class Commands:
    """What can be asked; each method is a path, its argument the request's JSON."""

    def __init__(self, proxy, fresh):
        self.proxy = proxy
        self.fresh = fresh

    def counts(self, given):
        summary = self.proxy.counts.summary()
        if given.get("reset"):
            self.proxy.counts.reset()
        return summary

    def calls(self, _given):
        return self.proxy.counts.calls()

    def step(self, given):
        self.proxy.step(given["name"], given.get("service", "node"))
        return {}

    def fault(self, given):
        self.proxy.faults.add(**given)
        return self.proxy.faults.list()

    def faults(self, given):
        if given.get("clear"):
            self.proxy.faults.clear()
        return self.proxy.faults.list()

    def latency(self, given):
        self.proxy.latency = float(given["ms"])
        return {"ms": self.proxy.latency}

    def settle(self, given):
        SETTINGS.settle_seconds = float(given["seconds"])
        SETTINGS.settle_polls = int(given["polls"])
        return {"seconds": SETTINGS.settle_seconds, "polls": SETTINGS.settle_polls}

    def state(self, _given):
        with LOCK:
            return state.export()

    def dump(self, _given):
        with LOCK:
            return dump.dump()

    def enforce(self, given):
        with LOCK:
            return permissions.enforce(given["policy"])

    def profiles(self, _given):
        return {name: profile.about for name, profile in PROFILES.items()}

    def grow(self, given):
        with LOCK:
            growth.grow(**given)
        return {}

    def seed(self, given):
        profile = given["profile"]
        if profile not in PROFILES:
            raise ValueError(f"no profile {profile!r}; there are {', '.join(PROFILES)}")
        self.fresh(profile)
        return {"profile": profile}


def start(host, port, commands):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            try:
                given = json.loads(self.rfile.read(length) or b"{}")
                command = self.path.strip("/")
                if command.startswith("_") or not callable(method := getattr(commands, command, None)):
                    raise ValueError(f"no command {command!r}")
                status, answer = 200, method(given)
            except Exception as error:  # noqa: BLE001 (the caller must hear of every failure)
                status, answer = 400, {"error": f"{error}" if isinstance(error, ValueError) else repr(error)}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Control calls are not AWS calls."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="control", daemon=True).start()
    return server
