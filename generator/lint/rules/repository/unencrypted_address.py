"""Argo CD reaches a repository or a cluster unencrypted.

Over http anyone on the way can read a Git or chart repository, and its password, and change what
comes from it: Argo CD applies that with the rights of an administrator. The same is true of the
Kubernetes API of a cluster. Write https, or ssh for Git. A Service inside the cluster
(`http://name.namespace.svc`) is accepted.

Bad:
    repository: {url: "http://git.example.org/coast-lab/gitops.git"}
Good:
    repository: {url: "https://git.example.org/coast-lab/gitops.git"}
"""

from generator.lint.rules.base import Findings, addresses, warnings
from generator.site.model import Site

finding = warnings("G806")

_INSIDE = (".svc", ".svc.cluster.local")


def check(site: Site) -> Findings:
    """A warning at each address of a Git or chart repository, or of a cluster, that is http."""
    for at, what, url in addresses(site):
        if url.startswith("http://") and not _host(url).endswith(_INSIDE):
            message = f"Argo CD talks to this {what} unencrypted: anyone on the way can change it"
            yield finding(at, message, "write  https://")


def _host(url: str) -> str:
    """The host of an http URL, without user and port."""
    authority = url.removeprefix("http://").partition("/")[0]
    return authority.rpartition("@")[2].partition(":")[0]
