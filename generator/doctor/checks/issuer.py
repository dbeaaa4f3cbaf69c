"""The certificate issuer is missing or not ready, or cert-manager does not run.

No certificate is issued or renewed without it.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, listed, sentence
from generator.doctor.look import Look
from generator.doctor.reading import condition, is_true, name, number, text

CODE = "D156"


def check(look: Look) -> Diagnoses:
    """One for each cluster."""
    told: set[str] = set()
    for place in look.places:
        cluster, ingress = place.cluster, place.cluster.ingress
        issuer = ingress.cluster_issuer if ingress is not None else None
        if cluster.name in told or not issuer or not place.side.objects:
            continue
        told.add(cluster.name)
        running = place.controllers("cert-manager")
        down = [name(one) for one in running if not number(one, "status.readyReplicas")]
        if down and not any(number(one, "status.readyReplicas") for one in running):
            yield place.in_cluster(
                CODE,
                ERROR,
                f"cert-manager {listed(down)} has no ready pod",
                "see why its pod does not start",
                about="cert-manager",
                commands=(f"{place.kubectl} get pods -A | grep cert-manager",),
            )
        if not place.is_known("clusterissuers"):
            continue
        issuers = place.wide.get("ClusterIssuer", {})
        live, at = issuers.get(issuer), (*cluster.at, "ingress", "clusterIssuer")
        show = (f"{place.kubectl} get clusterissuer",)
        if live is None:
            yield place.in_cluster(
                CODE,
                ERROR,
                f"there is no ClusterIssuer '{issuer}'",
                "install cert-manager and its issuer, or correct clusterIssuer in site.yaml",
                about="issuer",
                at=at,
                commands=show,
            )
        elif not is_true(live, "Ready"):
            said = sentence(text(condition(live, "Ready"), "message"))
            yield place.in_cluster(
                CODE,
                WARNING if not said else ERROR,
                f"ClusterIssuer '{issuer}' is not ready: "
                f"{said or 'cert-manager has not looked at it'}",
                "see its account and its server",
                about="issuer",
                at=at,
                commands=(f"{show[0]} {issuer} -o yaml",),
                follows=("cert-manager",),
            )
