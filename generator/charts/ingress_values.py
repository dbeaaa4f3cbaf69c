"""How people reach the hub: values that an environment and its cluster decide."""

from generator.charts import ingress_controllers
from generator.site.model import Json, Release

TLS_SECRET = "hub-tls"


def class_field(release: Release) -> Json:
    """Field or annotation, never both: controllers and Kubernetes refuse the pair."""
    ingress = release.cluster.ingress
    return None if ingress is None or ingress.as_annotation else ingress.class_name


def class_annotation(release: Release) -> Json:
    """The ingress class as the old annotation."""
    ingress = release.cluster.ingress
    return ingress.class_name if ingress is not None and ingress.as_annotation else None


def issuer(release: Release) -> Json:
    """The issuer of the host's certificate, which cert-manager finds by an annotation."""
    return release.cluster.ingress.cluster_issuer if release.cluster.ingress else None


def ingress_annotations(release: Release) -> Json:
    """The annotations of the site's own, and those that its keys are in the controller's words."""
    ingress = release.cluster.ingress
    if ingress is None:
        return None
    return {**ingress.annotations, **ingress_controllers.written(ingress)} or None


def ingress_hosts(release: Release) -> Json:
    """The host, where an ingress serves it."""
    return [release.environment.host] if release.cluster.ingress else None


def tls(release: Release) -> Json:
    """The host's certificate; without an issuer or a Secret the ingress controller's own."""
    ingress = release.cluster.ingress
    if ingress is None:
        return None
    name = ingress.tls_secret or (TLS_SECRET if ingress.cluster_issuer is not None else None)
    secret = {} if name is None else {"secretName": name}
    return [{"hosts": [release.environment.host], **secret}]


def without_ingress(release: Release) -> Json:
    """False where the cluster has a Gateway in place of an ingress."""
    return False if has_route(release) else None


def has_route(release: Release) -> Json:
    """True where a Gateway serves the host."""
    return (release.cluster.gateway is not None and release.cluster.ingress is None) or None


def route_hosts(release: Release) -> Json:
    """The host, where a Gateway serves it."""
    return [release.environment.host] if has_route(release) else None


def route_gateway(release: Release) -> Json:
    """The Gateway, as the chart writes it into the route's `parentRefs`."""
    gateway = release.cluster.gateway
    if gateway is None or not has_route(release):
        return None
    names = {"namespace": gateway.namespace, "sectionName": gateway.section}
    return {"name": gateway.name, **{key: name for key, name in names.items() if name is not None}}
