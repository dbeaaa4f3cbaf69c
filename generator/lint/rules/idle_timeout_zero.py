"""The idle timeout is zero.

Zero means that idle Dask clusters are never stopped: they hold their cores and memory until
somebody notices. Write how long a cluster may idle; leave the key out to keep them deliberately.

Bad:

    daskGateway:
      idleTimeout: 0s

Good:

    daskGateway:
      idleTimeout: 20m

See https://gateway.dask.org/api-server.html
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.quantities import seconds
from generator.site.model import Site

CODE = "L404"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each `idleTimeout` of no length."""
    for settings, _ in site.variants():
        timeout = settings.dask.idle_timeout if settings.dask is not None else None
        if timeout is not None and seconds(timeout) <= 0:
            yield error(
                code=CODE,
                at=settings.origin.at("daskGateway", "idleTimeout"),
                message=f"an idle timeout of {timeout} never stops an idle cluster",
                help="write for example  20m, or remove the line if that is meant",
            )
