"""Raw chart values take a Secret away from where `usedBy` says that it goes.

What stands under `values` is merged last: maps are merged and lists replaced. A list
`singleuser.storage.extraVolumes`, `extraVolumeMounts` or `extraEnv` therefore replaces what hubops
writes there for a Secret, and an entry of the same name wins over it. The Secret would be sealed,
and never arrive. Write variables as a map, and add hubops' own volume to the list of volumes,
`{name: secret-NAME, secret: {secretName: NAME}}`, and its mount, with `readOnly: true`, to theirs.
"""

from collections.abc import Iterator

from generator import secret_wiring
from generator.charts import jupyterhub
from generator.diagnostics import Finding
from generator.merge import merge
from generator.model import Site
from generator.rules.base import error, every_settings

CODE = "K705"


def check(site: Site) -> Iterator[Finding]:
    """A finding at the values that do so, once for each Secret."""
    for settings in every_settings(site):
        raw = jupyterhub.raw_values(settings)
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
