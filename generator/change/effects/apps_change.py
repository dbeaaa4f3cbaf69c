"""A further chart comes, changes or goes.

Argo CD syncs it after the merge: the apps of a cluster before its environments. A new version or
other values restart what the chart lets restart, and an ingress controller that restarts cuts open
connections: read the release notes first. Without the definitions of its kinds a chart takes every
object of them along. Of the charts that hubops knows (`hubops apps`) it says
what a restart means and what survives a deletion. What is removed runs on until a person deletes
it, for others may need it.

The name of an app is its Helm release, and its namespace is where that is. With another name it is
another app, which can't be synced while the old one holds the same objects. In another namespace or
cluster Argo CD makes everything again. With another chart it deletes all that the old one made.
With `diff --rendered` it says which definitions and claims the chart no longer makes.
A field that is no longer compared keeps what is in the cluster, whatever the chart says.
"""

from collections.abc import Iterator, Sequence

from generator import names
from generator.change import further
from generator.change.further import Apps, Further
from generator.change.lost_app import lost_app, lost_applications
from generator.change.sides import ClusterStep, Step
from generator.charts.known.chart import KnownChart
from generator.lint.consequences import Act, Consequence, Consequences, Weight, after, before
from generator.records import replace
from generator.versions import Version


def check(step: Step | ClusterStep) -> Consequences:
    """What each further chart that differs does, and what must be sealed for it."""
    if isinstance(step, Step):
        was, now = map(further.of_environment, step.sides)
        yield from _effects(was, now, step.after.cluster.name)
        return
    was, now = further.of_cluster(step.before), further.of_cluster(step.after)
    yield from _effects(was, now, step.name)
    cluster = step.site.clusters.get(step.name)
    ingress = cluster.ingress if cluster is not None else None
    if ingress is not None:
        yield from _class(was, now, ingress.class_name)
    project = step.after.get("project-platform.yaml", {"spec": {"destinations": []}})
    for app in [app for app in now if app in was]:
        yield from _moved(app, was[app], now[app], project["spec"]["destinations"], step.name)
        yield from _folder(app, was[app], now[app], step.name)


def losses(app: str, lost: Sequence[str]) -> Consequences:
    """What a chart that stays no longer makes, as far as more goes with it; `diff --rendered`."""
    if lost:
        yield Weight.DATA.of(
            f"{app}: with prune Argo CD deletes {', '.join(lost)}, and what is in them: the "
            "objects of a definition's kind, the data of a claim",
            before("keep them by the values, or check that nothing needs what is in them"),
        )


def _effects(was: Apps, now: Apps, cluster: str) -> Consequences:
    gone, new = (
        [app for app in one if app not in other] for one, other in ((was, now), (now, was))
    )
    renamed = {old: other for old in gone for other in new if was[old].chart == now[other].chart}
    for app in {**now, **was}:
        if app in renamed:
            yield _renamed(app, renamed[app], was[app], cluster)
        elif app in gone:
            yield _lost(app, was[app], cluster)
        elif app in new and app not in renamed.values():
            yield Weight.NEW.of(f"a new app {app}: chart {now[app].chart} {now[app].version}")
        elif app in was:
            yield from _of_both(app, was[app], now[app])
        asked = now[app].unsealed if app in now else ()
        unsealed = [key for key in asked if app not in was or key not in was[app].unsealed]
        if unsealed:
            number = f"{len(unsealed)} secret value{'s' if len(unsealed) > 1 else ''}"
            seal = before("seal the values", f"hubops seal {names.place(cluster, app)}")
            yield Weight.NOTE.of(f"{number} of {app} to seal: {', '.join(unsealed)}", seal)


def _lost(app: str, was: Further, cluster: str) -> Consequence:
    lost = lost_app(was.application, cluster, was.namespace, was.folder)
    stays = f"; after that these stay: {was.facts.survives}" if was.facts is not None else ""
    return replace(lost, sentence=f"{app} {lost.sentence}{stays}")


def _renamed(app: str, new: str, was: Further, cluster: str) -> Consequence:
    """Objects carry the name of the Application that has them (FailOnSharedResource)."""
    lost = lost_app(was.application, cluster, was.namespace, was.folder)
    return Weight.CUT.of(
        f"{app} becomes {new}, another release of chart {was.chart}: the old one runs on, and the "
        "new one fails with 'Shared resource found' where both make an object of the same name, "
        "such as a definition",
        before(f"keep the name {app}, unless you can do without it until the old one is deleted"),
        *lost.acts,
    )


def _of_both(app: str, was: Further, now: Further) -> Consequences:
    if was.chart != now.chart:
        yield Weight.DATA.of(
            f"{app}: chart {was.chart} -> {now.chart}: with prune Argo CD deletes all that "
            f"{was.chart} made, volume claims and definitions with every object of their kinds too",
            before(f"give {now.chart} an app of its own, and remove {app} when nothing needs it"),
        )
    elif was.source != now.source:
        yield from _definitions(app, was, now)
        yield _changed(app, was, now)
    left = [key for key in was.secrets if key not in now.secrets]
    if left and (now.folder or not was.folder):
        yield Weight.CUT.of(
            f"{app}: its Secrets lose {', '.join(left)}: pods that read them do not start again",
            before("check that its values no longer name them"),
        )
    hidden = [one for one in now.ignored if one not in was.ignored]
    if hidden:
        yield Weight.NOTE.of(
            f"{app}: Argo CD no longer compares {', '.join(hidden)}: these stay as they are in the "
            "cluster, whatever the chart says"
        )


def _changed(app: str, was: Further, now: Further) -> Consequence:
    """What another version does, or else other values, or another place of the same chart."""
    old, new, facts = was.version, now.version, now.facts
    weight = Weight.CUT if facts is not None and facts.cuts else Weight.RESTART
    if old != new:
        does = facts.restart if facts is not None else "its pods restart"
        back = "an older version, which may not read what the newer one wrote; "
        text = (
            f"{app}: chart {now.chart} {old} -> {new}; {back if _is_back(was, now) else ''}{does}"
        )
        return weight.of(text, *_first(facts, now, old))
    if was.values == now.values:
        return Weight.NOTE.of(f"{app}: chart {now.chart} {new} comes from {now.source['repoURL']}")
    does = f"where its pods read that, {facts.restart}" if facts is not None else ""
    text = does or "its pods restart where they read what changes"
    return weight.of(f"{app} changes{';' if does else ':'} {text}")


def _is_back(was: Further, now: Further) -> bool:
    try:
        return Version.parse(now.version) < Version.parse(was.version)
    except ValueError:  # not one exact version: lint says so
        return False


def _definitions(app: str, was: Further, now: Further) -> Consequences:
    """What goes with the definitions of custom kinds that a chart no longer brings.

    Argo CD takes `helm.sh/resource-policy: keep` for Delete=false, not for Prune=false.
    """
    facts = now.facts
    if facts is None or facts.installs_crds(now.values) or not facts.installs_crds(was.values):
        return
    yield Weight.DATA.of(
        f"{app}: with prune Argo CD deletes the definitions that the chart no longer brings, and "
        "with them every object of their kinds in the cluster",
        before(f"leave {'.'.join(facts.crds)} on, unless another app brings the definitions now"),
    )


def _first(facts: KnownChart | None, now: Further, old: str) -> Iterator[Act]:
    """What a person must do before another version."""
    new = now.version
    yield before(f"read the release notes of {now.chart} from {old} to {new}")
    if facts is not None and not facts.installs_crds(now.values):
        yield before(
            f"apply the definitions of {now.chart} {new} by hand: with these values the chart "
            "does not bring them, and no one else updates them"
        )


def _class(was: Apps, now: Apps, wanted: str) -> Consequences:
    """A controller that stays and no longer makes the class that the cluster's hubs name."""
    made = {one.ingress_class for one in now.values()}
    for app, one in was.items():
        if app in now and one.ingress_class == wanted and wanted not in made:
            yield Weight.CUT.of(
                f"{app} no longer makes ingress class '{wanted}', which the hubs of this cluster "
                "name: no one reaches them",
                before("keep the class, or change the cluster's ingress.className with it"),
            )


def _moved(
    app: str, was: Further, now: Further, allowed: list[dict[str, str]], cluster: str
) -> Consequences:
    """What another namespace, or another address of the cluster, does to what runs.

    Argo CD leaves alone what the AppProject no longer allows (controller/state.go,
    IsLiveResourcePermitted), and prunes the rest.
    """
    if was.destination == now.destination:
        return
    old, new = (one.destination["namespace"] for one in (was, now))
    if old == new:
        what = "its cluster has another address: if it is another cluster, what runs in the old one"
        yield Weight.CUT.of(f"{app}: {what} stays there, without updates, until you delete it")
        return
    text = f"{app} moves, namespace {old} -> {new}: Argo CD makes it again there"
    restart = f"; {now.facts.restart}" if now.facts is not None else ""
    if was.destination in allowed and now.is_pruned:
        yield Weight.DATA.of(
            f"{text}, and deletes what it made in {old}, volume claims too{restart}",
            before("copy what its volumes hold, or keep the namespace"),
        )
    else:
        delete = f"kubectl delete namespace {old}" if was.namespace else ""
        yield Weight.CUT.of(
            f"{text}; what it made in {old} runs on beside it, without updates, and without the "
            f"rights that the new one takes over{restart}",
            before("keep the namespace, unless it must change"),
            replace(after(f"delete what it left in {old}", delete), cluster=cluster),
        )


def _folder(app: str, was: Further, now: Further, cluster: str) -> Consequences:
    """What becomes of the namespace and the secrets that came with an app of a cluster."""
    if was.namespace == now.namespace and was.level != now.level:
        yield Weight.ACCESS.of(
            f"pod security of namespace {now.namespace}, of {app}: {was.level} -> {now.level}",
            before("check that this is intentional: pods that it refuses do not start again"),
        )
    if was.folder and not now.folder:
        secrets = dict.fromkeys(one.partition("/")[0] for one in was.secrets)
        left = ", ".join(filter(None, (was.namespace, *secrets)))
        yield Weight.NOTE.of(
            f"{app}: what brought {left} is removed; that stays, without updates",
            *lost_applications((was.folder,), cluster),
        )
