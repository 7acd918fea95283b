"""The production haproxy.cfg run for real, on this machine's loopback, in front of stand-ins for gateways.

Only addresses, and the number of connections, are replaced.
"""

import http.client
import json
import re
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress

from gateways import KEY
from tree import program

DEADLINE = 15


class Tunnel:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
        self.file = self.socket.makefile("rwb")
        head = ["GET /socket.io/ HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
        self.send("\r\n".join([*head, f"Sec-WebSocket-Key: {KEY}", "\r"]))
        while self.file.readline().strip():
            pass

    def send(self, line):
        self.file.write(line.encode() + b"\n")
        self.file.flush()

    def echo(self, line):
        self.send(line)
        return self.file.readline().decode().strip()


class Balancer:
    def __init__(self, public, admin, log):
        self.public, self.admin, self.log_path = public, admin, log

    def ask(self, port, path, headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        with suppress(OSError):
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        return None, ""

    def get(self, path, headers=None):
        return self.ask(self.public, path, headers or {})[1]

    def health(self):
        return self.ask(self.admin, "/healthz", {})[0]

    def tunnel(self):
        return Tunnel(self.public)

    def log(self):
        with open(self.log_path, encoding="utf-8") as file:
            return file.read()

    def logged(self):
        """The requests in the log; each line must be JSON."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    def eventually(self, condition):
        until = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < until, f"not within {DEADLINE} s; HAProxy said:\n{self.log()}"
            time.sleep(0.05)


def free_ports(number):
    with suppress(OSError):
        held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
        ports = [each.getsockname()[1] for each in held]
        for each in held:
            each.close()
        return ports
    raise AssertionError("no free port")


@contextmanager
def running(config, gateways):
    haproxy = program("haproxy", "the balancer cannot be tried: apt-get install haproxy")
    public, admin = free_ports(2)
    config = config.replace("bind :8080", f"bind 127.0.0.1:{public}").replace("bind :8404", f"bind 127.0.0.1:{admin}")
    for gateway in gateways:
        line = rf"server {gateway.name} {gateway.name}:8080"
        here = f"server {gateway.name} 127.0.0.1:{gateway.public.server_port} port {gateway.admin.server_port}"
        config, replaced = re.subn(line, here, config)
        assert replaced == 1, f"{gateway.name} is not in the configuration once"
    # The limit is that of a container; a person's shell may allow less, and HAProxy would refuse to start.
    config = re.sub(r"maxconn \d+", "maxconn 100", config)
    with tempfile.TemporaryDirectory() as folder:
        path, log = f"{folder}/haproxy.cfg", f"{folder}/log"
        with open(path, "w", encoding="utf-8") as file:
            file.write(config)
        with open(log, "wb") as out:
            process = subprocess.Popen([haproxy, "-db", "-f", path], stdout=out, stderr=out)
        balancer = Balancer(public, admin, log)
        try:
            balancer.eventually(lambda: {balancer.get("/who") for _ in range(4)} == {g.name for g in gateways})
            yield balancer
        finally:
            process.kill()
            process.wait(DEADLINE)
