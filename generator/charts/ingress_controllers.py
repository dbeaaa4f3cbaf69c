"""How ingress controllers are told what site.yaml says of requests: each has its own annotations.

Sources: ingress-nginx's nginx-configuration/annotations.md, F5's "Advanced configuration with
Annotations", haproxy-ingress' configuration keys. HAProxy and Traefik limit no request by default,
and no annotation of theirs changes the room for headers.
"""

from collections.abc import Mapping

from generator.quantities import bytes_of
from generator.records import field, record
from generator.site.model import Ingress

# By annotation, its text around the size in nginx' own units.
Annotations = Mapping[str, str]

INGRESS_NGINX, OTHER = "ingress-nginx", "other"
UNLIMITED = "unlimited"


@record
class Controller:
    """The annotations for each key, empty where it has none; `unlimited` takes its limit away."""

    max_upload: Annotations = field(factory=dict)
    header_buffer: Annotations = field(factory=dict)
    unlimited: str = "0"

    @property
    def keys(self) -> Mapping[str, Annotations]:
        """The annotations by the key of site.yaml that they follow from."""
        return {"maxUpload": self.max_upload, "headerBuffer": self.header_buffer}


_SIZE = "{}"
CONTROLLERS: Mapping[str, Controller] = {
    INGRESS_NGINX: Controller(
        max_upload={"nginx.ingress.kubernetes.io/proxy-body-size": _SIZE},
        header_buffer={"nginx.ingress.kubernetes.io/proxy-buffer-size": _SIZE},
    ),
    # nginx refuses one buffer that is larger than all the others but one together.
    "f5-nginx": Controller(
        max_upload={"nginx.org/client-max-body-size": _SIZE},
        header_buffer={"nginx.org/proxy-buffer-size": _SIZE, "nginx.org/proxy-buffers": "8 {}"},
    ),
    "haproxy": Controller(
        max_upload={"haproxy-ingress.github.io/proxy-body-size": _SIZE}, unlimited=UNLIMITED
    ),
    "traefik": Controller(),
    OTHER: Controller(),
}
# The annotations of all of them.
SIZES = frozenset(
    name
    for controller in CONTROLLERS.values()
    for names in controller.keys.values()
    for name in names
)
# What a controller's own installation calls its class; MicroK8s calls ingress-nginx' `public`.
_USUAL = {
    "nginx": INGRESS_NGINX,
    "public": INGRESS_NGINX,
    "traefik": "traefik",
    "haproxy": "haproxy",
}


def usual(class_name: str) -> str:
    """The controller that has a class of this name, as far as the name tells."""
    return _USUAL.get(class_name, OTHER)


def controller(ingress: Ingress) -> str:
    """The controller of a cluster: what site.yaml says, or what its class is usually."""
    return ingress.controller or usual(ingress.class_name)


def size(quantity: str) -> str:
    """A size as nginx and haproxy-ingress take it: `k` and `m` are powers of 1024."""
    whole = bytes_of(quantity)
    for unit, factor in (("m", 2**20), ("k", 2**10)):
        if whole % factor == 0:
            return f"{whole // factor}{unit}"
    return str(whole)


def written(ingress: Ingress) -> dict[str, str]:
    """The annotations of the controller that follow from the cluster's keys, with their texts."""
    of = CONTROLLERS[controller(ingress)]
    pairs = ((of.max_upload, ingress.max_upload), (of.header_buffer, ingress.header_buffer))
    return {
        name: of.unlimited if quantity == UNLIMITED else text.format(size(quantity))
        for annotations, quantity in pairs
        if quantity is not None
        for name, text in annotations.items()
    }
