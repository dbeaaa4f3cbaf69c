"""An object of a further chart is too big for the way in which Argo CD applies it.

`kubectl apply` keeps a copy of the object in an annotation, and Kubernetes allows 262144 bytes for
all annotations of an object together. Definitions of custom kinds are often longer: the sync fails
with `metadata.annotations: Too long`. Applied on the server's side, an object needs no copy. What a
ConfigMap or a Secret holds may have 1048576 bytes, and no object more than etcd takes at once,
1572864 as it comes: no way of applying makes a larger one fit.

See https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#server-side-apply
"""

import json

from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored
from generator.proof.checks.platform import further
from generator.proof.rendering import Rendering, Resource, identity, listed, part

finding = errors("M944")

# TotalAnnotationSizeLimitB of Kubernetes' apimachinery (pkg/api/validation/objectmeta.go).
_MOST = 262144
# MaxSecretSize (pkg/apis/core/types.go), and etcd's --max-request-bytes.
_MOST_DATA, _MOST_OBJECT = 1048576, 1572864
_OPTIONS = "argocd.argoproj.io/sync-options"
_WITHOUT = ("ServerSideApply=true", "Replace=true")

# Go writes `<` as six bytes.
_ESCAPED = 5


def check(rendering: Rendering) -> Findings:
    """One finding for the objects of each further chart that are too big."""
    for release in rendering.releases:
        app = further(release)
        policy = listed(release.application, "spec", "syncPolicy", "syncOptions")
        if app is None or release.chart is None:
            continue
        huge = [str(identity(one, "")) for one in release.objects if _is_huge(one)]
        if huge:
            text = f"{release.app}: Kubernetes takes no object as big as {', '.join(huge)}"
            help = "make it smaller by the values, or leave it out"
            yield anchored(finding, release.environment, app.at("values"), text, help)
        if huge or _is_without(policy):
            continue
        sizes = {str(identity(one, "")): _size(one) for one in release.objects}
        big = {who: number for who, number in sizes.items() if number > _MOST}
        if big:
            named = ", ".join(f"{who} ({number} bytes)" for who, number in big.items())
            text = f"{release.app}: too big to be applied: {named}; Kubernetes takes {_MOST}"
            help = "write  serverSideApply: true  under the app"
            yield anchored(finding, release.environment, app.at("serverSideApply"), text, help)


def _is_huge(resource: Resource) -> bool:
    """Whether an object is too big however it is applied."""
    if len(json.dumps(resource, ensure_ascii=False).encode()) > _MOST_OBJECT:
        return True
    if resource.get("kind") not in ("ConfigMap", "Secret"):
        return False
    is_secret = resource.get("kind") == "Secret"
    encoded = part(resource, "data" if is_secret else "binaryData")
    plain = part(resource, "stringData" if is_secret else "data")
    bytes_of = [len(str(text).encode()) for text in plain.values()]
    return sum(bytes_of) + sum(len(str(text)) * 3 // 4 for text in encoded.values()) > _MOST_DATA


def _size(resource: Resource) -> int:
    """The bytes of its annotations with the copy of itself; 0 where it is applied without one."""
    annotations = part(resource, "metadata", "annotations")
    if _is_without([one.strip() for one in str(annotations.get(_OPTIONS, "")).split(",")]):
        return 0
    copy = json.dumps(resource, separators=(",", ":"), ensure_ascii=False)
    others = "".join(f"{key}{text}" for key, text in annotations.items())
    return len((copy + others).encode()) + _ESCAPED * sum(map(copy.count, "<>&"))


def _is_without(options: list[str]) -> bool:
    return any(one in options for one in _WITHOUT)
