"""Starts the AWS side of the lab: one process, everything in threads of it. README.md has the options."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from . import control_server, moto_app, seed
from .account import SETTINGS
from .dns import server as dns_server
from .edge_hook import Edge
from .proxy.server import Proxy


def _address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def _options():
    parser = argparse.ArgumentParser(prog="aws.serve")
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--profile", default="default", choices=seed.PROFILES)
    parser.add_argument("--endpoint", type=_address, default="10.77.0.1:4566")
    parser.add_argument("--control", type=_address, default="10.77.0.1:4567")
    parser.add_argument("--moto", type=_address, default="127.0.0.1:5000")
    parser.add_argument("--dns", type=_address, default="10.77.0.1:53")
    parser.add_argument("--hook", default=os.environ.get("LAB_EDGE_HOOK"))
    parser.add_argument("--host-keys", type=Path)
    options = parser.parse_args()
    # Where the node's side of the lab puts them.
    options.host_keys = options.host_keys or options.state_dir.parent / "node" / "ssh_host_keys.pub"
    return options


def _start(options, stop):
    edge = Edge(str(options.state_dir / "state.json"), options.hook)
    proxy = Proxy(options.moto, options.state_dir / "calls.log")

    def fresh(profile):
        with edge.order:
            proxy.change_account()
            seed.fresh(profile)
            edge.apply(always=True)
            proxy.counts.reset()

    moto = moto_app.server(*options.moto, edge)
    fresh(options.profile)
    threading.Thread(target=moto.serve_forever, name="moto", daemon=True).start()
    dns_server.start(*options.dns)
    proxy.start(*options.endpoint)
    control_server.start(*options.control, control_server.Commands(proxy, fresh))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())


def main():
    options = _options()
    options.state_dir.mkdir(parents=True, exist_ok=True)
    ready = options.state_dir / "ready"
    ready.unlink(missing_ok=True)
    SETTINGS.host_keys = str(options.host_keys)
    stop = threading.Event()
    try:
        _start(options, stop)
    except (OSError, RuntimeError) as error:
        sys.exit(f"aws.serve: {error}")
    shown = {name: "{}:{}".format(*getattr(options, name)) for name in ("endpoint", "control", "moto", "dns")}
    temporary = ready.with_suffix(".new")
    temporary.write_text(json.dumps({"pid": os.getpid(), "profile": options.profile, **shown}) + "\n")
    temporary.rename(ready)
    stop.wait()
    ready.unlink(missing_ok=True)
    # Threads may sit in a hang or a hook: nothing of them has to be finished.
    os._exit(0)


if __name__ == "__main__":
    main()
