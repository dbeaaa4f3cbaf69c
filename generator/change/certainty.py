"""How far two sides can be compared where the earlier site.yaml has errors. Pure.

Argo CD runs the files that are committed beside it. A folder that the change leaves as it is stays
the same, whatever is read of site.yaml; a folder that is what was read is compared in full.
"""

from collections.abc import Mapping

from generator.records import field, record, replace
from generator.site.model import Site

Files = Mapping[str, bytes]


@record
class Certainty:
    """The folders of environments and clusters, as `overlays/production`, that site.yaml belies.

    `kept` are those whose files the change leaves as they are, `doubtful` the others.
    """

    kept: frozenset[str] = field(factory=frozenset)
    doubtful: frozenset[str] = field(factory=frozenset)


# Of sites that have no errors.
CERTAIN = Certainty()


def certainty(committed: Files, read: Files, new: Files) -> Certainty:
    """What is certain, by the earlier files as committed, as read from site.yaml, and the new."""
    was, told, now = map(_by_folder, (committed, read, new))
    belied = {folder for folder in {**was, **told} if was.get(folder) != told.get(folder)}
    kept = frozenset(folder for folder in belied if was.get(folder) == now.get(folder))
    return Certainty(kept=kept, doubtful=frozenset(belied - kept))


def _by_folder(files: Files) -> dict[str, tuple[dict[str, bytes], dict[str, bytes]]]:
    """What each environment and cluster is made from: its own files, and the bases it patches."""
    bases: dict[str, bytes] = {}
    found: dict[str, dict[str, bytes]] = {}
    for path, content in files.items():
        top, _, rest = path.partition("/")
        own = found.setdefault(f"{top}/{rest.partition('/')[0]}", {}) if top != "apps" else bases
        own[path] = content
    return {
        folder: (own, bases if folder.startswith("overlays/") else {})
        for folder, own in found.items()
    }


def readable(site: Site) -> Site:
    """The site without the clusters and environments of which it isn't known where they are."""
    clusters = {
        name: one
        for name, one in site.clusters.items()
        if one.registered_name or one.server  # neither is there where it could not be read
    }
    environments = tuple(
        one for one in site.environments if one.cluster in clusters and one.namespace and one.host
    )
    platform = tuple(one for one in site.platform if one.cluster in clusters)
    return replace(site, clusters=clusters, environments=environments, platform=platform)
