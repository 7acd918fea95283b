"""Every kustomization renders, and every document is what a Kubernetes API server would take."""

import kubernetes_validate
import pytest
from rendered import TARGETS, all_of, each, render
from tree import ROOT

# The oldest that we need (the `sleep` action of preStop) and the newest whose schema there is.
VERSIONS = ("1.30", "1.37")


def test_every_kustomization_renders():
    folders = {str(file.parent.relative_to(ROOT / "k8s")) for file in (ROOT / "k8s").rglob("kustomization.yaml")}
    assert set(TARGETS) < folders
    for folder in sorted(folders):
        assert render(folder), f"k8s/{folder} renders nothing"


def test_every_manifest_is_used():
    used = set()
    for file in (ROOT / "k8s").rglob("kustomization.yaml"):
        used |= {(file.parent / line.strip()[2:]).resolve() for line in file.read_text(encoding="utf-8").splitlines() if line.strip().startswith("- ")}
    orphans = [file for file in (ROOT / "k8s").rglob("*.yaml") if file.name != "kustomization.yaml" and file not in used]
    assert orphans == []


@each
@pytest.mark.parametrize("version", VERSIONS)
def test_every_document_is_valid(target, version):
    for document in render(target):
        name = f"{document['kind']} {document['metadata']['name']}"
        try:
            assert kubernetes_validate.validate(document, version, strict=True) == version
        except kubernetes_validate.ValidationError as error:
            pytest.fail(f"{name}: {'.'.join(map(str, error.path))}: {error.message}")


@each
def test_all_but_the_namespace_itself_is_in_one_namespace(target):
    namespaces = {document["metadata"].get("namespace") for document in render(target) if document["kind"] != "Namespace"}
    assert len(namespaces) == 1
    if target != "base":
        assert namespaces == {document["metadata"]["name"] for document in all_of(target, "Namespace")}


def test_production_brings_no_secret_and_no_store():
    assert not all_of("overlays/prod", "Secret") + all_of("overlays/prod", "StatefulSet")
    assert not all_of("base", "Secret") + all_of("base", "StatefulSet")
