"""How the pods run: rights, memory, images, identity, and where."""

from rendered import TARGETS, all_of, container, each, each_service, one, pod, pod_labels, render, workloads
from tree import SERVICES, floats, workspace_version


def containers(target):
    for workload in workloads(target):
        for each_container in pod(workload)["containers"] + pod(workload).get("initContainers", []):
            yield workload, each_container


@each
def test_every_pod_meets_the_restricted_pod_security_standard(target):
    # The namespaces of the overlays enforce it, so a pod that does not would never start.
    for workload, main in containers(target):
        security = pod(workload)["securityContext"] | main["securityContext"]
        name = workload["metadata"]["name"]
        assert security["runAsNonRoot"] is True and security["runAsUser"] > 0, name
        assert security["allowPrivilegeEscalation"] is False, name
        assert security["capabilities"] == {"drop": ["ALL"]}, name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod(workload)), name
    for namespace in all_of(target, "Namespace"):
        assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@each
@each_service
def test_a_service_runs_as_the_user_of_its_image_on_a_read_only_root(target, service):
    main, context = container(target, service), pod(one(target, "Deployment", service))["securityContext"]
    assert main["securityContext"]["readOnlyRootFilesystem"] is True
    assert (context["runAsUser"], context["runAsGroup"]) == (10001, 10001)


@each
@each_service
def test_a_service_has_an_identity_of_its_own_and_no_token(target, service):
    spec = pod(one(target, "Deployment", service))
    assert spec["serviceAccountName"] == service and spec["automountServiceAccountToken"] is False
    assert one(target, "ServiceAccount", service)["automountServiceAccountToken"] is False


@each
def test_no_pod_gets_variables_that_nobody_wrote(target):
    for workload in workloads(target):
        assert pod(workload)["enableServiceLinks"] is False, workload["metadata"]["name"]


@each
def test_memory_is_bounded_and_processor_time_is_not(target):
    for workload, main in containers(target):
        resources, name = main["resources"], workload["metadata"]["name"]
        assert set(resources["requests"]) == {"cpu", "memory"}, name
        assert set(resources["limits"]) == {"memory"}, f"{name}: a CPU limit shows as latency"


@each
def test_every_image_is_pinned_to_a_version(target):
    images = [main["image"] for _, main in containers(target)]
    assert images and not [image for image in images if floats(image)]


@each
@each_service
def test_a_service_runs_its_own_image_at_the_version_of_the_workspace(target, service):
    assert container(target, service)["image"] == f"confab-{service}:{workspace_version()}"


@each
def test_a_workload_selects_its_own_pods_and_no_others(target):
    for workload in workloads(target):
        selector = workload["spec"]["selector"]["matchLabels"]
        selected = [w["metadata"]["name"] for w in workloads(target) if selector.items() <= pod_labels(w).items()]
        assert selected == [workload["metadata"]["name"]]


@each
@each_service
def test_replicas_are_spread_over_zones_and_nodes(target, service):
    workload = one(target, "Deployment", service)
    constraints = pod(workload)["topologySpreadConstraints"]
    assert [c["topologyKey"] for c in constraints] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    for constraint in constraints:
        assert constraint["labelSelector"]["matchLabels"].items() <= pod_labels(workload).items()


def test_the_base_is_the_four_services_and_nothing_else():
    assert {w["metadata"]["name"] for w in workloads("base")} == set(SERVICES)
    assert all(document["kind"] != "Namespace" for document in render("base"))
    assert TARGETS[0] == "base"
