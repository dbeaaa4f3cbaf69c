"""The addresses of an environment that anyone can ask without a login."""

from generator.site.model import Environment


def hub_url(environment: Environment) -> str:
    """The hub's API, which says its version."""
    return f"https://{environment.host}{environment.path}/hub/api"


def gateway_url(environment: Environment) -> str:
    """The gateway's API behind the hub's proxy, which asks who one is."""
    return f"https://{environment.host}{environment.path}/services/dask-gateway/api/v1/clusters/"


def login_url(environment: Environment) -> str:
    """Where the hub sends people to its login provider."""
    return f"https://{environment.host}{environment.path}/hub/oauth_login?next="


def urls(environment: Environment) -> tuple[str, ...]:
    """All that `--network` asks."""
    settings = environment.settings
    login = settings.login is not None and settings.login.uses_oauth
    return (
        hub_url(environment),
        *((login_url(environment),) if login else ()),
        *((gateway_url(environment),) if settings.dask is not None else ()),
    )
