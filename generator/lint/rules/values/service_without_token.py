"""A service among the chart values has no token.

The chart makes a token for each service of `hub.services` that has none: another one at each
rendering. Argo CD renders at every refresh, finds a difference and syncs, and never stops. A token
in the values would be in Git for everyone to read. Write the service under `services`: its token
is sealed into `hub-secrets`, from where the hub reads it. What `services` has no key for can stay
under `values`, at the same name.

Bad:
    jupyterhub:
      values:
        hub: {services: {metrics: {url: "http://metrics.monitoring"}}}
Good:
    jupyterhub:
      services: {metrics: {url: "http://metrics.monitoring"}}
      values:
        hub: {services: {metrics: {oauth_no_confirm: true}}}

See https://z2jh.jupyter.org/en/stable/resources/reference.html#hub-services
"""

from collections.abc import Mapping

from generator.charts import jupyterhub
from generator.charts.hub_services import DASK_SERVICE, every_service
from generator.charts.rows import at
from generator.lint.rules.base import Findings, errors, every_settings
from generator.site.model import Site

finding = errors("C330")


def check(site: Site) -> Findings:
    """A finding at each such service."""
    for settings in every_settings(site):
        written = at(jupyterhub.CHART.raw_values(settings), ("hub", "services"))
        if not isinstance(written, Mapping):
            continue
        own = {DASK_SERVICE} if settings.dask is not None else set()
        own.update(every_service(settings))
        for name, said in written.items():
            if name not in own and isinstance(said, Mapping) and not said.get("apiToken"):
                yield finding(
                    settings.origin.at("jupyterhub", "values", "hub", "services", name),
                    f"service '{name}' has no token: the chart makes a random one at each "
                    "rendering, and Argo CD never stops syncing",
                    f"write it as 'jupyterhub.services.{name}', with its scopes, and seal its "
                    "token; keep here only what that has no key for",
                    on_key=True,
                )
