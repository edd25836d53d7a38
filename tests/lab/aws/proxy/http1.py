"""As much HTTP/1.1 as AWS clients use: read a request, read a response, write either."""

import asyncio
from dataclasses import dataclass

MAX_HEAD = 256 * 1024


@dataclass
class Message:
    # request line or status line
    start: str
    # in the order and spelling they came in
    headers: list
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)

    def lower(self):
        return {key.lower(): value for key, value in self.headers}

    def encoded(self, keep_alive, head_only=False):
        """With a plain body of known length, however it came in."""
        dropped = {"connection", "keep-alive", "transfer-encoding", "expect"}
        if not head_only:
            dropped.add("content-length")
        lines = [self.start] + [f"{k}: {v}" for k, v in self.headers if k.lower() not in dropped]
        if not head_only:
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: " + ("keep-alive" if keep_alive else "close"))
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if head_only else self.body)


async def _chunked(reader):
    body = b""
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        if size == 0:
            while (await reader.readline()).strip():
                pass
            return body
        body += await reader.readexactly(size)
        await reader.readline()


async def read(reader, writer=None, no_body=False):
    """One message, or None at the end of the connection. `writer` gets a 100 Continue when asked for."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise
        return None
    start, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines]
    message = Message(start, headers, b"")
    if writer and (message.header("expect") or "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
    if no_body:
        return message
    if "chunked" in (message.header("transfer-encoding") or "").lower():
        message.body = await _chunked(reader)
    elif message.header("content-length"):
        message.body = await reader.readexactly(int(message.header("content-length")))
    elif start.startswith("HTTP/"):
        message.body = await reader.read()
    return message
