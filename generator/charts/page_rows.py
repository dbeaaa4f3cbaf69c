"""The hub's pages: the rows of their chart values."""

from generator.charts.rows import kept, row
from generator.charts.spellings import PROSE
from generator.credentials import quoted
from generator.site.model import Json, Settings

TEMPLATES = "jupyterhub.page.templates"
_GIT_IMAGE = "docker.io/alpine/git:v2.49.1"
_VOLUME, _FOLDER = "page-templates", "/usr/local/share/jupyterhub/page"
# A folder below the volume: Git refuses one that another user owns, as the volume's root is.
_CLONE = """\
commit={revision}
git init -q {folder}
cd {folder}
git fetch -q --depth 1 -- {repository} "$commit"
git checkout -q FETCH_HEAD
"""
# The hub's own user (jupyterhub templates/hub/deployment.yaml, values.yaml).
_AS_HUB = {
    "runAsUser": 1000,
    "runAsGroup": 1000,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
}
_WHY = "it brings the templates of the hub's pages"
_BY_HAND = "no chart value tells that templates come from Git"


def _init_containers(settings: Settings) -> Json:
    said = settings.at(TEMPLATES)
    if not said or not {"git", "revision"} <= said.keys():
        return None
    clone = _CLONE.format(
        folder=f"{_FOLDER}/repository",
        repository=quoted(said["git"]),
        revision=said["revision"],
    )
    return [
        {
            "name": _VOLUME,
            "image": _GIT_IMAGE,
            "command": ["sh", "-ec", clone],
            "securityContext": _AS_HUB,
            "volumeMounts": [{"name": _VOLUME, "mountPath": _FOLDER}],
        }
    ]


def _volumes(settings: Settings) -> Json:
    return [{"name": _VOLUME, "emptyDir": {}}] if settings.at(TEMPLATES) else None


def _mounts(settings: Settings) -> Json:
    mount = {"name": _VOLUME, "mountPath": _FOLDER, "readOnly": True}
    return [mount] if settings.at(TEMPLATES) else None


def _paths(settings: Settings) -> Json:
    path = settings.at(f"{TEMPLATES}.path")
    folder = f"{_FOLDER}/repository" + (f"/{path}" if path else "")
    return [folder] if settings.at(TEMPLATES) else None


ROWS = (
    row("hub config JupyterHub template_vars announcement", "jupyterhub.page.announcement", PROSE),
    *(
        kept(path, _WHY, TEMPLATES, value=value, is_extendable=True, inverse=_BY_HAND)
        for path, value in (
            ("hub config JupyterHub template_paths", _paths),
            ("hub initContainers", _init_containers),
            ("hub extraVolumes", _volumes),
            ("hub extraVolumeMounts", _mounts),
        )
    ),
)
