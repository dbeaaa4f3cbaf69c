"""Where settings stand in site.yaml."""

from collections.abc import Mapping
from typing import Any

from generator.diagnostics import Pointer
from generator.merge import reach
from generator.records import field, record
from generator.site import profiles

Json = Any


@record
class Origin:
    """Where settings stand in site.yaml: an environment's overrides first, else the shared part."""

    environment: str | None = None
    overrides: Mapping[str, Json] = field(factory=dict)
    shared: Mapping[str, Json] = field(factory=dict)

    def at(self, *path: str | int) -> Pointer:
        """The Pointer of a setting, such as `at("jupyterhub", "home", "capacity")`."""
        if self.environment is None:
            return path
        here = ("environments", self.environment)
        if path[:3] == profiles.PROFILES and isinstance(path[3:4] and path[3], int):
            changes = _reached(self.overrides, profiles.PROFILES)
            if isinstance(changes, Mapping):
                return self._of_profile(here, changes, path)
        return (*here, *path) if overrides(self.overrides, self.shared, path) else path

    def _of_profile(self, here: Pointer, changes: Mapping[str, Json], path: Pointer) -> Pointer:
        """A place in an entry of the list, which the environment changes by slugs."""
        shared, (index, *rest) = _reached(self.shared, profiles.PROFILES), path[3:]
        if not isinstance(index, int):
            return path
        own = profiles.place(shared, changes, index, tuple(rest))
        if own is not None:
            return (*here, *profiles.PROFILES, *own)
        return (*profiles.PROFILES, profiles.shared_index(shared, changes, index), *rest)


def overrides(own: Mapping[str, Json], shared: Mapping[str, Json], path: Pointer) -> bool:
    """Whether what is at a path comes from the overrides, and not from the shared part."""
    overridden = reach(own, path)
    return overridden == len(path) or (overridden > 0 and overridden >= reach(shared, path))


def _reached(node: Json, path: Pointer) -> Json:
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node
