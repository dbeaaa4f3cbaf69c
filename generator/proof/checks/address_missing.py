"""The values give an address inside the cluster that no Service answers.

The hub calls its services, user servers call the gateway, the gateway calls the hub, all by names
of Services: a wrong name or port is found out only when somebody uses it.
"""

import re
from collections.abc import Iterator

from generator.diagnostics import Finding, Pointer
from generator.proof.checks.base import error, leaves, named, place, whole
from generator.proof.checks.workloads import Namespace, service_pods
from generator.proof.rendering import Rendered, Rendering, entries

CODE = "M931"

_ADDRESS = re.compile(
    r"\b(?P<scheme>https?|gateway|tls)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>\d+))?"
    r"(?=[/\"'\s?#]|$)"
)
_DEFAULT_PORTS = {"http": "80", "https": "443", "gateway": "80", "tls": "443"}
_NO_SERVICE = frozenset(("localhost",))


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each address in the values that leads nowhere."""
    namespaces = {environment.namespace for environment in rendering.site.environments}
    for environment, releases in whole(rendering):
        namespace = Namespace(releases=releases)
        services = namespace.named("Service")
        pods = namespace.pods()
        for release, path, match in _addresses(releases):
            name = _service(match["host"], environment.namespace, namespaces)
            if name is None:
                continue
            port = match["port"] or _DEFAULT_PORTS[match["scheme"]]
            found = services.get(name)
            if found is None:
                yield _finding(release, path, match[0], f"there is no Service '{name}'")
                continue
            ports = entries(found, "spec", "ports")
            told = next((one for one in ports if str(one.get("port")) == port), None)
            if told is None:
                yield _finding(release, path, match[0], f"Service '{name}' has no port {port}")
                continue
            target = told.get("targetPort", told.get("port"))
            leads = [pod for pod in service_pods(found, pods) if pod.number(target) is not None]
            if not leads:
                what = f"port {port} of Service '{name}' leads to no pod"
                yield _finding(release, path, match[0], what)


def _addresses(
    releases: tuple[Rendered, ...],
) -> Iterator[tuple[Rendered, Pointer, re.Match[str]]]:
    for release in releases:
        for path, value in leaves(release.chart.values if release.chart is not None else {}):
            if isinstance(value, str):
                yield from ((release, path, match) for match in _ADDRESS.finditer(value))


def _service(host: str, namespace: str, namespaces: set[str]) -> str | None:
    """The Service of the namespace that a host names; None for every other host."""
    name, _, rest = host.partition(".")
    rest = rest.removesuffix(".cluster.local").removesuffix(".svc")
    if name in _NO_SERVICE or name.isdecimal():
        return None
    if rest in ("", namespace):
        return name
    # Another environment's hub is wrong here however real it is.
    return f"{name}.{rest}" if rest in namespaces else None


def _finding(release: Rendered, path: Pointer, address: str, what: str) -> Finding:
    at = place(release, path)
    return error(
        code=CODE,
        message=named(release.environment, at, f"{release.app}: '{address}': {what}"),
        at=at,
        help="give the name and the port of a Service that the charts render",
    )
