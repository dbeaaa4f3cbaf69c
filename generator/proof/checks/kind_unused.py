"""`clusterKinds` of an app names a kind that its chart does not render.

The AppProject allows more than the chart needs: whoever changes the values could use it. Remove the
kind, unless another version or another value of the chart brings it. The apps of a cluster share an
AppProject: where another app renders the kind and does not name it, move it there.
"""

from collections.abc import Iterator

from generator.build.cluster_kinds import group_and_kind
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, infos
from generator.proof.checks.platform import further
from generator.proof.rendering import Rendered, Rendering
from generator.site.app import FurtherChart

finding = infos("M945")

# Of which apps of a cluster the chart renders a kind.
Makers = dict[tuple[str, tuple[str, str] | None], set[str]]


def check(rendering: Rendering) -> Findings:
    """One finding for each such kind, where all charts of the project were rendered."""
    apps = [*_apps(rendering)]
    unknown = {release.cluster.name for release, _ in apps if release.failure is not None}
    made, named = _made(apps), _named(apps)
    unused: dict[Pointer, set[str]] = {}
    used: set[Pointer] = set()
    for release, app in apps:
        cluster = release.cluster.name
        for kind in app.kinds:
            at, key = app.at_entry("clusterKinds", kind), (cluster, group_and_kind(kind))
            makers = made.get(key, set())
            if cluster in unknown or app.name in makers:
                used.add(at)
            unused.setdefault(at, set()).update(makers - named[key])
    texts = {
        app.at_entry("clusterKinds", kind): f"{app.name}: the chart renders no {kind}"
        for _, app in apps
        for kind in app.kinds
    }
    for at, others in unused.items():
        if at not in used:
            listed = ", ".join(f"'{name}'" for name in sorted(others))
            help = "remove it from clusterKinds, if no other value brings it"
            if others:
                help = f"move it to clusterKinds of {listed}, which renders it and does not name it"
            yield finding(at, texts[at], help)


def _apps(rendering: Rendering) -> Iterator[tuple[Rendered, FurtherChart]]:
    """What the charts of further apps render to."""
    for release in rendering.releases:
        app = further(release)
        if app is not None and release.chart is not None:
            yield release, app


def _made(apps: list[tuple[Rendered, FurtherChart]]) -> Makers:
    """Which apps of a cluster render a kind."""
    made: Makers = {}
    for release, app in apps:
        for one in release.objects:
            group = str(one.get("apiVersion")).rpartition("/")[0]
            key = release.cluster.name, (group, str(one.get("kind")))
            made.setdefault(key, set()).add(app.name)
    return made


def _named(apps: list[tuple[Rendered, FurtherChart]]) -> Makers:
    """Which apps of a cluster name a kind."""
    named: Makers = {}
    for release, app in apps:
        for kind in app.kinds:
            key = release.cluster.name, group_and_kind(kind)
            named.setdefault(key, set()).add(app.name)
    return named
