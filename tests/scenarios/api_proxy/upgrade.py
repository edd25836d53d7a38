"""`exec` through the proxy, as kubectl (SPDY) and as browsers and other clients (WebSocket) begin it. Verifies certificates."""
import base64, os, socket, ssl, sys

port, authority, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]
tls = ssl.create_default_context(cafile=authority)
PATH = "/api/v1/namespaces/default/pods/shop/exec?command=sh&stdin=true&stdout=true"


def begin(lines):
    stream = tls.wrap_socket(socket.create_connection(("127.0.0.1", port), 10), server_hostname="127.0.0.1")
    stream.sendall(("\r\n".join(lines + [f"Authorization: Bearer {token}", "Host: localhost", "User-Agent: test", "", ""])).encode())
    read = b""
    while b"\r\n\r\n" not in read:
        read += stream.recv(1) or sys.exit(f"ended: {read}")
    return stream, read.decode()


def exactly(stream, length):
    data = b""
    while len(data) < length:
        data += stream.recv(length - len(data)) or sys.exit("ended")
    return data


stream, answer = begin([f"POST {PATH} HTTP/1.1", "Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io", "Content-Length: 0"])
assert answer.startswith("HTTP/1.1 101 ") and "SPDY/3.1" in answer, answer
sent = os.urandom(300_000)
for at in range(0, len(sent), 10_000):
    stream.sendall(sent[at:at + 10_000])
    assert exactly(stream, 10_000) == sent[at:at + 10_000]
stream.close()

key = base64.b64encode(os.urandom(16)).decode()
stream, answer = begin([f"GET {PATH} HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Protocol: v4.channel.k8s.io"])
assert answer.startswith("HTTP/1.1 101 ") and "websocket" in answer.lower(), answer
message, mask = b"\0hello", os.urandom(4)
frame = bytes([130, 128 | len(message)]) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(message))
stream.sendall(frame)
kind, length = exactly(stream, 2)
# Channels are opened with an empty message each.
while (payload := exactly(stream, length)) != b"\1hello":
    kind, length = exactly(stream, 2)
print("ok")
