"""The collector takes what the services send, and Prometheus asks every process of the Compose file."""

import yaml
from composed import compose, dotenv
from tree import PORTS, SERVICES, read


def collector():
    return yaml.safe_load(read("deploy/otel-collector/config.yaml"))


def test_every_part_of_a_pipeline_is_declared_and_every_declared_part_is_used():
    config = collector()
    for part in ("receivers", "processors", "exporters"):
        used = {name for pipeline in config["service"]["pipelines"].values() for name in pipeline[part]}
        assert used == set(config[part])


def test_memory_is_guarded_before_anything_else():
    for pipeline in collector()["service"]["pipelines"].values():
        assert pipeline["processors"][0] == "memory_limiter"


def test_the_address_in_the_environment_example_is_the_collectors():
    port = collector()["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].rpartition(":")[2]
    assert f"http://otel-collector:{port}" in read(".env.example")
    assert "otel-collector" in compose()["services"]
    assert dotenv(read(".env.example"))["OTEL_EXPORTER_OTLP_ENDPOINT"] == "", "nothing listens there unless the profile is on"


def test_prometheus_scrapes_every_process_at_its_admin_port():
    jobs = {job["job_name"]: job for job in yaml.safe_load(read("deploy/prometheus/prometheus.yml"))["scrape_configs"]}
    (discovery,) = jobs["confab"]["dns_sd_configs"]
    instances = {name for name, service in compose()["services"].items() if service["image"].startswith("confab-")}
    assert set(discovery["names"]) == instances and len(instances) > len(SERVICES)
    assert (discovery["type"], discovery["port"]) == ("A", PORTS["ADMIN_ADDR"])


def test_prometheus_scrapes_the_balancer_where_it_answers():
    jobs = {job["job_name"]: job for job in yaml.safe_load(read("deploy/prometheus/prometheus.yml"))["scrape_configs"]}
    host, port = jobs["balancer"]["static_configs"][0]["targets"][0].split(":")
    assert host in compose()["services"] and f"bind :{port}" in read("deploy/haproxy/haproxy.cfg")
