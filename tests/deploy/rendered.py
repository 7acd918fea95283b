"""What `kubectl kustomize` makes of k8s/, and how to look things up in it. Knows nothing of our rules."""

import re
import subprocess
from functools import cache

import pytest
import yaml
from tree import ROOT, SERVICES, program

# The base is rendered too: an overlay of somebody else's starts from it.
TARGETS = ("base", "overlays/dev", "overlays/prod")


@cache
def render(target):
    """All documents of a kustomization; rendered once, so nobody may change what is returned."""
    kubectl = program("kubectl", "k8s/ is not checked: install kubectl 1.27 or newer (Debian 13: apt-get install kubernetes-client)")
    done = subprocess.run([kubectl, "kustomize", ROOT / "k8s" / target], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        pytest.fail(f"kubectl kustomize k8s/{target}: {done.stderr.strip()}")
    # A warning says that something in the kustomization is on its way out.
    assert done.stderr == "", done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def all_of(target, kind):
    return [document for document in render(target) if document["kind"] == kind]


def one(target, kind, name):
    found = [document for document in all_of(target, kind) if document["metadata"]["name"] == name]
    assert len(found) == 1, f"{len(found)} times {kind} {name} in k8s/{target}"
    return found[0]


def workloads(target):
    return [document for document in render(target) if document["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job")]


def pod(workload):
    return workload["spec"]["template"]["spec"]


def pod_labels(workload):
    return workload["spec"]["template"]["metadata"]["labels"]


def container(target, service):
    containers = pod(one(target, "Deployment", service))["containers"]
    assert len(containers) == 1, f"{service} has company in its pod; these tests look at one container"
    return containers[0]


def container_port(target, service, port):
    """The number behind a port's name or number, which the container must declare."""
    ports = {entry["name"]: entry["containerPort"] for entry in container(target, service)["ports"]}
    assert port in ports or port in ports.values(), f"{service} has no port {port}"
    return ports.get(port, port)


def selects(selector, labels):
    # An empty selector selects everything, which is never meant here.
    return bool(selector) and selector.items() <= labels.items()


def environment(target, service):
    """The variables of a service's container in the order in which Kubernetes sets them; a Secret's value is its key."""
    main = container(target, service)
    found = {}
    for source in main.get("envFrom", []):
        found.update(one(target, "ConfigMap", source["configMapRef"]["name"])["data"])
    for entry in main.get("env", []):
        found.pop(entry["name"], None)
        found[entry["name"]] = expand(value(target, entry), found)
    return found


def value(target, entry):
    if "value" in entry:
        return entry["value"]
    ((kind, reference),) = entry["valueFrom"].items()
    if kind == "configMapKeyRef":
        return one(target, "ConfigMap", reference["name"])["data"][reference["key"]]
    if kind == "secretKeyRef":
        return f"<{reference['key']}>"
    assert kind == "fieldRef", kind
    return f"<{reference['fieldPath']}>"


def expand(text, before):
    """`$(NAME)` as Kubernetes expands it: only from variables that are already there."""
    return re.sub(r"\$\((\w+)\)", lambda match: before.get(match.group(1), match.group()), text)


each = pytest.mark.parametrize("target", TARGETS)
each_service = pytest.mark.parametrize("service", SERVICES)
