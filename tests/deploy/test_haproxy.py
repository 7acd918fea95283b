"""The production balancer: HAProxy accepts the file, and in front of two stand-ins for gateways it does what we promise."""

import re
import subprocess

import pytest
import settings
from balancer import running
from composed import compose
from gateways import Gateway
from tree import PORTS, ROOT, program, read, seconds

CONFIG = "deploy/haproxy/haproxy.cfg"


def directives(name):
    return re.findall(rf"^\s+{name}\s+(.+)$", read(CONFIG), re.M)


def test_haproxy_accepts_the_file():
    haproxy = program("haproxy", "the balancer is not checked: apt-get install haproxy")
    done = subprocess.run([haproxy, "-c", "-f", ROOT / CONFIG], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    # The gateways' names do not resolve here; nothing else may be worth a warning.
    warnings = [line for line in done.stderr.splitlines() if "WARNING" in line and "could not resolve address" not in line]
    assert warnings == []


def test_it_knows_each_gateway_of_compose_and_no_other():
    servers = dict(line.split()[:2] for line in directives("server"))
    gateways = [name for name in compose()["services"] if name.startswith("gateway-")]
    assert servers == {name: f"{name}:{PORTS['HTTP_ADDR']}" for name in gateways}


def test_readiness_is_asked_on_the_admin_port():
    assert f" port {PORTS['ADMIN_ADDR']} " in directives("default-server")[0]


def test_there_is_no_stickiness():
    assert directives("balance") == ["roundrobin"]
    text = "\n".join(line for line in read(CONFIG).splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"\bcookie\b|\bstick\b|\bstick-table\b|\bhash-type\b", text)


def test_it_never_hangs_up_on_a_quiet_client_before_its_gateway_does():
    timeout = {name: seconds(value) for name, value in (line.split() for line in directives("timeout"))}
    poll, websocket = settings.patience()
    assert timeout["client"] > poll and timeout["server"] > poll
    assert timeout["tunnel"] > websocket


def test_it_outlives_the_gateways_when_all_is_stopped():
    services = compose()["services"]
    hard_stop = seconds(directives("hard-stop-after")[0])
    assert hard_stop > seconds(services["gateway-1"]["environment"]["SHUTDOWN_TIMEOUT"])
    assert seconds(services["balancer"]["stop_grace_period"]) > hard_stop


def test_it_may_open_the_descriptors_that_it_needs():
    # Two a connection, and a few for itself.
    assert compose()["services"]["balancer"]["ulimits"]["nofile"] > 2 * int(directives("maxconn")[0]) + 100


@pytest.fixture
def cluster():
    with Gateway("gateway-1") as one, Gateway("gateway-2") as two, running(read(CONFIG), [one, two]) as balancer:
        yield balancer, one, two


def test_requests_go_round_and_round(cluster):
    balancer, _, _ = cluster
    answers = [balancer.get("/who") for _ in range(10)]
    assert sorted(answers) == ["gateway-1"] * 5 + ["gateway-2"] * 5


def test_what_a_client_claims_of_its_address_is_dropped(cluster):
    balancer, _, _ = cluster
    assert balancer.get("/forwarded", {"X-Forwarded-For": "6.6.6.6"}) == "127.0.0.1"


def test_a_draining_gateway_gets_no_new_request_and_keeps_its_websockets(cluster):
    balancer, one, two = cluster
    tunnels = [balancer.tunnel() for _ in range(2)]
    assert {tunnel.echo("hello") for tunnel in tunnels} == {"gateway-1 hello", "gateway-2 hello"}
    one.drain()
    balancer.eventually(lambda: {balancer.get("/who") for _ in range(4)} == {"gateway-2"})
    assert {tunnel.echo("still here") for tunnel in tunnels} == {"gateway-1 still here", "gateway-2 still here"}


def test_a_dead_gateway_is_never_seen_by_a_client(cluster):
    balancer, one, _ = cluster
    one.die()
    # Without a moment to notice it: the refused connection is tried again on the other one.
    assert {balancer.get("/who") for _ in range(10)} == {"gateway-2"}


def test_its_own_health_is_that_of_the_gateways(cluster):
    balancer, one, two = cluster
    balancer.eventually(lambda: balancer.health() == 200)
    one.drain()
    two.drain()
    balancer.eventually(lambda: balancer.health() == 503)


def test_a_token_in_the_query_is_not_logged(cluster):
    balancer, _, _ = cluster
    balancer.get("/socket.io/?token=s3cret&EIO=4")
    balancer.eventually(lambda: "/socket.io/" in [request["path"] for request in balancer.logged()])
    assert "s3cret" not in balancer.log()
