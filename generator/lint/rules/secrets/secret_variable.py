"""A key of a Secret can't become an environment variable.

With `environment` each key becomes a variable of that name, in the hub or in every user's server.
With a name that no shell accepts, that two Secrets have, or that the charts or hubops set
themselves, one of the values is lost, or the pod does not start. Rename the key, or mount the
Secret as files: `usedBy: {servers: {mount: /etc/ocean}}`.

Bad:
    secrets:
      ocean-bucket: {keys: [access-key], usedBy: {servers: environment}}
Good:
    secrets:
      ocean-bucket: {keys: [ACCESS_KEY], usedBy: {servers: environment}}
"""

import re
from collections.abc import Mapping

from generator.charts.jupyterhub import own_variables
from generator.credentials import shown
from generator.lint.rules.base import Findings, errors, every_settings
from generator.site.model import ExtraSecret, Site

finding = errors("K703")

# Compiled when first used: few sites have Secrets of their own.
_VARIABLE = r"(?a)[A-Za-z_][A-Za-z0-9_]*"
# What the chart, JupyterHub and KubeSpawner set (templates/hub/deployment.yaml; spawner get_env).
_RESERVED = {
    "hub": (
        r"(?a)PYTHONUNBUFFERED|HELM_RELEASE_NAME|POD_NAMESPACE|CONFIGPROXY_AUTH_TOKEN|OAUTH_.*"
        r"|JUPYTERHUB_.*|KUBERNETES_.*|HUB_SERVICE_.*|PROXY_.*|PATH|HOME"
    ),
    "servers": (
        r"(?a)JUPYTERHUB_.*|JUPYTER_IMAGE.*|JPY_API_TOKEN|CPU_(LIMIT|GUARANTEE)|MEM_(LIMIT|GUARANTEE)"
        r"|DASK_GATEWAY__.*|KUBERNETES_.*|PATH|HOME|USER|MEM|CPU"
    ),
}
_POD = {"hub": "the hub", "servers": "users' servers"}


def check(site: Site) -> Findings:
    """A finding at each such key."""
    if not site.shared.secrets:
        return
    own = {
        where: {
            name for settings in every_settings(site) for name in own_variables(settings)[where]
        }
        for where in _RESERVED
    }
    taken: dict[tuple[str, str], str] = {}
    for secret in site.shared.secrets:
        for index, key in enumerate(secret.keys):
            problem = _problem(secret, key, taken, own)
            if problem:
                yield finding(
                    ("secrets", secret.name, "keys", index),
                    problem,
                    "rename the key, or mount the Secret as files, each named like its key",
                )


def is_variable(where: str, name: str) -> bool:
    """Whether a name may be a variable of a pod, as far as its chart says: `hub` or `servers`."""
    return bool(re.fullmatch(_VARIABLE, name)) and not re.fullmatch(_RESERVED[where], name)


def _problem(
    secret: ExtraSecret,
    key: str,
    taken: dict[tuple[str, str], str],
    own: Mapping[str, set[str]],
) -> str:
    used = {"hub": secret.in_hub, "servers": secret.in_servers}
    for where in (where for where, is_used in used.items() if is_used):
        if not re.fullmatch(_VARIABLE, key):
            return f"'{shown(key)}' is not a valid name of an environment variable"
        if key in own[where] or re.fullmatch(_RESERVED[where], key):
            return f"variable '{shown(key)}' of {_POD[where]} is reserved"
        first = taken.setdefault((where, key), secret.name)
        if first != secret.name:
            return f"variable '{shown(key)}' of {_POD[where]} comes from secret '{first}' already"
    return ""
