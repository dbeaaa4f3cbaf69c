"""The values give an address inside the cluster that no Service answers.

The hub calls its services, user servers call the gateway, the gateway calls the hub, all by names
of Services: a wrong name or port is found out only when somebody uses it.
"""

import re
from collections.abc import Mapping

from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, leaves, place, whole
from generator.proof.checks.workloads import Namespace, Pod, service_pods
from generator.proof.rendering import Rendering, Resource, entries

finding = errors("M931")

_ADDRESS = re.compile(
    r"\b(?P<scheme>https?|gateway|tls)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>\d+))?"
    r"(?=[/\"'\s?#]|$)"
)
_DEFAULT_PORTS = {"http": "80", "https": "443", "gateway": "80", "tls": "443"}


def check(rendering: Rendering) -> Findings:
    """One finding for each address in the values that leads nowhere."""
    namespaces = {environment.namespace for environment in rendering.site.environments}
    for environment, releases in whole(rendering):
        namespace = Namespace(releases=releases)
        services, pods = namespace.named("Service"), namespace.pods()
        for release in releases:
            for path, value in leaves(release.values):
                for match in _ADDRESS.finditer(value) if isinstance(value, str) else ():
                    name = _service(match["host"], environment.namespace, namespaces)
                    why = _fault(name, match, services, pods) if name is not None else ""
                    if why:
                        text = f"{release.app}: '{match[0]}': {why}"
                        help = "give the name and the port of a Service that the charts render"
                        at = place(release, path)
                        yield anchored(finding, environment, at, text, help)


def _service(host: str, namespace: str, namespaces: set[str]) -> str | None:
    """The Service of the namespace that a host names; None for every other host."""
    name, _, rest = host.partition(".")
    rest = rest.removesuffix(".cluster.local").removesuffix(".svc")
    if name == "localhost" or name.isdecimal():
        return None
    if rest in ("", namespace):
        return name
    # Another environment's hub is wrong here however real it is.
    return f"{name}.{rest}" if rest in namespaces else None


def _fault(
    name: str, address: re.Match[str], services: Mapping[str, Resource], pods: list[Pod]
) -> str:
    """Why no pod answers at a Service's address; '' where one does."""
    if name not in services:
        return f"there is no Service '{name}'"
    number = address["port"] or _DEFAULT_PORTS[address["scheme"]]
    ports = entries(services[name], "spec", "ports")
    port = next((port for port in ports if str(port.get("port")) == number), None)
    if port is None:
        return f"Service '{name}' has no port {number}"
    target = port.get("targetPort", port.get("port"))
    if not any(pod.number(target) is not None for pod in service_pods(services[name], pods)):
        return f"port {number} of Service '{name}' leads to no pod"
    return ""
