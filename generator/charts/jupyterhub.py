"""JupyterHub (zero-to-jupyterhub-k8s): the chart values of one release, with no secret in them.

Nothing the chart would invent anew on each render is left to it, but the proxy's token, which the
Application ignores: the hub would restart and everyone be logged out at every refresh.
"""

from collections.abc import Callable, Mapping
from typing import Any

from generator.charts import secret_wiring
from generator.charts.chart import Chart, Ciphertexts, Values, fingerprint, image_fields
from generator.merge import merge
from generator.names import CONTENT_ANNOTATION, HUB_SECRET, traefik_service
from generator.quantities import amount, number, spawner_memory
from generator.records import replace
from generator.site.model import Authentication, Bounds, Hub, Release, Settings
from generator.versions import Version, VersionRange

CHART = Chart(
    name="jupyterhub",
    repository="https://hub.jupyter.org/helm-chart/",
    supported=">=3.0.3",
)

# JupyterHub 5 and oauthenticator 17 come with chart 4.
_OAUTHENTICATOR_17 = VersionRange.parse(">=4.0.0-0")
_SCOPED_GATEWAY = VersionRange.parse(">=2026.3.0")

KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
TLS_SECRET = "hub-tls"

_LOGIN = "jupyterhub authentication"
ORIGINS: Mapping[str, str] = {
    "hub config JupyterHub authenticator_class": f"{_LOGIN} provider",
    "hub config Authenticator admin_users": f"{_LOGIN} admins >",
    "hub config Authenticator allowed_users": f"{_LOGIN} allow users >",
    "hub config * authorize_url": f"{_LOGIN} authorizeUrl",
    "hub config * token_url": f"{_LOGIN} tokenUrl",
    "hub config * userdata_url": f"{_LOGIN} userdataUrl",
    "hub config * scope": f"{_LOGIN} scopes >",
    "hub config * username_claim": f"{_LOGIN} usernameClaim",
    "hub config * login_service": f"{_LOGIN} loginService",
    "hub config * allow_all": f"{_LOGIN} allow everyone",
    "hub config * allowed_groups": f"{_LOGIN} allow groups >",
    "hub config * allowed_organizations": f"{_LOGIN} organizations >",
    "hub config * claim_groups_key": f"{_LOGIN} allow groupsClaim",
    "hub config * auth_state_groups_key": f"{_LOGIN} allow groupsClaim",
    "hub config * manage_groups": f"{_LOGIN} allow groupsClaim",
    "hub config * oauth_callback_url": "@environment host",
    "hub extraEnv": f"{_LOGIN} provider",
    "hub db pvc storage": "jupyterhub database storage",
    "hub db pvc storageClassName": "@cluster storageClass",
    "hub services dask-gateway": "daskGateway",
    "hub services dask-gateway url": "@environment namespace",
    "hub networkPolicy": "daskGateway",
    "hub loadRoles": "charts dask-gateway version",
    "proxy chp networkPolicy": "daskGateway",
    "singleuser image": "jupyterhub servers profiles",
    "singleuser cpu": "jupyterhub servers cpu >",
    "singleuser memory": "jupyterhub servers memory >",
    "singleuser extraResource guarantees": "jupyterhub servers ephemeralStorage guarantee",
    "singleuser extraResource limits": "jupyterhub servers ephemeralStorage limit",
    "singleuser storage capacity": "jupyterhub home capacity",
    "singleuser storage dynamic storageClass": "@cluster storageClass",
    "singleuser profileList": "jupyterhub servers profiles >",
    "singleuser profileList # display_name": "jupyterhub servers profiles # name",
    "singleuser profileList # kubespawner_override image": "jupyterhub servers profiles # image",
    "singleuser extraEnv": "daskGateway",
    "singleuser extraEnv DASK_GATEWAY__PROXY_ADDRESS": "@environment namespace",
    "singleuser networkPolicy": "daskGateway",
    "ingress hosts": "@environment host",
    "ingress tls": "@environment host",
    "ingress tls # secretName": "@cluster ingress clusterIssuer",
    "ingress ingressClassName": "@cluster ingress className",
    "ingress annotations kubernetes.io/ingress.class": "@cluster ingress className",
    "ingress annotations cert-manager.io/cluster-issuer": "@cluster ingress clusterIssuer",
}


def shared_values(settings: Settings) -> Values:
    """The values that follow from settings alone, equal in all clusters."""
    hub, pin = settings.hub, settings.charts.get("jupyterhub")
    if hub is None or hub.authentication is None or pin is None or pin.version is None:
        return {}
    values: Values = {
        "hub": _hub(settings, hub, hub.authentication, pin.version),
        "proxy": _proxy(settings),
        "singleuser": _singleuser(settings, hub),
        "scheduling": {"userScheduler": {"enabled": False}},
        # As a PreSync hook it would run before every sync.
        "prePuller": {"hook": {"enabled": False}},
        "ingress": {"enabled": True},
    }
    return dict(merge(values, secret_wiring.values(settings.secrets)))


def placed_values(release: Release) -> Values:
    """The values that only an environment or its cluster knows."""
    environment, cluster, settings = release.environment, release.cluster, release.settings
    hub, servers = _callback(settings, environment.host), {}
    hub["db"] = {"pvc": {"storageClassName": cluster.storage_class}}
    if settings.dask is not None:
        traefik = f"{traefik_service(settings.dask.release_name)}.{environment.namespace}"
        hub["services"] = {"dask-gateway": {"url": f"http://{traefik}"}}
        servers["extraEnv"] = {"DASK_GATEWAY__PROXY_ADDRESS": f"gateway://{traefik}:80"}
    return {
        "hub": hub,
        "singleuser": {**servers, "storage": {"dynamic": {"storageClass": cluster.storage_class}}},
        "ingress": _ingress(release),
    }


def raw_values(settings: Settings) -> Mapping[str, Any]:
    """What site.yaml writes under `jupyterhub.values`."""
    return settings.hub.values if settings.hub is not None else {}


def restart_values(release: Release, values: Values, encrypted: Ciphertexts) -> Values:
    """One hash over values and ciphertexts: a change of either restarts the hub, once.

    The chart's own `checksum/secret` is random and therefore ignored, and a changed Secret restarts
    nothing. `hub.annotations` lands in the hub's pod template (templates/hub/deployment.yaml).
    """
    digest = fingerprint({"values": values, "sealed": encrypted})
    return {"hub": {"annotations": {CONTENT_ANNOTATION: digest}}}


def own_variables(settings: Settings) -> Mapping[str, frozenset[str]]:
    """The environment variables that hubops sets by itself, in the hub and in users' servers."""
    alone = replace(settings, secrets=())
    values = shared_values(alone)
    return {
        where: frozenset(values.get(section, {}).get("extraEnv", {}))
        for where, section in (("hub", "hub"), ("servers", "singleuser"))
    }


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """The keys of the Secret `hub-secrets` that this hub reads."""
    login = settings.login
    oauth = ("oauth.client_id", "oauth.client_secret") if login and login.uses_oauth else ()
    token = ("hub.services.dask-gateway.apiToken",) if settings.dask is not None else ()
    return (
        *oauth,
        "hub.config.JupyterHub.cookie_secret",
        "hub.config.CryptKeeper.keys",
        *token,
    )


def _hub(settings: Settings, hub: Hub, login: Authentication, version: Version) -> Values:
    values: Values = {
        "existingSecret": HUB_SECRET,
        "config": {
            # These three stop the chart from inventing secrets on each render, and fail closed
            # where the Secret lacks the real ones: no hex, no 32 bytes, shorter than 8 characters.
            "JupyterHub": {
                "authenticator_class": login.provider,
                "cookie_secret": "see-existingSecret",
            },
            "CryptKeeper": {"keys": ["see-existingSecret"]},
            **_LOGINS[login.provider](login, version),
        },
        "db": {
            "type": "sqlite-pvc",
            "pvc": {
                "accessModes": ["ReadWriteOnce"],
                "storage": hub.database_storage,
                "annotations": dict(KEPT),
            },
        },
    }
    if login.uses_oauth:
        values["extraEnv"] = {
            "OAUTH_CLIENT_ID": _secret_env("oauth.client_id"),
            "OAUTH_CLIENT_SECRET": _secret_env("oauth.client_secret"),
        }
    if settings.dask is not None:
        values["services"] = {"dask-gateway": {"display": False, "apiToken": "unset"}}
        values["networkPolicy"] = {"egress": [_TO_TRAEFIK]}
        values.update(_gateway_roles(settings))
    return values


def _secret_env(key: str) -> Values:
    return {"valueFrom": {"secretKeyRef": {"name": HUB_SECRET, "key": key}}}


def _people(login: Authentication) -> Values:
    """Who may log in and who administers, the same for every provider."""
    people: Values = {}
    if login.admins:
        people["admin_users"] = list(login.admins)
    if login.allow.users:
        people["allowed_users"] = list(login.allow.users)
    return {"Authenticator": people} if people else {}


def _generic_oauth(login: Authentication, version: Version) -> Values:
    oauth: Values = {
        "authorize_url": login.authorize_url,
        "token_url": login.token_url,
        "userdata_url": login.userdata_url,
        "scope": list(login.scopes),
        "username_claim": login.username_claim,
    }
    if login.login_service is not None:
        oauth["login_service"] = login.login_service
    if login.allow.everyone:
        oauth["allow_all"] = True
    if login.allow.groups:
        oauth["allowed_groups"] = list(login.allow.groups)
    if login.allow.groups_claim is not None:
        oauth.update(_groups_claim(login.allow.groups_claim, version))
    return {**_people(login), "GenericOAuthenticator": oauth}


def _groups_claim(claim: str, version: Version) -> Values:
    """Where the groups come from. oauthenticator 16 ignores 17's keys, and 17 fails on 16's."""
    if version in _OAUTHENTICATOR_17:
        return {"manage_groups": True, "auth_state_groups_key": f"oauth_user.{claim}"}
    return {"claim_groups_key": claim}


def _github(login: Authentication, version: Version) -> Values:
    scopes = login.scopes or (("read:org",) if login.organizations else ())
    github: Values = {}
    if login.organizations:
        github["allowed_organizations"] = list(login.organizations)
    if scopes:
        github["scope"] = list(scopes)
    if login.allow.everyone:
        github["allow_all"] = True
    return {**_people(login), "GitHubOAuthenticator": github}


def _dummy(login: Authentication, version: Version) -> Values:
    """Any password logs in, for the users allowed.

    JupyterHub 4 knows no `allow_all`: without a list everyone is allowed, with one nobody else.
    JupyterHub 5 allows everyone unless it is told not to. Neither lets an unlisted admin in.
    """
    everyone = login.allow.everyone
    users = () if everyone else tuple(dict.fromkeys((*login.allow.users, *login.admins)))
    people = _people(replace(login, allow=replace(login.allow, users=users)))
    if version in _OAUTHENTICATOR_17:
        return {**people, "DummyAuthenticator": {"allow_all": everyone}}
    return people


_LOGINS: dict[str, Callable[[Authentication, Version], Values]] = {
    "generic-oauth": _generic_oauth,
    "github": _github,
    "dummy": _dummy,
}
_CALLBACK_SECTIONS = {"generic-oauth": "GenericOAuthenticator", "github": "GitHubOAuthenticator"}


def callback_url(host: str) -> str:
    """The redirect URI to register with the provider."""
    return f"https://{host}/hub/oauth_callback"


def _callback(settings: Settings, host: str) -> Values:
    login = settings.login
    section = _CALLBACK_SECTIONS.get(login.provider) if login is not None else None
    return {"config": {section: {"oauth_callback_url": callback_url(host)}}} if section else {}


_DASK = "dask-gateway"
# The pod's own port: policies see pods, not Services.
_TO_TRAEFIK: Values = {
    "to": [
        {
            "podSelector": {
                "matchLabels": {
                    "app.kubernetes.io/name": _DASK,
                    "app.kubernetes.io/component": "traefik",
                }
            }
        }
    ],
    "ports": [{"protocol": "TCP", "port": 8000}],
}


def _gateway_roles(settings: Settings) -> Values:
    """The scope that Dask Gateway 2026.3.0 asks for. A role REPLACES the default of its name.

    So the default scopes are repeated (JupyterHub docs, rbac/roles, default roles).
    """
    pin = settings.charts.get(_DASK)
    if pin is None or pin.version is None or pin.version not in _SCOPED_GATEWAY:
        return {}
    access = f"access:services!service={_DASK}"
    server = ["users:activity!user", "access:servers!server", access]
    return {"loadRoles": {"user": {"scopes": ["self", access]}, "server": {"scopes": server}}}


def _proxy(settings: Settings) -> Values:
    # The chart's default is a LoadBalancer: a public address without TLS.
    values: Values = {"service": {"type": "ClusterIP"}}
    if settings.dask is not None:
        values["chp"] = {"networkPolicy": {"egress": [_TO_TRAEFIK]}}
    return values


def _singleuser(settings: Settings, hub: Hub) -> Values:
    profile = hub.default_profile
    values: Values = {"image": image_fields(profile.image) if profile is not None else {}}
    if any("@sha256:" not in profile.image for profile in hub.profiles):
        values["image"]["pullPolicy"] = "Always"
    values.update(_resources(hub))
    values["storage"] = {
        "type": "dynamic",
        "capacity": hub.home_capacity,
        "dynamic": {"storageAccessModes": ["ReadWriteOnce"]},
    }
    values["profileList"] = [_profile_entry(hub, index) for index in range(len(hub.profiles))]
    if settings.dask is not None:
        values["extraEnv"] = {
            "DASK_GATEWAY__ADDRESS": "http://proxy-public/services/dask-gateway",
            "DASK_GATEWAY__PUBLIC_ADDRESS": "/services/dask-gateway/",
            "DASK_GATEWAY__AUTH__TYPE": "jupyterhub",
            # Doubled braces: KubeSpawner formats these values.
            "DASK_GATEWAY__CLUSTER__OPTIONS__IMAGE": "{{JUPYTER_IMAGE_SPEC}}",
        }
        values["networkPolicy"] = {"egress": [_TO_TRAEFIK]}
    # A privileged init container in every user's pod otherwise; the network policy does it too.
    values["cloudMetadata"] = {"blockWithIptables": False}
    return values


def _resources(hub: Hub) -> Values:
    """CPU as numbers, memory in KubeSpawner's spelling, ephemeral storage in Kubernetes'."""
    values: Values = {}
    if cpu := _bounds(hub.cpu, lambda quantity: number(amount(quantity))):
        values["cpu"] = cpu
    if memory := _bounds(hub.memory, lambda quantity: spawner_memory(str(quantity))):
        values["memory"] = memory
    storage = _bounds(hub.ephemeral_storage, str)
    if storage:
        plural = {"guarantee": "guarantees", "limit": "limits"}
        values["extraResource"] = {
            plural[bound]: {"ephemeral-storage": quantity} for bound, quantity in storage.items()
        }
    return values


def _bounds(bounds: Bounds, spell: Callable[[str | int | float], object]) -> Values:
    """The given ones of guarantee and limit, spelled for the chart."""
    given = {"guarantee": bounds.guarantee, "limit": bounds.limit}
    return {name: spell(quantity) for name, quantity in given.items() if quantity is not None}


def _profile_entry(hub: Hub, index: int) -> Values:
    profile = hub.profiles[index]
    entry: Values = {"display_name": profile.name}
    if profile.slug is not None:
        entry["slug"] = profile.slug
    if profile.description is not None:
        entry["description"] = profile.description
    if profile is hub.default_profile:
        entry["default"] = True
    return {**entry, "kubespawner_override": {"image": profile.image}}


def _ingress(release: Release) -> Values:
    """Field or annotation, never both: controllers and Kubernetes refuse the pair."""
    ingress, host = release.cluster.ingress, release.environment.host
    values: Values = {}
    annotations: Values = {}
    if ingress.as_annotation:
        annotations["kubernetes.io/ingress.class"] = ingress.class_name
    else:
        values["ingressClassName"] = ingress.class_name
    tls: Values = {"hosts": [host]}
    if ingress.cluster_issuer is not None:
        annotations["cert-manager.io/cluster-issuer"] = ingress.cluster_issuer
        tls["secretName"] = TLS_SECRET
    if annotations:
        values["annotations"] = annotations
    return {**values, "hosts": [host], "tls": [tls]}
