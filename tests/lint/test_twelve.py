"""A site with twelve mistakes of twelve kinds is told of exactly twelve, in one run."""

import json
import re
from pathlib import Path

import pytest

from tests.support.copies import hubops

# Each `# <-` stands on the line of a mistake and names the code of the finding.
SITE = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git, revision: HEAD}  # <- G804
argocd: {version: "3.1"}
charts:
  jupyterhub: {version: 4.x}  # <- C301
  dask-gateway: {version: 2026.3.0}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: 1.30  # <- S103
    storageClass: csi-cinder
    ingress: {className: nginx}
  gricad:
    name: gricad
    kubernetes: "1.30"
    storageclass: ceph  # <- S101
    ingress: {className: nginx}
environments:
  production:
    cluster: gricad
    namespace: hub
    host: hub.example.org
  teaching:
    cluster: fedclod  # <- R201
    namespace: teaching
    host: teaching.example.org
  staging:  # <- S102
    cluster: fedcloud
    host: hub.example.org  # <- R203
    jupyterhub:
      authentication: {provider: dummy}  # <- A502
      servers: {memory: {limit: 2Gi}}  # <- L401
jupyterhub:
  authentication:
    provider: generic-oauth
    authorizeUrl: https://aai.example.org/auth
    tokenUrl: https://aai.example.org/token
    userdataUrl: https://aai.example.org/userinfo
    allow: {everyone: true}
    admins: [ada]
  servers:
    memory: {guarantee: 4Gi, limit: 8Gi}
    profiles:
      - {name: Stable, image: quay.io/coast/notebook, default: true}  # <- I601
      - {name: Newest, image: "quay.io/coast/notebook:2026.2"}
  values:
    hub: {extraEnv: {API_TOKEN: hunter2-tides}}  # <- K701
daskGateway:
  limits: {cores: 4, memory: 24Gi, workers: 3}
  idleTimeout: 20:00  # <- Y011
"""
PLANTED = [
    (number, line.rpartition("# <- ")[2])
    for number, line in enumerate(SITE.splitlines(), start=1)
    if "# <- " in line
]


FORM = {
    "text": r"^site\.yaml:(?P<line>\d+):\d+: \w+\[(?P<code>\w+)\]: ",
    "github": r"^::\w+ file=site\.yaml,line=(?P<line>\d+),.*title=hubops (?P<code>\w+)::",
}


def _found(format: str, printed: str) -> list[tuple[int, str]]:
    """Line and code of each finding, as somebody reads them who knows the format."""
    if format == "json":
        return [(found["line"], found["code"]) for found in json.loads(printed)["findings"]]
    if format == "sarif":
        (run,) = json.loads(printed)["runs"]
        places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
        codes = [result["ruleId"] for result in run["results"]]
        assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(codes)
        return [
            (place["region"]["startLine"], code) for place, code in zip(places, codes, strict=True)
        ]
    matches = re.finditer(FORM[format], printed, re.MULTILINE)
    return [(int(match["line"]), match["code"]) for match in matches]


def test_twelve_kinds_are_planted() -> None:
    assert len({code for _, code in PLANTED}) == len(PLANTED) == 12


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github"])
def test_twelve_mistakes_give_twelve_findings_in_one_run(tmp_path: Path, format: str) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    run = hubops("lint", "--as-of", "2024-01-01", "--format", format, cwd=tmp_path)
    assert run.returncode == 1
    assert _found(format, run.stdout) == PLANTED
    assert run.stderr == "11 errors, 1 warning; fix them and run 'hubops lint' again\n"
    assert "hunter2" not in run.stdout


@pytest.mark.parametrize("command", ["generate", "check"])
def test_the_other_commands_say_the_same_and_write_nothing(tmp_path: Path, command: str) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    run = hubops(command, cwd=tmp_path)
    assert run.returncode == 1
    assert _found("text", run.stdout) == PLANTED
    assert [path.name for path in tmp_path.iterdir()] == ["site.yaml"]
