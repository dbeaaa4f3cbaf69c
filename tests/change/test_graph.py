"""The picture of a site: as Mermaid, and as SVG in which nothing overlaps or sticks out."""

import json
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
import yaml
from click.testing import CliRunner

from generator.change import graph_mermaid, graph_svg
from generator.change.architecture import Reader, apps, platform, platform_secrets, secrets
from generator.cli.main import hubops
from generator.records import replace
from generator.site.model import Site
from tests.support.sites import PROTOCOAST, ROOT, protocoast, site_of

SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[int, int, int, int]


def _site(kind: str) -> Site:
    if kind == "a platform":
        return site_of((ROOT / "tests/golden/platform/site.yaml").read_text())
    raw = yaml.safe_load(PROTOCOAST.read_text())
    fedcloud = raw["clusters"]["fedcloud"]
    if kind == "three clusters":
        raw["clusters"]["third"] = dict(fedcloud)
        raw["environments"]["summer"] = {
            "cluster": "third", "namespace": "hub", "host": "third.example.org",
        }  # fmt: skip
    if kind == "no Dask":
        del raw["daskGateway"], raw["charts"]["dask-gateway"]
    if kind == "two in one cluster":
        raw["environments"]["training"] = {
            "cluster": "fedcloud", "namespace": "training", "host": "training.example.org",
            "daskGateway": {"releaseName": "dask-training", "installCRDs": False},
        }  # fmt: skip
    if kind == "a cluster without environments":
        raw["clusters"]["spare"] = dict(fedcloud)
    if kind == "secrets of its own":
        raw["secrets"] = {
            "bucket": {"keys": ["ID", "KEY"], "usedBy": {"servers": "environment"}},
            "mail": {"keys": ["PASSWORD"], "usedBy": {"hub": "environment"}},
            "maps": {"keys": ["a", "b"], "usedBy": {"servers": {"mount": "/etc/maps"}}},
        }
    return site_of(json.dumps(raw))


KINDS = (
    "ProtoCoast",
    "three clusters",
    "no Dask",
    "two in one cluster",
    "a cluster without environments",
    "secrets of its own",
    "a platform",
)
ON_EVERY_SITE = pytest.mark.parametrize("site", [_site(kind) for kind in KINDS], ids=KINDS)


def test_readme_shows_what_the_program_draws() -> None:
    drawn = CliRunner().invoke(hubops, ["graph", "--site", str(PROTOCOAST)]).output
    assert drawn == graph_mermaid.graph(protocoast())
    assert f"```mermaid\n{drawn}```\n" in (ROOT / "README.md").read_text()


@ON_EVERY_SITE
def test_every_node_is_defined_once_and_every_edge_has_both_ends(site: Site) -> None:
    lines = graph_mermaid.graph(site).splitlines()
    nodes = [match[1] for line in lines if (match := re.match(r" +(\w+)[\[(]+\"", line))]
    edges = [
        match
        for line in lines
        if (match := re.search(r"(\w+) -\.?->(?:\|\"[^\"]+\"\|)? (\w+)$", line))
    ]
    assert len(nodes) == len(set(nodes))
    assert {end for edge in edges for end in edge.groups()} == set(nodes)
    assert len(edges) == sum("-->" in line or "-.->" in line for line in lines)
    assert sum(line.strip().startswith("subgraph") for line in lines) == sum(
        line.strip() == "end" for line in lines
    )


def test_what_mermaid_would_read_stands_as_a_code() -> None:
    site = protocoast()
    repository = replace(site.repository, url='https://x/"<b>#1&`')
    drawn = graph_mermaid.graph(replace(site, repository=repository))
    assert drawn.splitlines()[1] == ('  git[("https://x/#34;#60;b#62;#35;1#38;#96;<br>main")]')


@pytest.mark.parametrize(
    ("secret", "readers"),
    [
        (
            "hub-secrets",
            [Reader(app="jupyterhub", who="hub"), Reader(app="dask-gateway", who="gateway")],
        ),
        ("bucket", [Reader(app="jupyterhub", who="users' servers")]),
        ("mail", [Reader(app="jupyterhub", who="hub")]),
        ("maps", [Reader(app="jupyterhub", who="users' servers")]),
    ],
    ids=["hub-secrets", "servers-environment", "hub-environment", "servers-mount"],
)
def test_who_reads_a_secret(secret: str, readers: list[Reader]) -> None:
    environment = _site("secrets of its own").environments[0]
    assert {one.name: list(one.readers) for one in secrets(environment)}[secret] == readers


def test_secret_of_a_clusters_app_is_drawn_with_the_app_that_reads_it() -> None:
    site = _site("a platform")
    (held,) = platform_secrets(site, site.clusters["main"])
    assert (held.name, held.readers) == (
        "cloud-config",
        (Reader(app="cinder-csi", who="cinder-csi"),),
    )
    assert '-.->|"cinder-csi"| c0p4' in graph_mermaid.graph(site)


def test_without_dask_nobody_but_the_hub_reads_its_secret() -> None:
    environment = _site("no Dask").environments[0]
    assert [app.app for app in apps(environment)] == ["namespace", "jupyterhub"]
    assert [one.readers for one in secrets(environment)] == [(Reader(app="jupyterhub", who="hub"),)]


def _rectangles(drawn: str) -> tuple[ET.Element, list[Box], list[Box]]:
    root = ET.fromstring(drawn)
    found: dict[bool, list[Box]] = {True: [], False: []}
    for rect in root.iter(f"{SVG}rect"):
        x, y, width, height = (int(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        found[rect.get("class") == "frame"].append((x, y, x + width, y + height))
    return root, found[True], found[False]


def _apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def _inside(one: Box, other: Box) -> bool:
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]


@ON_EVERY_SITE
def test_nothing_in_the_drawing_overlaps_or_sticks_out(site: Site) -> None:
    root, frames, boxes = _rectangles(graph_svg.graph(site))
    _, _, width, height = map(int, root.attrib["viewBox"].split())
    assert all(_inside(box, (0, 0, width, height)) for box in (*frames, *boxes))
    assert all(_apart(*pair) for pair in combinations(boxes, 2))
    for frame in frames:
        assert all(_apart(box, frame) or _inside(box, frame) for box in boxes)
    nodes = sum(1 + len([*apps(one), *secrets(one)]) for one in site.environments)
    for cluster in site.clusters.values():
        nodes += 1 + len([*platform(site, cluster), *platform_secrets(site, cluster)])
    assert len(boxes) == 1 + nodes


@ON_EVERY_SITE
def test_every_text_fits_into_its_box(site: Site) -> None:
    root, frames, boxes = _rectangles(graph_svg.graph(site))
    for text in root.iter(f"{SVG}text"):
        x, y, letter = int(text.attrib["x"]), int(text.attrib["y"]), 7
        end = x + letter * len(text.text or "")
        assert any(_inside((x, y - 11, end, y + 3), box) for box in (*frames, *boxes)), text.text
