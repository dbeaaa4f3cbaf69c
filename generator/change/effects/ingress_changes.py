"""How the address is served changes.

Without an Ingress no one reaches the site. Another ingress class gives the address to another
controller: the site is unreachable until that one serves it. Another issuer makes a new
certificate; browsers may refuse the site until it is ready.
"""

from generator.change.difference import arrows
from generator.change.sides import EnvironmentSide, Step
from generator.charts import rows
from generator.charts.ingress_rows import CLUSTER_ISSUER, INGRESS_CLASS
from generator.lint.consequences import Consequences, Weight, after, before

_CLASS, _ISSUER = ("annotations", INGRESS_CLASS), ("annotations", CLUSTER_ISSUER)
_FIELD = ("ingressClassName",)
_ON = ("enabled",)


def check(step: Step) -> Consequences:
    """One effect where it goes or comes, else one for class, issuer and the rest."""
    before_it, after_it = (_at(side, *_ON) is True for side in step.sides)
    if before_it and not after_it:
        yield Weight.CUT.of(
            "the Ingress is deleted: no one reaches the site at its address, unless something else "
            "serves it",
            before("check that this is intentional, and tell the users"),
        )
    elif after_it and not before_it:
        yield Weight.CUT.of(
            "the Ingress is new: it serves the site at its address from now on",
            after("check that the address answers"),
        )
    elif after_it:
        yield from _differing(step)


def _differing(step: Step) -> Consequences:
    classes = [_at(side, *_FIELD) or _at(side, *_CLASS) or "none" for side in step.sides]
    forms = ["field" if _at(side, *_FIELD) else "annotation" for side in step.sides]
    said = arrows({"class": (classes[0], classes[1]), "class written as": (forms[0], forms[1])})
    if said:
        yield Weight.CUT.of(
            f"ingress {', '.join(said)}: unreachable until the new one serves it",
            before(
                "check that the class exists in the cluster",
                f"kubectl get ingressclass {classes[1]}",
            ),
        )
    was, issuer = (_at(side, *_ISSUER) for side in step.sides)
    if was != issuer:
        served = (
            "browsers may refuse the site until the new certificate is ready"
            if issuer
            else "the ingress controller serves its own certificate"
        )
        check_issuer = (
            before(
                "check that the issuer exists in the cluster", f"kubectl get clusterissuer {issuer}"
            ),
        )
        issuers = f"{was or 'none'} -> {issuer or 'none'}"
        yield Weight.CUT.of(
            f"ingress issuer {issuers}: {served}", *(check_issuer if issuer else ())
        )
    old, new = (side.environment.host for side in step.sides)
    follows = {("tls",): was != issuer or old != new, ("hosts",): old != new}
    told = (_CLASS, _ISSUER, _FIELD, *(path for path, is_told in follows.items() if is_told))
    rest = step.changed("jupyterhub", "ingress", but=told)
    if rest:
        paths = ", ".join(change.spelled for change in rest)
        yield Weight.CUT.of(
            f"the Ingress changes: {paths}; a wrong value makes the site unreachable",
            after("check that the address answers"),
        )


def _at(side: EnvironmentSide, *path: str) -> object:
    return rows.at(side.values["jupyterhub"], ("ingress", *path))
