"""Raw chart values remove a mounted Secret from the servers.

`values` are merged last: maps merge, and lists replace. A list `singleuser.storage.extraVolumes` or
`extraVolumeMounts` therefore replaces what hubops writes there for a Secret: it would be sealed,
and never reach the servers. Add hubops' own volume to the list of volumes, `{name: secret-NAME,
secret: {secretName: NAME}}`, and its mount, with `readOnly: true`, to the list of mounts. C320 is
about values that drop a variable.

Bad:
    secrets:
      ocean-bucket: {keys: [credentials], usedBy: {servers: {mount: /etc/ocean}}}
    jupyterhub:
      values:
        singleuser:
          storage:
            extraVolumes: [{name: scratch, emptyDir: {}}]
Good:
    secrets:
      ocean-bucket: {keys: [credentials], usedBy: {servers: {mount: /etc/ocean}}}
    jupyterhub:
      values:
        singleuser:
          storage:
            extraLabels: {team: ocean}
"""

from generator.charts import jupyterhub, secret_wiring
from generator.lint.rules.base import Findings, errors, every_settings
from generator.merge import merge
from generator.site.model import Site

finding = errors("K705")


def check(site: Site) -> Findings:
    """A finding at the values that do so, once for each Secret."""
    if not any(secret.mount for secret in site.shared.secrets):
        return
    for settings in every_settings(site):
        wired = secret_wiring.values(settings.secrets)
        effective = merge(wired, jupyterhub.CHART.raw_values(settings))
        for secret in settings.secrets:
            if secret.mount is None:
                continue
            was, now = (secret_wiring.is_wired(secret, values) for values in (wired, effective))
            if was and not now:
                yield finding(
                    settings.origin.at("jupyterhub", "values"),
                    f"these values remove the mount of secret '{secret.name}' from users' servers",
                    f"add volume 'secret-{secret.name}' and its mount to these lists",
                    on_key=True,
                )
