"""Dask Gateway's CRDs are missing, or of another version than the chart needs.

One environment of a cluster installs them (`installCRDs`); Argo CD neither tracks nor deletes them.
Without them the gateway's controller fails, and no cluster starts.
"""

from generator.build.repository import apps_in
from generator.doctor.checks.base import ERROR, Diagnoses
from generator.doctor.look import Look
from generator.doctor.questions import GATEWAY_CRDS
from generator.doctor.reading import entries, flag, text

CODE = "D170"
_VERSION = "v1alpha1"  # dask-gateway: resources/helm/dask-gateway/crds, 2022.6.1 to 2026.3.0


def check(look: Look) -> Diagnoses:
    """One for each cluster with Dask Gateway."""
    told: set[str] = set()
    for place in look.places:
        cluster = place.cluster.name
        if cluster in told or "dask-gateway" not in apps_in(place.environment):
            continue
        if not place.is_known("customresourcedefinitions") or not place.side.objects:
            continue
        told.add(cluster)
        for crd in GATEWAY_CRDS:
            live = place.wide.get("CustomResourceDefinition", {}).get(crd)
            served = [
                text(one, "name") for one in entries(live, "spec.versions") if flag(one, "served")
            ]
            if live is not None and _VERSION in served:
                continue
            what = (
                f"the CRD '{crd}' is missing"
                if live is None
                else (f"the CRD '{crd}' serves no version {_VERSION}")
            )
            owner = next(
                (
                    one.environment.name
                    for one in look.places
                    if one.cluster.name == cluster
                    and one.environment.settings.dask
                    and one.environment.settings.dask.install_crds
                ),
                "",
            )
            name = f"{look.site.name}-dask-gateway-{owner}"
            yield place.in_cluster(
                CODE,
                ERROR,
                what,
                "sync the environment that installs the CRDs",
                about="crds",
                follows=("dask-gateway waits", "jupyterhub", "namespace", "root", "cluster-root"),
                commands=(f"argocd app sync {name}",) if owner else (),
                at=place.settings_at("daskGateway"),
            )
