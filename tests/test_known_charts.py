"""The table of chart releases: complete, in order, and what is taken for what."""

import re

import pytest

from generator.charts import CHARTS
from generator.charts.known import (
    GATEWAY,
    HUB,
    PAIRS,
    HubRelease,
    are_a_pair,
    hub_release,
    is_known,
    nearest,
    nearest_pairs,
)
from generator.versions import Version

RELEASES = {"jupyterhub": tuple(release.version for release in HUB), "dask-gateway": GATEWAY}


def releases(chart: str) -> list[Version]:
    return [Version.parse(text) for text in RELEASES[chart]]


@pytest.mark.parametrize("chart", RELEASES)
def test_releases_stand_in_order_each_once_from_the_oldest_supported_on(chart: str) -> None:
    known = releases(chart)
    assert known == sorted(set(known))
    assert known[0].text == CHARTS[chart].CHART.supported.removeprefix(">=")
    assert all(is_known(chart, version) for version in known)


def test_no_release_between_two_is_missing() -> None:
    """Patch releases count on without a gap, and each minor begins with 0."""
    minors: dict[str, list[int]] = {}
    for text in RELEASES["jupyterhub"]:
        minor, _, patch = text.rpartition(".")
        minors.setdefault(minor, []).append(int(patch))
    assert {minor: len(patches) for minor, patches in minors.items()} == {
        "3.0": 1,
        "3.1": 1,
        "3.2": 2,
        "3.3": 9,
        "4.0": 1,
        "4.1": 1,
        "4.2": 1,
        "4.3": 6,
        "4.4": 1,
    }
    assert minors.pop("3.0") == [3]
    assert all(patches == list(range(len(patches))) for patches in minors.values())
    assert RELEASES["dask-gateway"] == (
        *("2022.6.1", "2022.10.0", "2022.11.0", "2023.1.0", "2023.1.1", "2023.9.0"),
        *("2024.1.0", "2025.4.0", "2026.3.0"),
    )


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
    "99.0.0": ("4.4.0", "5.5.0", "7.0.0", "17.4.0"),
    "1.2.0": ("3.0.3", "4.0.2", "6.0.0", "16.0.7"),
}


@pytest.mark.parametrize(("pinned", "row"), CARRIED.items(), ids=CARRIED)
def test_what_a_pin_carries(pinned: str, row: tuple[str, str, str, str]) -> None:
    version, jupyterhub, kubespawner, oauthenticator = row
    assert hub_release(Version.parse(pinned)) == HubRelease(
        version=version,
        jupyterhub=jupyterhub,
        kubespawner=kubespawner,
        oauthenticator=oauthenticator,
    )


TAKEN_FOR = {
    "2026.3.0": "2026.3.0",
    "2026.4.0": "2026.3.0",
    "2026.3.1-alpha": "2026.3.0",
    "2022.6.2": "2022.6.1",
    "2025.1.0": "2024.1.0",
    "0.9.0": "2022.6.1",
}


@pytest.mark.parametrize(("pinned", "release"), TAKEN_FOR.items(), ids=TAKEN_FOR)
def test_what_an_unknown_release_is_taken_for(pinned: str, release: str) -> None:
    version = Version.parse(pinned)
    assert nearest("dask-gateway", version) == release
    assert is_known("dask-gateway", version) == (pinned == release)


def test_a_pre_release_is_not_its_release() -> None:
    assert not is_known("jupyterhub", Version.parse("4.0.0-beta.1"))


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
    assert nearest_pairs(Version.parse(hub), Version.parse(gateway)) == pairs
    assert not are_a_pair(Version.parse(hub), Version.parse(gateway))


@pytest.mark.parametrize(("hub", "gateway"), PAIRS)
def test_a_pair_is_one(hub: str, gateway: str) -> None:
    assert are_a_pair(Version.parse(hub), Version.parse(gateway))
    assert nearest_pairs(Version.parse(hub), Version.parse(gateway))
