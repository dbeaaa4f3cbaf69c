"""What site.yaml writes of charts, as rules look at it: raw values, further charts."""

from collections.abc import Iterator, Mapping

from generator.charts.overrides import reached
from generator.diagnostics import Pointer
from generator.site.app import FurtherChart
from generator.site.model import Json, Settings, Site


def every_app(site: Site) -> Iterator[FurtherChart]:
    """The further charts as all clusters share them, and as a cluster runs one that differs."""
    yield from site.apps
    held = {id(app): app for place in site.places for app in place.apps}
    yield from (app for app in held.values() if app.overrides.get(app.name))


def raw_values(settings: Settings) -> Iterator[tuple[Pointer, Json]]:
    """Everything below `values` of each chart, and below `custom`: its place, and the node.

    Of an environment's settings only what it writes itself: the rest is the shared settings' own.
    """
    origin = settings.origin
    for section, part in settings.sections.items():
        custom = settings.at(f"{section}.custom")
        if not (part.values or custom):
            continue
        for key, values in (("values", part.values), ("custom", custom)):
            own = None
            if values and origin.environment is not None:
                depth, written = reached(origin.overrides, (section, key))
                own = written if depth == 2 and isinstance(written, Mapping) else {}
            for path, node in below(values, (), own) if values else ():
                yield origin.at(section, key, *path), node


def below(node: Json, path: Pointer, own: Json) -> Iterator[tuple[Pointer, Json]]:
    """All below a node; where `own` is a map, only what that holds too."""
    is_part = isinstance(own, Mapping) and isinstance(node, Mapping)
    keys = range(len(node)) if isinstance(node, list) else own if is_part else node
    for key in keys:
        if is_part and key not in node:
            continue
        child = node[key]
        yield (*path, key), child
        if isinstance(child, Mapping | list):
            yield from below(child, (*path, key), own[key] if is_part else None)
