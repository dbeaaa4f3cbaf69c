"""Argo CD's mark on what an Application made, and how an Application of another name gets it. Pure.

Argo CD writes the Application's name on each object (tracking by annotation), and an Application of
another name refuses an object that carries it (`Shared resource found`), also when the old one is
gone. So the mark is removed in between. Nothing is pruned: each prunes only what carries its name.
"""

from collections.abc import Iterable, Iterator

from generator import names
from generator.lint.consequences import Act, Consequence, Weight, after
from generator.site.model import Environment, Site

_KEY = "argocd.argoproj.io/tracking-id"
_RENDERED = "rendered/"


def unmark(namespace: str, objects: str) -> str:
    """The command that removes the mark of objects in a namespace."""
    return f"kubectl annotate -n {namespace} {objects} {_KEY}-"


def unmarked(environment: Environment) -> Iterator[Act]:
    """How an environment's Applications get the objects that those of another name made."""
    purpose = (
        "remove the old Applications' mark from the objects, which the new ones refuse else "
        "(Shared resource found); ignore NotFound"
    )
    folder = f"-f {_RENDERED}{environment.name}/"
    yield after(purpose, f"hubops render --output {_RENDERED}", environment.cluster)
    yield after(purpose, unmark(environment.namespace, folder), environment.cluster)


def taken_over(site: Site, environment: Environment) -> Iterator[Act]:
    """The same after the merge, when the first of the Applications may have given up."""
    yield from unmarked(environment)
    first = names.application(site.name, "namespace", environment.name)
    again = "sync the first Application again, which may have given up meanwhile"
    yield after(again, f"argocd app sync {first}", environment.cluster)


def renamed(site: str, namespace: str, environments: Iterable[Environment]) -> Consequence:
    """What a person must do when a site gets another name, or its Argo CD another namespace.

    `environments` are those whose Applications get other names.
    """
    label = f"-n {namespace} -l {names.PART_OF_LABEL}={site}"
    purpose = (
        "delete the old Applications and projects where Argo CD runs, before you apply the "
        "bootstrap again (the pods keep running)"
    )
    return Weight.DATA.of(
        f"Argo CD still knows this site as {site} in namespace {namespace}: the old Applications "
        "and the new ones hold the same objects until you delete the old ones",
        after(purpose, f"kubectl delete application {label}"),
        after(purpose, f"kubectl delete appproject {label}"),
        *(act for environment in environments for act in unmarked(environment)),
    )
