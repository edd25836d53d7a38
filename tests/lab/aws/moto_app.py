"""moto's server, patched, with the edge behind every call that changes something."""

import logging
from contextlib import nullcontext
from io import BytesIO

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from . import calls, patches, permissions
from .account import LOCK
from .edge_hook import HookFailed
from .proxy import answers

EDGE_SERVICES = ("ec2", "route53")


class QuietHandler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_args, **_kwargs):
        """The proxy logs the calls, with their names."""


class MotoApp:
    def __init__(self, edge):
        self.edge = edge
        self.app = DomainDispatcherApplication(create_backend_app)

    def _answer(self, environ):
        with LOCK:
            return Response.from_app(self.app, environ, buffered=True)

    def __call__(self, environ, start_response):
        request = Request(environ, populate_request=False)
        body = request.get_data(cache=False, parse_form_data=False)
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = calls.name(request.method, request.path, request.query_string.decode(), headers, body)
        with LOCK:
            why = permissions.denied(call, request.path, body)
        if why:
            told = answers.denied(call, why)
            return Response(told.body, status=int(told.start.split(" ")[1]), headers=told.headers)(environ, start_response)
        for_edge = call.mutating and call.service in EDGE_SERVICES
        environ = self._with_body(environ, body)
        with self.edge.order if for_edge else nullcontext():
            response = self._answer(environ)
            if for_edge and response.status_code < 400:
                try:
                    self.edge.apply()
                except HookFailed as error:
                    logging.error("%s", error)
                    told = answers.error(call, "LabEdgeFailed", 500, str(error))
                    response = Response(told.body, status=500, headers=told.headers)
        return response(environ, start_response)

    @staticmethod
    def _with_body(environ, body):
        """The body can be read once only: moto gets it again, with its length."""
        dropped = ("werkzeug.request", "HTTP_TRANSFER_ENCODING")
        kept = {key: value for key, value in environ.items() if key not in dropped}
        return kept | {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def server(host, port, edge):
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    patches.apply()
    return make_server(host, port, MotoApp(edge), threaded=True, request_handler=QuietHandler)
