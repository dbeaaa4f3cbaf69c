"""The list that users choose from, in the words that hubops writes."""

from collections.abc import Mapping

from generator.adopt.base import Path, alike, at, removed
from generator.charts.spellings import kubernetes_bytes, quantity, spawner_bytes
from generator.quantities import spawner_memory
from generator.site.model import Json

PATH: Path = ("singleuser", "profileList")
_KEYS = ("display_name", "slug", "description", "default", "kubespawner_override")
_MEMORY = ("mem_guarantee", "mem_limit")
_SIZES = ("cpu_guarantee", "cpu_limit", *_MEMORY)
_OVERRIDE = "kubespawner_override"
_DIGITS = 17
DROPPED = "without nulls, which say nothing"


def without_nulls(node: Json) -> Json:
    """Data without the keys of maps that are null."""
    if isinstance(node, Mapping):
        return {key: without_nulls(value) for key, value in node.items() if value is not None}
    return [without_nulls(one) for one in node] if isinstance(node, list) else node


def rounded(node: Json) -> Json:
    """Data whose numbers have at most fifteen digits: what has more, readers round in their way."""
    if isinstance(node, float) and len(repr(node)) > _DIGITS:
        return float(f"{node:.15g}")
    if isinstance(node, Mapping):
        return {key: rounded(value) for key, value in node.items()}
    return [rounded(one) for one in node] if isinstance(node, list) else node


def plain(listed: list[Json], pulls: Json) -> tuple[list[Json], list[str]]:
    """The list as hubops can write it, and what was changed; `pulls` is the policy of all images.

    KubeSpawner takes 0 for no bound (jupyterhub/traitlets.py and kubespawner/objects.py), as it
    takes null.
    """
    texts = []
    bounded = [_bounded(entry) for entry in listed]
    if not alike(bounded, listed):
        texts.append("0 in place of null, which KubeSpawner takes for no bound too")
    sized = [_sized(entry) for entry in bounded]
    if not alike(sized, bounded):
        texts.append("sizes with KubeSpawner's own units")
    whole = without_nulls(sized)
    if not alike(whole, sized):
        texts.append(DROPPED)
    own, more = _marked(whole, pulls)
    return own, [*texts, *more]


def _bounded(node: Json, *, is_override: bool = False) -> Json:
    if isinstance(node, Mapping):
        return {
            key: 0
            if is_override and value is None and key in _SIZES
            else _bounded(value, is_override=key == _OVERRIDE)
            for key, value in node.items()
        }
    return [_bounded(one) for one in node] if isinstance(node, list) else node


def _sized(node: Json) -> Json:
    if isinstance(node, Mapping):
        return {
            key: _size(value) if key in _MEMORY else _sized(value) for key, value in node.items()
        }
    return [_sized(one) for one in node] if isinstance(node, list) else node


def _size(value: Json) -> Json:
    """A size that KubeSpawner can't read, such as `3Gi`, as it is meant."""
    meant = kubernetes_bytes(value) if spawner_bytes(value) is None else None
    exact = quantity(meant) if meant else None
    return value if exact is None else spawner_memory(exact)


def _is_plain(entry: Json) -> bool:
    """Whether site.yaml can say all that an entry of the profile list says."""
    override = at(entry, "kubespawner_override")
    if not isinstance(override, Mapping) or not entry.keys() <= set(_KEYS):
        return False
    texts = (entry.get(key, "") for key in ("display_name", "description", "slug"))
    return (
        override.keys() == {"image"}
        and isinstance(override["image"], str)
        and "display_name" in entry
        and isinstance(entry.get("default", False), bool)
        and all(isinstance(text, str) for text in texts)
    )


def _marked(listed: list[Json], pulls: Json) -> tuple[list[Json], list[str]]:
    """The list without what says nothing more, where site.yaml can then say all of it."""
    plain = [_without_defaults(entry, pulls) for entry in listed]
    marked = [entry for entry in plain if at(entry, "default")]
    if len(marked) > 1 or not all(map(_is_plain, plain)):
        return listed, []
    texts = []
    if any("image_pull_policy" in (entry.get(_OVERRIDE) or ()) for entry in listed):
        texts.append("each pulls its image as singleuser.image.pullPolicy says")
    if not marked:
        plain[0] = {**plain[0], "default": True}
        texts.append("the first is the default, as it is for KubeSpawner")
    ordered = [{key: entry[key] for key in _KEYS if key in entry} for entry in plain]
    return ordered, texts or ["defaults left out"]


def _without_defaults(entry: Json, pulls: Json) -> Json:
    """An entry without what is a default, and a pull policy that is that of all images."""
    if not isinstance(entry, Mapping):
        return entry
    override: Json = entry.get("kubespawner_override")
    if at(override, "image_pull_policy") == (pulls or "Always"):
        override = removed(override, ("image_pull_policy",))
    bare = {key: value for key, value in entry.items() if value not in ("", None, False)}
    return {**bare, "kubespawner_override": override} if override is not None else bare
