"""What charts say by themselves: the same in every version, and no change where it is written."""

from typing import Any

import pytest

from generator.change.effects import consequences
from generator.change.sides import Side, Step
from generator.charts.defaults import _FILLED, _NAMES, _TAGS, DEFAULTS, is_default, is_own_image
from generator.charts.rows import at
from generator.io import resources
from generator.versions import Version
from tests.support import facts
from tests.support.sites import site_of

PINS = [(chart, version) for chart in DEFAULTS for version in facts.versions(chart)] or [("", "")]
SITE = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git}
argocd: {version: "3.1"}
charts: {jupyterhub: {version: 4.2.0}, dask-gateway: {version: 2025.4.0}}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: "1.31"
    storageClass: csi-cinder
    ingress: {className: nginx}
environments:
  production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
jupyterhub:
  authentication: {provider: github, organizations: [coast-lab]}
  servers: {profiles: [{name: Coast, image: "quay.io/coast/notebook:1"}]}
  values: HUB
daskGateway:
  limits: {cores: 9, memory: 24Gi, workers: 8}
  values: GATEWAY
"""


@facts.charts(("jupyterhub", "4.4.0"), ("dask-gateway", "2026.3.0"))
@pytest.mark.parametrize(("chart", "version"), PINS)
def test_they_are_those_of_the_chart(chart: str, version: str) -> None:
    values = facts.chart(chart, version).defaults
    own = {path: at(values, tuple(path.split())) for path in DEFAULTS[chart]}
    assert own == DEFAULTS[chart]
    if chart == "jupyterhub":
        assert all(at(values, tuple(path.split())) for path in _FILLED)


@facts.charts(("jupyterhub", "4.4.0"), ("dask-gateway", "2026.3.0"))
@pytest.mark.parametrize(("chart", "version"), PINS)
def test_images_are_those_of_the_release(chart: str, version: str) -> None:
    values = facts.chart(chart, version).defaults
    release = resources.known_versions().exact(chart, Version.parse(version))
    paths = [tuple(path.split()) for path in (*_NAMES[chart], *_TAGS)]
    found = [path for path in paths if at(values, path)]
    assert len(found) == len(_NAMES[chart]) * 2
    assert all(is_own_image(chart, path, at(values, path), release) for path in found)
    assert not any(is_own_image(chart, path, "other", release) for path in found)


def effects(hub: str = "{}", gateway: str = "{}") -> list[str]:
    """The codes of what raw values do that were not there before."""
    before, after = (
        Side(site=site_of(SITE.replace("HUB", one).replace("GATEWAY", two)))
        for one, two in (("{}", "{}"), (hub, gateway))
    )
    name = "production"
    step = Step(before=before.environments[name], after=after.environments[name])
    return [one.code for one in consequences(step)]


@pytest.mark.parametrize(
    "values",
    [
        "{debug: {enabled: false}}",
        "{imagePullSecret: {create: false}}",
        "{proxy: {chp: {resources: {}, extraEnv: {}, extraCommandLineFlags: []}}}",
        "{proxy: {https: {enabled: false}, deploymentStrategy: {type: Recreate}}}",
        "{scheduling: {podPriority: {enabled: false}, corePods: {nodeAffinity: {}}}}",
        "{ingress: {pathType: Prefix}}",
        "{singleuser: {uid: 1000, extraTolerations: [], storage: {type: dynamic}}}",
        "{proxy: {chp: {image: {name: quay.io/jupyterhub/configurable-http-proxy, tag: 4.6.3}}}}",
        "{proxy: {secretSync: {image: {tag: 4.2.0}}}, hub: {image: {tag: 4.2.0}}}",
        "{singleuser: {networkTools: {image: {tag: 4.2.0}}}}",
    ],
)
def test_written_out_they_only_restart_the_hub(values: str) -> None:
    assert effects(values) == ["E001"]


def test_of_the_gateway_they_do_nothing() -> None:
    assert effects(gateway="{gateway: {replicas: 1, loglevel: INFO}, traefik: {replicas: 1}}") == []
    images = "gateway: {image: {tag: 2025.4.0}}, controller: {image: {tag: 2025.4.0}}"
    traefik = 'traefik: {image: {name: docker.io/traefik, tag: "3.3.5"}}'
    assert effects(gateway=f"{{{images}, {traefik}}}") == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("{debug: {enabled: true}}", "E002"),
        ("{proxy: {chp: {image: {tag: 4.6.2}}}}", "E002"),
        ("{proxy: {chp: {image: {name: registry.example.org/proxy, tag: 4.6.3}}}}", "E002"),
        ("{imagePullSecret: {create: true, registry: r, username: u}}", "E002"),
        ("{proxy: {chp: {livenessProbe: {enabled: false}}}}", "E002"),
        ("{scheduling: {corePods: {tolerations: []}}}", "E002"),
        ("{singleuser: {uid: 0}}", "E003"),
    ],
)
def test_another_value_is_told(values: str, code: str) -> None:
    assert code in effects(values)


@pytest.mark.parametrize(
    ("path", "value", "is_own"),
    [
        ("debug enabled", 0, False),
        ("singleuser uid", 1000.0, False),
        ("singleuser anything", {}, True),
        ("scheduling userPods tolerations", [], False),
        ("other", None, False),
    ],
)
def test_only_the_very_value_is(path: str, value: Any, is_own: bool) -> None:
    assert is_default("jupyterhub", tuple(path.split()), value) == is_own
