"""What the login's chart values hold that follows from several settings.

The functions that the rows in `login_rows` name; each returns one value, None to leave it out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.charts.chart import Values
from generator.charts.spellings import Spelling
from generator.diagnostics import Pointer
from generator.names import HUB_SECRET
from generator.site import check_in, providers
from generator.site.hub import Authentication
from generator.site.model import Environment, Json, Release, Settings
from generator.versions import VersionRange

# It comes with chart 4.
_OAUTHENTICATOR_17 = VersionRange.parse(">=4.0.0-0")
CLIENT_KEYS = ("oauth.client_id", "oauth.client_secret")
# Where the chart mounts the Secret `hub-secrets` in the hub (templates/hub/deployment.yaml).
_MOUNTED = "/usr/local/etc/jupyterhub/existing-secret"
_ACCOUNT = "google.service-account."
_ACTIONS = {"stripDomain": ("strip_idp_domain", "domain"), "prefix": ("prefix", "prefix")}
_ALLOWED = {
    "everyone": "allow_all",
    "domains": "allowed_domains",
    "domainsClaim": "allowed_domains_claim",
}


def callback_url(environment: Environment) -> str:
    """The redirect URI to register with the provider."""
    return f"https://{environment.host}{environment.path}/hub/oauth_callback"


def secret_keys(login: Authentication | None) -> tuple[str, ...]:
    """The keys of the Secret `hub-secrets` that the login reads, its client's first."""
    if login is None:
        return ()
    return (
        *(CLIENT_KEYS if login.uses_oauth else ()),
        *map(sealed_key, login.secret_config),
        *(f"{_ACCOUNT}{domain}" for domain in login.google_groups),
    )


def sealed_key(trait: str) -> str:
    """The key of the Secret that holds the value of a trait, `Class.trait`."""
    return f"hub.config.{trait}"


def authenticator(settings: Settings) -> Json:
    """The authenticator's class, as the chart takes it."""
    login = settings.login
    if login is None:
        return None
    return providers.of(login.provider).authenticator or login.class_ or None


def allowed_users(settings: Settings) -> Json:
    """Who may log in by name; of the dummy login its admins too.

    JupyterHub 4 knows no `allow_all` there: without a list it lets everyone in, with one no one
    else. JupyterHub 5 lets everyone in unless told not to. Neither lets an unlisted admin in.
    """
    login = settings.login
    if login is None or login.provider != "dummy":
        users = login.allow.users if login is not None else ()
    elif login.allow.everyone:
        users = ()
    else:
        users = tuple(dict.fromkeys((*login.allow.users, *login.admins)))
    return list(users) or None


def github_scopes(settings: Settings) -> Json:
    """The scopes to ask for: to see organizations, `read:org`."""
    login = settings.login
    if login is None:
        return None
    return list(login.scopes or (("read:org",) if login.organizations else ())) or None


def from_id_token(settings: Settings) -> Json:
    """True where no address gives the user information: the token's answer has it."""
    login = settings.login
    return True if login is not None and login.userdata_url is None else None


def manages_groups(settings: Settings) -> Json:
    """Whether the hub takes users' groups from the login.

    Oauthenticator 17 reads no claim without it; 16 does, and then tells the hub nothing
    (oauthenticator/generic.py). So before chart 4 it is only for profiles that ask for groups.
    """
    hub, pin = settings.hub, settings.charts.get("jupyterhub")
    if hub is None or not settings.at("jupyterhub.authentication.allow.groupsClaim"):
        return None
    is_new = pin is not None and pin.version is not None and pin.version in _OAUTHENTICATOR_17
    return is_new or any(profile.groups for profile in hub.profiles) or None


def callback(release: Release) -> Json:
    """The redirect URI of an environment's hub."""
    return callback_url(release.environment)


def oauth_callback(release: Release) -> Json:
    """The same, where the class that site.yaml names is one of oauthenticator's."""
    login = release.settings.login
    return callback(release) if login is not None and login.uses_oauth else None


def client_variables(login: Authentication | None) -> Values:
    """The client id and secret, from the Secret, where the login needs them."""
    if login is None or not login.uses_oauth:
        return {}
    return {
        "OAUTH_CLIENT_ID": _secret_env(CLIENT_KEYS[0]),
        "OAUTH_CLIENT_SECRET": _secret_env(CLIENT_KEYS[1]),
    }


def _secret_env(key: str) -> Values:
    return {"valueFrom": {"secretKeyRef": {"name": HUB_SECRET, "key": key}}}


def _identity_provider(said: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    derivation = {"username_claim": said.get("usernameClaim", "")}
    for key, (action, name) in _ACTIONS.items():
        if key in said:
            derivation |= {"action": action, name: said[key]}
    yield "username_derivation", derivation
    yield from (
        (_ALLOWED[key], value)
        for key, value in said.get("allow", {}).items()
        if key in _ALLOWED and value not in ([], None)
    )
    if said.get("default"):
        yield "default", True


def _identity_providers_read(values: Json) -> dict[str, Json] | None:
    """The settings of such descriptions; None where site.yaml can't say all of them."""
    found: dict[str, Json] = {}
    for entity, said in values.items() if isinstance(values, Mapping) else ():
        setting = _identity_provider_read(said)
        if setting is None or dict(_identity_provider(setting)) != said:
            return None
        found[entity] = setting
    return found or None


def _identity_provider_read(said: Json) -> dict[str, Json] | None:
    derivation = said.get("username_derivation") if isinstance(said, Mapping) else None
    if not isinstance(derivation, Mapping):
        return None
    setting: dict[str, Json] = {"usernameClaim": derivation.get("username_claim")}
    for key, (action, name) in _ACTIONS.items():
        if derivation.get("action") == action:
            setting[key] = derivation.get(name)
    if allow := {key: said[name] for key, name in _ALLOWED.items() if name in said}:
        setting["allow"] = allow
    return setting | ({"default": True} if said.get("default") is True else {})


# CILogon's identity providers as its authenticator describes them (cilogon-schema.yaml).
IDENTITY_PROVIDERS = Spelling(
    there=lambda said: {entity: dict(_identity_provider(one)) for entity, one in said.items()},
    back=_identity_providers_read,
    is_renaming=True,
)


def _by_domain(value: Callable[[str, Mapping[str, Json]], Json]) -> Spelling:
    """One trait of the groups of all domains; adopt/spelling reads them back together."""

    def there(groups: Mapping[str, Mapping[str, Json]]) -> Json:
        found = ((domain, value(domain, said)) for domain, said in groups.items())
        return {domain: one for domain, one in found if one} or None

    return Spelling(there=there, back=lambda _: None, is_renaming=True)


# The traits of GoogleOAuthenticator that follow from `googleGroups`.
GOOGLE_GROUPS = {
    "google_service_account_keys": _by_domain(lambda domain, _: f"{_MOUNTED}/{_ACCOUNT}{domain}"),
    "gsuite_administrator": _by_domain(lambda _, said: said.get("administrator")),
    "allowed_google_groups": _by_domain(lambda _, said: said.get("allowed")),
    "admin_google_groups": _by_domain(lambda _, said: said.get("admins")),
}


def sealed_traits(settings: Settings) -> Json:
    """Python for the hub that takes the login's secret traits from the Secret.

    The chart reads no `hub.config` of a class of one's own from there, and offers z2jh's
    `get_secret_value` to `hub.extraConfig` (files/hub/z2jh.py). Without a value the hub stops.
    """
    login = settings.login
    if login is None or not login.secret_config:
        return None
    assigned = (f'c.{trait} = sealed("{sealed_key(trait)}")\n' for trait in login.secret_config)
    return _SEALED + "".join(assigned)


_SEALED = '''\
import json

from z2jh import get_secret_value


def sealed(key):
    """A value of hub-secrets; a JSON object or list is read as one."""
    text = get_secret_value(key)
    return json.loads(text) if text[:1] in ("{", "[") else text


'''


def more(settings: Settings) -> Values:
    """The traits of the login that site.yaml names by class."""
    login = settings.login
    return {"hub": {"config": dict(login.config)}} if login is not None and login.config else {}


def owner(settings: Settings, path: Pointer) -> Pointer | None:
    """Where site.yaml has a trait of the login that it names by class; None for other values."""
    login, below = settings.login, path[2:]
    if login is None or path[:2] != ("hub", "config"):
        return None
    node: Json = login.config
    for step in below[:2]:
        node = node.get(step) if isinstance(node, Mapping) else None
    return (
        ("jupyterhub", "authentication", "config", *below) if below and node is not None else None
    )


def egi_instance(login: Authentication) -> str | None:
    """The instance of EGI Check-In that people log in with; None where it is another provider."""
    return check_in.instance_of(login.authorize_url or "")
