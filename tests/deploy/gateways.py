"""Stand-ins for gateways, for trying the balancer: who they are, an upgrade that echoes, and /readyz. Nothing of Socket.IO."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The example of RFC 6455: HAProxy refuses an upgrade without a key, and an answer to one that does not fit.
KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """A check is cut off as soon as HAProxy has seen the status; that is not worth a stack trace."""


def serve(handler, name):
    server = Server(("127.0.0.1", 0), handler)
    server.name = name
    server.ready = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


class Public(Quiet):
    def do_GET(self):
        if self.headers.get("Upgrade") == "websocket":
            self.send_response(101)
            self.send_header("Connection", "Upgrade")
            self.send_header("Upgrade", "websocket")
            self.send_header("Sec-WebSocket-Accept", ACCEPT)
            self.end_headers()
            self.close_connection = True
            while line := self.rfile.readline():
                self.wfile.write(f"{self.server.name} ".encode() + line)
        elif self.path == "/forwarded":
            self.answer(200, ",".join(self.headers.get_all("X-Forwarded-For")))
        else:
            self.answer(200, self.server.name)


class Admin(Quiet):
    def do_GET(self):
        self.answer(200 if self.server.ready and self.path == "/readyz" else 503, "")


class Gateway:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.public, self.admin = serve(Public, self.name), serve(Admin, self.name)
        return self

    def drain(self):
        self.admin.ready = False

    def die(self):
        for server in (self.public, self.admin):
            server.shutdown()
            server.server_close()

    def __exit__(self, *_):
        self.die()
