"""What a new value of a secret does once it is merged, in sentences for a person. Pure."""

from generator.charts import dask_gateway
from generator.names import HUB_SECRET
from generator.secrets import keys as secret_keys
from generator.site.model import Settings

_HUB = "the hub restarts once, about a minute without logins; servers and Dask clusters run on"
_SERVERS = "users' servers have the new value from their next start on"
_OF_KEYS = {
    secret_keys.CLIENT_ID: "logins fail until the login provider knows this client",
    secret_keys.CLIENT_SECRET: "logins fail while the login provider has another secret",
    secret_keys.COOKIE_SECRET: "logged-in users are signed out and must log in again",
    secret_keys.CRYPT_KEYS: (
        "what the hub keeps under the old key (auth_state) can't be read any more, and users log "
        "in again; to keep it give 'NEW;OLD' with --from-file, and drop OLD later"
    ),
}


def effects(settings: Settings, secret: str, key: str) -> tuple[str, ...]:
    """What restarts for a new value to take effect, and what people notice."""
    if secret != HUB_SECRET:
        extra = secret_keys.extra_secret(settings, secret)
        in_servers = extra is not None and (extra.in_servers or extra.mount is not None)
        return (_HUB, _SERVERS) if in_servers else (_HUB,)
    found = [_HUB]
    if key in _OF_KEYS:
        found.append(_OF_KEYS[key])
    if key == secret_keys.DASK_TOKEN:
        found.append(dask_gateway.token_pickup(settings))
    return tuple(found)
