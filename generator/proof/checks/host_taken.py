"""Two objects route the same host.

What an Ingress, HTTPRoute or IngressRoute in `extra/` routes on the hub's own host takes requests
away from the hub, and shares the hub's cookies: what runs there acts as everyone who is logged in.
Some controllers refuse the second one, others choose. Give it a host of its own; for a path of the
hub's host that is intended there is the chart's `ingress.extraPaths`.
"""

import re
from collections.abc import Iterator

from generator.lint.rules.base import Findings, errors, neighbours
from generator.proof.checks.base import anchored
from generator.proof.rendering import Rendered, Rendering, Resource, entries, identity, listed

finding = errors("M938")

_HELP = "give it a host of its own; for a path of the hub there is the chart's ingress.extraPaths"
_HOST = re.compile(r"Host(?:SNI)?\(([^)]*)\)")
_QUOTED = re.compile(r"[`'\"]([^`'\"]+)[`'\"]")


def check(rendering: Rendering) -> Findings:
    """One finding for each object that routes a host that one before it routes."""
    for group in neighbours(rendering.site, rendering.site.places):
        names = {environment.name for environment in group}
        owners: dict[str, tuple[Rendered, Resource]] = {}
        # The hub's own are the first, whoever comes after them takes the host.
        ordered = sorted(rendering.releases, key=lambda one: one.chart is None)
        for release in (one for one in ordered if one.environment.name in names):
            for resource in release.objects:
                for host in dict.fromkeys(_hosts(resource)):
                    owner, first = owners.setdefault(host, (release, resource))
                    if first is not resource and not _is_same_route(first, resource):
                        what = identity(resource, "")
                        text = f"{release.app}: {what} routes '{host}', as {owner.name} does"
                        yield anchored(finding, release.environment, None, text, _HELP)


def _is_same_route(first: Resource, second: Resource) -> bool:
    """Whether both are one object, which another check finds, or a chart's own pair."""
    return identity(first, "") == identity(second, "")


def _hosts(resource: Resource) -> Iterator[str]:
    kind = str(resource.get("kind"))
    if kind == "Ingress":
        hosts = [rule.get("host") for rule in entries(resource, "spec", "rules")]
    elif kind in ("HTTPRoute", "TLSRoute", "GRPCRoute"):
        hosts = listed(resource, "spec", "hostnames")
    elif kind in ("IngressRoute", "IngressRouteTCP"):
        matched = [str(route.get("match")) for route in entries(resource, "spec", "routes")]
        named = [name for rule in matched for name in _HOST.findall(rule)]
        hosts = [host for name in named for host in _QUOTED.findall(name)]
    elif kind == "VirtualService":
        hosts = listed(resource, "spec", "hosts")
    else:
        hosts = []
    yield from (host.lower().rstrip(".") for host in hosts if isinstance(host, str) and host)
