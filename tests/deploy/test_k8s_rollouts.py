"""Replacing pods loses nothing: grace periods, pace, disruption budgets, autoscaling."""

import re

import settings
from rendered import all_of, container, each, each_service, environment, one, pod, pod_labels, selects, workloads
from tree import SERVICES, read, seconds


def shutdown_timeout(target, service):
    return seconds(environment(target, service).get("SHUTDOWN_TIMEOUT") or settings.of_service(service)["SHUTDOWN_TIMEOUT"].default)


def pre_stop(target, service):
    return container(target, service)["lifecycle"]["preStop"]["sleep"]["seconds"]


def deployment(target, service):
    return one(target, "Deployment", service)


@each
@each_service
def test_a_pod_is_not_killed_before_its_service_has_drained(target, service):
    # The preStop sleep counts against the grace period; 5 s are for closing stores and flushing traces.
    grace = pod(deployment(target, service))["terminationGracePeriodSeconds"]
    assert grace >= pre_stop(target, service) + shutdown_timeout(target, service) + 5


def notice():
    """After how long every caller has noticed that a pod came or went: the life of a cluster's DNS answer, and their own pace."""
    source = read("crates/chassis/src/grpc/peers.rs")
    pace = re.search(r"const RESOLVE_EVERY: Duration = Duration::from_secs\((\d+)\)", source)
    assert pace, "RESOLVE_EVERY has moved; the manifests' numbers depend on it"
    return 5 + int(pace.group(1))


@each
@each_service
def test_a_pod_serves_until_nobody_sends_to_it_any_more(target, service):
    # Gateways are found by a balancer, which is told; the others by callers that ask the DNS.
    assert pre_stop(target, service) >= (5 if service == "gateway" else notice())


@each
@each_service
def test_a_rollout_never_has_fewer_pods_than_before(target, service):
    strategy = deployment(target, service)["spec"]["strategy"]
    assert strategy.get("type", "RollingUpdate") == "RollingUpdate"
    assert strategy["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}


@each
def test_a_rollout_drains_one_gateway_at_a_time(target):
    # The next old gateway goes when a new one has stood for minReadySeconds, so that is the pace of the reconnections.
    pace = deployment(target, "gateway")["spec"]["minReadySeconds"]
    assert pace >= pre_stop(target, "gateway") + shutdown_timeout(target, "gateway")


@each
@each_service
def test_a_rollout_waits_until_the_callers_know_the_new_pod(target, service):
    assert deployment(target, service)["spec"]["minReadySeconds"] >= notice()


@each
def test_every_service_has_one_disruption_budget_that_lets_a_node_be_drained(target):
    budgets = {service: [] for service in SERVICES}
    for budget in all_of(target, "PodDisruptionBudget"):
        selected = [w["metadata"]["name"] for w in workloads(target) if selects(budget["spec"]["selector"]["matchLabels"], pod_labels(w))]
        assert len(selected) == 1, f"the budget {budget['metadata']['name']} selects {selected}"
        budgets[selected[0]].append(budget["spec"])
    for service, found in budgets.items():
        assert len(found) == 1, f"{service} has {len(found)} budgets"
        # With one replica, minAvailable: 1 would hold up the drain of its node for ever.
        assert found[0]["maxUnavailable"] == 1 and "minAvailable" not in found[0]


def test_in_production_one_of_each_can_be_lost():
    autoscaled = {a["spec"]["scaleTargetRef"]["name"]: a["spec"]["minReplicas"] for a in all_of("overlays/prod", "HorizontalPodAutoscaler")}
    for service in SERVICES:
        count = autoscaled.get(service) or deployment("overlays/prod", service)["spec"]["replicas"]
        assert count >= (3 if service == "gateway" else 2), service


def test_what_the_autoscaler_counts_nobody_else_does():
    (autoscaler,) = all_of("overlays/prod", "HorizontalPodAutoscaler")
    target = autoscaler["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", "gateway")
    assert "replicas" not in deployment("overlays/prod", "gateway")["spec"], "each apply would undo what the autoscaler decided"
    # Utilisation is of the request, so without one the autoscaler would do nothing.
    for metric in autoscaler["spec"]["metrics"]:
        assert metric["resource"]["name"] in container("overlays/prod", "gateway")["resources"]["requests"]
    # Going down moves clients, so it is slower than one drain.
    (policy,) = autoscaler["spec"]["behavior"]["scaleDown"]["policies"]
    assert policy["type"] == "Pods" and policy["value"] == 1 and policy["periodSeconds"] > shutdown_timeout("overlays/prod", "gateway")


def test_for_trying_out_there_is_one_of_each():
    assert {w["spec"].get("replicas", 1) for w in workloads("overlays/dev")} == {1}
