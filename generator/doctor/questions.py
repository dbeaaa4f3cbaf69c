"""What `doctor` asks of a cluster: one line a question. Calls, rights and documents follow from it.

Every verb is get or list. A question about named objects asks for these alone.
"""

from enum import StrEnum

from generator.names import HUB_SECRET
from generator.records import record
from generator.site.model import Environment, Site


class Where(StrEnum):
    """Where objects are that a question is about."""

    ARGOCD = "Argo CD's namespace"
    NAMESPACE = "an environment's namespace"
    CLUSTER = "the whole cluster"


@record
class Inquiry:
    """Objects of one kind, as kubectl names it (`deployments.apps`), and what they tell.

    With `names`, only these objects.
    """

    kind: str
    where: Where
    why: str
    names: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The API group; empty for the core."""
        return self.kind.partition(".")[2]

    @property
    def resource(self) -> str:
        """The resource as RBAC names it."""
        return self.kind.partition(".")[0]

    @property
    def verbs(self) -> tuple[str, ...]:
        """What the user must be allowed to do."""
        if (self.names and self.kind != "secrets") or "/" in self.kind:
            return ("get",)
        return ("get", "list") if self.names else ("list",)


SETTINGS = ("argocd-cm", "argocd-cmd-params-cm")
GATEWAY_CRDS = ("daskclusters.gateway.dask.org",)
SEALED_CONTROLLER = "sealed-secrets-controller"


def _question(where: Where, line: str) -> Inquiry:
    kind, _, why = line.partition(": ")
    return Inquiry(kind=kind, where=where, why=why)


_ARGOCD = """\
applications.argoproj.io: what is synced and healthy, and why not
appprojects.argoproj.io: whether the projects are there
pods: whether Argo CD runs, and its version"""

_NAMESPACE = """\
pods: what runs, restarts and waits
deployments.apps: why pods are missing
persistentvolumeclaims: the database and the homes
resourcequotas: what is used up
events: what happened in the last hour
ingresses.networking.k8s.io: class and address
httproutes.gateway.networking.k8s.io: whether a gateway accepts the route
sealedsecrets.bitnami.com: what is decrypted, and why not
certificates.cert-manager.io: whether it is ready, and until when
challenges.acme.cert-manager.io: why a certificate waits
daskclusters.gateway.dask.org: idle clusters, clusters at their limit"""

_CLUSTER = """\
nodes: versions, readiness, pressure
storageclasses.storage.k8s.io: whether the class is there, and what it does with volumes
ingressclasses.networking.k8s.io: whether the class is there
csinodes.storage.k8s.io: how many volumes a node takes
volumeattachments.storage.k8s.io: how many volumes a node has
clusterissuers.cert-manager.io: whether the issuer is ready
deployments.apps: the controllers of Sealed Secrets, cert-manager and the ingress"""

QUESTIONS: tuple[Inquiry, ...] = (
    *(_question(Where.ARGOCD, line) for line in _ARGOCD.splitlines()),
    Inquiry(
        kind="configmaps",
        where=Where.ARGOCD,
        names=SETTINGS,
        why="health checks, tracking method, sync timeout",
    ),
    *(_question(Where.NAMESPACE, line) for line in _NAMESPACE.splitlines()),
    Inquiry(
        kind="secrets",
        where=Where.NAMESPACE,
        names=(HUB_SECRET,),
        why="the names of their keys, and their owner; kubectl leaves the values out",
    ),
    Inquiry(
        kind="pods/log",
        where=Where.NAMESPACE,
        why="with --logs: known messages of the hub, the gateway and users' servers",
    ),
    *(_question(Where.CLUSTER, line) for line in _CLUSTER.splitlines()),
    Inquiry(kind="namespaces", where=Where.CLUSTER, names=("*",), why="whether it is there"),
    Inquiry(
        kind="customresourcedefinitions.apiextensions.k8s.io",
        where=Where.CLUSTER,
        names=GATEWAY_CRDS,
        why="Dask Gateway's kinds and their versions",
    ),
    Inquiry(
        kind="services/proxy",
        where=Where.CLUSTER,
        names=(f"http:{SEALED_CONTROLLER}:", f"http:{SEALED_CONTROLLER}:http", SEALED_CONTROLLER),
        why="the public certificate of the Sealed Secrets controller",
    ),
)


def lists(where: Where) -> tuple[Inquiry, ...]:
    """The questions that list every object of a kind."""
    return tuple(
        one for one in QUESTIONS if one.where is where and not one.names and "/" not in one.kind
    )


def secret_names(site: Site, environment: Environment) -> tuple[str, ...]:
    """The Secrets of an environment that doctor asks for."""
    further = (secret.name for app in environment.apps for secret in app.secrets)
    return (HUB_SECRET, *(secret.name for secret in environment.settings.secrets), *further)
