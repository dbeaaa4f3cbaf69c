"""A pull secret is not a registry among the site's Secrets.

Kubernetes pulls an image without credentials where the Secret is missing or of another type, and
servers do not start (ImagePullBackOff). Add the registry under `secrets`, or correct the name. For
a Secret that exists in the namespace already, write `imagePullSecrets` under `values`.

Bad:
    secrets: {registry: {keys: [PASSWORD], usedBy: {hub: environment}}}
    jupyterhub: {pullSecrets: [registry]}
Good:
    secrets: {registry: {kind: registry, server: registry.example.org}}
    jupyterhub: {pullSecrets: [registry]}

See https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
"""

from generator.charts.pull_secrets import PULL_SECRETS
from generator.lint.rules.base import Findings, errors, every_settings
from generator.site.model import Site
from generator.suggest import did_you_mean

finding = errors("R223")


def check(site: Site) -> Findings:
    """A finding at each such name."""
    known = {secret.name: secret for secret in site.shared.secrets}
    registries = [name for name, secret in known.items() if secret.server]
    for settings in every_settings(site):
        for index, name in enumerate(settings.at(PULL_SECRETS) or ()):
            if name not in registries:
                what = "has no 'kind: registry'" if name in known else "is not defined"
                yield finding(
                    settings.origin.at(*PULL_SECRETS.split("."), index),
                    f"secret '{name}' {what}",
                    (did_you_mean(name, registries) if registries else "")
                    or f"write  {name}: {{kind: registry, server: HOST}}  under 'secrets'",
                )
