"""The reader of clap attributes reads what the services write; everything else here leans on it."""

import pytest
import settings
from tree import PORTS, SERVICES

SAMPLE = '''
//! A comment with struct Config { nothing: u8 } in it.
pub struct Config {
    /// Doc with "quotes", a # and a }.
    #[arg(long, env = "MONGODB_URI", value_name = "URI")]
    pub mongodb_uri: Secret,
    #[arg(long, env, default_value = "a, ] and } 5")]
    pub key_prefix: String,
    #[arg(long, env = "COST", default_value_t = 12, value_parser = clap::value_parser!(u32).range(4..=16))]
    pub(crate) cost: u32,
    #[arg(long, env = "ORIGINS", value_delimiter = ',')]
    pub origins: Vec<HashMap<String, String>>,
    #[arg(long, env = "AUTH_URL", value_delimiter = ',', required = true)]
    pub auth_url: Vec<Url>,
    #[arg(long, env = "ID")]
    id: Option<String>,
    #[arg(long)]
    pub flag_only: String,
    #[command(flatten)]
    pub process: confab_chassis::ProcessConfig,
}
pub struct ProcessConfig { #[arg(long, env = "LOG_LEVEL")] pub level: String }
'''


def test_every_way_to_declare_a_variable_is_understood():
    found = {s.name: s for s in settings.settings_in("Config", settings.structs_in(SAMPLE))}
    assert set(found) == {"MONGODB_URI", "KEY_PREFIX", "COST", "ORIGINS", "AUTH_URL", "ID", "LOG_LEVEL"}
    assert {name for name, s in found.items() if s.required} == {"MONGODB_URI", "AUTH_URL", "LOG_LEVEL"}
    assert found["KEY_PREFIX"].default == "a, ] and } 5"


REQUIRED = {
    "auth": {"MONGODB_URI"},
    "message-store": {"MONGODB_URI"},
    "presence": {"REDIS_URL", "AUTH_URL"},
    "gateway": {"REDIS_URL", "AUTH_URL", "MESSAGE_STORE_URL", "PRESENCE_URL"},
}


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_cannot_start_without_is_found(service):
    assert {name for name, setting in settings.of_service(service).items() if setting.required} == REQUIRED[service]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_listens_by_default_where_its_image_says(service):
    # Compose and Kubernetes set no address; they rely on these.
    known = settings.of_service(service)
    wanted = PORTS if service == "gateway" else {name: PORTS[name] for name in ("GRPC_ADDR", "ADMIN_ADDR")}
    assert {name: known[name].default for name in wanted} == {name: f"0.0.0.0:{port}" for name, port in wanted.items()}
