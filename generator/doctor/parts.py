"""The parts that a healthy environment runs, by chart, and what pods are to doctor."""

from collections.abc import Mapping

from generator.doctor.reading import Object, entries, part, text

# The Deployments by their component: templates of the charts.
PARTS: Mapping[str, tuple[str, ...]] = {
    "jupyterhub": ("hub", "proxy"),
    "dask-gateway": ("gateway", "controller", "traefik"),
}
_OF_USERS = ("singleuser-server", "dask-scheduler", "dask-worker")
# Without these no one can log in.
NEEDED = PARTS["jupyterhub"]


def about(component: str) -> str:
    """What kind of thing a component's pods are in a diagnosis."""
    if component in PARTS["dask-gateway"]:
        return "gateway pods"
    return "user pods" if component in _OF_USERS else "hub pods"


# Deployments outside the site's namespaces that doctor looks at, by a part of their image.
CONTROLLERS: Mapping[str, str] = {
    "sealed-secrets-controller": "sealed-secrets",
    "cert-manager-controller": "cert-manager",
    "ingress-nginx/controller": "ingress",
    "nginx-ingress": "ingress",
    "traefik": "ingress",
    "haproxy": "ingress",
}


def controller_kind(deployment: Object) -> str:
    """What a Deployment controls: `sealed-secrets`, `cert-manager`, `ingress`; else empty."""
    images = (
        text(one, "image") for one in entries(part(deployment, "spec.template.spec"), "containers")
    )
    kinds = (kind for image in images for known, kind in CONTROLLERS.items() if known in image)
    return next(kinds, "")
