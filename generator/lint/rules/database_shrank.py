"""The hub's database volume is smaller than the Git base made it.

A volume can't shrink: Kubernetes refuses the claim, the Application fails to sync, and with it
every later change of the hub. Keep the size; without the line it is 1Gi. Only where the volume is
gone, or never was there, does a smaller one come into being: say so in a comment,
`# hubops: ignore[L410] reason`.

Bad:

    jupyterhub:
      database: {storage: 1Gi}

Good:

    jupyterhub:
      database: {storage: 5Gi}

See https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.history import lowered
from generator.lint.rules.base import Surroundings, error, relying
from generator.quantities import amount
from generator.site.model import Settings, Site

CODE = "L410"
SEVERITY = Severity.ERROR

_STORAGE = ("jupyterhub", "database", "storage")


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether there is a base."""
    return around.base is not None


def check(site: Site, around: Surroundings) -> Iterator[Finding]:
    """A finding at each size that is lower than it was."""
    if around.base is None:
        return
    for found in lowered(site, around.base, _shrunk, *_STORAGE):
        one = error(
            code=CODE,
            at=found.at,
            message=f"the database shrinks from {found.before} to {found.after} in {found.where}",
            help=(
                "a volume can't shrink: Kubernetes refuses the claim, and the hub syncs no more. "
                f"Keep {found.before}; if the volume is gone, write the reason: "
                "# hubops: ignore[L410] reason"
            ),
        )
        yield from relying(one, found.environments, _STORAGE)


def _shrunk(before: Settings, now: Settings) -> tuple[str, str] | None:
    if before.hub is None or now.hub is None:
        return None
    old, new = before.hub.database_storage, now.hub.database_storage
    return (old, new) if amount(new) < amount(old) else None
