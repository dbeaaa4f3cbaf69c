"""The chart releases that are known, what each brings, and which pairs were seen to work.

Sources: Chart.yaml and images/hub/requirements.txt at each tag of
jupyterhub/zero-to-jupyterhub-k8s, Chart.yaml at each tag of dask/dask-gateway.
"""

from dataclasses import dataclass
from functools import cache

from generator.versions import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRelease:
    """What one release of the chart `jupyterhub` carries; versions as they are spelled."""

    version: str
    jupyterhub: str
    kubespawner: str
    oauthenticator: str


HUB = tuple(
    HubRelease(version=version, jupyterhub=hub, kubespawner=spawner, oauthenticator=oauth)
    for version, hub, spawner, oauth in (
        ("3.0.3", "4.0.2", "6.0.0", "16.0.7"),
        ("3.1.0", "4.0.2", "6.1.0", "16.1.0"),
        ("3.2.0", "4.0.2", "6.2.0", "16.2.0"),
        ("3.2.1", "4.0.2", "6.2.0", "16.2.1"),
        ("3.3.0", "4.1.0", "6.2.0", "16.3.0"),
        ("3.3.1", "4.1.0", "6.2.0", "16.3.0"),
        ("3.3.2", "4.1.0", "6.2.0", "16.3.0"),
        ("3.3.3", "4.1.1", "6.2.0", "16.3.0"),
        ("3.3.4", "4.1.2", "6.2.0", "16.3.0"),
        ("3.3.5", "4.1.3", "6.2.0", "16.3.0"),
        ("3.3.6", "4.1.4", "6.2.0", "16.3.0"),
        ("3.3.7", "4.1.5", "6.2.0", "16.3.0"),
        ("3.3.8", "4.1.6", "6.2.0", "16.3.1"),
        ("4.0.0", "5.2.1", "7.0.0", "17.1.0"),
        ("4.1.0", "5.2.1", "7.0.0", "17.3.0"),
        ("4.2.0", "5.3.0", "7.0.0", "17.3.0"),
        ("4.3.0", "5.4.0", "7.0.0", "17.3.0"),
        ("4.3.1", "5.4.1", "7.0.0", "17.3.0"),
        ("4.3.2", "5.4.3", "7.0.0", "17.3.0"),
        ("4.3.3", "5.4.4", "7.0.0", "17.4.0"),
        ("4.3.4", "5.4.5", "7.0.0", "17.4.0"),
        ("4.3.5", "5.4.6", "7.0.0", "17.4.0"),
        ("4.4.0", "5.5.0", "7.0.0", "17.4.0"),
    )
)
GATEWAY = (
    *("2022.6.1", "2022.10.0", "2022.11.0", "2023.1.0", "2023.1.1", "2023.9.0"),
    *("2024.1.0", "2025.4.0", "2026.3.0"),
)
# Releases of jupyterhub and of dask-gateway that were seen to work together.
PAIRS = (
    ("3.2.1", "2024.1.0"),
    ("3.3.8", "2022.6.1"),
    ("3.3.8", "2024.1.0"),
    ("4.1.0", "2024.1.0"),
    ("4.2.0", "2025.4.0"),
    ("4.4.0", "2026.3.0"),
)


def is_known(chart: str, version: Version) -> bool:
    """Whether a chart's release stands in the table."""
    return version in _table(chart)


@cache
def nearest(chart: str, version: Version) -> str:
    """The release that an unknown one is taken for: the newest known one up to it.

    A pre-release is taken for its release, or else for the newest one before that.
    """
    known = _table(chart)
    before = [release for release in known if release.numbers <= version.numbers]
    return known[max(before, default=min(known))]


@cache
def hub_release(version: Version) -> HubRelease:
    """What a release of `jupyterhub` carries; an unknown one, what the nearest carries."""
    return _hub()[nearest("jupyterhub", version)]


def are_a_pair(hub: Version, gateway: Version) -> bool:
    """Whether two releases were seen to work together."""
    return (hub, gateway) in _pairs()


@cache
def nearest_pairs(hub: Version, gateway: Version) -> tuple[tuple[str, str], ...]:
    """The pairs that two releases come near to, the lower first.

    Those with the same `jupyterhub`; where there is none, the next below and the next above.
    """
    same = [pair for pair in _pairs() if pair[0] == hub]
    below = [pair for pair in _pairs() if pair[0] < hub]
    above = [pair for pair in _pairs() if pair[0] > hub]
    last = sorted(below, key=lambda pair: (pair[0], pair[1] == gateway))[-1:]
    first = sorted(above, key=lambda pair: (pair[0], pair[1] != gateway))[:1]
    return tuple((one.text, other.text) for one, other in same or last + first)


@cache
def _hub() -> dict[str, HubRelease]:
    return {release.version: release for release in HUB}


@cache
def _table(chart: str) -> dict[Version, str]:
    known = {"jupyterhub": tuple(_hub()), "dask-gateway": GATEWAY}
    return {Version.parse(version): version for version in known[chart]}


@cache
def _pairs() -> tuple[tuple[Version, Version], ...]:
    return tuple(sorted((Version.parse(one), Version.parse(other)) for one, other in PAIRS))
