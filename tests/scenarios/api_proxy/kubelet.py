"""A kubelet's streaming side, on port 10250 of the node: what is behind `exec` and `logs` of the real API server.

SPDY: the answer to the upgrade, then every byte comes back. WebSocket: each message to channel 0 comes back on channel 1.
Logs: a line, then another one when the first has been read for a second.
"""
import asyncio, base64, hashlib, ssl


async def head(reader):
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    return lines[0].split(" "), {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:] if ":" in line)}


async def frame(reader):
    first, second = await reader.readexactly(2)
    length = second & 127
    if length > 125:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8), "big")
    mask = await reader.readexactly(4)
    return first & 15, bytes(byte ^ mask[i % 4] for i, byte in enumerate(await reader.readexactly(length)))


async def websocket(reader, writer, headers):
    accept = hashlib.sha1((headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    protocol = headers["sec-websocket-protocol"].split(",")[0].strip()
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
                 b"Sec-WebSocket-Protocol: %s\r\n\r\n" % (base64.b64encode(accept), protocol.encode()))
    while True:
        kind, payload = await frame(reader)
        if kind == 8:
            return
        if payload[:1] == b"\0":
            answer = b"\1" + payload[1:]
            writer.write(bytes([130, len(answer)]) + answer)
            await writer.drain()


async def serve(reader, writer):
    try:
        (method, path, *_), headers = await head(reader)
        if "websocket" in headers.get("upgrade", "").lower():
            await websocket(reader, writer, headers)
        elif headers.get("upgrade"):
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\n\r\n")
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        elif path.startswith("/containerLogs/"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n")
            await writer.drain()
            await asyncio.sleep(1)
            writer.write(b"7\r\nsecond\n\r\n0\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain("/srv/kubernetes/apiserver.crt", "/srv/kubernetes/apiserver.key")
    async with await asyncio.start_server(serve, "0.0.0.0", 10250, ssl=tls) as server:
        await server.serve_forever()

asyncio.run(main())
