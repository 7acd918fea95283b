"""The health check of the images, against a server that answers, refuses, says nothing or is not there."""

import os
import socket
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tree import ROOT, program


@contextmanager
def answering(status):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def ready(*arguments, **environment):
    bash = program("bash", "the health check of the images cannot run")
    return subprocess.run(
        [bash, ROOT / "deploy/ready.sh", *map(str, arguments)],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=10,
    )


def test_200_is_ready():
    with answering(200) as server:
        done = ready(server.server_port)
        assert (done.returncode, done.stderr) == (0, "")
        assert server.asked == ["/readyz"]


def test_503_is_not_ready_and_the_reason_is_shown():
    with answering(503) as server:
        done = ready(server.server_port)
        assert done.returncode != 0 and "503" in done.stderr


def test_the_port_is_that_of_the_admin_address_unless_named():
    with answering(200) as server:
        assert ready(ADMIN_ADDR=f"0.0.0.0:{server.server_port}").returncode == 0
        assert ready(ADMIN_ADDR=f"[::]:{server.server_port}").returncode == 0
        assert ready(server.server_port, "/healthz", ADMIN_ADDR="0.0.0.0:1").returncode == 0
        assert server.asked == ["/readyz", "/readyz", "/healthz"]


def test_nobody_listening_is_not_ready():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # Bound and not listening: refused, and nobody else can take it.
        assert ready(closed.getsockname()[1]).returncode != 0


def test_silence_is_not_ready_and_is_named_before_docker_gives_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = ready(silent.getsockname()[1])
        assert done.returncode != 0 and "no answer" in done.stderr
