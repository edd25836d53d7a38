"""Somebody's web server, holding port 80 of every address."""

from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"old dashboard\n")


class Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True


Server(("0.0.0.0", 80), Answer).serve_forever()
