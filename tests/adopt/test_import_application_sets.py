"""ApplicationSets: an environment for each element, in one site.yaml."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.copies import hubops
from tests.support.imports import HUB, hub_with
from tests.support.random_sites import as_text

ELEMENTS = [
    {"env": "staging", "host": "staging.tides.example.org", "limit": "2G"},
    {"env": "production", "host": "tides.example.org", "limit": "8G"},
]
LIST = {"list": {"elements": ELEMENTS}}
GIT = {"git": {"repoURL": "https://git.example.org/envs.git", "files": [{"path": "envs/*.yaml"}]}}
SAY = (
    *("--repository", "https://git.example.org/tides.git", "--kubernetes", "1.32"),
    *("--output", "site.yaml"),
)


def hub() -> dict[str, Any]:
    """Values with what each element fills in."""
    return hub_with(
        {
            "singleuser": {"memory": {"limit": "{{ .limit }}"}},
            "ingress": {"hosts": ["{{ .host }}"]},
            "custom": {"stage": "{{ .env }}", "team": "coast"},
        }
    )


def application_set(*generators: Any, server: str = "https://10.0.0.1") -> dict[str, Any]:
    """A set of the hub."""
    helm = {"values": json.dumps(hub())}
    source = {
        "repoURL": "https://hub.jupyter.org/helm-chart/",
        "chart": "jupyterhub",
        "targetRevision": "4.4.0",
        "helm": helm,
    }
    destination = {"server": server, "namespace": "hub-{{ .env }}"}
    template = {
        "metadata": {"name": "tides-{{ .env }}"},
        "spec": {"source": source, "destination": destination},
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "tides", "namespace": "argocd"},
        "spec": {"goTemplate": True, "generators": [*generators], "template": template},
    }


def imported(folder: Path, given: dict[str, Any], *more: str) -> Any:
    """The import of one set in a folder."""
    (folder / "set.yaml").write_text(as_text(given))
    return hubops("import", "--application", "set.yaml", *more, *SAY, cwd=folder)


def values(folder: Path, environment: str) -> str:
    """What the hub gets in an environment."""
    done = hubops("values", environment, "jupyterhub", cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("server", ["https://10.0.0.1", "https://{{ .env }}.example.org"])
def test_each_element_of_a_list_becomes_an_environment(tmp_path: Path, server: str) -> None:
    done = imported(tmp_path, application_set(LIST, server=server))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\nProof: ") == 2
    assert hubops("lint", cwd=tmp_path).returncode == 0
    for one in ELEMENTS:
        said = values(tmp_path, one["env"])
        assert f'limit: "{one["limit"]}"' in said
        assert f"- {one['host']}" in said
        assert f"stage: {one['env']}" in said
        assert "team: coast" in said
    site = (tmp_path / "site.yaml").read_text()
    assert site.count("team: coast") == 1
    assert ("staging-cluster" in site) == ("{{" in server)


def test_elements_of_files_come_from_a_checkout(tmp_path: Path) -> None:
    (tmp_path / "there" / "envs").mkdir(parents=True)
    given = application_set(GIT)
    done = imported(tmp_path, given)
    assert (done.returncode, (tmp_path / "site.yaml").exists()) == (3, False)
    assert "'envs/*.yaml'" in done.stderr
    for one in ELEMENTS:
        (tmp_path / "there" / "envs" / f"{one['env']}.yaml").write_text(as_text(one))
    done = imported(tmp_path, given, "--values-from", "there")
    assert done.returncode == 0, done.stderr
    assert "staging.tides.example.org" in values(tmp_path, "staging")


def test_one_environment_can_be_imported_alone(tmp_path: Path) -> None:
    done = imported(tmp_path, application_set(LIST), "--environment", "staging")
    assert done.returncode == 0, done.stderr
    assert "tides.example.org" in (tmp_path / "site.yaml").read_text()
    assert "hub-production" not in (tmp_path / "site.yaml").read_text()
    done = imported(tmp_path, application_set(LIST), "--environment", "stagin", "--force")
    assert (done.returncode, "no environment 'stagin'" in done.stderr) == (2, True)


@pytest.mark.parametrize("generator", [{"clusters": {}}, {"git": {"directories": []}}])
def test_other_generators_are_named(tmp_path: Path, generator: dict[str, Any]) -> None:
    done = imported(tmp_path, application_set(generator))
    assert done.returncode == 3
    assert next(iter(generator)) in done.stderr
    assert "kubectl get application NAME" in done.stderr
    assert not (tmp_path / "site.yaml").exists()


def test_template_that_no_element_fills_in_is_asked_about(tmp_path: Path) -> None:
    given = application_set(LIST)
    text = json.dumps(given).replace('{{ .env }}\\", \\"team', '{{ .env | upper }}\\", \\"team')
    assert text != json.dumps(given)
    done = imported(tmp_path, json.loads(text))
    assert "contains a template in braces" in done.stdout


def test_two_hubs_differ_only_where_they_differ(tmp_path: Path) -> None:
    done = imported(tmp_path, application_set(LIST))
    assert done.returncode == 0
    assert HUB["singleuser"]["image"]["name"] in (tmp_path / "site.yaml").read_text()
    assert (tmp_path / "site.yaml").read_text().count("coast/notebook") == 1
