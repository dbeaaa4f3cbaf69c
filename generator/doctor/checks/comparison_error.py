"""Argo CD can't compare an Application.

A chart version or a path that does not exist, a repository that can't be reached, a cluster that
Argo CD does not know, a project that does not allow it: Argo CD then syncs nothing. A chart that
needs a newer Kubernetes says so here too.
"""

import re

from generator.doctor.checks.base import ERROR, Diagnoses, sentence
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import App, Look
from generator.doctor.reading import condition, text
from generator.doctor.sync_state import INCOMPARABLE, SyncTrouble, trouble

CODE = "D108"
# What Argo CD says -> the cause in a sentence, and what to do.
_KNOWN = (
    (
        r"kubeVersion:? (\S+)",
        "the chart needs another Kubernetes ({0})",
        "upgrade the cluster, or pin an older chart",
    ),
    (
        r"chart \"?([\w-]+)\"? version \"?([\w.-]+)\"? not found|(?:invalid|improper) constraint"
        r"|unable to find|could not find.*(?:version|chart)|not found in repository"
        r"|No chart version found|no chart version found",
        "the chart repository has no such chart version",
        "correct the chart version in site.yaml, generate and merge",
    ),
    (
        r"[Uu]nable to resolve '([^']+)'|unable to resolve (\S+) to a commit"
        r"|couldn't find remote ref",
        "the repository has no such revision",
        "correct repository.revision, or push the branch",
    ),
    (
        r"app path does not exist|path does not exist",
        "the followed revision has no such folder",
        "commit what hubops generate writes, and merge it",
    ),
    (
        r"authentication required|[Rr]epository not found|could not read Username|access denied"
        r"|Permission denied",
        "Argo CD may not read the repository",
        "add the repository's credentials to Argo CD, or correct repository.url",
    ),
    (
        r"no such host|connection refused|i/o timeout|[Cc]ould not resolve host|failed to list refs"
        r"|dial tcp|context deadline exceeded",
        "Argo CD can't reach the repository",
        "see whether the address is right and reachable from the cluster",
    ),
    (
        r"there are no clusters with this name|cluster .* has not been configured"
        r"|unable to find destination server|error getting cluster",
        "Argo CD does not know the destination cluster",
        "add the cluster to Argo CD, or correct its name or server in site.yaml",
    ),
    (
        r"is not permitted in project|do not match any of the allowed",
        "the project does not allow the repository or the destination",
        "sync the cluster's root, which brings the projects up to date",
    ),
    (
        r"references project (\S+) which does not exist",
        "its project does not exist",
        "sync the cluster's root, which creates the projects",
    ),
    (
        r"out-of-bounds symlinks",
        "the repository holds a link that leads out of it",
        "remove the link from the repository",
    ),
)


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        if trouble(app) is SyncTrouble.INCOMPARABLE:
            yield _incomparable(app)


def _incomparable(app: App) -> Diagnosis:
    kind = next(kind for kind in INCOMPARABLE if condition(app.live, kind))
    message = text(condition(app.live, kind), "message")
    live = text(app.live, "spec.source.targetRevision")
    is_old = bool(app.chart) and live != app.revision
    for pattern, cause, cure in _KNOWN:
        match = re.search(pattern, message)
        if match:
            reason, help = cause.format(*(one or "" for one in match.groups())), cure
            break
    else:
        reason, help = sentence(message), "read the whole message"
    what = f"{app.chart} {live}" if app.chart else live
    follows = ("root", "cluster-root") if is_old else ()
    if "project" in reason:
        follows = (*follows, "project")
    return app.found(
        CODE,
        ERROR,
        f"Argo CD can't compare '{app.name}' ({what}): {reason}",
        help,
        follows=(*follows, "argocd"),
        commands=(f"argocd app get {app.name}",),
    )
