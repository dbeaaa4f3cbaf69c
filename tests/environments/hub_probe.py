"""Run by the real JupyterHub's Python: who may log in under a `hub.config`, and what a memory is.

Standard input holds {"config": hub.config, "users": [userinfo, ...], "memory": [quantity, ...]}.
Only the login provider's answers and the Kubernetes client are stood in for. With "codes" the
answers come over HTTP, from a server that stands in for the provider; "python" is an entry of
`hub.extraConfig`, and "secrets" is what the mounted Secret holds.
"""

import asyncio
import json
import logging
import sys
from types import ModuleType, SimpleNamespace

import jwt
import kubespawner.spawner
from jupyterhub.app import JupyterHub
from kubespawner import KubeSpawner
from traitlets.config import Config


class Warnings(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class Handler:
    """A browser that comes back from the provider with a code."""

    request = SimpleNamespace(protocol="https", host="hub.example", headers={}, uri="/")
    hub = SimpleNamespace(server=SimpleNamespace(base_url="/hub/"))

    def __init__(self, code="abc"):
        self.settings = {}
        self.code = code

    def get_argument(self, name, default=None):
        return {"code": self.code}.get(name, default)

    def get_secure_cookie(self, *args, **kwargs):
        return None

    get_cookie = get_secure_cookie

    def clear_cookie(self, *args, **kwargs):
        pass

    def get_state_cookie(self):
        from oauthenticator.oauth2 import _serialize_state

        return _serialize_state({"code_verifier": "v"})


def run_python(text, c, secrets):
    """Runs an entry of `hub.extraConfig` as the chart does, with its own way to read the Secret."""
    z2jh = ModuleType("z2jh")
    z2jh.get_secret_value = secrets.__getitem__
    sys.modules["z2jh"] = z2jh
    exec(text, {"c": c})


def authenticator_of(config, python, secrets):
    c = Config()
    for section, traits in config.items():  # as the chart's jupyterhub_config.py does
        c[section].update(traits)
    c.JupyterHub.pop("cookie_secret", None)  # the chart takes these two out
    c.CryptKeeper.pop("keys", None)
    run_python(python, c, secrets)
    warnings = Warnings()
    log = logging.getLogger("probe")
    log.addHandler(warnings)
    log.propagate = False
    hub = JupyterHub(config=c, log=log)
    authenticator = hub.authenticator_class(parent=hub)
    for people in ("admin_users", "allowed_users"):  # JupyterHub.init_users
        names = {authenticator.normalize_username(name) for name in getattr(authenticator, people)}
        setattr(authenticator, people, names)
    return authenticator, list(warnings.lines)  # of the configuration, not of refused logins


async def log_in(authenticator, user):
    memberships = user.pop("memberships", ())

    async def fetch(url, *args, **kwargs):
        if url == authenticator.token_url:
            token = {"access_token": "T", "token_type": "bearer", "scope": ""}
            if authenticator.userdata_from_id_token:
                token["id_token"] = jwt.encode({"aud": authenticator.client_id, **user}, "k" * 32)
            return token
        if url.split("?")[0] == authenticator.userdata_url:
            return dict(user)
        member = any(url.endswith(path) for path in memberships)
        return SimpleNamespace(code=204 if member else 404, body=b"{}", headers={})

    authenticator.httpfetch = fetch
    form = {"username": user.get("preferred_username"), "password": "any"}
    model = await authenticator.get_authenticated_user(Handler(), form)
    return None if not model else {"name": model["name"], "admin": bool(model["admin"])}


async def over_http(authenticator, code):
    model = await authenticator.get_authenticated_user(Handler(code), {})
    return None if not model else {"name": model["name"], "admin": bool(model["admin"])}


async def memory_of(quantity):
    kubespawner.spawner.load_config = lambda **kwargs: None
    kubespawner.spawner.shared_client = lambda *args, **kwargs: None
    user = SimpleNamespace(
        name="ada", id=1, url="/user/ada", escaped_name="ada", spawners={}, settings={}
    )
    hub = SimpleNamespace(
        public_host="", server=SimpleNamespace(base_url="/hub/"), api_url="http://hub/api"
    )
    config = Config({"KubeSpawner": {"mem_limit": quantity}})
    return KubeSpawner(_mock=True, user=user, hub=hub, config=config).mem_limit


def main():
    asked = json.load(sys.stdin)
    authenticator, warnings = authenticator_of(
        asked["config"], asked.get("python", ""), asked.get("secrets", {})
    )
    result = {
        "class": type(authenticator).__name__,
        "traits": {name: getattr(authenticator, name) for name in asked.get("traits", ())},
        "logins": [
            *(asyncio.run(log_in(authenticator, user)) for user in asked["users"]),
            *(asyncio.run(over_http(authenticator, code)) for code in asked.get("codes", ())),
        ],
        "login_url": getattr(authenticator, "authorize_url", None),
        "callback": getattr(authenticator, "oauth_callback_url", None),
        "scope": list(getattr(authenticator, "scope", ())),
        "client_id": getattr(authenticator, "client_id", None),
        "warnings": warnings,
        "memory": [asyncio.run(memory_of(quantity)) for quantity in asked["memory"]],
    }
    json.dump(result, sys.stdout)


main()
