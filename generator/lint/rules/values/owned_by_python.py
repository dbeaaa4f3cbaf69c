"""Python under `hub.extraConfig` sets what follows from site.yaml's own keys.

The hub runs this Python after all that hubops and the chart configure, so it wins. The key
elsewhere in the file then has no effect: an edit there changes nothing, and no other rule sees what
really applies. A list of services in Python replaces the chart's and hubops' own, and their tokens
are not sealed. Remove the line and write the key. If site.yaml has no such key, keep the Python and
add a comment on the line of its entry with this code and a reason. hubops reads what stands at the
left margin and runs nothing: it does not notice what a function or a condition sets.

Bad:
    jupyterhub:
      values:
        hub: {extraConfig: {lists: "c.KubeSpawner.profile_list = [{'display_name': 'Coast'}]"}}
Good:
    jupyterhub:
      servers:
        profiles: [{name: Coast, image: "quay.io/coast/notebook:2026.1"}]
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.charts import code_promises, hub_services, login_values
from generator.charts.config_traits import value_of
from generator.charts.overrides import Path, Raw, dotted, overrides, raw
from generator.charts.rows import place
from generator.lint.rules.base import Environments, Findings, warnings
from generator.lint.rules.values.extra_config_syntax import pieces
from generator.site.model import Json, Settings, Site

if TYPE_CHECKING:
    import ast

finding = warnings("C324")

_CODE = "code"
# Named in a map of the chart, and entries of a list in Python: of these any is a key's to say.
_LISTS: Mapping[Path, str] = {
    ("hub", "services"): hub_services.SERVICES,
    ("hub", "loadRoles"): hub_services.ROLES,
}
_SPAWNER = ("hub", "config", "JupyterHub", "spawner_class")
_ADDING = ("append", "extend", "insert", "add")


def check(site: Site) -> Findings:
    """A warning at the entry with each such line."""
    for settings, environments in site.variants:
        for written in _raw_hub(settings):
            for at, code in pieces(written):
                for name, path, line in _assigned(code):
                    said = _said(site, written, settings, environments, path)
                    if said is not None:
                        where = f" in its line {line}" if "\n" in code.strip() else ""
                        yield finding(
                            settings.origin.at(*written.place, *at),
                            f"'{name}'{where} {said[0]}, and this Python wins",
                            f"{said[1]}, or say why it stays: # hubops: ignore[C324] reason",
                            on_key=True,
                        )


def _raw_hub(settings: Settings) -> Iterator[Raw]:
    return (one for one in raw(settings) if one.chart.python_of == "hub")


def _said(
    site: Site, written: Raw, settings: Settings, environments: Environments, path: Path
) -> tuple[str, str] | None:
    """What site.yaml or hubops says at a path of the chart's values, and what to do instead."""
    if path == _SPAWNER:
        return "replaces KubeSpawner, which 'jupyterhub.servers' describes", "remove it"
    instead = _LISTS.get(path)
    if instead is None:
        values: dict[str, Json] = {}
        place(values, path, _CODE)
        asked = Raw(chart=written.chart, values=values)
        if not any(one.path == path for one in overrides(site, asked, settings, environments)):
            return None
        named = login_values.owner(settings, path)
        instead = dotted(named) if named else written.chart.owner(path)
    if instead is not None:
        return f"follows from '{instead}'", f"remove it and write '{instead}'"
    why = written.chart.why_protected(path)
    return (f"is hubops' own: {why}", "remove it") if why else None


@lru_cache(maxsize=256)
def _assigned(code: str) -> tuple[tuple[str, Path, int], ...]:
    """Each trait that is plainly set: as it is written, the chart value behind it, and its line.

    What breaks a promise is another rule's (C321, C322), and Python that is none is C319's.
    """
    if "c." not in code and "c[" not in code:
        return ()
    import ast  # only Python pays for it

    from generator.charts.python_text import parsed

    tree = parsed(code)
    found: dict[tuple[str, str], int] = {}
    for node in tree.body if isinstance(tree, ast.Module) else ():
        for target in _targets(node):
            trait = _trait(target)
            if trait is not None and trait not in found:
                text = ast.get_source_segment(code, node) or ""
                if not _is_named(text) and not _is_kubespawner(trait[1], text):
                    found[trait] = node.lineno
    return tuple(
        (f"c.{section}.{name}", value_of(section, name), line)
        for (section, name), line in found.items()
    )


def _targets(node: "ast.stmt") -> list["ast.expr"]:
    """What a statement assigns to, or adds to."""
    import ast

    match node:
        case ast.Assign(targets=targets):
            return targets
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return [target]
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr=method))):
            return [target] if method in _ADDING else []
    return []


def _trait(node: "ast.expr") -> tuple[str, str] | None:
    """The class and the trait of `c.Class.trait`, also in brackets."""
    import ast

    steps: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=above, attr=step):
                pass
            case ast.Subscript(value=above, slice=ast.Constant(value=str(step))):
                pass
            case ast.Name(id="c") if len(steps) == 2:
                return steps[1], steps[0]
            case _:
                return None
        steps.append(step)
        node = above


def _is_named(text: str) -> bool:
    """Whether a rule about promises names this statement."""
    return any(code_promises.broken({"hub": {"extraConfig": text}}))


def _is_kubespawner(name: str, text: str) -> bool:
    return name == "spawner_class" and "kubespawner" in text.lower()
