"""No pod pulls images with a registry's credentials.

A Secret of the kind registry reaches pods only by `pullSecrets`. List it there, or remove it.

Bad:
    secrets: {registry: {kind: registry, server: registry.example.org}}
Good:
    secrets: {registry: {kind: registry, server: registry.example.org}}
    jupyterhub: {pullSecrets: [registry]}
"""

from generator.charts.pull_secrets import PULL_SECRETS
from generator.lint.rules.base import Findings, every_settings, warnings
from generator.site.model import Site

finding = warnings("R224")


def check(site: Site) -> Findings:
    """A warning at each such Secret."""
    registries = [secret.name for secret in site.shared.secrets if secret.server]
    if not registries:
        return
    used = {name for settings in every_settings(site) for name in settings.at(PULL_SECRETS) or ()}
    for name in registries:
        if name not in used:
            yield finding(
                ("secrets", name),
                f"no pod pulls images with '{name}'",
                f"add it to 'jupyterhub.pullSecrets: [{name}]', or remove it",
                on_key=True,
            )
