"""The idle timeout is shorter than a minute.

A cluster counts as idle while no task runs, also while its user reads a result, or waits for the
first worker to be scheduled and its image to be pulled. With so little time Dask Gateway stops it
between two cells of a notebook, and what it held in memory is lost. Ten minutes to an hour suit
most users.

Bad:
    daskGateway:
      idleTimeout: 30s
Good:
    daskGateway:
      idleTimeout: 20m

See https://gateway.dask.org/api-server.html
"""

from generator.lint.rules.base import Environments, Findings, warnings
from generator.lint.rules.dask import of_gateways
from generator.quantities import seconds
from generator.site.model import DaskGateway, Settings

finding = warnings("L408")


def _found(settings: Settings, dask: DaskGateway, _: Environments) -> Findings:
    """A warning at each such `idleTimeout`."""
    timeout = dask.idle_timeout
    if timeout is not None and 0 < seconds(timeout) < 60:
        yield finding(
            settings.origin.at("daskGateway", "idleTimeout"),
            f"a {timeout} idle timeout can stop a cluster that is still in use",
            "write a minute or more; 20m is usual",
        )


check = of_gateways(_found)
