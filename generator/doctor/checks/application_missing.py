"""An Application of the site is not in Argo CD.

A root creates the Applications below it, in waves: an Application that is missing usually waits for
the one before. Where the cluster's root itself is missing, the bootstrap was not applied, or
somebody deleted the root; or it runs under the name that an earlier hubops gave it, and is moved.
"""

from generator import names
from generator.change import root_name
from generator.change.prerequisites import bootstrap_commands
from generator.doctor.checks.base import ERROR, Diagnoses, earlier
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import CLUSTER_ROOT, ROOT, App, Look
from generator.doctor.reading import label, text
from generator.doctor.sync_state import SyncTrouble, trouble

CODE = "D107"


def check(look: Look) -> Diagnoses:
    """One for each Application that is missing."""
    side = look.snapshot.argocd
    if side is None or any(one.kind.startswith("applications") for one in side.unasked):
        return
    for app in look.apps:
        if trouble(app) is SyncTrouble.MISSING:
            yield _missing(app, look)


def _missing(app: App, look: Look) -> Diagnosis:
    if app.role == CLUSTER_ROOT:
        commands: tuple[str, ...] = bootstrap_commands(look.site.argocd_namespace, app.cluster.name)
        named, help = "", "apply the bootstrap"
        if older := _older_root(app, look):
            acts = root_name.acts(look.site, app.cluster, older)
            commands = tuple(act.command for act in acts)
            named, help = f"; it runs under its older name, '{older}'", "move it, in this order"
        return app.found(
            CODE,
            ERROR,
            f"the cluster's root '{app.name}' is not in Argo CD{named}",
            help,
            about=CLUSTER_ROOT,
            follows=("argocd crds",),
            breaks=False,
            commands=tuple(one.replace("kubectl", look.means.argocd, 1) for one in commands),
        )
    above: tuple[str, ...] = (CLUSTER_ROOT,)
    if app.role != ROOT:
        above = (CLUSTER_ROOT, "project") if app.environment is None else (ROOT, *above, "project")
    is_merged = look.snapshot.is_merged
    help = f"sync '{app.root}', which creates it" if is_merged else "merge the change that adds it"
    return app.found(
        CODE,
        ERROR,
        f"Application '{app.name}' is not in Argo CD",
        help,
        follows=(*earlier(app), *above),
        commands=(f"argocd app sync {app.root}",) if is_merged else (),
        at=app.at if app.environment is None else app.environment.at,
    )


def _older_root(app: App, look: Look) -> str:
    """The Application that syncs the cluster's folder under another name; empty where none does."""
    for name, live in look.argocd.get("Application", {}).items():
        is_ours = label(live, names.PART_OF_LABEL) == look.site.name
        if is_ours and text(live, "spec.source.path") == app.path and name != app.name:
            return name
    return ""
