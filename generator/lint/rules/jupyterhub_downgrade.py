"""An environment's JupyterHub is older than the one in the Git base.

The hub upgrades its database when it starts, and a database only moves forward: an older hub that
does not know its revision stops with "Can't locate revision identified by", and nobody can log in.
JupyterHub 5 (chart 4.0.0) changed the database of JupyterHub 4; the releases of each so far left it
alone. To go back, first put the copy in place that the hub left beside the database when it
upgraded it (`jupyterhub.sqlite.<time>`), or a backup. Then say in a comment that it is meant:
`# hubops: ignore[C308] reason`. The base is where the branch left the one that Argo CD follows.
Compared is the JupyterHub that each chart carries; the charts themselves where one is not known.

Bad:

    charts:
      jupyterhub: {version: 3.3.8}
      dask-gateway: {version: 2024.1.0}

Good:

    charts:
      jupyterhub: {version: 4.1.0}
      dask-gateway: {version: 2024.1.0}

See https://jupyterhub.readthedocs.io/en/stable/howto/upgrading.html
"""

from collections.abc import Iterator
from functools import partial

from generator.diagnostics import Finding, Severity
from generator.lint.history import lowered
from generator.lint.rules.base import Surroundings, error
from generator.site.model import Settings, Site
from generator.site.releases import Versions
from generator.versions import Version

CODE = "C308"
SEVERITY = Severity.ERROR

_PIN = ("charts", "jupyterhub", "version")


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether there is a base."""
    return around.base is not None


def check(site: Site, around: Surroundings) -> Iterator[Finding]:
    """A finding at each chart version that takes an environment's JupyterHub back."""
    if around.base is None:
        return
    judge = partial(_downgrade, site.versions)
    for found in lowered(site, around.base, judge, *_PIN):
        yield error(
            code=CODE,
            at=found.at,
            message=f"{found.after} is older than the {found.before} of {found.where} in Git",
            help=(
                "the hub's database only moves forward: where the newer one upgraded it, this one "
                'stops with "Can\'t locate revision identified by". Keep the version; if the old '
                "database is restored, write the reason: # hubops: ignore[C308] reason"
            ),
        )


def _downgrade(known: Versions, before: Settings, now: Settings) -> tuple[str, str] | None:
    old, new = _version(before), _version(now)
    if old is None or new is None:
        return None
    if known.is_known("jupyterhub", old) and known.is_known("jupyterhub", new):
        was, is_now = (known.hub_release(version).jupyterhub for version in (old, new))
        is_older = Version.parse(is_now) < Version.parse(was)
        return (_named(was, old), _named(is_now, new)) if is_older else None
    return (f"chart jupyterhub {old}", f"chart jupyterhub {new}") if new < old else None


def _version(settings: Settings) -> Version | None:
    pin = settings.charts.get("jupyterhub")
    return pin.version if pin is not None else None


def _named(carried: str, version: Version) -> str:
    return f"JupyterHub {carried} (chart {version})"
