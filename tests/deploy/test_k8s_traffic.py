"""Who is reached, at which port, by whom: Services, probes, network policies, ingress."""

import re

import pytest
import settings
from rendered import all_of, container, container_port, each, each_service, environment, one, pod_labels, selects, workloads
from tree import PORTS, SERVICES


@each
def test_every_service_leads_to_exactly_one_workload_at_a_declared_port(target):
    for service in all_of(target, "Service"):
        name = service["metadata"]["name"]
        found = [w for w in workloads(target) if selects(service["spec"]["selector"], pod_labels(w))]
        assert [w["metadata"]["name"] for w in found] == [name]
        declared = {port["name"] for port in found[0]["spec"]["template"]["spec"]["containers"][0]["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= declared


@each
@each_service
def test_a_service_listens_at_the_ports_of_the_contract(target, service):
    ports = {port["name"]: port["containerPort"] for port in container(target, service)["ports"]}
    wanted = {"grpc": PORTS["GRPC_ADDR"], "admin": PORTS["ADMIN_ADDR"]}
    assert ports == wanted | ({"http": PORTS["HTTP_ADDR"]} if service == "gateway" else {})


@each
def test_the_public_port_is_the_gateways_and_any_of_them_takes_any_request(target):
    spec = one(target, "Service", "gateway")["spec"]
    assert [(port["port"], container_port(target, "gateway", port["targetPort"])) for port in spec["ports"]] == [(80, PORTS["HTTP_ADDR"])]
    assert spec.get("sessionAffinity", "None") == "None"


@each
@each_service
@pytest.mark.parametrize("probe, path", [("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")])
def test_a_probe_asks_the_admin_port(target, service, probe, path):
    get = container(target, service)[probe]["httpGet"]
    assert (container_port(target, service, get["port"]), get["path"]) == (PORTS["ADMIN_ADDR"], path)


@each
@each_service
def test_a_service_that_is_stuck_is_given_more_time_than_one_that_is_busy(target, service):
    def patience(probe):
        return probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3)

    main = container(target, service)
    assert patience(main["livenessProbe"]) >= 5 * patience(main["readinessProbe"])
    assert patience(main["startupProbe"]) >= 60


def policy(target, service):
    (found,) = [p for p in all_of(target, "NetworkPolicy") if selects(p["spec"]["podSelector"].get("matchLabels", {}), pod_labels(one(target, "Deployment", service)))]
    return found["spec"]


def admits(target, service, caller, port):
    labels = pod_labels(one(target, "Deployment", caller)) if caller in SERVICES else {}
    for rule in policy(target, service).get("ingress", []):
        if port in [container_port(target, service, entry["port"]) for entry in rule["ports"]]:
            selectors = [peer["podSelector"]["matchLabels"] for peer in rule.get("from", []) if "podSelector" in peer]
            if "from" not in rule or any(selects(selector, labels) for selector in selectors):
                return True
    return False


@each
@each_service
def test_the_network_lets_a_service_reach_those_that_it_is_pointed_at_and_nobody_else(target, service):
    callers = {caller for caller in SERVICES if any(value == f"http://{service}:{PORTS['GRPC_ADDR']}" for value in environment(target, caller).values())}
    assert {caller for caller in SERVICES if admits(target, service, caller, PORTS["GRPC_ADDR"])} == callers


@each
@each_service
def test_the_admin_port_is_for_the_namespace_of_the_monitoring_only(target, service):
    assert policy(target, service)["policyTypes"] == ["Ingress"]
    assert not [caller for caller in (*SERVICES, "a stranger") if admits(target, service, caller, PORTS["ADMIN_ADDR"])]
    rules = [rule for rule in policy(target, service)["ingress"] if rule["ports"] == [{"port": "admin"}]]
    assert len(rules) == 1 and list(rules[0]["from"][0]) == ["namespaceSelector"]


@each
def test_anybody_and_the_other_gateways_reach_the_public_port(target):
    assert admits(target, "gateway", "a stranger", PORTS["HTTP_ADDR"])
    assert admits(target, "gateway", "gateway", PORTS["HTTP_ADDR"])


def test_the_ingress_leads_to_the_gateways_and_does_not_hang_up_on_quiet_clients():
    (ingress,) = all_of("overlays/prod", "Ingress")
    for rule in ingress["spec"]["rules"]:
        for path in rule["http"]["paths"]:
            backend = path["backend"]["service"]
            ports = one("overlays/prod", "Service", backend["name"])["spec"]["ports"]
            assert backend["port"]["name"] in [port["name"] for port in ports]
    assert {host for entry in ingress["spec"]["tls"] for host in entry["hosts"]} == {rule["host"] for rule in ingress["spec"]["rules"]}
    times = {key: value for key, value in ingress["metadata"]["annotations"].items() if "timeout" in key}
    _, websocket = settings.patience()
    assert len(times) == 2 and all(int(value) > websocket for value in times.values())
    assert not [key for key in ingress["metadata"]["annotations"] if re.search("affinity|cookie|hash", key)]
