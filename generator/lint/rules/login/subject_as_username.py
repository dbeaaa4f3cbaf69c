"""User names come from the subject, which is too long for a label in KubeSpawner 6.

KubeSpawner 6 (JupyterHub's chart before 4.0.0) writes the user's name, escaped, into a label of the
pod and of the home volume, and Kubernetes takes at most 63 characters. EGI Check-In's subject is 64
hexadecimal digits and `@egi.eu`, and its `voperson_id` is the same: everyone can log in, and no
server starts. Use `preferred_username`, or chart 4.0.0 or later, which shortens the label. If the
provider's subjects are short, say so on the line: `# hubops: ignore[A506] reason`.

On a hub that is already in use, another claim turns people into new users, with empty homes.

Bad:
    charts: {jupyterhub: {version: 3.3.8}, dask-gateway: {version: 2024.1.0}}
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        usernameClaim: sub
        allow: {users: [ada]}
Good:
    charts: {jupyterhub: {version: 3.3.8}, dask-gateway: {version: 2024.1.0}}
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        usernameClaim: preferred_username
        allow: {users: [ada]}

See https://github.com/jupyterhub/kubespawner/issues/97
"""

from generator.lint.rules.base import (
    HUB_VERSION,
    LOGIN,
    Findings,
    blamed,
    errors,
    hub_version,
    logins,
)
from generator.site.model import Site
from generator.versions import Version

finding = errors("A506")

# Claims that hold a subject; EGI Check-In's has 71 characters.
_SUBJECTS = ("sub", "voperson_id")
# The first KubeSpawner that shortens a label that would be too long.
_SHORTENS = Version.parse("7.0")


def check(site: Site) -> Findings:
    """A finding at each such `usernameClaim`, or at the chart version of one environment."""
    for settings, login, _ in logins(site):
        version = hub_version(settings)
        if not login.is_openid or version is None or login.username_claim not in _SUBJECTS:
            continue
        spawner = site.versions.hub_release(version).kubespawner
        if Version.parse(spawner) < _SHORTENS:
            yield finding(
                blamed(settings.origin, (*LOGIN, "usernameClaim"), HUB_VERSION),
                f"'{login.username_claim}' can be longer than the 63 characters of a label: "
                f"with kubespawner {spawner} no server starts",
                "write  usernameClaim: preferred_username,  or pin jupyterhub 4.0.0 or later",
            )
