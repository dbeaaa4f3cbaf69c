"""How pods come to the credentials of registries, as the charts' values hold it."""

from generator.site.model import Json, Settings

PULL_SECRETS = "jupyterhub.pullSecrets"
# The type of such a Secret, which the kubelet wants.
TYPE = "kubernetes.io/dockerconfigjson"
WHY = "pods pull their images with the registries that the site's own Secrets open"


def references(settings: Settings) -> Json:
    """The Secrets as a pod's `imagePullSecrets` names them; None without any."""
    return [{"name": name} for name in settings.at(PULL_SECRETS) or ()] or None
