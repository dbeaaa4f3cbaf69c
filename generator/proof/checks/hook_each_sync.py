"""A further chart has a hook with pods: Argo CD runs it at every sync.

Helm runs a `pre-install` hook once. Argo CD knows only syncs: it runs `pre-install` and
`pre-upgrade` before each of them, `post-install` and `post-upgrade` after each, and a hook that
fails makes the sync fail. So a Job that migrates a database, makes a certificate or sends a message
does so again and again. Look whether it may, or turn it off in the values.

With the policy `before-hook-creation`, which is Argo CD's own where a chart names none, the object
of the run before is deleted first. Where a chart names others only, such as `hook-succeeded`, a Job
that failed stays, and the next sync neither runs nor changes it: delete it by hand.

See https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks
"""

from collections.abc import Iterator

from generator.lint.rules.base import Findings, infos
from generator.proof.checks.base import anchored
from generator.proof.checks.platform import further
from generator.proof.checks.random_field import HOOKS
from generator.proof.rendering import Rendered, Rendering, Resource, identity, part

finding = infos("M943")

_HELM, _ARGO = HOOKS
# What Argo CD takes a hook of Helm for (gitops-engine pkg/sync/hook/helm/type.go).
_PHASES = {
    "pre-install": "PreSync",
    "pre-upgrade": "PreSync",
    "post-install": "PostSync",
    "post-upgrade": "PostSync",
}
_AT_SYNC = ("PreSync", "Sync", "PostSync")
_POLICIES = ("helm.sh/hook-delete-policy", "argocd.argoproj.io/hook-delete-policy")
_BEFORE = frozenset(("before-hook-creation", "BeforeHookCreation"))
# The others do nothing by themselves.
_RUNNING = frozenset(("Job", "Pod", "Workflow"))


def check(rendering: Rendering) -> Findings:
    """One finding for the hooks of each further chart that run at every sync."""
    for release in rendering.releases:
        app = further(release)
        hooks = [] if app is None or release.chart is None else list(_hooks(release))
        if hooks:
            named = ", ".join(f"{who} ({when})" for who, when, _ in hooks)
            text = f"{release.app}: at every sync Argo CD runs {named}"
            kept = [who for who, _, is_kept in hooks if is_kept]
            help = "see whether each may run again, or turn it off in the values"
            if kept:
                help += f"; delete {', '.join(kept)} by hand when it has failed"
            at = app.at("chart") if app is not None else None
            yield anchored(finding, release.environment, at, text, help)


def _hooks(release: Rendered) -> Iterator[tuple[str, str, bool]]:
    """Who runs, in which phases, and whether one that failed stays."""
    for resource in release.objects:
        phases = _phases(resource) if resource.get("kind") in _RUNNING else []
        if phases:
            policies = {word for key in _POLICIES for word in _words(resource, key)}
            is_kept = bool(policies) and not policies & _BEFORE
            yield str(identity(resource, "")), " and ".join(phases), is_kept


def _phases(resource: Resource) -> list[str]:
    """When Argo CD runs a hook at a sync: by Argo CD's own annotation, or else by Helm's."""
    own = [word for word in _words(resource, _ARGO) if word in _AT_SYNC]
    helm = [_PHASES[word] for word in _words(resource, _HELM) if word in _PHASES]
    return own if _words(resource, _ARGO) else list(dict.fromkeys(helm))


def _words(resource: Resource, annotation: str) -> list[str]:
    text = str(part(resource, "metadata", "annotations").get(annotation, ""))
    return [word for word in map(str.strip, text.split(",")) if word]
