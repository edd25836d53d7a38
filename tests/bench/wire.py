"""A wire that takes its time: every packet between the operator and AWS' side arrives half a round trip later.

    python wire.py OPERATORS_NAMESPACE AWS_NAMESPACE ROUND_TRIP_MS

Two TUN devices named `wire`, one in each namespace, and this process between them. It says `ready` and shuttles until its
standard input ends; the devices and the routes through them end with it. So a call costs what it costs far away: a round
trip for each answer that is waited for, one more for each new connection, and some for each TLS or SSH handshake.
"""

import ctypes
import fcntl
import os
import selectors
import struct
import subprocess
import sys
import time
from collections import deque

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
MTU = 1400
DEVICE = "wire"
OPERATOR, EDGE, PUBLIC = "10.77.0.2", "10.77.0.1", "198.18.0.0/15"


def enter(path):
    handle = os.open(path, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(handle, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), f"setns {path}")
    os.close(handle)


def open_tun(namespace):
    enter(f"/run/netns/{namespace}")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN | IFF_NO_PI))
    ip(namespace, "link", "set", DEVICE, "mtu", str(MTU), "txqueuelen", "10000", "up")
    return tun


def ip(namespace, *arguments):
    subprocess.run(["/sbin/ip", "-n", namespace, *arguments], check=True)


def route(operators, aws):
    # More specific than what is there, so that all comes back by itself when the devices go.
    for there in (f"{EDGE}/32", PUBLIC):
        ip(operators, "route", "add", there, "dev", DEVICE, "src", OPERATOR)
    ip(aws, "route", "add", f"{OPERATOR}/32", "dev", DEVICE)


def shuttle(tuns, delay, control):
    """Packets wait in the order in which they came."""
    waiting = {tun: deque() for tun in tuns}
    other = {tuns[0]: tuns[1], tuns[1]: tuns[0]}
    selector = selectors.DefaultSelector()
    for file in (*tuns, control):
        selector.register(file, selectors.EVENT_READ)
    while True:
        due = min((queue[0][0] for queue in waiting.values() if queue), default=None)
        pause = None if due is None else max(0.0, due - time.monotonic())
        for key, _ in selector.select(pause):
            if key.fd == control:
                return
            receive(key.fd, waiting[other[key.fd]], delay)
        now = time.monotonic()
        for tun, queue in waiting.items():
            while queue and queue[0][0] <= now:
                deliver(tun, queue.popleft()[1])


def receive(tun, queue, delay):
    due = time.monotonic() + delay
    while True:
        try:
            queue.append((due, os.read(tun, 65536)))
        except BlockingIOError:
            return


def deliver(tun, packet):
    try:
        os.write(tun, packet)
    except OSError:
        pass  # a full queue loses packets, as wires do


def main(operators, aws, milliseconds):
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    tuns = [open_tun(operators), open_tun(aws)]
    # Not in a namespace of the lab's: what is in there ends with each reset.
    enter(f"/proc/self/fd/{home}")
    route(operators, aws)
    print("ready", flush=True)
    shuttle(tuns, float(milliseconds) / 2000, sys.stdin.fileno())


if __name__ == "__main__":
    main(*sys.argv[1:])
