"""A Kubernetes, an Argo CD or an ingress controller gets no more fixes.

The projects fix the newest versions only: Kubernetes each minor version for 14 months, Argo CD its
three newest. ingress-nginx is archived since March 2026. What runs goes on running; a vulnerability
found from then on is not fixed. Plan the upgrade; docs/operations.md says how to move to another
ingress controller without a lost login.

This is an info, and never more: nothing fails because a day has passed. A distribution may support
a version longer; then write its last day:

    versions: {support: {kubernetes: {"1.30": {until: "2027-04-30"}}}}

`hubops lint --as-of 2026-01-01` judges by that day; `hubops bump --list` prints the table.

Bad:
    argocd: {version: "2.14"}
Good:
    argocd: {version: "3.5"}
    clusters:
      fedcloud: {kubernetes: "1.36", ingress: {className: traefik}}

See https://kubernetes.io/releases/patch-releases/
See https://argo-cd.readthedocs.io/en/stable/developer-guide/release-process-and-cadence/
See https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/
"""

from generator.charts.ingress_controllers import controller
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, Surroundings, infos
from generator.site.model import Cluster, Site
from generator.site.support import ARGOCD, INGRESS, KUBERNETES, Supported
from generator.versions import Version

finding = infos("C340")


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether the table knows all that holds on the day to judge by."""
    return around.day >= site.versions.support.of > ""


def check(site: Site, around: Surroundings) -> Findings:
    """A finding at each version that is no longer supported on the day to judge by."""
    for cluster in site.clusters.values():
        at = (*cluster.at, "kubernetes")
        yield from _version(site, around, KUBERNETES, "Kubernetes", cluster.kubernetes, at)
        yield from _version(site, around, ARGOCD, "Argo CD", cluster.argocd, cluster.argocd_at)
        yield from _ingress(site, around, cluster)


def _version(
    site: Site, around: Surroundings, kind: str, name: str, version: Version, at: Pointer
) -> Findings:
    support = site.versions.support
    row = support.find(kind, version) or support.first_after(kind, version)
    if row is not None and row.has_ended(around.day):
        newer = support.newer(kind, version, around.day)
        listed = ", ".join(f"{one.name}{_until(one)}" for one in newer)
        minor = ".".join(map(str, version.numbers[:2]))
        older = f"{name} {minor} is older than all that hubops knows, and "
        yield finding(
            at,
            f"{'' if minor == row.name else older}{name} {row.name} gets no more fixes since "
            f"{row.until}",
            f"upgrade to a version that does: {listed or 'see its releases'}"
            + (
                ""
                if kind == ARGOCD
                else "; where your distribution supports it longer, write its "
                f'last day:  versions: {{support: {{{kind}: {{"{minor}": {{until: "DAY"}}}}}}}}'
            ),
        )


def _until(one: Supported) -> str:
    return f" (until {one.until})" if one.until else ""


def _ingress(site: Site, around: Surroundings, cluster: Cluster) -> Findings:
    if cluster.ingress is None:
        return
    name = controller(cluster.ingress)
    row = site.versions.support.rows.get(INGRESS, {}).get(name)
    if row is not None and row.has_ended(around.day):
        yield finding(
            (*cluster.at, "ingress", "className"),
            f"{name} is archived since {row.until} and gets no more fixes",
            "plan the move to another controller or to the Gateway API: docs/operations.md; where "
            "the class is another controller's, say which:  controller: traefik",
        )
