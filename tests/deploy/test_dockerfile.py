"""The one Dockerfile of the four services. No engine runs here, so it is read and linted, not built."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tree import PORTS, ROOT, SERVICES, floats, read

DOCKERFILE = "deploy/Dockerfile"


def instructions():
    """(instruction, argument) in order, continuation lines joined, comments dropped."""
    lines = [line for line in read(DOCKERFILE).splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def last(name):
    """The last of its kind in the last stage: the one that counts in the image."""
    start = max(i for i, (what, _) in enumerate(instructions()) if what == "FROM")
    found = [argument for what, argument in instructions()[start:] if what == name]
    assert found, f"the runtime stage has no {name}"
    return found[-1]


def all_of(name):
    return [argument for what, argument in instructions() if what == name]


def test_hadolint_has_nothing_to_say():
    # Installed beside this Python by tests/requirements.txt; the PATH may hold another one.
    hadolint = Path(sys.executable).with_name("hadolint")
    assert hadolint.is_file(), "hadolint is missing: pip install -r tests/requirements.txt"
    done = subprocess.run([hadolint, ROOT / DOCKERFILE], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_base_image_is_pinned_to_a_version():
    images = [argument.split()[0] for argument in all_of("FROM")]
    assert len(images) >= 2, "one stage only: the compiler would be in the image"
    assert not [image for image in images if floats(image)]


def test_the_compiler_is_the_one_of_the_toolchain_file():
    channel = re.search(r'channel = "([^"]+)"', read("rust-toolchain.toml")).group(1)
    assert all_of("FROM")[0].startswith(f"rust:{channel}-")
    assert "!rust-toolchain.toml" not in read(".dockerignore"), "rustup would obey it, and download its components in every build"


def test_the_libc_of_the_runtime_is_not_older_than_the_builders():
    debian = {"bookworm": "12", "trixie": "13"}
    builder = next(version for name, version in debian.items() if name in all_of("FROM")[0])
    assert all_of("FROM")[-1].startswith(f"debian:{builder}")


def test_the_process_is_not_root_and_kubernetes_can_see_that():
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last("USER"))


def test_nothing_is_fetched_but_by_cargo_as_locked():
    assert not all_of("ADD"), "ADD fetches and unpacks; COPY only copies"
    assert not [run for run in all_of("RUN") if re.search(r"\b(curl|wget)\b", run)]
    builds = [run for run in all_of("RUN") if "cargo build" in run]
    assert len(builds) == 1 and "--locked" in builds[0] and "--mount=type=cache" in builds[0]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_can_be_named_and_its_package_exists(service):
    assert re.search(rf"(\(|\s|\|){service}(\||\))", " ".join(all_of("RUN"))), f"SERVICE={service} would be refused"
    assert f'name = "confab-{service}"' in read(f"services/{service}/Cargo.toml")


def test_the_binary_is_started_directly_and_told_to_stop_with_sigterm():
    # Without a shell in between, or the shell would get the signal.
    entrypoint = json.loads(last("ENTRYPOINT"))
    copied = [argument.split()[-1] for argument in all_of("COPY")]
    assert len(entrypoint) == 1 and entrypoint[0] in copied
    assert last("STOPSIGNAL") == "SIGTERM"


def test_the_ports_and_the_health_check_are_declared():
    assert {int(port) for port in last("EXPOSE").split()} == set(PORTS.values())
    check = json.loads(last("HEALTHCHECK").partition("CMD")[2])
    assert check[0] in [argument.split()[-1] for argument in all_of("COPY")]


def test_the_build_context_is_an_allow_list_with_every_workspace_member():
    rules = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    members = re.search(r"^members = (\[.*?\])", read("Cargo.toml"), re.M | re.S).group(1)
    needed = {member.split("/")[0] for member in json.loads(members)} | {"Cargo.toml", "Cargo.lock"}
    assert needed <= allowed, f"cargo cannot load the workspace without {needed - allowed}"
    # What is copied from the context, besides the `COPY . .` of the builder, has to be in it.
    for copy in all_of("COPY"):
        sources = [part for part in copy.split()[:-1] if not part.startswith("--")]
        if "--from=" not in copy and sources != ["."]:
            assert set(sources) <= allowed
