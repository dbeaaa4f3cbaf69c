"""The folders of a cluster beside its apps: ClusterIssuers, dashboards. One Application each."""

from collections.abc import Iterator, Mapping

from generator import names
from generator.build.tree import Resource
from generator.charts import monitoring
from generator.diagnostics import Pointer
from generator.records import record
from generator.site.model import Cluster, Site


@record
class ClusterFolder:
    """One folder: its name, its objects by file, where they go and when.

    `namespace` is empty for objects without one. `at` is where site.yaml says what is in it.
    """

    name: str
    documents: Mapping[str, Resource]
    namespace: str = ""
    wave: int
    at: Pointer


def folders(site: Site, cluster: Cluster) -> Iterator[ClusterFolder]:
    """Those that a cluster has."""
    if cluster.issuers:
        from generator.build import issuers  # most clusters have none

        yield ClusterFolder(
            name=names.ISSUERS,
            documents=issuers.documents(site, cluster),
            wave=issuers.wave(site, cluster),
            at=(*cluster.at, "issuers"),
        )
    if cluster.dashboards:
        from generator.build import dashboards

        yield ClusterFolder(
            name=names.DASHBOARDS,
            documents=dashboards.documents(site, cluster),
            namespace=monitoring.prometheus(site, cluster).namespace,
            wave=dashboards.wave(site, cluster),
            at=(*cluster.at, "dashboards"),
        )
