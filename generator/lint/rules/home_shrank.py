"""The home volumes are smaller than the Git base made them.

A volume can't shrink. Users who already have a home keep its size, and only newcomers get the
smaller one: what site.yaml says is no longer what runs. Keep the capacity; without the line it is
10Gi. If less is meant for new users alone, say so in a comment: `# hubops: ignore[L409] reason`.

Bad:

    jupyterhub:
      home: {capacity: 10Gi}

Good:

    jupyterhub:
      home: {capacity: 50Gi}

See https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.history import lowered
from generator.lint.rules.base import Surroundings, error, relying
from generator.quantities import amount
from generator.site.model import Settings, Site

CODE = "L409"
SEVERITY = Severity.ERROR

_CAPACITY = ("jupyterhub", "home", "capacity")


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether there is a base."""
    return around.base is not None


def check(site: Site, around: Surroundings) -> Iterator[Finding]:
    """A finding at each capacity that is lower than it was."""
    if around.base is None:
        return
    for found in lowered(site, around.base, _shrunk, *_CAPACITY):
        one = error(
            code=CODE,
            at=found.at,
            message=f"home shrinks from {found.before} to {found.after} in {found.where}",
            help=(
                f"a volume can't shrink: homes that exist keep {found.before} and only new users "
                f"get {found.after}. Keep {found.before}, or write the reason: "
                "# hubops: ignore[L409] reason"
            ),
        )
        yield from relying(one, found.environments, _CAPACITY)


def _shrunk(before: Settings, now: Settings) -> tuple[str, str] | None:
    if before.hub is None or now.hub is None:
        return None
    old, new = before.hub.home_capacity, now.hub.home_capacity
    return (old, new) if amount(new) < amount(old) else None
