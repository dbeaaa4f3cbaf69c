"""How people reach a running hub: its ingress or its Gateway, and its path -> site.yaml."""

import re
from collections.abc import Mapping
from typing import Any

from generator.adopt.base import Ask, at
from generator.charts.ingress_controllers import CONTROLLERS, UNLIMITED, size, usual
from generator.charts.ingress_rows import CLUSTER_ISSUER, INGRESS_CLASS
from generator.charts.ingress_values import TLS_SECRET
from generator.charts.spellings import quantity
from generator.diagnostics import Pointer
from generator.names import is_label
from generator.site.model import Json

Values = Mapping[str, Json]

# Whose annotations begin in this way.
_PREFIXES = {
    "nginx.ingress.kubernetes.io/": "ingress-nginx",
    "nginx.org/": "f5-nginx",
    "haproxy-ingress.github.io/": "haproxy",
    "traefik.ingress.kubernetes.io/": "traefik",
}
_SIZE = r"([0-9]{1,12})([bkmg]?)"
_FACTORS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_NAME = r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"
_ANNOTATION = rf"({_NAME}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?"
_PATH = r"(/[A-Za-z0-9]([A-Za-z0-9._~-]*[A-Za-z0-9])?)+"


def path_of(values: Values) -> str:
    """The hub's path below its host; empty for the root, or where site.yaml can't say it."""
    found = at(values, "hub", "baseUrl")
    path = found.rstrip("/") if isinstance(found, str) else ""
    return path if re.fullmatch(_PATH, path) else ""


def is_routed(values: Values) -> bool:
    """Whether a Gateway serves the hub, and no ingress does."""
    has_route = at(values, "httpRoute", "enabled") is True
    return has_route and at(values, "ingress", "enabled") is not True


def gateway(values: Values, where: Pointer, ask: Ask) -> dict[str, Any]:
    """The cluster's `gateway`."""
    found = at(values, "httpRoute", "gateway", default={})
    named = {"name": "name", "namespace": "namespace", "section": "sectionName"}
    said = {key: at(found, name) for key, name in named.items()}
    if not (isinstance(said["name"], str) and is_label(said["name"])):
        ask("no value names the Gateway: write one that `kubectl get gateway -A` shows", where)
        said["name"] = "public"
    return {key: name for key, name in said.items() if isinstance(name, str) and name}


def ingress(values: Values, given: str | None, where: Pointer, ask: Ask) -> dict[str, Any]:
    """The cluster's `ingress`; `given` is the class that a flag names."""
    name = at(values, "ingress", "ingressClassName")
    name = name if isinstance(name, str) else None
    annotations = at(values, "ingress", "annotations")
    annotations = annotations if isinstance(annotations, Mapping) else {}
    annotation, issuer = annotations.get(INGRESS_CLASS), annotations.get(CLUSTER_ISSUER)
    if name and annotation:
        ask(
            "the ingress class is written twice, as a field and as an annotation, and "
            "Kubernetes refuses the pair in a new object; the field is taken",
            where,
        )
    if not (name or annotation or given):
        ask(
            "no value names an ingress class: write one that `kubectl get ingressclass` shows",
            where,
        )
    if at(values, "proxy", "https", "enabled") is True and not issuer:
        ask(
            "today the hub's own proxy holds the certificate; name the cert-manager issuer "
            "that makes one for the ingress: clusterIssuer: letsencrypt-prod",
            where,
        )
    found: dict[str, Any] = {"className": given or name or annotation or "nginx"}
    if isinstance(issuer, str) and issuer:
        found["clusterIssuer"] = issuer
    if annotation and not name:
        found["annotation"] = True
    own = TLS_SECRET if "clusterIssuer" in found else None
    if (secret := _tls_secret(values)) not in (None, own):
        found["tlsSecret"] = secret
    return {**found, **_annotated(found["className"], annotations)}


def _tls_secret(values: Values) -> str | None:
    """The one Secret that has the host's certificate; None for what hubops writes by itself."""
    listed = at(values, "ingress", "tls")
    entry = listed[0] if isinstance(listed, list) and len(listed) == 1 else {}
    name = at(entry, "secretName")
    return name if isinstance(name, str) and re.fullmatch(_NAME, name) else None


def _annotated(class_name: str, annotations: Mapping[str, Json]) -> dict[str, Any]:
    """What annotations say in the words of their controller, and the rest as they are."""
    texts = {
        name: text
        for name, text in annotations.items()
        if name not in (INGRESS_CLASS, CLUSTER_ISSUER)
        and isinstance(text, str)
        and re.fullmatch(_ANNOTATION, name)
    }
    controller = _controller(class_name, texts)
    keys: dict[str, Any] = {} if controller == usual(class_name) else {"controller": controller}
    for key, own in CONTROLLERS[controller].keys.items():
        sizes = {name: size_of(texts[name]) for name in own if name in texts}
        said = next(iter(sizes.values()), None)
        if said is not None and sizes.keys() == own.keys():
            keys[key] = said
            texts = {name: text for name, text in texts.items() if name not in own}
    own_names = {name for own in CONTROLLERS[controller].keys.values() for name in own}
    rest = {name: text for name, text in texts.items() if name not in own_names}
    return {**keys, **({"annotations": rest} if rest else {})}


def _controller(class_name: str, annotations: Mapping[str, str]) -> str:
    """The controller that the annotations are for, else the usual one of the class."""
    spoken = {
        controller
        for prefix, controller in _PREFIXES.items()
        if any(name.startswith(prefix) for name in annotations)
    }
    return next(iter(spoken)) if len(spoken) == 1 else usual(class_name)


def size_of(text: str) -> str | None:
    """A size in nginx' units as site.yaml spells it."""
    found = re.fullmatch(_SIZE, text.strip().lower())
    if found is None:
        return UNLIMITED if text == UNLIMITED else None
    whole = int(found[1]) * _FACTORS[found[2]]
    return quantity(whole) if whole else UNLIMITED


def respelled(text: Json) -> str | None:
    """A size as hubops writes it; None where it is none."""
    said = size_of(text) if isinstance(text, str) else None
    if said is None:
        return None
    return text if said == UNLIMITED else size(said)
