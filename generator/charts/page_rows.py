"""The hub's pages: the rows of their chart values."""

import re
from collections.abc import Mapping

from generator.charts.rows import kept, row
from generator.charts.spellings import PROSE
from generator.credentials import quoted
from generator.site.model import Json, Settings

TEMPLATES = "jupyterhub.page.templates"
_GIT_IMAGE = "docker.io/alpine/git:v2.49.1"
_VOLUME, _FOLDER = "page-templates", "/usr/local/share/jupyterhub/page"
# A folder below the volume: Git refuses one that another user owns, as the volume's root is.
_REPOSITORY = f"{_FOLDER}/repository"
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
_READ = "adopt/running_hub reads all of them together"


def _init_containers(settings: Settings) -> Json:
    said = settings.at(TEMPLATES)
    return _clones(said) if said and {"git", "revision"} <= said.keys() else None


def _clones(said: Mapping[str, Json]) -> list[Json]:
    clone = _CLONE.format(
        folder=_REPOSITORY,
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
    folder = _REPOSITORY + (f"/{path}" if path else "")
    return [folder] if settings.at(TEMPLATES) else None


def templates_back(containers: Json, paths: Json) -> dict[str, Json] | None:
    """The setting of an init container and a folder as hubops writes them; None of others."""
    match containers, paths:
        case [{"command": [*_, str(script)]}], [str(path)]:
            found = re.search(r"commit=([0-9a-f]+)\n[^$]* -- (\S+) \"\$commit\"", script)
        case _:
            return None
    root, folder = path[: len(_REPOSITORY)], path[len(_REPOSITORY) + 1 :]
    if found is None or f"{root}/{folder}".rstrip("/") != path or root != _REPOSITORY:
        return None
    said: dict[str, Json] = {"git": found[2].strip("'"), "revision": found[1]}
    return said | ({"path": folder} if folder else {}) if _clones(said) == containers else None


ROWS = (
    row("hub config JupyterHub template_vars announcement", "jupyterhub.page.announcement", PROSE),
    *(
        kept(path, _WHY, TEMPLATES, value=value, is_extendable=True, inverse=_READ)
        for path, value in (
            ("hub config JupyterHub template_paths", _paths),
            ("hub initContainers", _init_containers),
            ("hub extraVolumes", _volumes),
            ("hub extraVolumeMounts", _mounts),
        )
    ),
)
