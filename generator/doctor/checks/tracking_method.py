"""Argo CD tracks by a label that Dask Gateway uses itself.

Below 3.0 Argo CD tracks by the label `app.kubernetes.io/instance` unless argocd-cm says
`application.resourceTrackingMethod: annotation`. Dask Gateway gives that label a meaning of its
own. From 3.0 on annotations are the default, and a `label` in argocd-cm brings the old way back.
"""

from generator.doctor.checks.base import ERROR, Diagnoses
from generator.doctor.look import Look
from generator.doctor.reading import part
from generator.versions import VersionRange

CODE = "D104"
_BY_ANNOTATION = VersionRange.parse(">=3.0")


def check(look: Look) -> Diagnoses:
    """One where the method in argocd-cm is the label."""
    live = look.argocd.get("ConfigMap", {}).get("argocd-cm")
    if live is None or not look.clusters:
        return
    method = part(live, "settings").get("application.resourceTrackingMethod", "")
    is_default = look.clusters[0].argocd in _BY_ANNOTATION
    if (method or ("annotation" if is_default else "label")) == "label":
        yield look.found(
            CODE,
            ERROR,
            "Argo CD tracks by label: it would rewrite a label that Dask Gateway uses itself",
            "set application.resourceTrackingMethod to annotation in argocd-cm, then restart its "
            "application controller",
            commands=(
                f"{look.means.argocd} patch configmap argocd-cm -n {look.site.argocd_namespace} "
                "--type merge -p "
                """'{"data":{"application.resourceTrackingMethod":"annotation"}}'""",
            ),
            at=look.clusters[0].at,
            about="argocd settings",
        )
