"""HTTP/2 by the frame. `watches AUTHORITY TOKEN`: as many as one connection may have, all cancelled one by one while the
connection stays. `upstream CERTIFICATE KEY`: an API server of which trailers and cancellations are seen, on 16445.
`ends AUTHORITY TOKEN`: what comes of those through the proxy."""
import socket, ssl, sys, threading, time

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, ResponseReceived, StreamEnded, StreamReset, TrailersReceived

DEADLINE = 60


class Client:
    def __init__(self, authority, token):
        tls = ssl.create_default_context(cafile=authority)
        tls.set_alpn_protocols(["h2"])
        self.socket = tls.wrap_socket(socket.create_connection(("127.0.0.1", 6443), DEADLINE), server_hostname="127.0.0.1")
        self.token, self.seen = token, {}
        self.h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.flush()
        self.until(lambda: self.h2.remote_settings.max_concurrent_streams < 2**31)

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def request(self, method, path, trailers=None):
        stream = self.h2.get_next_available_stream_id()
        head = [(":method", method), (":path", path), (":scheme", "https"), (":authority", "localhost"), ("user-agent", "test"),
                ("authorization", f"Bearer {self.token}"), ("te", "trailers")]
        self.seen[stream] = {"head": {}, "data": b"", "trailers": None, "ended": False}
        self.h2.send_headers(stream, head, end_stream=trailers is None)
        if trailers is not None:
            self.h2.send_data(stream, b"body")
            self.h2.send_headers(stream, trailers, end_stream=True)
        self.flush()
        return stream

    def until(self, done):
        while not done():
            data = self.socket.recv(65536) or sys.exit("the connection ended")
            for event in self.h2.receive_data(data):
                seen = self.seen.get(getattr(event, "stream_id", 0), {})
                if isinstance(event, ResponseReceived):
                    seen["head"] = dict(event.headers)
                elif isinstance(event, DataReceived):
                    seen["data"] += event.data
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, TrailersReceived):
                    seen["trailers"] = dict(event.headers)
                elif isinstance(event, (StreamEnded, StreamReset)):
                    seen["ended"] = True
            self.flush()

    def get(self, path):
        seen = self.seen[self.request("GET", path)]
        self.until(lambda: seen["ended"])
        return seen

    def cancel(self, stream):
        self.h2.reset_stream(stream, 8)
        self.flush()


def watches(authority, token):
    client = Client(authority, token)
    many = client.h2.remote_settings.max_concurrent_streams
    streams = [client.request("GET", "/api/v1/namespaces/default/configmaps?watch=true") for _ in range(many)]
    client.until(lambda: all(client.seen[stream]["head"].get(":status") == "200" for stream in streams))
    print(many, flush=True)
    sys.stdin.readline()
    client.until(lambda: all(b'"name":"news"' in client.seen[stream]["data"] for stream in streams))
    for stream in streams:
        client.cancel(stream)
    assert client.get("/version")["head"][":status"] == "200"
    print("cancelled", flush=True)
    sys.stdin.readline()


def ends(authority, token):
    client = Client(authority, token)
    told = client.seen[client.request("POST", "/trailers", [("x-sum", "17")])]
    client.until(lambda: told["ended"])
    assert (told["data"], told["trailers"]) == (b"body", {"x-sum": "17"}), told
    hanging = client.request("GET", "/hang?watch=true")
    client.until(lambda: client.seen[hanging]["head"].get(":status") == "200")
    assert client.get("/resets")["data"] == b"0"
    client.cancel(hanging)
    begun = time.monotonic()
    while client.get("/resets")["data"] != b"1":
        assert time.monotonic() - begun < DEADLINE, "the API server was not told"
        time.sleep(0.05)
    print("ok")


resets = 0


def serve(connection):
    global resets
    h2, requests = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8")), {}
    h2.initiate_connection()
    connection.sendall(h2.data_to_send())
    while data := connection.recv(65536):
        for event in h2.receive_data(data):
            stream = getattr(event, "stream_id", 0)
            if isinstance(event, RequestReceived):
                requests[stream] = {"path": dict(event.headers)[":path"], "data": b"", "trailers": []}
                if requests[stream]["path"].startswith("/hang"):
                    h2.send_headers(stream, [(":status", "200")])
            elif isinstance(event, DataReceived):
                requests[stream]["data"] += event.data
                h2.acknowledge_received_data(event.flow_controlled_length, stream)
            elif isinstance(event, TrailersReceived):
                requests[stream]["trailers"] = event.headers
            elif isinstance(event, StreamReset):
                resets += 1
            elif isinstance(event, StreamEnded) and not requests[stream]["path"].startswith("/hang"):
                request = requests[stream]
                h2.send_headers(stream, [(":status", "200")])
                h2.send_data(stream, request["data"] or str(resets).encode(), end_stream=not request["trailers"])
                if request["trailers"]:
                    h2.send_headers(stream, request["trailers"], end_stream=True)
        connection.sendall(h2.data_to_send())


def upstream(certificate, key):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    tls.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 16445)) as listener:
        print("listening", flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=lambda: serve(tls.wrap_socket(connection, server_side=True)), daemon=True).start()


{"watches": watches, "ends": ends, "upstream": upstream}[sys.argv[1]](*sys.argv[2:])
