"""An app of a cluster has an object of a custom kind that another app defines only later.

Argo CD syncs the lowest wave first and waits for it. An object whose CustomResourceDefinition comes
with a later wave can't be applied, so its app fails, and the later wave never begins. Give the app
that brings the definition the lower wave.
"""

from generator.lint.rules.base import Findings, errors, neighbours
from generator.proof.checks.base import anchored
from generator.proof.checks.kinds import defined_by
from generator.proof.checks.platform import further
from generator.proof.rendering import Rendered, Rendering, part

finding = errors("M947")


def check(rendering: Rendering) -> Findings:
    """One finding for each app and each later app that it needs a definition of."""
    for group in neighbours(rendering.site, rendering.site.places):
        names = {place.name for place in group if place.is_platform}
        releases = [
            one for one in rendering.releases if one.environment.name in names and one.chart
        ]
        definers = {kind: one for one in releases for kind, _ in defined_by(one)}
        for release in releases:
            late: dict[str, list[str]] = {}
            own = {kind for kind, _ in defined_by(release)}
            for resource in release.objects:
                api = str(resource.get("apiVersion")).rpartition("/")[0]
                known = (api, str(resource.get("kind")))
                definer = definers.get(known)
                if definer and known not in own and _wave(definer) > _wave(release):
                    late.setdefault(definer.app, []).append(known[1])
            for app, kinds in late.items():
                what = further(release)
                text = (
                    f"{release.app}: wave {_wave(release)} has {', '.join(dict.fromkeys(kinds))}, "
                    f"which '{app}' defines in a later wave"
                )
                at = what.at("wave") if what is not None else None
                help = f"give '{app}' a wave below that of '{release.app}'"
                yield anchored(finding, release.environment, at, text, help)


def _wave(release: Rendered) -> int:
    annotations = part(release.application, "metadata", "annotations")
    text = str(annotations.get("argocd.argoproj.io/sync-wave", ""))
    return int(text) if text.lstrip("-").isdecimal() else 0
