"""The host does not lead to the cluster.

Its name resolves to nothing, or to another address than the Ingress has. People then reach another
machine or none, and no certificate can be issued. The names are looked up where doctor runs.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, listed
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import entries, text

CODE = "D153"
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")


def check(look: Look) -> Diagnoses:
    """One for each environment whose host was looked up."""
    for place in look.places:
        host = place.environment.host
        addresses = look.snapshot.addresses.get(host)
        if addresses is None:
            continue
        wanted = [
            text(one, "ip")
            for ingress in place.all("Ingress")
            if host in [text(rule, "host") for rule in entries(ingress, "spec.rules")]
            for one in entries(ingress, "status.loadBalancer.ingress")
            if text(one, "ip")
        ]
        found = _wrong(place, host, addresses, wanted)
        if found is not None:
            yield found


def _wrong(
    place: LiveEnvironment, host: str, addresses: tuple[str, ...], wanted: list[str]
) -> Diagnosis | None:
    at, commands = (*place.environment.at, "host"), (f"getent hosts {host}",)
    if not addresses:
        to = f" to {listed(wanted)}" if wanted else ""
        return place.found(
            CODE,
            ERROR,
            f"{host} resolves to nothing",
            f"point the name{to} in DNS",
            about="dns",
            breaks=True,
            at=at,
            commands=commands,
        )
    private = [one for one in wanted if not _is_public(one)]
    if wanted and not set(addresses) & set(wanted) and not private:
        return place.found(
            CODE,
            WARNING,
            f"{host} resolves to {listed(addresses)}, and the Ingress has {listed(wanted)}",
            "point the name at the Ingress, unless a proxy stands between",
            about="dns",
            at=at,
            commands=commands,
        )
    return None


def _is_public(address: str) -> bool:
    """Whether it is not of a private network, behind whose router the host may be."""
    from ipaddress import ip_address, ip_network  # only an address that differs needs it

    try:
        found = ip_address(address)
    except ValueError:
        return False
    return not any(found in ip_network(one) for one in _PRIVATE)
