"""Where things are in this checkout, and the programs that these tests call. Knows nothing of any format."""

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("auth", "message-store", "presence", "gateway")
# What each port is for is fixed for every container; see the port table of the README.
PORTS = {"HTTP_ADDR": 8080, "GRPC_ADDR": 50051, "ADMIN_ADDR": 9090}


def read(path):
    """The text of a file of the checkout; a missing one fails the test by its name."""
    file = ROOT / path
    if not file.is_file():
        pytest.fail(f"{path} does not exist")
    return file.read_text(encoding="utf-8")


def program(name, how):
    """The path of a program, or a failure that says how to get it. Never a skip: an unchecked manifest is not a good one."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed, and without it {how}")
    return found


def workspace_version():
    section = re.search(r"^\[workspace\.package\]$(.*?)^\[", read("Cargo.toml"), re.M | re.S)
    return re.search(r'^version = "([^"]+)"', section.group(1), re.M).group(1)


def seconds(text):
    """A duration as the configuration and Compose write it: `500ms`, `25s`, `1m30s`."""
    units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
    parts = re.findall(r"(\d+)(ms|s|m|h)", text)
    assert "".join(number + unit for number, unit in parts) == text, f"not a duration: {text!r}"
    return sum(int(number) * units[unit] for number, unit in parts)


def floats(image):
    """Whether an image reference can mean something else entirely tomorrow: no tag, or one that names no version."""
    repository, _, tag = image.rpartition(":")
    return not repository or "/" in tag or not re.match(r"v?\d", tag)
