"""What a person does outside the repository: prepare a cluster, register an address. Pure."""

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any

from generator.charts import known, monitoring
from generator.charts.login_values import callback_url
from generator.lint.consequences import Act, before
from generator.lint.rules.base import claims
from generator.names import IN_CLUSTER, PATCH_ANNOTATION
from generator.site import providers
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Environment, Gateway, Ingress, Settings, Site

Check = tuple[str, str]

# By the part of the platform that a further chart is: what no one has to check, because Argo CD
# brings it.
_BROUGHT = {
    known.SEALED_SECRETS: ("sealed-secrets",),
    known.CERT_MANAGER: ("cert-manager",),
    known.STORAGE: ("storage class",),
    known.INGRESS: ("ingress controller", "ingress class"),
    known.PROMETHEUS: ("Prometheus operator", "Prometheus"),
}
_ISSUER = ("certificate issuer", "solver: ClusterIP")


def prerequisites(site: Site, cluster: Cluster) -> tuple[str, ...]:
    """Lines for a person: what a cluster needs before its bootstrap, and how to check each."""
    argocd, workload = _argocd_checks(site, cluster), _workload_checks(site, cluster)
    groups = {where_argocd_runs(cluster): argocd}
    groups.setdefault(f"with kubectl's context on {cluster.name}", []).extend(workload)
    width = max(len(what) for what, _ in argocd + workload)
    return tuple(
        line
        for where, checks in groups.items()
        for line in (
            f"{where}, check that these are there:",
            *(f"  {what:<{width}}  {command}" for what, command in checks),
        )
    )


def where_argocd_runs(cluster: Cluster) -> str:
    """The kubectl context that reaches the Argo CD of a cluster."""
    context = cluster.name
    if cluster.server != IN_CLUSTER:
        context = f"the cluster of {cluster.name}'s Argo CD"
    return f"with kubectl's context on {context}"


def fetch_command(site: Site, cluster: Cluster, path: str) -> tuple[str, ...]:
    """How to get the controller's public certificate into a file."""
    folder = f"  mkdir -p {quote(path.rpartition('/')[0] or '.')}"
    apps = (app for place in site.platform_of(cluster.name) for app in place.apps)
    app = next((one for one in apps if known.brings(one.pin.name) == known.SEALED_SECRETS), None)
    if app is None:
        return (
            folder,
            f"  kubeseal --fetch-cert > {quote(path)}",
            "(a controller that Helm installed: add --controller-name and --controller-namespace)",
        )
    return (
        folder,
        f"  kubeseal {_controller(app)}--fetch-cert > {quote(path)}",
        f"(app '{app.name}' brings the controller: on a new cluster, do this after the bootstrap)",
    )


def _controller(app: FurtherChart) -> str:
    """What tells kubeseal where an app's controller is.

    The name is that of the chart's Service (helm/sealed-secrets/templates/_helpers.tpl, fullname).
    """
    own = str(app.values.get("nameOverride") or app.pin.name)
    full = app.name if own in app.name else f"{app.name}-{own}"
    return controller_options(str(app.values.get("fullnameOverride") or full), app.namespace)


def controller_options(name: str, namespace: str) -> str:
    """What tells kubeseal where a controller is; nothing where it looks for it there."""
    options = {
        "--controller-name": (name, "sealed-secrets-controller"),
        "--controller-namespace": (namespace, "kube-system"),
    }
    return "".join(
        f"{option} {quote(text)} " for option, (text, usual) in options.items() if text != usual
    )


def bootstrap_commands(argocd_namespace: str, cluster: str) -> tuple[str, str]:
    """The two commands that an administrator runs against the Argo CD of a cluster."""
    folder = f"clusters/{cluster}/bootstrap"
    return (
        f"kubectl patch configmap argocd-cm -n {argocd_namespace} --type merge "
        f"--patch-file {folder}/argocd-cm.patch.yaml",
        f"kubectl apply -k {folder}",
    )


def bootstrap_check(argocd_namespace: str, patch: Mapping[str, Any]) -> str:
    """The command that prints the fingerprint of an argocd-cm patch where it was applied."""
    key = PATCH_ANNOTATION.replace(".", r"\.")
    path = f"{{.metadata.annotations.{key}}}"
    fingerprint = patch["metadata"]["annotations"][PATCH_ANNOTATION]
    return (
        f"kubectl get configmap argocd-cm -n {argocd_namespace} -o jsonpath={quote(path)} "
        f"| grep -x {fingerprint}"
    )


def login_service(environment: Environment) -> str:
    """What people call the login provider of an environment; empty where it uses no OAuth."""
    login = environment.settings.login
    if login is None or not login.uses_oauth:
        return ""
    return login.login_service or login.class_ or login.provider


def served_by(cluster: Cluster) -> str:
    """What a cluster's hosts point at."""
    return "ingress" if cluster.gateway is None else "gateway"


def address_act(environment: Environment, cluster: Cluster) -> Act:
    """What a new address of an environment needs."""
    point = f"point {environment.host} at the {served_by(cluster)}"
    service = login_service(environment)
    register = f"register {callback_url(environment)} with {service} and " if service else ""
    return before(f"{register}{point}")


def _argocd_checks(site: Site, cluster: Cluster) -> list[Check]:
    pods = f"kubectl get pods -n {site.argocd_namespace} -l app.kubernetes.io/part-of=argocd"
    checks = [(f"Argo CD {cluster.argocd}", pods)]
    if cluster.server != IN_CLUSTER:
        address = quote(cluster.registered_name or cluster.server or "")
        checks.append((f"{cluster.name} in Argo CD", f"argocd cluster get {address}"))
    return checks


def _workload_checks(site: Site, cluster: Cluster) -> list[Check]:
    checks = [
        ("sealed-secrets", "kubectl get deployments -A | grep sealed-secrets"),
        *(_ingress_checks(cluster.ingress) if cluster.ingress else ()),
        *(_gateway_checks(site, cluster, cluster.gateway) if cluster.gateway else ()),
        ("storage class", f"kubectl get storageclass {cluster.storage_class}"),
    ]
    environments = site.environments_of(cluster.name)
    for environment in environments:
        checks.append((f"DNS of {environment.name}", f"getent hosts {environment.host}"))
        checks.extend(_redirect_check(environment))
        checks.extend(_own_checks(environment, cluster))
    checks.extend(_monitoring_checks(site, cluster, [one.settings for one in environments]))
    apps = (app for place in site.platform_of(cluster.name) for app in place.apps)
    parts = {known.brings(app.pin.name) for app in apps} - {*cluster.provided}
    brought = {what for part in parts for what in _BROUGHT.get(part, ())}
    if cluster.ingress and cluster.ingress.cluster_issuer in {one.name for one in cluster.issuers}:
        brought.update(_ISSUER)
    return [check for check in checks if check[0] not in brought]


def _own_checks(environment: Environment, cluster: Cluster) -> Iterator[Check]:
    """What site.yaml says is in a namespace, or beside it, and hubops does not make."""
    at, get = environment.settings.at, f"kubectl -n {environment.namespace} get"
    server = at("jupyterhub.database.postgres")
    for claim, what in claims(environment.settings).items():
        yield f"{what} of {environment.name}", f"{get} pvc {claim}"
    ingress = cluster.ingress
    if ingress is not None and ingress.tls_secret and not ingress.cluster_issuer:
        yield f"certificate of {environment.name}", f"{get} secret {ingress.tls_secret}"
    if server:
        address = f"-h {server.get('host')} -p {server.get('port', 5432)}"
        yield f"database of {environment.name}", f"pg_isready {address}"


def _ingress_checks(ingress: Ingress) -> Iterator[Check]:
    yield (
        "ingress controller",
        f"kubectl get pods -A | grep -e ingress -e {ingress.class_name}",
    )
    yield "ingress class", f"kubectl get ingressclass {ingress.class_name}"
    issuer = ingress.cluster_issuer
    if issuer is not None:
        http01 = "{.spec.acme.solvers[*].http01.ingress.serviceType}"
        solver = f"kubectl get clusterissuer {issuer} -o jsonpath='{http01}'"
        yield "cert-manager", "kubectl get deployments -A | grep cert-manager"
        yield "certificate issuer", f"kubectl get clusterissuer {issuer}"
        yield "solver: ClusterIP", solver


def _gateway_checks(site: Site, cluster: Cluster, gateway: Gateway) -> Iterator[Check]:
    """The Gateway, its listener's hosts, and the namespaces that it admits routes from."""
    spaces = [one.namespace for one in site.environments_of(cluster.name)]
    for space in [gateway.namespace] if gateway.namespace else dict.fromkeys(spaces):
        get = f"kubectl -n {space} get gateway {gateway.name}"
        listeners = "{range .spec.listeners[*]}{.name} {.hostname} {.allowedRoutes}{end}"
        yield "Gateway", get
        yield "listeners: hosts, routes", f"{get} -o jsonpath='{listeners}'"


def _monitoring_checks(site: Site, cluster: Cluster, every: list[Settings]) -> Iterator[Check]:
    """The operator of the monitors and alerts, and the namespace that hubs let in."""
    if any(one.at(monitoring.MONITORS) or one.at(monitoring.ALERTS) for one in every):
        yield "Prometheus operator", "kubectl get crd servicemonitors.monitoring.coreos.com"
    if cluster.dashboards or any(map(monitoring.is_read, every)):
        namespace = monitoring.prometheus(site, cluster).namespace
        yield "Prometheus", f"kubectl -n {namespace} get pods"


def _redirect_check(environment: Environment) -> Iterator[Check]:
    """An OpenID Connect provider refuses (400) a redirect URI that its client did not register."""
    login = environment.settings.login
    if login is None or not login.uses_oauth:
        return
    what = f"redirect URI of {environment.name}"
    if login.authorize_url is None:
        page = providers.of(login.provider).page
        at = f": {page}" if page else f" at {login_service(environment)}"
        yield what, f"see the OAuth app's page{at}"
        return
    # Nothing else in a host and a path has to be quoted.
    address = callback_url(environment).replace(":", "%3A").replace("/", "%2F")
    query = f"client_id=CLIENT_ID&redirect_uri={address}&response_type=code&scope=openid"
    url = quote(f"{login.authorize_url}?{query}")
    yield what, f"curl -sfLo /dev/null {url} && echo registered"
