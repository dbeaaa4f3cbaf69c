"""A cluster's root that another hubops gave another name: how a deployed one moves. Pure.

Argo CD reads the root from nowhere: an administrator applied it, and it goes on by its old name
until somebody moves it. What it syncs carries its name (annotation tracking), and a root with
another name refuses that as shared (`FailOnSharedResource`), also when the old root is gone. So the
mark is removed in between; nothing is pruned, for each root prunes only what carries its own name.
"""

import re
from collections.abc import Mapping

from generator import names
from generator.build import repository
from generator.build.repository import Inputs
from generator.change import tracking
from generator.change.prerequisites import bootstrap_commands
from generator.lint.consequences import Act, after
from generator.site.model import Cluster, Site

_NAME = r"(?m)^metadata:\n  name: ([a-z0-9.-]+)$"
_NO_FINALIZERS = """'{"metadata":{"finalizers":null}}'"""


def older_roots(site: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """The names of the site's roots in a tree that hubops wrote, by cluster, where they differ."""
    found: dict[str, str] = {}
    for path in files:
        if not (path.startswith("clusters/") and path.endswith("/bootstrap/root.yaml")):
            continue
        cluster = path.removeprefix("clusters/").removesuffix("/bootstrap/root.yaml")
        text = files[path].decode(errors="replace")
        is_ours = f"\n    {names.PART_OF_LABEL}: {site}\n" in text
        is_named = f"metadata:\n  name: {names.cluster_root(site, cluster)}\n" in text
        if is_ours and not is_named and (name := re.search(_NAME, text)):
            found[cluster] = name[1]
    return found


def acts(site: Site, cluster: Cluster, old: str) -> tuple[Act, ...]:
    """How an administrator moves a deployed root to its new name, in this order."""
    new = names.cluster_root(site.name, cluster.name)
    move = (
        f"move the root {old}, where it runs, to its new name {new}, in this order: nothing is "
        "pruned, and no pod restarts"
    )
    namespace = site.argocd_namespace
    kept = [
        f"{document['kind'].lower()}/{document['metadata']['name']}"
        for document in repository.cluster_entries(site, cluster, Inputs()).values()
    ]
    keep = f"kubectl patch application -n {namespace} {old} --type merge -p {_NO_FINALIZERS}"
    orphan = f"kubectl delete application -n {namespace} {old} --cascade=orphan"
    unmark = tracking.unmark(namespace, " ".join(kept))
    return (
        after(move, keep),
        after("delete the old root alone: what it synced stays", orphan),
        *(
            after("take its name off what it synced, and apply the bootstrap", command)
            for command in (unmark, *bootstrap_commands(namespace, cluster.name))
        ),
    )
