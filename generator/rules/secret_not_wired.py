"""Raw chart values take a Secret away from where `usedBy` says that it goes.

What stands under `values` is merged last: maps are merged and lists replaced. A list
`singleuser.storage.extraVolumes`, `extraVolumeMounts` or `extraEnv` therefore replaces what hubops
writes there for a Secret, and an entry of the same name wins over it. The Secret would be sealed,
and never arrive. Write variables as a map, and add hubops' own volume to the list of volumes,
`{name: secret-NAME, secret: {secretName: NAME}}`, and its mount, with `readOnly: true`, to theirs.

Bad:

    secrets:
      ocean-bucket:
        keys: [AWS_SECRET_ACCESS_KEY]
        usedBy: {servers: environment}
    jupyterhub:
      values:
        singleuser:
          extraEnv: {AWS_SECRET_ACCESS_KEY: from-elsewhere}

Good:

    secrets:
      ocean-bucket:
        keys: [AWS_SECRET_ACCESS_KEY]
        usedBy: {servers: environment}
    jupyterhub:
      values:
        singleuser:
          extraEnv: {AWS_REGION: eu-west-1}
"""

from collections.abc import Iterator, Mapping

from generator import secret_wiring
from generator.charts import jupyterhub
from generator.diagnostics import Finding, Severity
from generator.merge import merge
from generator.model import Json, Site
from generator.rules.base import error, every_settings

CODE = "K705"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at the values that do so, once for each Secret."""
    for settings in every_settings(site):
        raw = _without_lists_of_variables(jupyterhub.raw_values(settings))
        wired = secret_wiring.values(settings.secrets)
        effective = merge(wired, raw)
        for secret in settings.secrets:
            was, now = (secret_wiring.is_wired(secret, values) for values in (wired, effective))
            if was and not now:
                yield error(
                    code=CODE,
                    at=settings.origin.at("jupyterhub", "values"),
                    on_key=True,
                    message=f"these values replace what hands secret '{secret.name}' to its users",
                    help="write variables as a map, and add the volume of the secret to the lists",
                )


def _without_lists_of_variables(raw: Mapping[str, Json]) -> dict[str, Json]:
    """The values without an `extraEnv` that is no map: that drops more, and C320 says so."""
    kept = dict(raw)
    for pod in ("hub", "singleuser"):
        part = kept.get(pod)
        if isinstance(part, Mapping) and not isinstance(part.get("extraEnv", {}), Mapping):
            kept[pod] = {key: value for key, value in part.items() if key != "extraEnv"}
    return kept
