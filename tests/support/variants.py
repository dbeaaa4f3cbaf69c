"""Variants of ProtoCoast: other chart versions, other ways to log in, more of it or less."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from generator.build import repository
from generator.build.sealed_secrets import owner
from generator.merge import merge
from generator.site.model import Site
from tests.support import releases
from tests.support.sites import protocoast_with

Values = dict[str, Any]

WORKING_PAIRS = (
    ("3.3.8", "2022.6.1"),
    ("3.2.1", "2024.1.0"),
    ("3.3.8", "2024.1.0"),
    ("4.1.0", "2024.1.0"),
    ("4.2.0", "2025.4.0"),
    ("4.4.0", "2026.3.0"),
)
DIGEST = "0123456789abcdef" * 4

_OF_OAUTH = ("loginService", "authorizeUrl", "tokenUrl", "userdataUrl", "scopes", "usernameClaim")
_NO_OAUTH = dict.fromkeys(_OF_OAUTH)


def with_provider(provider: str, **changes: Any) -> Values:
    """An override by a login of another kind."""
    return login(**{**_NO_OAUTH, "allow": None, "provider": provider, **changes})


def login(**changes: Any) -> Values:
    """An override of how people log in."""
    return {"jupyterhub": {"authentication": changes}}


GITHUB = login(
    provider="github", organizations=["protocoast", "protocoast:operators"], allow=None, **_NO_OAUTH
)
GROUPS = login(allow={"everyone": None, "groups": ["hub", "x"], "groupsClaim": "entitlements"})
PEOPLE = login(allow={"everyone": None, "users": ["anna", "ben"]}, admins=["anna"])
ANYBODY = {
    **login(provider="dummy", **_NO_OAUTH),
    "environments": {"production": {"testing": True}, "staging": {"testing": True}},
}
ID_TOKEN = login(userdataUrl=None, adminGroups=["operators"], allow={"groupsClaim": "groups"})
CHECK_IN = with_provider("egi-check-in", vo="vo.example.eu", authState=True)
CILOGON = with_provider(
    "cilogon",
    loginService="Our login",
    scopes=["openid", "email"],
    identityProviders={
        "https://idp.example.edu/shibboleth": {
            "usernameClaim": "eppn",
            "stripDomain": "example.edu",
            "allow": {"domains": ["example.edu"]},
            "default": True,
        },
        "https://github.com/login/oauth/authorize": {"usernameClaim": "email", "prefix": "github"},
    },
    allow={"everyone": True, "existingUsers": True},
)
GOOGLE = with_provider(
    "google",
    loginService="Our login",
    domains=["example.edu"],
    googleGroups={
        "example.edu": {"administrator": "root", "allowed": ["hub"], "admins": ["hub-admins"]}
    },
)
# For charts whose own image can't read Google's groups.
GOOGLE["jupyterhub"]["values"] = {"hub": {"image": {"name": "example/hub", "tag": "1"}}}
GLOBUS = with_provider(
    "other",
    allow={"everyone": True},
    **{"class": "globus", "secretConfig": ["GlobusOAuthenticator.x"]},
)
NO_DASK: Values = {"daskGateway": None, "charts": {"dask-gateway": None}}
ANNOTATION = {"clusters": {"fedcloud": {"ingress": {"annotation": True}}}}
NO_ISSUER = {"clusters": {"fedcloud": {"ingress": {"clusterIssuer": None}}}}
DIGESTS = {
    "jupyterhub": {
        "servers": {"profiles": [{"name": "One", "image": f"quay.io/a/b@sha256:{DIGEST}"}]}
    },
    "daskGateway": {"worker": {"image": f"quay.io:443/a/b@sha256:{DIGEST}"}},
}
SECOND_RELEASE = {"daskGateway": {"releaseName": "second", "installCRDs": False}}
LEAST: Values = {
    "jupyterhub": {
        "database": None,
        "home": None,
        "servers": {"cpu": None, "memory": None, "ephemeralStorage": None},
    },
    "daskGateway": {"idleTimeout": None, "worker": None},
}
ODD_QUANTITIES = {
    "jupyterhub": {
        "servers": {
            "cpu": {"guarantee": "250m", "limit": 1.5},
            "memory": {"guarantee": "1536Mi", "limit": "2500M"},
        }
    },
    "daskGateway": {"limits": {"cores": "8500m", "memory": "90G"}},
}
RAW_VALUES = {
    "jupyterhub": {
        "values": {
            "cull": {"timeout": 7200},
            "custom": {"a": [1, {"b": "y"}]},
            "hub": {"extraConfig": {"10-a": "c.JupyterHub.active_server_limit = 5\n"}},
            "singleuser": {"extraEnv": {"A": "1e3"}, "cloudMetadata": {"blockWithIptables": True}},
        }
    },
    "daskGateway": {"values": {"gateway": {"loglevel": "DEBUG"}, "controller": {"enabled": True}}},
}
NODES_AND_LIMITS: Values = {
    "jupyterhub": {
        "hub": {
            "nodeSelector": {"example.org/pool": "core"},
            "tolerations": [{"key": "core", "operator": "Exists", "effect": "NoSchedule"}],
        },
        "limits": {"concurrentStarts": 20, "activeServers": 100, "namedServersPerUser": 2},
        "cull": {"idle": "2h", "every": "5m", "maxAge": "24h"},
        "custom": {"welcome": {"team": "Coast Lab", "links": ["https://example.org"]}},
        "servers": {
            "defaultUrl": "/lab",
            "startTimeout": "10m",
            "nodeSelector": {"example.org/pool": "users"},
            "tolerations": [{"key": "gpu", "operator": "Equal", "value": "yes"}],
        },
    }
}

VARIANTS: dict[str, Values] = {
    "ProtoCoast": {},
    "GitHub": GITHUB,
    "groups": GROUPS,
    "users and admins": PEOPLE,
    "any password": ANYBODY,
    "id token": ID_TOKEN,
    "Check-In": CHECK_IN,
    "CILogon": CILOGON,
    "Google": GOOGLE,
    "a class": GLOBUS,
    "no Dask": NO_DASK,
    "class as annotation": ANNOTATION,
    "no issuer": NO_ISSUER,
    "digests": DIGESTS,
    "second release": SECOND_RELEASE,
    "least": LEAST,
    "odd quantities": ODD_QUANTITIES,
    "raw values": RAW_VALUES,
    "nodes and limits": NODES_AND_LIMITS,
}


def pinned(hub: str, dask: str, change: Mapping[str, Any] | None = None) -> Site:
    """ProtoCoast with these chart versions, and changed."""
    pins = {"charts": {"jupyterhub": {"version": hub}, "dask-gateway": {"version": dask}}}
    overrides: Values = merge(pins, {})
    for part, value in (change or {}).items():
        nested = isinstance(value, Mapping) and part in overrides
        overrides[part] = {**overrides[part], **value} if nested else value
    return protocoast_with(overrides)


def values_of(site: Site, app: str, environment: str = "production") -> Values:
    """The effective values of one chart."""
    return releases.chart_values(site, environment, app)


def at(values: Any, path: str) -> Any:
    """What stands at a path such as `hub/config`; None where there is nothing."""
    for step in path.split("/"):
        values = values.get(step.replace("~1", "/")) if isinstance(values, Mapping) else None
    return values


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar with its path."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from leaves(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, f"{path}/{index}")
    else:
        yield path, node


@cache
def paired(hub: str, dask: str) -> Site:
    """ProtoCoast with these chart versions and nothing else changed."""
    return pinned(hub, dask)


TOKEN_KEY = "hub.services.dask-gateway.apiToken"


def sealed_and_unsealed(site: Site, app: str, key: str) -> Iterator[Values]:
    """The values of a chart in production with a placeholder at a key, and with it sealed."""
    production = next(env for env in site.environments if env.name == "production")
    [secret] = repository.secrets_of(production)
    store = {owner(production, secret, key): "AgBsealed"}
    for sealed in ({}, store):
        encrypted = repository.ciphertexts(production, sealed)
        [release] = [one for one in releases.releases(site, production) if one.app == app]
        yield repository.release_values(release, encrypted)
