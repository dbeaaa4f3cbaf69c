"""A chart at one version; and a further chart, as a cluster or its environments run it."""

from collections.abc import Mapping
from typing import Any

from generator.diagnostics import Pointer
from generator.records import record
from generator.site.origin import overrides
from generator.site.sealed import SecretRef
from generator.versions import Version

Json = Any


@record
class ChartPin:
    """One chart at one version; `version` is None when its text is no exact version.

    `repository` is None where the chart's own is meant.
    """

    name: str
    text: str
    repository: str | None = None
    version: Version | None = None


@record
class FurtherChart:
    """A further chart as one cluster, or each environment in it, runs it; its release has its name.

    `cluster` is empty for what all clusters share; `namespace` where each environment has its own;
    `clusters` are those that run it, None where all do.
    `kinds` are those without a namespace that it makes, and `other_namespaces` what it writes into
    beside its own. `installs_crds` says whether Argo CD applies what is in its crds folder.
    `overrides` and `shared` are what the cluster and the site write under `apps`.
    """

    name: str
    cluster: str
    clusters: tuple[str, ...] | None
    is_of_cluster: bool
    pin: ChartPin
    namespace: str
    owns_namespace: bool
    labels: Mapping[str, str]
    values: Mapping[str, Json]
    wave: int
    kinds: tuple[str, ...]
    other_namespaces: tuple[str, ...]
    ignored: tuple[Mapping[str, Json], ...]
    server_side_apply: bool = False
    installs_crds: bool = True
    secrets: tuple[SecretRef, ...]
    overrides: Mapping[str, Json]
    shared: Mapping[str, Json]

    def runs_in(self, cluster: str) -> bool:
        """Whether a cluster runs it, as far as all clusters share."""
        return self.clusters is None or cluster in self.clusters

    def at(self, *path: str | int) -> Pointer:
        """Where site.yaml writes a part of it: the cluster's own part, or else the shared one."""
        whole = (self.name, *path)
        is_own = bool(self.cluster) and overrides(self.overrides, self.shared, whole)
        return (*(("clusters", self.cluster) if is_own else ()), "apps", *whole)

    def at_entry(self, key: str, entry: Json) -> Pointer:
        """Where site.yaml writes an entry of one of its lists, whatever was refused before it."""
        at = self.at(key)
        written = self.shared if at[0] == "apps" else self.overrides
        return (*at, written[self.name][key].index(entry))
