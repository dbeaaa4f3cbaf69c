"""How the address is served changes.

Without an Ingress, or an HTTPRoute to a Gateway, no one reaches the site. Another ingress class
gives the address to another controller, and a Gateway in place of an ingress to the Gateway: the
site is unreachable until the name points there and that one serves it. Another issuer makes a new
certificate; browsers may refuse the site until it is ready. A certificate of your own must be there
before. The largest upload and the buffer for
headers hold from the next request on.
"""

from collections.abc import Iterable, Iterator

from generator.change.difference import ABSENT, KeyPath, ValueChange, arrows
from generator.change.sides import EnvironmentSide, Step
from generator.charts import rows
from generator.charts.ingress_controllers import SIZES
from generator.charts.ingress_rows import CLUSTER_ISSUER, INGRESS_CLASS
from generator.lint.consequences import Act, Consequences, Weight, after, at_merge, before

_CLASS, _ISSUER = ("annotations", INGRESS_CLASS), ("annotations", CLUSTER_ISSUER)
_FIELD = ("ingressClassName",)
_ON = ("enabled",)


def check(step: Step) -> Consequences:
    """One effect where it goes or comes, else one for class, issuer and the rest."""
    before_it, after_it = (_at(side, *_ON) is True for side in step.sides)
    was_routed, is_routed = (_route(side, "enabled") is True for side in step.sides)
    if is_routed and (not was_routed or before_it != after_it):
        yield from _to_gateway(step)
    elif was_routed and not is_routed and after_it and not before_it:
        yield Weight.CUT.of(
            f"an Ingress of class {_class(step.after)} serves the address in place of the Gateway: "
            "unreachable until the name points at the ingress",
            at_merge(f"point {step.after.environment.host} at the ingress"),
            after("check that the address answers"),
        )
    elif is_routed and not after_it:
        yield from _differing_route(step)
    elif before_it and not after_it:
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


def _to_gateway(step: Step) -> Consequences:
    namespace = _route(step.after, "gateway", "namespace") or step.after.environment.namespace
    name = _route(step.after, "gateway", "name")
    yield Weight.CUT.of(
        f"Gateway {namespace}/{name} serves the address by an HTTPRoute: unreachable until the "
        "name points at the Gateway, and its listener has the host's certificate",
        before(
            "check that the Gateway is there, and admits routes of the namespace "
            f"{step.after.environment.namespace}",
            f"kubectl -n {namespace} get gateway {name} -o yaml",
        ),
        at_merge(f"point {step.after.environment.host} at the gateway"),
        after("check that the address answers"),
    )


def _differing_route(step: Step) -> Consequences:
    old, new = (side.environment.host for side in step.sides)
    told = (("hostnames",),) if old != new else ()
    rest = step.changed("jupyterhub", "httpRoute", but=told)
    yield from _rest("HTTPRoute", rest, "unreachable until the Gateway serves it")


def _rest(kind: str, changes: Iterable[ValueChange], means: str) -> Consequences:
    """What no other sentence tells of the object that people come through."""
    paths = ", ".join(change.spelled for change in changes)
    if paths:
        yield Weight.CUT.of(
            f"the {kind} changes: {paths}; {means}", after("check that the address answers")
        )


def _class(side: EnvironmentSide) -> object:
    return _at(side, *_FIELD) or _at(side, *_CLASS) or "none"


def _differing(step: Step) -> Consequences:
    classes = [_class(side) for side in step.sides]
    forms = ["field" if _at(side, *_FIELD) else "annotation" for side in step.sides]
    said = arrows({"class": (classes[0], classes[1]), "class written as": (forms[0], forms[1])})
    if said:
        is_another = classes[0] != classes[1]
        yield Weight.CUT.of(
            f"ingress {', '.join(said)}: unreachable until the new one serves it"
            + (", and the name points there" if is_another else ""),
            before(
                "check that the class exists in the cluster",
                f"kubectl get ingressclass {classes[1]}",
            ),
            *(_to_another(step) if is_another else ()),
        )
    was, issuer = (_at(side, *_ISSUER) for side in step.sides)
    secret = next(iter(_secrets(step.after)), "")
    if was != issuer:
        served = (
            "browsers may refuse the site until the new certificate is ready"
            if issuer
            else f"the ingress serves the certificate in Secret {secret}"
            if secret
            else "the ingress controller serves its own certificate"
        )
        check_issuer = (
            before(
                "check that the issuer exists in the cluster", f"kubectl get clusterissuer {issuer}"
            ),
        )
        check_secret = _has_certificate(step.after, secret) if secret else ()
        issuers = f"{was or 'none'} -> {issuer or 'none'}"
        yield Weight.CUT.of(
            f"ingress issuer {issuers}: {served}", *(check_issuer if issuer else check_secret)
        )
    old, new = (side.environment.host for side in step.sides)
    follows = {("tls",): was != issuer or old != new, ("hosts",): old != new}
    told = (_CLASS, _ISSUER, _FIELD, *(path for path, is_told in follows.items() if is_told))
    sizes = [change for change in step.changed("jupyterhub", "ingress") if _is_size(change.path)]
    if sizes:
        both = {one.path[-1]: (_said(one.before), _said(one.after)) for one in sizes}
        yield Weight.NOTE.of(f"limits of the ingress controller: {', '.join(arrows(both))}")
    told = (*told, *(change.path[1:] for change in sizes))
    rest = step.changed("jupyterhub", "ingress", but=told)
    yield from _rest("Ingress", rest, "a wrong value makes the site unreachable")


def _to_another(step: Step) -> Iterator[Act]:
    """What another class's controller takes, beside being there."""
    environment, issuer = step.after.environment, _at(step.after, *_ISSUER)
    if issuer:
        yield before(
            f"check that issuer {issuer} solves challenges through the new class",
            f"kubectl get clusterissuer {issuer} -o yaml",
        )
    if step.before.environment.host == environment.host:
        yield at_merge(
            f"point {environment.host} at the new controller, as soon as the Ingress has its "
            "address",
            f"kubectl -n {environment.namespace} get ingress",
        )
    yield after("check that the address answers")


def _secrets(side: EnvironmentSide) -> list[str]:
    """The Secrets that hold the Ingress's certificates."""
    listed = _at(side, "tls")
    return [
        str(one["secretName"])
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and one.get("secretName")
    ]


def _has_certificate(side: EnvironmentSide, secret: str) -> tuple[Act, ...]:
    namespace = side.environment.namespace
    command = f"kubectl -n {namespace} get secret {secret}"
    return (before(f"put the certificate into Secret {secret}, if it is not there", command),)


def _is_size(path: KeyPath) -> bool:
    return path[1:2] == ("annotations",) and path[-1] in SIZES


def _said(size: object) -> str:
    return "the controller's own" if size is ABSENT else str(size)


def _route(side: EnvironmentSide, *path: str) -> object:
    return rows.at(side.values["jupyterhub"], ("httpRoute", *path))


def _at(side: EnvironmentSide, *path: str) -> object:
    return rows.at(side.values["jupyterhub"], ("ingress", *path))
