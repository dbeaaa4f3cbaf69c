"""A ClusterIssuer of cert-manager, as a cluster has it."""

from collections.abc import Mapping
from typing import Any

from generator.records import record

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"


@record
class Issuer:
    """An ACME account by the name of its ClusterIssuer.

    `solvers` are cert-manager's own words; without one, HTTP-01 through what serves the cluster.
    """

    name: str
    email: str | None = None
    server: str = LETS_ENCRYPT
    solvers: tuple[Mapping[str, Any], ...] = ()


def listed(raw: Mapping[str, Any]) -> tuple[Issuer, ...]:
    """The ClusterIssuers that a cluster writes under `issuers`."""
    return tuple(
        Issuer(
            name=name,
            email=one.get("email"),
            server=one.get("server", LETS_ENCRYPT),
            solvers=tuple(solver for solver in one.get("solvers", ()) if solver is not None),
        )
        for name, one in raw.items()
    )
