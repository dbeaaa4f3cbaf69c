"""Judges what the `extra/` folders hold as Argo CD's AppProject of the namespaces would. Pure."""

from collections.abc import Iterable, Iterator

from generator.build import extra
from generator.build.extra import Described, Unclear
from generator.build.projects import NotAllowed, namespaces_project, refusal
from generator.build.repository import Extras, extra_folder
from generator.build.tree import Resource
from generator.diagnostics import Diagnostic, Span
from generator.lint.rules.base import errors
from generator.site.model import Environment, Site

REFUSED = errors("M923")

_HELP = {
    "kind": "leave it out; if it is needed, an administrator of the cluster applies it by hand",
    "metadata": "leave it out: what is here goes into this environment's namespace and no other",
}
_DELETE = "delete it: an Application is what site.yaml says of it"
_WRITE_OUT = "write the objects themselves into files of this folder"


def findings(site: Site, extras: Extras, overrides: Iterable[str] = ()) -> Iterator[Diagnostic]:
    """A finding at each object that Argo CD would refuse, and at what can't be judged here.

    `overrides` are the paths of files that Argo CD merges into Applications.
    """
    for path in overrides:
        yield _finding(path, 1, "Argo CD would change what it applies by this file", _DELETE)
    for environment in site.environments:
        files = extras.get(environment.name, {})
        project = namespaces_project(site, site.clusters[environment.cluster])
        for one in extra.contents(files):
            judged = _judged(environment, project, one)
            if judged is not None:
                path, line, reason, help = judged
                place = f"{extra_folder(environment.name)}/{path}"
                yield _finding(place, line, f"{environment.name}: {reason}", help)


def _finding(path: str, line: int, message: str, help: str) -> Diagnostic:
    return Diagnostic(
        code=REFUSED.code,
        severity=REFUSED.severity,
        message=message,
        at=Span(file=path, line=line, column=1, end_line=line, end_column=1),
        help=help,
    )


def _judged(
    environment: Environment, project: Resource, one: Described | Unclear
) -> tuple[str, int, str, str] | None:
    """The file and line of what is refused, the reason and what to do."""
    if isinstance(one, Unclear):
        return one.path, one.line, one.reason, _WRITE_OUT
    refused = refusal(project, one.resource, environment.namespace, one.namespace)
    if one.resource.get("kind") == "Namespace" and refused is None:
        refused = NotAllowed(at=("metadata", "name"), reason="comes twice: hubops writes it itself")
    if refused is None:
        return None
    reason = f"{extra.spelled(one.resource)} {refused.reason}"
    return *one.place(*refused.at), reason, _HELP[refused.at[0]]
