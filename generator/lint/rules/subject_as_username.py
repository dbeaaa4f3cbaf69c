"""User names come from the subject, which KubeSpawner 6 can't make a label of.

KubeSpawner 6 (JupyterHub's chart before 4.0.0) writes the user's name, escaped, into a label of the
pod and of the home volume, and Kubernetes takes at most 63 characters. EGI Check-In's subject is 64
hexadecimal digits and `@egi.eu`, and its `voperson_id` is the same: everyone can log in, and no
server starts. Take `preferred_username`, or the chart from 4.0.0 on, which shortens the label.
Where a provider's subjects are short, say so on the line: `# hubops: ignore[A506] reason`.

On a hub that people use already another claim makes other users of them: with new, empty homes.

Bad:

    charts:
      jupyterhub: {version: 3.3.8}
      dask-gateway: {version: 2024.1.0}
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        usernameClaim: sub
        allow: {everyone: true}

Good:

    charts:
      jupyterhub: {version: 3.3.8}
      dask-gateway: {version: 2024.1.0}
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        usernameClaim: preferred_username
        allow: {everyone: true}

See https://github.com/jupyterhub/kubespawner/issues/97
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, error
from generator.site.model import Settings, Site
from generator.site.releases import Versions
from generator.versions import Version

CODE = "A506"
SEVERITY = Severity.ERROR

_CLAIM = ("jupyterhub", "authentication", "usernameClaim")
_PIN = ("charts", "jupyterhub", "version")
# Claims that hold a subject; of EGI Check-In it has 71 characters.
_SUBJECTS = ("sub", "voperson_id")
# The first KubeSpawner that shortens a label that would be too long.
_SHORTENS = Version.parse("7.0")


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such `usernameClaim`, or at the chart version of one environment."""
    for settings, _ in site.variants():
        login = settings.login
        spawner = _kubespawner(settings, site.versions)
        if login is None or login.provider != "generic-oauth" or spawner is None:
            continue
        if login.username_claim in _SUBJECTS and Version.parse(spawner) < _SHORTENS:
            yield error(
                code=CODE,
                at=blamed(settings.origin, _CLAIM, _PIN),
                message=(
                    f"'{login.username_claim}' can be longer than the 63 characters of a label: "
                    f"with kubespawner {spawner} no server starts"
                ),
                help="write  usernameClaim: preferred_username,  or pin jupyterhub 4.0.0 or later",
            )


def _kubespawner(settings: Settings, versions: Versions) -> str | None:
    """The KubeSpawner of the pinned chart."""
    pin = settings.charts.get("jupyterhub")
    version = pin.version if pin is not None else None
    return versions.hub_release(version).kubespawner if version is not None else None
