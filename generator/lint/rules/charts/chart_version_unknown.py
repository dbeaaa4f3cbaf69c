"""A chart's version is not one that hubops knows.

hubops treats it as the newest known release before it: the values have the shape of that one, and
the versions inside and the required Kubernetes are assumed to be the same. Where a newer release
renamed a value, the chart's schema refuses it or the hub ignores it. Pin a known release, or read
the chart's changelog before you merge.

Bad:
    charts:
      jupyterhub: {version: 4.3.9}
Good:
    charts:
      jupyterhub: {version: 4.4.0}

See https://z2jh.jupyter.org/en/stable/changelog.html
"""

from generator.charts import CHARTS
from generator.lint.rules.base import Findings, installing, used_pins, warnings
from generator.site.model import Site
from generator.site.releases import Versions
from generator.versions import Version

finding = warnings("C303")


def check(site: Site) -> Findings:
    """A warning at each such version, of the charts that are used."""
    versions = site.versions
    for settings in installing(settings for settings, _ in site.variants):
        for pin, version in used_pins(settings):
            if versions.is_known(pin.name, version) or not CHARTS[pin.name].supports(version):
                continue
            release = versions.nearest(pin.name, version).version
            yield finding(
                settings.origin.at("charts", pin.name, "version"),
                f"chart '{pin.name}' {pin.text} is not known; hubops treats it as {release}",
                f"assumed: {_assumed(pin.name, version, versions)}; compare with the chart's "
                f"changelog, or pin {release}",
            )


def _assumed(name: str, version: Version, versions: Versions) -> str:
    """What is assumed of an unknown release."""
    kubernetes = f"Kubernetes {versions.needed_kubernetes(name, version)} or newer"
    if name != "jupyterhub":
        return f"the same values, and {kubernetes}"
    known = versions.hub_release(version)
    return (
        f"JupyterHub {known.jupyterhub}, kubespawner {known.kubespawner}, oauthenticator "
        f"{known.oauthenticator}, and {kubernetes}"
    )
