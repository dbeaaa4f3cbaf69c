"""The proxy restarts, and every open connection is cut.

Notebooks keep running; people see them reconnect after some seconds. The proxy's pod changes with
its image, which comes with the chart, and with what `values` set for it.
"""

from collections.abc import Mapping
from typing import Any

from generator.change.sides import EnvironmentSide, Step
from generator.charts import rows
from generator.lint.consequences import Consequences, Weight

# Below `proxy`, what is not part of the pod (jupyterhub templates/proxy/deployment.yaml).
_BESIDE_THE_POD = (
    ("service",),
    ("traefik",),
    ("secretSync",),
    ("chp", "networkPolicy"),
    ("chp", "pdb"),
    ("chp", "revisionHistoryLimit"),
    ("deploymentStrategy",),
)
# Beside `proxy`, what is part of the pod too.
_POD_TOO = (
    ("debug",),
    ("imagePullSecret",),
    ("imagePullSecrets",),
    ("scheduling", "corePods"),
    ("scheduling", "podPriority"),
    ("hub", "config", "JupyterHub", "subdomain_host"),
)
# What the pod autohttps is made of, which gets a certificate itself and is in front of the proxy;
# below `proxy.traefik`, what is not part of it (templates/proxy/autohttps).
_TLS_POD = (("proxy", "https", "letsencrypt"), ("proxy", "secretSync"), *_POD_TOO[1:4])
_BESIDE_THE_TLS_POD = (
    ("networkPolicy",),
    ("pdb",),
    ("revisionHistoryLimit",),
    ("hsts",),
    ("extraDynamicConfig",),
    ("extraPorts",),
)
# Where the proxy itself holds the certificate; else it is a separate pod.
_OWN_CERTIFICATE = ("manual", "secret")


def check(step: Step) -> Consequences:
    """One effect where the proxy's pod differs, or the one in front of it."""
    https = [_https(side) for side in step.sides]
    is_holder = any(one.get("type") in _OWN_CERTIFICATE for one in https)
    beside = _BESIDE_THE_POD if is_holder else (*_BESIDE_THE_POD, ("https",))
    had, has = (_has_tls_pod(one) for one in https)
    if (
        step.upgrades("jupyterhub")
        or step.changed("jupyterhub", "proxy", but=beside)
        or any(step.changed("jupyterhub", *path) for path in _POD_TOO)
    ):
        yield Weight.CUT.of(
            "the proxy restarts: every open connection is cut for some seconds; notebooks continue",
        )
    elif had != has or (
        has
        and (
            step.changed("jupyterhub", "proxy", "traefik", but=_BESIDE_THE_TLS_POD)
            or any(step.changed("jupyterhub", *path) for path in _TLS_POD)
        )
    ):
        how = "restarts" if had and has else "is new" if has else "goes"
        yield Weight.CUT.of(
            f"autohttps, in front of the proxy, {how}: every open connection through it is cut",
        )


def _https(side: EnvironmentSide) -> Mapping[str, Any]:
    https = rows.at(side.values["jupyterhub"], ("proxy", "https"))
    return https if isinstance(https, Mapping) else {}


def _has_tls_pod(https: Mapping[str, Any]) -> bool:
    is_on = https.get("enabled") is True and bool(https.get("hosts"))
    return is_on and https.get("type", "letsencrypt") == "letsencrypt"
