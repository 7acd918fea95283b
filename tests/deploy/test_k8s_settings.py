"""What the pods are told is what the services understand, complete, and the same where they must agree."""

import re

import pytest
import settings
from rendered import all_of, container, each, each_service, environment, one
from tree import PORTS, SERVICES

# In a pod for the sake of another variable, not for the service.
FOR_EXPANSION = {"POD_IP"}
STORE_KEYS = {"mongodb-uri", "redis-url"}
# Without them uploads are off.
MEDIA_KEYS = {"media-store", "aws-access-key-id", "aws-secret-access-key"}


@each
@each_service
def test_a_service_is_told_only_what_it_understands(target, service):
    assert set(environment(target, service)) - FOR_EXPANSION <= set(settings.of_service(service))


@each
@each_service
def test_a_service_is_told_all_that_it_requires(target, service):
    required = {name for name, setting in settings.of_service(service).items() if setting.required}
    given = {name for name, value in environment(target, service).items() if value}
    assert required <= given


@each
@each_service
def test_an_empty_value_is_given_only_where_empty_is_the_default(target, service):
    # Set and empty is not the same as not set: an empty list has one empty entry, and an empty URL is none.
    known = settings.of_service(service)
    assert not [name for name, value in environment(target, service).items() if value == "" and known[name].default != ""]


@each
@pytest.mark.parametrize("name", ["MONGODB_URI", "MONGODB_DATABASE", "REDIS_URL", "REDIS_KEY_PREFIX", "TOKEN_ISSUER", "AUTH_URL"])
def test_what_services_must_agree_on_is_the_same_in_all(target, name):
    values = {environment(target, service)[name] for service in SERVICES if name in settings.of_service(service)}
    assert len(values) == 1


@each
def test_a_gateway_is_relayed_to_at_its_own_pod(target):
    # `environment` expands as Kubernetes does: POD_IP below RELAY_URL would stay as it is written.
    assert environment(target, "gateway")["RELAY_URL"] == f"http://<status.podIP>:{PORTS['HTTP_ADDR']}"
    assert "GATEWAY_ID" not in environment(target, "gateway"), "a restarted container must be a new gateway"


@each
@each_service
def test_every_reference_between_variables_is_resolved(target, service):
    assert not [value for value in environment(target, service).values() if "$(" in value]


@each
@each_service
def test_no_variable_is_given_twice(target, service):
    names = [entry["name"] for entry in container(target, service)["env"]]
    assert len(names) == len(set(names))


@each
@each_service
def test_an_address_of_another_service_is_that_of_a_headless_service(target, service):
    for name, value in environment(target, service).items():
        if name in ("AUTH_URL", "MESSAGE_STORE_URL", "PRESENCE_URL"):
            host, port = re.fullmatch(r"http://([\w-]+):(\d+)", value).groups()
            found = one(target, "Service", host)["spec"]
            assert found["clusterIP"] == "None", f"{host} has a cluster IP: gRPC would stay on one replica"
            assert int(port) in [entry["port"] for entry in found["ports"]]


@each
@each_service
def test_secrets_come_from_the_one_secret_by_its_documented_keys(target, service):
    references = [e["valueFrom"]["secretKeyRef"] for e in container(target, service)["env"] if "secretKeyRef" in e.get("valueFrom", {})]
    assert references, f"{service} has no store"
    for reference in references:
        # The dev overlay generates it, and then its name ends in a hash.
        assert re.fullmatch(r"confab-stores(-[a-z0-9]+)?", reference["name"])
        assert reference["key"] in (MEDIA_KEYS if reference.get("optional") else STORE_KEYS)
        for secret in all_of(target, "Secret"):
            assert reference["name"] == secret["metadata"]["name"]
            assert reference["key"] in secret["data"] or reference.get("optional")


@each
@each_service
def test_a_changed_setting_rolls_the_pods(target, service):
    # By the hash in the name of a generated ConfigMap; a fixed name would be read by new pods only.
    maps = [source["configMapRef"]["name"] for source in container(target, service)["envFrom"]]
    assert maps and all(re.fullmatch(r"confab-process-[a-z0-9]{10}", name) for name in maps)
