"""The lines of logs that say something doctor knows: no other line is kept, and none as it is."""

import re
from collections.abc import Mapping

from generator.doctor.cleaning import clean_text
from generator.doctor.kubectl import Kubectl
from generator.doctor.snapshot import Unasked
from generator.site.model import Environment

# What a line says, by a short name for it.
KNOWN: Mapping[str, str] = {
    "database is newer": r"Can't locate revision identified by",
    "no service URL": r"Missing required environment \$?JUPYTERHUB_SERVICE_URL",
    "database is full": r"database or disk is full|No space left on device",
    "login refused": r"redirect_uri_mismatch|invalid_client|unauthorized_client"
    r"|invalid_redirect_uri",
    "token refused": r"Failed to (?:query|get) user|403 : Forbidden.*services/dask-gateway",
}
_PODS = {
    "hub": "component=hub",
    "servers": "component=singleuser-server",
    "gateway": "app.kubernetes.io/name=dask-gateway",
}
_MOST = 5  # lines of a kind


def lines_of(
    kubectl: Kubectl, environment: Environment
) -> tuple[Mapping[str, tuple[str, ...]], Unasked | None]:
    """The known lines of an environment's pods, by component; and whether some can't be read."""
    found: dict[str, tuple[str, ...]] = {}
    unread = False
    for component, selector in _PODS.items():
        options = ("--tail=300", "--all-containers", "--ignore-errors", "--max-log-requests=50")
        outcome = kubectl.asked("logs", "-n", environment.namespace, "-l", selector, *options)
        lines = known_lines(outcome.out.decode("utf-8", "replace"))
        unread = unread or bool(
            outcome.complaint.strip()
            and not outcome.out
            and "No resources found" not in outcome.complaint
        )
        if lines:
            found[component] = lines
    if not unread:
        return found, None
    reason = "their logs can't be read"
    return found, Unasked(kind="pods/log", namespace=environment.namespace, reason=reason)


def known_lines(log: str) -> tuple[str, ...]:
    """The lines of a log that say something known, masked; of each kind the last ones."""
    kept: list[str] = []
    for pattern in KNOWN.values():
        lines = [line for line in log.splitlines() if re.search(pattern, line)]
        kept += [clean_text(line[-300:]) for line in lines[-_MOST:]]
    return tuple(dict.fromkeys(kept))
