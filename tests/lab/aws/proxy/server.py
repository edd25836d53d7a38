"""The proxy itself: asyncio in a thread of its own."""

import asyncio
import socket
import struct
import threading
import time
from urllib.parse import urlsplit

from .. import calls
from . import answers, http1
from .counts import Counts
from .faults import Faults


class Dropped(Exception):
    """The caller gets no answer: the connection is reset."""


class Proxy:
    def __init__(self, upstream, log_path=None):
        self.upstream = upstream
        self.faults = Faults()
        self.counts = Counts(log_path)
        # before every call, in milliseconds
        self.latency = 0.0
        self._account = object()
        self._connections = 0
        self._loop = asyncio.new_event_loop()

    def start(self, host, port):
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._connection, host, port, limit=http1.MAX_HEAD)
        )
        threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True).start()

    def change_account(self):
        """What was meant for the old one and still waits must not happen in the new one."""
        self._account = object()
        self.faults.clear()
        self.latency = 0.0

    async def _connection(self, reader, writer):
        self._connections += 1
        connection = self._connections
        try:
            while request := await http1.read(reader, writer):
                keep_alive = "close" not in (request.header("connection") or "").lower()
                response, head_only = await self._timed(request, reader, connection)
                writer.write(response.encoded(keep_alive, head_only))
                await writer.drain()
                if not keep_alive:
                    break
        except Dropped:
            _reset(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            writer.close()

    async def _timed(self, request, reader, connection):
        method, target = request.start.split(" ")[:2]
        url = urlsplit(target)
        call = calls.name(method, url.path, url.query, request.lower(), request.body)
        start = time.monotonic()
        response, outcome = None, "gone"
        try:
            response, outcome = await self._answer(call, request, method, reader)
            if response is None:
                raise Dropped
            return response, method == "HEAD"
        finally:
            size = len(request.body) + len(response.body if response else b"")
            self.counts.add(call, outcome, (time.monotonic() - start) * 1000, connection, size)

    async def _answer(self, call, request, method, reader):
        """The response (None: drop the connection) and what the log says about it."""
        if self.latency:
            await asyncio.sleep(self.latency / 1000)
        fault = self.faults.next(call)
        kind = fault.kind if fault else None
        if kind == "drop":
            return None, kind
        if kind == "kill":
            fault.kill()
            return None, kind
        if kind == "hang":
            await _until_gone(reader, fault.seconds or 600)
            return None, kind
        if kind == "slow":
            account = self._account
            await asyncio.sleep(fault.seconds)
            if self._account is not account:
                return None, "gone"
        if kind == "throttle":
            response = answers.throttled(call)
        elif kind == "error":
            response = answers.error(call, fault.code, fault.status, fault.message)
        elif kind == "status":
            response = answers.status_only(fault.status)
        else:
            response = answers.refused(call) or await self._forward(request, method)
        if kind == "kill-after":
            fault.kill()
        if kind in ("lost", "kill-after"):
            return None, kind
        return response, int(response.start.split(" ")[1])

    def step(self, name, service):
        """What a script on the node has come to, or a call of another API: counted as a call, and a fault can hit it."""
        call = calls.Call(service=service, action=name, writes=True, dry_run=False, access_key=None)
        fault = self.faults.next(call)
        self.counts.add(call, fault.kind if fault else 200, 0)
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault:
            fault.kill()

    async def _forward(self, request, method):
        reader, writer = await asyncio.open_connection(*self.upstream)
        try:
            writer.write(request.encoded(keep_alive=False))
            await writer.drain()
            response = await http1.read(reader, no_body=method == "HEAD")
        finally:
            writer.close()
        if response is None:
            raise ConnectionError("moto closed the connection")
        response.start = response.start.replace("HTTP/1.0", "HTTP/1.1")
        return response


async def _until_gone(reader, seconds):
    """A hang ends early when the caller gives up, so that no task outlives its connection."""
    try:
        await asyncio.wait_for(reader.read(1), seconds)
    except TimeoutError:
        pass


def _reset(writer):
    # Linger 0: close sends RST in place of FIN.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
