"""A question could not be asked.

The user of the context may not list a kind, or the cluster was not asked: doctor then says nothing
about it, good or bad. docs/operations.md has the rights that doctor needs, and nothing more.
"""

from generator.doctor.checks.base import INFO, WARNING, Diagnoses, listed
from generator.doctor.look import Look

CODE = "D100"


def check(look: Look) -> Diagnoses:
    """One for each API server and reason, and one for each cluster that was not asked."""
    sides = {"": look.snapshot.argocd, **look.snapshot.clusters}
    for cluster, side in sides.items():
        reasons: dict[str, list[str]] = {}
        for one in side.unasked if side is not None else ():
            if not one.is_unknown:
                place = f"{one.kind} in {one.namespace}" if one.namespace else one.kind
                reasons.setdefault(one.reason, []).append(place)
        for reason, kinds in reasons.items():
            yield look.found(
                CODE,
                WARNING,
                f"could not ask for {listed(kinds, 8)}: {reason}",
                "give the user the rights in docs/operations.md, 'Rights for doctor'",
                **({"where": f"cluster {cluster}", "scope": cluster} if cluster else {}),
            )
    for missing in (one for one in look.clusters if one.name not in look.snapshot.clusters):
        yield look.found(
            CODE,
            INFO,
            f"cluster '{missing.name}' was not asked, only Argo CD: no context is given for it",
            f"name its context: --context {missing.name}=CONTEXT",
            where=f"cluster {missing.name}",
            scope=missing.name,
            at=missing.at,
        )
