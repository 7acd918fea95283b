"""No file that is deployed from holds a password, and none invents one."""

import re

from tree import ROOT

CREDENTIALS = re.compile(r"\w+://[^/\s:@]*:[^/\s@]+@|(?i:password|passwd|secret_key|api_key)\s*[:=]\s*\S")


def deployed():
    yield ROOT / "docker-compose.yml"
    yield ROOT / ".env.example"
    for folder in ("deploy", "k8s"):
        yield from (file for file in (ROOT / folder).rglob("*") if file.is_file() and file.suffix != ".md")


def test_there_is_no_password_in_what_is_deployed():
    found = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in deployed()
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#") and CREDENTIALS.search(line)
    ]
    assert found == []


def test_the_search_would_find_one():
    assert CREDENTIALS.search("MONGODB_URI=mongodb://root:hunter2@mongo:27017/")
    assert CREDENTIALS.search("redis://:hunter2@valkey:6379")
    assert CREDENTIALS.search("MONGO_INITDB_ROOT_PASSWORD: example")
    assert not CREDENTIALS.search("MONGODB_URI=mongodb://mongo:27017/?replicaSet=rs0")


def test_the_real_environment_file_stays_out_of_the_repository_and_of_the_images():
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "**/.env" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
