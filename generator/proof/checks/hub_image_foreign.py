"""The hub's image carries another JupyterHub than the chart is made for.

A chart's release and its hub image belong together: the chart's configuration speaks to the
JupyterHub, KubeSpawner and OAuthenticator of its own release, hubops judges logins, upgrades and
the database by them, and a newer JupyterHub upgrades the database, which no older one reads
afterwards. Upgrade by the chart's version. Of an image of your own hubops can't tell what it
carries: build it on the chart's `quay.io/jupyterhub/k8s-hub` of the same version.

The chart's sample server image, `k8s-singleuser-sample`, is judged too: another major JupyterHub
than the hub's can't be counted on.
"""

import re
from collections.abc import Iterator

from generator.charts.origins import pin
from generator.lint.rules.base import Findings, errors, infos
from generator.proof.checks.base import anchored, place_of_text
from generator.proof.checks.user_pods import SERVER, all_pods
from generator.proof.checks.workloads import containers
from generator.proof.rendering import Rendered, Rendering, part
from generator.site.app import ChartPin
from generator.site.releases import HUB, Versions
from generator.versions import Version

finding = errors("M935")
_unsure = infos(finding.code)

_HUB_POD = "Deployment 'hub'"
_HELP = "leave 'hub.image' to the chart and change the chart's version instead"
_IMAGE = re.compile(
    r"(?:.*/)?(?P<name>[^/:@]+)(?::(?P<tag>(?P<version>\d+\.\d+\.\d+)?[^@]*))?(?:@.*)?"
)


def check(rendering: Rendering) -> Findings:
    """One finding for each image of a hub, or of its sample servers."""
    versions = rendering.site.versions
    for release in rendering.releases:
        own = release.environment.settings.charts.get(HUB)
        if release.app != HUB or own is None or own.version is None:
            continue
        wanted = versions.hub_release(own.version).jupyterhub
        for image, is_hub in dict.fromkeys(_images(release)):
            declared = release.environment.settings.at("jupyterhub.hub.jupyterhub")
            if is_hub and declared:
                continue  # lint judges what site.yaml says of its own image
            carried = _jupyterhub(image, own, versions)
            at = place_of_text(release, image.rpartition("/")[2].partition(":")[2] or image)
            at = at or pin(release.environment, HUB)
            what = f"image '{image}' of {'the hub' if is_hub else 'servers'}"
            is_key = release.environment.settings.at("jupyterhub.hub.image") is not None
            if carried == "" and is_hub and not is_key and part(release.values, "hub", "image"):
                text = f"hubops can't tell which JupyterHub the {what} carries"
                help = f"build it on quay.io/jupyterhub/k8s-hub:{own.text}"
                yield anchored(_unsure, release.environment, at, text, help)
            elif carried and not _fits(carried, wanted, is_hub=is_hub):
                text = f"the {what} carries JupyterHub {carried}; chart {own.text} is for {wanted}"
                yield anchored(finding, release.environment, at, text, _HELP)


def _images(release: Rendered) -> Iterator[tuple[str, bool]]:
    for pod in all_pods([release]):
        for container in containers(pod.spec):
            is_hub = pod.owner == _HUB_POD and container.get("name") == "hub"
            if is_hub or (pod.owner.startswith(SERVER) and container.get("name") == "notebook"):
                yield str(container.get("image")), is_hub


def _jupyterhub(image: str, own: ChartPin, versions: Versions) -> str:
    """The JupyterHub of an image of the chart's own kind; '' where the name does not tell."""
    match = _IMAGE.fullmatch(image)
    if match is None or match["version"] is None:
        return ""
    # What follows the numbers of a tag is a variant; only the chart's own tag is a pre-release.
    is_own = match["tag"] == own.text
    version = own.version if is_own and own.version else Version.parse(match["version"])
    if match["name"] in ("k8s-hub", "k8s-singleuser-sample"):
        return versions.hub_release(version).jupyterhub
    return version.text if match["name"] == "jupyterhub" else ""


def _fits(carried: str, wanted: str, *, is_hub: bool) -> bool:
    has, needs = Version.parse(carried).numbers, Version.parse(wanted).numbers
    return has == needs if is_hub else has[0] == needs[0]
