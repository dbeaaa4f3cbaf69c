"""A ClusterIssuer comes, changes or goes.

cert-manager asks an issuer for the certificate of each host, and again 30 days before it expires.
With another server or account the hosts keep their certificates until then. Without its issuer no
certificate is renewed, and browsers warn once it has expired. The key of the account stays in a
Secret in cert-manager's namespace.
"""

from generator import names
from generator.build.tree import Resource
from generator.change.lost_app import lost_app
from generator.change.sides import ClusterStep
from generator.lint.consequences import Consequence, Consequences, Weight, after
from generator.records import replace

_FILE, _FOLDER = f"{names.ISSUERS}.yaml", f"{names.ISSUERS}/"


def check(step: ClusterStep) -> Consequences:
    """One effect for each ClusterIssuer that differs, and one where none is left."""
    for path in step.objects if step.after else ():
        if not path.startswith(_FOLDER):
            continue
        was, now = step.before.get(path), step.after.get(path)
        if was is None and now is not None:
            text = f"a new ClusterIssuer {_name(now)}: certificates from {_server(now)}"
            yield Weight.NEW.of(text)
        elif was is not None and now is not None:
            yield _changed(was, now)
        elif was is not None and _FILE in step.after:
            yield _gone(step, was)
    root = step.before.get(_FILE)
    if root is not None and _FILE not in step.after:
        stay = "the ClusterIssuers stay, without updates, until you delete them"
        yield replace(lost_app(root["metadata"]["name"], step.name, ""), sentence=stay)


def _changed(was: Resource, now: Resource) -> Consequence:
    what = f"ClusterIssuer {_name(now)}"
    if _server(was) != _server(now):
        return Weight.NEXT_START.of(
            f"{what}: certificates come from {_server(now)} when they are renewed, not from "
            f"{_server(was)}{'; browsers do not trust them' if _is_test(now) else ''}",
            after("ask for new ones now, if they must not wait", "cmctl renew --all -A"),
        )
    return Weight.NEXT_START.of(f"{what} changes: it counts for the next certificate and renewal")


def _gone(step: ClusterStep, was: Resource) -> Consequence:
    """What the deletion means: Argo CD prunes an object of a folder that stays."""
    name, cluster = _name(was), step.site.clusters[step.name]
    ingress = cluster.ingress
    is_used = ingress is not None and ingress.cluster_issuer == name
    text = f"Argo CD deletes ClusterIssuer {name}"
    if not is_used:
        return Weight.NOTE.of(text)
    return Weight.CUT.of(
        f"{text}, which the hubs of this cluster name: their certificates are not renewed, and "
        "browsers warn once they have expired"
    )


def _name(issuer: Resource) -> str:
    return str(issuer["metadata"]["name"])


def _server(issuer: Resource) -> str:
    return str(issuer["spec"]["acme"]["server"])


def _is_test(issuer: Resource) -> bool:
    """Whether it is Let's Encrypt's server for trying things out."""
    return "://acme-staging-" in _server(issuer)
