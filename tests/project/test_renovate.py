"""Renovate's own configuration finds the chart versions and images of a site.yaml, and no others.

The expressions are RE2's; here Python's reads them. What Renovate itself found with them is in
docs/compatibility.md.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.adopt.new_site import files
from generator.io import resources

ROOT = Path(__file__).parents[2]
CONFIG = json.loads((ROOT / "renovate.json").read_text("utf-8"))
JUPYTERHUB, DASK, APPS, IMAGES, EARLY, RAW = CONFIG["customManagers"]
SITES = {
    "protocoast": ROOT / "site.yaml",
    **{path.parent.name: path for path in sorted(ROOT.glob("tests/golden/*/site.yaml"))},
}
WORDS = """\
charts:
  jupyterhub: {version: 3.3.8}  # as it runs
  dask-gateway:  # a mirror
    # of ours
    repository: https://mirror.example.org/dask/
    version: 2022.6.1
# charts: {jupyterhub: {version: 1.2.3}}
environments:
  a: {charts: {jupyterhub: {version: 4.4.0, repository: "https://m.example.org/hub"}}}
  b: {charts: {jupyterhub: {repository: oci://r.example.org/charts, version: "4.2.0-beta.1"}}}
  c:
    charts:
      jupyterhub:
        version: '4.1.0'
        repository: oci://r.example.org/charts
jupyterhub:
  servers:
    profiles: [{name: A, image: "quay.io/a/b:1.0"}, {name: B, image: host:5000/x/y:2@sha256:%s}]
    # image: quay.io/no/no:1
daskGateway:
  worker:
    image: quay.io/w/w:main   # image: quay.io/no/no:2
versions:
  jupyterhub: {"4.5.0": {jupyterhub: 5.6.0}}
  pairs: [{jupyterhub: 4.5.0, dask-gateway: 2026.9.0}]
""" % ("a" * 64)


SPELLINGS = """\
charts:
  "jupyterhub": {"version": '4.4.0'}
  'dask-gateway': {  version:   2026.3.0  }
apps:
  grafana: {chart: {repository: https://grafana.github.io/charts, name: grafana, version: 8.5.1}}
  cert-manager:
    chart:
      version: v1.19.1
      # theirs
      name: cert-manager  # and ours
      repository: oci://quay.io/jetstack/charts
clusters:
  far: {apps: {grafana: {chart: {version: 8.4.0}}}}
jupyterhub:
  page: {announcement: "an image: of/course:1"}
  nodePools:
    users:
      images:
        - quay.io/e/e:1    # early
        # quay.io/no/no:1
        - "host:5000/f/f@sha256:%s"
  servers:
    image: null
    # image: no/no:2
    profiles: [{name: "A # b", image: quay.io/g/g:2}, {name: it's, image: 'quay.io/h/h:3'}]  # a:3
  values:
    hub: {image: {name: quay.io/i/i, tag: "4.0"}}
    prePuller:
      extraImages:
        more:
          name: quay.io/j/j
          tag: 2026.1
environments: {a: {jupyterhub: {nodePools: {users: {images: ["quay.io/k/k:5" , quay.io/l/l:6]}}}}}
""" % ("b" * 64)


def matched(manager: dict[str, Any], text: str) -> Iterator[dict[str, str]]:
    """What a manager's expressions find; with `recursive`, each inside the one before."""
    last = expressions = [one.replace("(?<", "(?P<") for one in manager["matchStrings"]]
    texts = [text]
    if manager.get("matchStringsStrategy") == "recursive":
        last = expressions[-1:]
        for expression in expressions[:-1]:
            texts = [found[0] for one in texts for found in re.finditer(expression, one)]
    for one in texts:
        for expression in last:
            for found in re.finditer(expression, one):
                yield {key: value for key, value in found.groupdict().items() if value}


def image(found: dict[str, str]) -> str:
    tag, digest = found.get("currentValue"), found.get("currentDigest")
    return found["depName"] + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def written(node: Any) -> Iterator[tuple[str, str]]:
    """The pins of charts, and the images, of a site.yaml, by key."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "charts" and isinstance(value, dict):
            for chart, pin in value.items():
                if isinstance(pin, dict) and "version" in pin:
                    yield chart, str(pin["version"])
        elif key == "chart" and "name" in value:
            yield value["name"], str(value["version"])
        elif key == "image" and isinstance(value, str):
            yield "image", value
        elif key == "images" and isinstance(value, list):
            yield from (("image", one) for one in value)
        elif key == "tag" and "name" in node:
            yield "image", f"{node['name']}:{value}"
        yield from written(value)
    for item in node if isinstance(node, list) else ():
        yield from written(item)


def found(text: str) -> Counter[tuple[str, str]]:
    return Counter(
        [("jupyterhub", one["currentValue"]) for one in matched(JUPYTERHUB, text)]
        + [("dask-gateway", one["currentValue"]) for one in matched(DASK, text)]
        + [(one["depName"], one["currentValue"]) for one in matched(APPS, text)]
        + [("image", image(one)) for part in (IMAGES, EARLY, RAW) for one in matched(part, text)]
    )


@pytest.mark.parametrize("path", SITES.values(), ids=SITES)
def test_it_finds_what_is_in_a_site_and_nothing_else(path: Path) -> None:
    text = path.read_text("utf-8")
    expected = Counter(written(yaml.safe_load(text)))
    assert found(text) == expected
    assert expected


def test_other_spellings_apps_and_images_of_raw_values() -> None:
    expected = Counter(written(yaml.safe_load(SPELLINGS)))
    assert found(SPELLINGS) == expected
    assert len(expected) == 12
    assert [one.get("registryUrl", one.get("oci")) for one in matched(APPS, SPELLINGS)] == [
        "https://grafana.github.io/charts",
        "quay.io/jetstack/charts",
    ]


def test_repositories_comments_and_quotes() -> None:
    assert list(matched(JUPYTERHUB, WORDS)) == [
        {"currentValue": "3.3.8"},
        {"currentValue": "4.4.0", "after": "https://m.example.org/hub"},
        {"currentValue": "4.2.0-beta.1", "ociBefore": "r.example.org/charts"},
        {"currentValue": "4.1.0", "ociAfter": "r.example.org/charts"},
    ]
    assert list(matched(DASK, WORDS)) == [
        {"currentValue": "2022.6.1", "before": "https://mirror.example.org/dask/"}
    ]
    assert [image(one) for one in matched(IMAGES, WORDS)] == [
        "quay.io/a/b:1.0",
        f"host:5000/x/y:2@sha256:{'a' * 64}",
        "quay.io/w/w:main",
    ]


def test_only_site_yaml_is_read_and_generated_folders_are_ignored() -> None:
    for manager in CONFIG["customManagers"]:
        assert manager["managerFilePatterns"] == ["/^site\\.yaml$/"]
    assert CONFIG["ignorePaths"] == ["apps/**", "clusters/**", "overlays/**"]
    assert CONFIG["enabledManagers"] == ["custom.regex", "github-actions"]


def test_the_repositories_are_the_charts_own() -> None:
    from generator.charts import CHARTS

    for manager in (JUPYTERHUB, DASK):
        address = CHARTS[manager["depNameTemplate"]].repository
        assert f"{{{{else}}}}{address}{{{{/if}}}}" in manager["registryUrlTemplate"]


def test_a_new_site_gets_the_same_and_a_job_that_generates() -> None:
    templates = resources.new_site_templates(files.TEMPLATES)
    assert templates["renovate.json"] == (ROOT / "renovate.json").read_text("utf-8")
    own = (ROOT / ".github/workflows/renovate.yaml").read_text("utf-8")
    new = templates[".github/workflows/renovate.yaml"]
    assert new.replace("      - run: make install\n", "") == own
    job = yaml.safe_load(own)["jobs"]["generate"]
    author = "41898282+github-actions[bot]@users.noreply.github.com"
    assert CONFIG["gitIgnoredAuthors"] == [author]
    assert author in job["steps"][-1]["run"]
