"""A chart's version is not among the releases that hubops knows.

It is taken for the newest known release before it: the values have the shape that one wants, and
what it carries and the Kubernetes that it needs are assumed to be the same. Where a newer release
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

from collections.abc import Iterator

from generator.charts import CHARTS
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import warning
from generator.site.model import Settings, Site
from generator.site.releases import Versions
from generator.versions import Version

CODE = "C303"
SEVERITY = Severity.WARNING


def check(site: Site) -> Iterator[Finding]:
    """A warning at each such version, of the charts that are used."""
    for settings, _ in site.variants():
        yield from _of(settings, site.versions)


def _of(settings: Settings, versions: Versions) -> Iterator[Finding]:
    for name, pin in settings.charts.items():
        if (
            pin.version is None
            or not CHARTS[name].is_used(settings)
            or versions.is_known(name, pin.version)
        ):
            continue
        if CHARTS[name].supports(pin.version):
            assumed = _assumed(name, pin.version, versions)
            release = versions.nearest(name, pin.version).version
            yield warning(
                code=CODE,
                at=settings.origin.at("charts", name, "version"),
                message=f"chart '{name}' {pin.text} is not known; it is taken for {release}",
                help=(f"assumed: {assumed}; compare with the chart's changelog, or pin {release}"),
            )


def _assumed(name: str, version: Version, versions: Versions) -> str:
    """What is taken for true of an unknown release."""
    kubernetes = f"Kubernetes {versions.needed_kubernetes(name, version)} or newer"
    if name != "jupyterhub":
        return f"the same values, and {kubernetes}"
    known = versions.hub_release(version)
    return (
        f"JupyterHub {known.jupyterhub}, kubespawner {known.kubespawner}, oauthenticator "
        f"{known.oauthenticator}, and {kubernetes}"
    )
