"""The proxy restarts, and every open connection is cut.

Notebooks keep running; people see them reconnect after some seconds. The proxy's pod changes with
its image, which comes with the chart, and with what `values` set for it.
"""

from generator.change.sides import EnvironmentSide, Step
from generator.charts import rows
from generator.lint.consequences import Consequences, Weight
from generator.site.releases import HUB

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
    ("imagePullSecrets",),
    ("scheduling", "corePods"),
    ("scheduling", "podPriority"),
    ("hub", "config", "JupyterHub", "subdomain_host"),
)
# What the pod autohttps is made of, which gets a certificate itself and is in front of the proxy;
# below `proxy.traefik`, what is not part of it (templates/proxy/autohttps).
_TLS_POD = (("proxy", "https", "letsencrypt"), ("proxy", "secretSync"), *_POD_TOO[1:3])
_BESIDE_THE_TLS_POD = (
    ("networkPolicy",),
    ("pdb",),
    ("revisionHistoryLimit",),
    ("hsts",),
    ("extraDynamicConfig",),
    ("extraPorts",),
)
# Where the proxy itself holds the certificate; else it is a separate pod.
_OWN_CERTIFICATE, _AUTOMATIC = ("manual", "secret"), "letsencrypt"


def check(step: Step) -> Consequences:
    """One effect where the proxy's pod differs, or the one in front of it."""
    was, now = (ends_tls(side) for side in step.sides)
    is_holder = bool({was, now} & {*_OWN_CERTIFICATE})
    beside = _BESIDE_THE_POD if is_holder else (*_BESIDE_THE_POD, ("https",))
    if (
        _upgrades(step)
        or step.changed("jupyterhub", "proxy", but=beside)
        or any(step.changed("jupyterhub", *path) for path in _POD_TOO)
        or step.pull_secrets
    ):
        yield Weight.CUT.of(
            "the proxy restarts: every open connection is cut for some seconds; notebooks continue",
        )
    elif was != now or (
        now
        and (
            step.changed("jupyterhub", "proxy", "traefik", but=_BESIDE_THE_TLS_POD)
            or any(step.changed("jupyterhub", *path) for path in _TLS_POD)
            or step.pull_secrets
        )
    ):
        how = "restarts" if was and now else "is new" if now else "goes"
        yield Weight.CUT.of(
            f"autohttps, in front of the proxy, {how}: every open connection through it is cut",
        )


def _upgrades(step: Step) -> bool:
    """Whether the chart's version changes, and with it the proxy's image."""
    old, new = (side.pin(HUB) for side in step.sides)
    if not step.upgrades(HUB) or old is None or new is None:
        return step.upgrades(HUB)
    if old.version is None or new.version is None:
        return True
    return not step.after.site.versions.keeps_proxy(old.version, new.version)


def ends_tls(side: EnvironmentSide) -> str:
    """How the chart itself ends TLS: `letsencrypt`, `manual`, `secret`; empty where it does not."""
    values = side.values["jupyterhub"]
    enabled, hosts, kind = (
        rows.at(values, ("proxy", "https", key)) for key in ("enabled", "hosts", "type")
    )
    kind = kind or _AUTOMATIC
    has_any = enabled is True and (kind in _OWN_CERTIFICATE or (kind == _AUTOMATIC and hosts))
    return str(kind) if has_any else ""
