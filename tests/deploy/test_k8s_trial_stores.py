"""The stores that the dev overlay brings: found under the addresses that the services are given."""

import base64
import re

from rendered import all_of, one, pod, pod_labels, selects, workloads

DEV = "overlays/dev"


def uri(key):
    (secret,) = all_of(DEV, "Secret")
    return base64.b64decode(secret["data"][key]).decode()


def mongo():
    return one(DEV, "StatefulSet", "mongo")


def test_the_replica_set_is_initiated_under_the_name_that_drivers_are_given():
    # Drivers connect to the names in the set, not to those in the URI.
    (container,) = pod(mongo())["containers"]
    script = container["readinessProbe"]["exec"]["command"][-1]
    name, host = re.search(r'_id: "(\w+)", members: \[\{ _id: 0, host: "([^"]+)"', script).groups()
    assert uri("mongodb-uri") == f"mongodb://{host}/?replicaSet={name}"
    assert name in container["args"]


def test_mongo_can_be_found_before_it_is_ready():
    # It becomes ready by initiating the set, for which its own name must resolve.
    service = one(DEV, "Service", mongo()["spec"]["serviceName"])["spec"]
    host, port = re.fullmatch(r"mongodb://([^:/]+):(\d+)/.*", uri("mongodb-uri")).groups()
    assert host == f"{mongo()['metadata']['name']}-0.{mongo()['spec']['serviceName']}"
    assert service["clusterIP"] == "None" and service["publishNotReadyAddresses"] is True
    assert int(port) in [entry["port"] for entry in service["ports"]]
    assert selects(service["selector"], pod_labels(mongo()))


def test_valkey_is_where_the_services_look_and_there_is_never_a_second():
    host, port = re.fullmatch(r"redis://([^:/]+):(\d+)", uri("redis-url")).groups()
    assert int(port) in [entry["port"] for entry in one(DEV, "Service", host)["spec"]["ports"]]
    assert one(DEV, "Deployment", host)["spec"]["strategy"] == {"type": "Recreate"}


def test_only_mongo_keeps_anything():
    assert [w["metadata"]["name"] for w in workloads(DEV) if w["spec"].get("volumeClaimTemplates")] == ["mongo"]
    (container,) = pod(mongo())["containers"]
    assert "/data/db" in [mount["mountPath"] for mount in container["volumeMounts"]]
