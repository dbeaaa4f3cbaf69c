"""The table of chart releases: complete, in order, and what is taken for what."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import generator
from generator.charts import CHARTS
from generator.diagnostics import Severity
from generator.io.resources import known_versions
from generator.records import replace
from generator.site.releases import ChartRelease, Versions
from generator.versions import Version
from tests.support.sites import PROTOCOAST, load_text

KNOWN = known_versions()
HUB, PAIRS = KNOWN.releases("jupyterhub"), KNOWN.pairs
RELEASES = {
    chart: tuple(release.version for release in KNOWN.releases(chart))
    for chart in ("jupyterhub", "dask-gateway")
}
GATEWAY = RELEASES["dask-gateway"]


def releases(chart: str) -> list[Version]:
    return [Version.parse(text) for text in RELEASES[chart]]


@pytest.mark.parametrize("chart", RELEASES)
def test_releases_stand_in_order_each_once_from_the_oldest_supported_on(chart: str) -> None:
    known = releases(chart)
    assert known == sorted(set(known))
    assert known[0].text == CHARTS[chart].supported.removeprefix(">=")
    assert all(KNOWN.is_known(chart, version) for version in known)


def test_no_release_between_two_is_missing() -> None:
    """Patch releases count on without a gap, and each minor begins with 0."""
    minors: dict[str, list[int]] = {}
    for text in RELEASES["jupyterhub"]:
        minor, _, patch = text.rpartition(".")
        minors.setdefault(minor, []).append(int(patch))
    assert list(minors) == [f"{major}.{minor}" for major, minor in _minors(minors)]
    assert minors.pop("3.0") == [3]
    assert all(patches == list(range(len(patches))) for patches in minors.values())


def _minors(found: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Each minor from 3.0 up to the newest that is there, without a gap within a major."""
    last: dict[int, int] = {}
    for text in found:
        major, minor = map(int, text.split("."))
        last[major] = max(minor, last.get(major, 0))
    return ((major, minor) for major, most in last.items() for minor in range(most + 1))


@pytest.mark.parametrize("part", ["jupyterhub", "kubespawner", "oauthenticator"])
def test_what_a_release_carries_never_goes_back(part: str) -> None:
    carried = [getattr(release, part) for release in HUB]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", text) for text in carried)
    assert [Version.parse(text) for text in carried] == sorted(map(Version.parse, carried))


def test_pairs_are_of_known_releases_in_order() -> None:
    assert all(one in RELEASES["jupyterhub"] and other in GATEWAY for one, other in PAIRS)
    parsed = [(Version.parse(one), Version.parse(other)) for one, other in PAIRS]
    assert parsed == sorted(set(parsed))


CARRIED = {
    "3.3.8": ("3.3.8", "4.1.6", "6.2.0", "16.3.1"),
    "4.3.2": ("4.3.2", "5.4.3", "7.0.0", "17.3.0"),
    "4.4.0": ("4.4.0", "5.5.0", "7.0.0", "17.4.0"),
    "3.3.9": ("3.3.8", "4.1.6", "6.2.0", "16.3.1"),
    "4.0.0-beta.1": ("4.0.0", "5.2.1", "7.0.0", "17.1.0"),
    "4.4.0-0.dev.git.1": ("4.3.5", "5.4.6", "7.0.0", "17.4.0"),
    "4.3.0-beta.2": ("4.2.0", "5.3.0", "7.0.0", "17.3.0"),
    "1.2.0": ("3.0.3", "4.0.2", "6.0.0", "16.0.7"),
}


@pytest.mark.parametrize(("pinned", "row"), CARRIED.items(), ids=CARRIED)
def test_what_a_pin_carries(pinned: str, row: tuple[str, str, str, str]) -> None:
    version, jupyterhub, kubespawner, oauthenticator = row
    found = KNOWN.hub_release(Version.parse(pinned))
    assert (found.version, found.parts) == (
        version,
        {"jupyterhub": jupyterhub, "kubespawner": kubespawner, "oauthenticator": oauthenticator},
    )


TAKEN_FOR = {
    "2026.3.0": "2026.3.0",
    "2026.3.1-alpha": "2026.3.0",
    "2022.6.2": "2022.6.1",
    "2025.1.0": "2024.1.0",
    "0.9.0": "2022.6.1",
}


@pytest.mark.parametrize(("pinned", "release"), TAKEN_FOR.items(), ids=TAKEN_FOR)
def test_what_an_unknown_release_is_taken_for(pinned: str, release: str) -> None:
    version = Version.parse(pinned)
    assert KNOWN.nearest("dask-gateway", version).version == release
    assert KNOWN.is_known("dask-gateway", version) == (pinned == release)


@pytest.mark.parametrize("chart", RELEASES)
def test_what_is_newer_than_all_is_taken_for_the_newest(chart: str) -> None:
    assert KNOWN.nearest(chart, Version.parse("9999.0.0")) == KNOWN.releases(chart)[-1]


def test_of_a_chart_without_a_table_each_release_is_taken_for_itself() -> None:
    version = Version.parse("1.2.3")
    assert KNOWN.is_known("toy", version)
    assert KNOWN.nearest("toy", version).version == "1.2.3"
    assert KNOWN.needed_kubernetes("toy", version) == Version.parse("0.0")


def test_a_pre_release_is_not_its_release() -> None:
    assert not KNOWN.is_known("jupyterhub", Version.parse("4.0.0-beta.1"))


NEAR = {
    "the same hub": ("3.3.8", "2026.3.0", (("3.3.8", "2022.6.1"), ("3.3.8", "2024.1.0"))),
    "between": ("4.3.5", "2026.3.0", (("4.2.0", "2025.4.0"), ("4.4.0", "2026.3.0"))),
    "the same gateway above": ("3.3.0", "2024.1.0", (("3.2.1", "2024.1.0"), ("3.3.8", "2024.1.0"))),
    "the same gateway below": ("4.0.0", "2022.6.1", (("3.3.8", "2022.6.1"), ("4.1.0", "2024.1.0"))),
    "below all": ("3.0.3", "2022.6.1", (("3.2.1", "2024.1.0"),)),
    "above all": ("5.0.0", "2026.3.0", (("4.4.0", "2026.3.0"),)),
}


@pytest.mark.parametrize(("hub", "gateway", "pairs"), NEAR.values(), ids=NEAR)
def test_nearest_pairs(hub: str, gateway: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert KNOWN.nearest_pairs(Version.parse(hub), Version.parse(gateway)) == pairs
    assert not KNOWN.are_a_pair(Version.parse(hub), Version.parse(gateway))


@pytest.mark.parametrize(("hub", "gateway"), PAIRS)
def test_a_pair_is_one(hub: str, gateway: str) -> None:
    assert KNOWN.are_a_pair(Version.parse(hub), Version.parse(gateway))
    assert KNOWN.nearest_pairs(Version.parse(hub), Version.parse(gateway))


@pytest.mark.parametrize("chart", RELEASES)
def test_the_kubernetes_that_a_release_needs_never_goes_back(chart: str) -> None:
    needed = [Version.parse(release.kubernetes) for release in KNOWN.releases(chart)]
    assert needed == sorted(needed)


def test_security_releases_name_their_advisories() -> None:
    releases = (one for chart in RELEASES for one in KNOWN.releases(chart))
    marked = {one.version: one.security for one in releases if one.security}
    assert (
        marked.items()
        >= {
            "3.3.0": ("CVE-2024-28233", "GHSA-55m3-44xf-hg4h"),
            "3.3.8": ("CVE-2024-41942", "GHSA-gprj-3p75-f996"),
            "4.3.3": ("CVE-2026-33709", "CVE-2026-33175", "CVE-2026-34052"),
            "4.3.4": ("CVE-2026-40864",),
            "4.4.0": ("CVE-2026-54338",),
        }.items()
    )


KEPT = {
    "within JupyterHub 5": ("4.2.0", "4.4.0", True),
    "within JupyterHub 4": ("3.0.3", "3.3.8", True),
    "from 4 to 5": ("3.3.8", "4.0.0", False),
    "to an unknown one": ("4.4.0", "4.9.0", False),
    "from an unknown one": ("4.9.0", "4.4.0", False),
}


@pytest.mark.parametrize(("old", "new", "is_kept"), KEPT.values(), ids=KEPT)
def test_which_upgrades_keep_the_database(old: str, new: str, is_kept: bool) -> None:
    assert KNOWN.keeps_database(Version.parse(old), Version.parse(new)) == is_kept


def test_a_site_s_own_rows_extend_the_table_and_replace_equal_ones() -> None:
    row = {
        "jupyterhub": "5.6.0",
        "kubespawner": "7.1.0",
        "oauthenticator": "17.4.0",
        "kubernetes": "1.31",
    }
    own: dict[str, object] = {
        "jupyterhub": {"4.99.0": {**row, "security": ["CVE-1"]}, "4.4.0": row},
        "dask-gateway": {"2099.1.0": {"kubernetes": "1.31"}},
        "pairs": [{"jupyterhub": "4.99.0", "dask-gateway": "2099.1.0"}],
    }
    of_row = ChartRelease(
        version="",
        jupyterhub="5.6.0",
        kubespawner="7.1.0",
        oauthenticator="17.4.0",
        kubernetes="1.31",
    )
    table = KNOWN.extended(own)
    hub = {one.version: one for one in table.releases("jupyterhub")}
    assert [*hub] == [*RELEASES["jupyterhub"], "4.99.0"]
    assert hub["4.4.0"] == replace(of_row, version="4.4.0")
    assert hub["4.99.0"] == replace(of_row, version="4.99.0", security=("CVE-1",))
    assert table.releases("dask-gateway") == (
        *KNOWN.releases("dask-gateway"),
        ChartRelease(version="2099.1.0", kubernetes="1.31"),
    )
    assert table.pairs == (*PAIRS, ("4.99.0", "2099.1.0"))
    assert table.partners("jupyterhub", Version.parse("4.99.0")) == ("2099.1.0",)


UNREADABLE: dict[str, object] = {
    "nothing": {},
    "a row without a part": {"jupyterhub": {"4.99.0": {"jupyterhub": "5.6.0"}}},
    "a gap in a list": {"pairs": [None, {"jupyterhub": "4.99.0"}]},
    "no maps": {"jupyterhub": None, "dask-gateway": {"2099.1.0": None}, "pairs": None},
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
def test_what_the_schema_refused_adds_nothing(raw: dict[str, object]) -> None:
    assert KNOWN.extended(raw) is KNOWN


ROWS = """\
versions:
  jupyterhub:
    4.99.0: {jupyterhub: 5.6.0, kubespawner: 7.1.0, oauthenticator: 17.4.0, kubernetes: "1.31"}
  dask-gateway:
    2099.1.0: {kubernetes: "1.30"}
  pairs:
    - {jupyterhub: 4.99.0, dask-gateway: 2099.1.0}
"""


def codes(text: str) -> list[tuple[str, str]]:
    return [
        (found.code, found.message)
        for found in load_text(text).report.diagnostics
        if found.severity is not Severity.INFO
    ]


def test_a_release_that_the_site_adds_is_known_and_judged() -> None:
    text = PROTOCOAST.read_text().replace("3.3.8", "4.99.0").replace("2022.6.1", "2099.1.0")
    assert [code for code, _ in codes(text)] == ["C303", "C303"]
    too_old = "Kubernetes 1.30 is too old for chart 'jupyterhub' 4.99.0, which needs 1.31"
    assert codes(text + ROWS) == [("C304", too_old), ("C304", too_old)]
    assert codes(text.replace('"1.30"', '"1.31"', 2) + ROWS) == []


MALFORMED = {
    "a part is lacking": (ROWS.replace("kubespawner: 7.1.0, ", ""), "S102"),
    "another key": (ROWS.replace("kubespawner", "kubespawn"), "S101"),
    "a range": (ROWS.replace("    4.99.0:", "    4.x:"), "S104"),
    "a bare 1.31": (ROWS.replace('"1.31"', "1.31"), "S103"),
    "a pair of one": (ROWS.replace("4.99.0, dask-gateway: 2099.1.0", "4.99.0"), "S102"),
    "a list of releases": (ROWS.replace("2099.1.0:", "- 2099.1.0:"), "S103"),
}


@pytest.mark.parametrize(("rows", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_row_is_an_error_of_the_schema(rows: str, code: str) -> None:
    assert code in [found for found, _ in codes(PROTOCOAST.read_text() + rows)]


def test_the_file_holds_one_release_a_line() -> None:
    """A release is added by one line, and a review shows one line for it."""
    text = (Path(generator.__file__).parent / "charts" / "versions.json").read_text("utf-8")
    lines = [line for line in text.splitlines() if '"kubernetes": "' in line]
    assert len(lines) == len(KNOWN.releases("jupyterhub")) + len(KNOWN.releases("dask-gateway"))
    assert Versions.of(json.loads(text)) == KNOWN
