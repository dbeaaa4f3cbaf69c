"""The Helm that rendered is not the one that this Argo CD carries.

What is shown may then differ from what Argo CD applies. Between Helm 3 and 4 it does: Helm 4 drops
defaults that are null before a template sees them. `--helm`, HELM or `.tools/` name another.
"""

from generator.lint.rules.base import Findings, infos, warnings
from generator.proof.programs import bundled_helm
from generator.proof.rendering import Rendering

finding = warnings("M908")
_minor = infos(finding.code)


def check(rendering: Rendering) -> Findings:
    """One finding for each version of Argo CD; a warning where the Helm is another major one."""
    for cluster in rendering.site.clusters.values():
        used, own = rendering.helms.get(cluster.argocd), bundled_helm(cluster.argocd)
        if used is None or used.numbers[:2] == own.numbers[:2]:
            continue
        is_major = used.numbers[0] != own.numbers[0]
        differs = cluster.argocd != rendering.site.argocd
        yield (finding if is_major else _minor)(
            (("clusters", cluster.name) if differs else ()) + ("argocd", "version"),
            f"rendered with Helm {used}; Argo CD {cluster.argocd} carries Helm {own}",
            "choose another Helm with --helm, HELM or .tools/"
            if is_major
            else "only messages are known to differ between versions this near",
        )
