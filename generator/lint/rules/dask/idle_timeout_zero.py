"""The idle timeout is zero.

Zero means that Dask Gateway never stops an idle cluster: it holds its cores and memory until
someone notices. Write how long a cluster may be idle; leave the key out to keep idle clusters on
purpose.

Bad:
    daskGateway:
      idleTimeout: 0s
Good:
    daskGateway:
      idleTimeout: 20m

See https://gateway.dask.org/api-server.html
"""

from generator.lint.rules.base import Environments, Findings, errors
from generator.lint.rules.dask import of_gateways
from generator.quantities import seconds
from generator.site.model import DaskGateway, Settings

finding = errors("L404")


def _found(settings: Settings, dask: DaskGateway, _: Environments) -> Findings:
    """A finding at each `idleTimeout` of no length."""
    timeout = dask.idle_timeout
    if timeout is not None and seconds(timeout) <= 0:
        yield finding(
            settings.origin.at("daskGateway", "idleTimeout"),
            f"a {timeout} idle timeout never stops an idle cluster",
            "write for example  20m;  to keep idle clusters on purpose, remove the line",
        )


check = of_gateways(_found)
