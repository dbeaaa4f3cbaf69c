"""The idle timeout is shorter than a minute.

A cluster counts as idle while no task runs, also while its user reads a result, or waits for the
first worker to be scheduled and its image to be pulled. With so little time it is stopped between
two cells of a notebook, and what it held in memory is gone. Ten minutes to an hour suit people.

Bad:

    daskGateway:
      idleTimeout: 30s

Good:

    daskGateway:
      idleTimeout: 20m

See https://gateway.dask.org/api-server.html
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import warning
from generator.quantities import seconds
from generator.site.model import Site

CODE = "L408"
SEVERITY = Severity.WARNING

_LEAST = 60


def check(site: Site) -> Iterator[Finding]:
    """A warning at each such `idleTimeout`."""
    for settings, _ in site.variants():
        timeout = settings.dask.idle_timeout if settings.dask is not None else None
        if timeout is not None and 0 < seconds(timeout) < _LEAST:
            yield warning(
                code=CODE,
                at=settings.origin.at("daskGateway", "idleTimeout"),
                message=f"an idle timeout of {timeout} stops a cluster while its user thinks",
                help="write a minute or more; 20m is usual",
            )
