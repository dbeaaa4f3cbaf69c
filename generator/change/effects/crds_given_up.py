"""An application no longer brings the CRDs of Dask Gateway.

With `installCRDs: false` the CRDs stay, and with them every running Dask cluster: Argo CD applies
the CRDs of a chart, and neither tracks nor deletes them. From then on they have the version of
another environment of the cluster that installs them. Without one, no Application updates them: an
administrator applies those of a newer chart before the upgrade.
"""

from generator.change.sides import EnvironmentSide, Step
from generator.lint.consequences import Consequences, Weight


def check(step: Step) -> Consequences:
    """One effect where the environment installed the CRDs and no longer does."""
    old, new = step.before.settings.dask, step.after.settings.dask
    moved = step.before.cluster.identity != step.after.cluster.identity
    if not (old and old.install_crds and new and not new.install_crds) or moved:
        return
    owner = _owner(step.after)
    later = f"{owner} installs them" if owner else "no Application updates them"
    advice = "" if owner else ": apply those of a newer chart before you upgrade to it"
    yield Weight.NOTE.of(
        "the CRDs of Dask Gateway and the running Dask clusters stay, and from now on "
        f"{later}{advice}"
    )


def _owner(side: EnvironmentSide) -> str | None:
    """The first environment of the cluster that installs the CRDs."""
    for environment in side.site.environments:
        cluster, dask = side.site.clusters[environment.cluster], environment.settings.dask
        if dask and dask.install_crds and cluster.identity == side.cluster.identity:
            return environment.name
    return None
