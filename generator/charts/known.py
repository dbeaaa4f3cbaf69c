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
        ("3.2.1", "4.0.2", "6.2.0", "16.2.1"),
        ("3.3.8", "4.1.6", "6.2.0", "16.3.1"),
        ("4.0.0", "5.2.1", "7.0.0", "17.1.0"),
        ("4.1.0", "5.2.1", "7.0.0", "17.3.0"),
        ("4.2.0", "5.3.0", "7.0.0", "17.3.0"),
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
    return any(version == known for known, _ in _table(chart))


def hub_release(version: Version) -> HubRelease:
    """What a release of `jupyterhub` carries: that of the newest known one up to it, if unknown."""
    return max(
        ((known, release) for known, release in _hub() if known <= version),
        key=lambda row: row[0],
        default=_hub()[0],
    )[1]


def nearest(chart: str, version: Version) -> str:
    """The release that an unknown one is taken for: the newest known one up to it."""
    known = [(one, text) for one, text in _table(chart) if one <= version]
    return max(known, default=_table(chart)[0])[1]


def are_a_pair(hub: Version, gateway: Version) -> bool:
    """Whether two releases were seen to work together."""
    return any(
        hub == Version.parse(one) and gateway == Version.parse(other) for one, other in PAIRS
    )


@cache
def _hub() -> tuple[tuple[Version, HubRelease], ...]:
    return tuple((Version.parse(release.version), release) for release in HUB)


@cache
def _table(chart: str) -> tuple[tuple[Version, str], ...]:
    known = {"jupyterhub": tuple(release.version for release in HUB), "dask-gateway": GATEWAY}
    return tuple((Version.parse(version), version) for version in known[chart])
