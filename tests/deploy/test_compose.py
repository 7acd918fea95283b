"""docker-compose.yml: valid, complete, and in step with what the services read from their environment."""

import json
import re
from importlib import resources

import jsonschema
import pytest
import settings
from composed import compose, dotenv, variables
from tree import PORTS, ROOT, SERVICES, floats, read, seconds, workspace_version

INSTANCES = ("auth", "message-store", "presence", "gateway-1", "gateway-2")


def service_of(instance):
    return re.sub(r"-\d+$", "", instance)


@pytest.fixture(scope="module")
def services():
    return compose()["services"]


def test_the_file_is_valid_compose():
    schema = resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json")
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(compose())] == []


def test_the_environment_example_names_every_variable_and_no_other():
    # Commented out: not set unless somebody wants to; Compose then leaves it out of the container too.
    offered = set(re.findall(r"^#(\w+)=", read(".env.example"), re.M))
    passed_on = {name for instance in INSTANCES for name, value in compose()["services"][instance]["environment"].items() if value is None}
    assert set(dotenv(read(".env.example"))) == variables()
    assert offered == passed_on


@pytest.mark.parametrize("missing", ["MONGODB_URI", "REDIS_URL"])
def test_without_an_environment_file_it_says_what_to_do(missing):
    # No store is assumed, for any of the services that name it.
    values = {name: value for name, value in dotenv(read(".env.example")).items() if name != missing}
    assert all(f"${{{missing}:?" in place for place in re.findall(rf"\$\{{{missing}\b..", read("docker-compose.yml")))
    with pytest.raises(KeyError, match=f"{missing}: copy .env.example to .env"):
        compose(values)


@pytest.mark.parametrize("instance", INSTANCES)
def test_a_service_is_told_only_what_it_understands(services, instance):
    known = settings.of_service(service_of(instance))
    assert set(services[instance]["environment"]) <= set(known)


@pytest.mark.parametrize("instance", INSTANCES)
def test_a_service_is_told_all_that_it_requires(services, instance):
    required = {name for name, setting in settings.of_service(service_of(instance)).items() if setting.required}
    given = {name for name, value in services[instance]["environment"].items() if value not in ("", None)}
    assert required <= given


@pytest.mark.parametrize("instance", INSTANCES)
def test_an_empty_value_is_given_only_where_empty_is_the_default(services, instance):
    # Set and empty is not the same as not set: an empty list has one empty entry, and an empty URL is none.
    known = settings.of_service(service_of(instance))
    assert not [name for name, value in services[instance]["environment"].items() if value == "" and known[name].default != ""]


@pytest.mark.parametrize("name", ["MONGODB_DATABASE", "REDIS_URL", "REDIS_KEY_PREFIX", "TOKEN_ISSUER", "AUTH_URL"])
def test_what_services_must_agree_on_is_the_same_in_all(services, name):
    values = {services[i]["environment"][name] for i in INSTANCES if name in settings.of_service(service_of(i))}
    assert len(values) == 1


@pytest.mark.parametrize("instance", INSTANCES)
def test_an_address_of_another_service_is_one_of_this_file(services, instance):
    for name, value in services[instance]["environment"].items():
        if name.endswith("_URL") and str(value).startswith("http://"):
            host, port = re.fullmatch(r"http://([\w-]+):(\d+)", value).groups()
            wanted = PORTS["HTTP_ADDR"] if name == "RELAY_URL" else PORTS["GRPC_ADDR"]
            assert host in services and int(port) == wanted, f"{name}={value}"


def test_each_gateway_is_relayed_to_at_its_own_address(services):
    gateways = [name for name in services if name.startswith("gateway-")]
    assert len(gateways) >= 2
    for name in gateways:
        assert services[name]["environment"]["RELAY_URL"] == f"http://{name}:{PORTS['HTTP_ADDR']}"
        assert "GATEWAY_ID" not in services[name]["environment"], "a restarted gateway must be a new one"


@pytest.mark.parametrize("instance", INSTANCES)
def test_docker_waits_longer_than_the_service_drains(services, instance):
    service = services[instance]
    assert seconds(service["stop_grace_period"]) >= seconds(service["environment"]["SHUTDOWN_TIMEOUT"]) + 5


@pytest.mark.parametrize("instance", INSTANCES)
def test_a_service_is_built_here_at_the_version_of_the_workspace(services, instance):
    service = services[instance]
    assert service["build"]["args"]["SERVICE"] == service_of(instance) and service_of(instance) in SERVICES
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert service["image"] == f"confab-{service_of(instance)}:{workspace_version()}"


@pytest.mark.parametrize("instance", INSTANCES)
def test_a_service_runs_with_as_little_as_it_needs(services, instance):
    service = services[instance]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("instance", INSTANCES)
def test_health_is_asked_by_the_program_that_the_image_has(services, instance):
    check = services[instance]["healthcheck"]
    assert check["test"][0] == "CMD" and f" {check['test'][1]}" in read("deploy/Dockerfile")
    # Above the two seconds after which the check gives up by itself and says why.
    assert seconds(check["timeout"]) > 2


def test_nothing_waits_for_something_that_cannot_be_healthy(services):
    for name, service in services.items():
        for dependency, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}, f"{name} would start before {dependency} is up"
            assert "healthcheck" in services[dependency], f"{name} would wait for {dependency} for ever"


@pytest.mark.parametrize("instance", INSTANCES)
def test_a_service_waits_for_whatever_it_is_pointed_at(services, instance):
    hosts = {"MONGODB_URI": "mongo", "REDIS_URL": "valkey", "AUTH_URL": "auth", "MESSAGE_STORE_URL": "message-store", "PRESENCE_URL": "presence"}
    environment = services[instance]["environment"]
    assert {host for name, host in hosts.items() if name in environment} == set(services[instance]["depends_on"])


def test_every_image_is_pinned_to_a_version(services):
    assert not [service["image"] for service in services.values() if floats(service["image"])]


def test_only_the_balancer_is_published_and_only_to_this_host_by_default(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service and not service.get("profiles")}
    assert list(published) == ["balancer"]
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_every_mounted_file_is_in_the_checkout(services):
    volumes = compose()["volumes"]
    for service in services.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in volumes or (ROOT / source).is_file(), mount


def test_the_store_is_initiated_under_the_name_that_drivers_are_given(services):
    initiated = re.search(r'_id: "(\w+)", members: \[\{ _id: 0, host: "([^"]+)"', services["mongo"]["healthcheck"]["test"][-1]).groups()
    uri = services["auth"]["environment"]["MONGODB_URI"]
    assert uri == f"mongodb://{initiated[1]}/?replicaSet={initiated[0]}"
    assert initiated[0] in services["mongo"]["command"]
