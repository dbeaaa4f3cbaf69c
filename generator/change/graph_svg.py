"""A site's picture as SVG: one row an environment, its Applications from left to right by wave.

As wide as a page of text, or as the longest row; the roots are on the left, where a phone begins.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from generator import names
from generator.change.architecture import (
    SecretNode,
    apps,
    platform,
    platform_secrets,
    revision,
    secrets,
)
from generator.credentials import printable
from generator.io import resources
from generator.site.model import Cluster, Environment, Site

# Pixels.
_BOX, _HEIGHT, _GAP, _PAD = 214, 56, 40, 16
_TITLE = 28
_SECRET = 40
_ROW = _TITLE + _HEIGHT + 2 * _PAD
_LETTER, _SMALL = 8, 7
_BOXES = 4  # beside each other, on a page of text
# From the top of a frame to the middle of its first box.
_MIDDLE = _TITLE + _PAD + _HEIGHT // 2


def graph(site: Site) -> str:
    """The drawing, complete in itself."""
    page = _page(site)
    parts = [*_box(_PAD, _PAD, site.name, f"{revision(site)} of the repository")]
    y = _HEIGHT + 2 * _PAD
    for cluster in site.clusters.values():
        parts.append(_branch(_PAD, _PAD + _HEIGHT, y + _MIDDLE, 3 * _PAD))
        drawn, y = _cluster(site, cluster, 2 * _PAD, y, page)
        parts += drawn
    style = resources.text("change", "graph.css")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page} {y}" width="{page}" '
        f'height="{y}" role="img">\n<title>{escape(site.name)}</title>\n<style>\n{style}</style>\n'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _page(site: Site) -> int:
    """The width of the drawing: of the longest row of roots and Applications."""
    rows = [len(apps(environment)) for environment in site.environments]
    rows += [len(platform(site, cluster)) for cluster in site.clusters.values()]
    boxes = max(_BOXES, *(1 + row for row in rows))
    return boxes * _BOX + (boxes - 1) * _GAP + 7 * _PAD


def _cluster(site: Site, cluster: Cluster, x: int, y: int, page: int) -> tuple[list[str], int]:
    """A cluster from `y` on, and where what is below it begins."""
    root = names.cluster_root(site.name, cluster.name)
    parts = [*_box(x + _PAD, y + _TITLE + _PAD, root, "root of the cluster")]
    left, places = x + _PAD, {}
    for app in platform(site, cluster):
        parts.append(_arrow(f"M{left + _BOX} {y + _MIDDLE}H{left + _BOX + _GAP}"))
        left += _BOX + _GAP
        places[app.app] = left
        parts += _box(left, y + _TITLE + _PAD, app.app, f"{app.detail}, wave {app.wave}")
    held = platform_secrets(site, cluster)
    drawn, row = _secrets(held, places, x + 3 * _PAD, y + _ROW, y + _TITLE + _PAD)
    parts += drawn
    for environment in site.environments_of(cluster.name):
        parts.append(_branch(x + _PAD, y + _ROW - _PAD, row + _MIDDLE, x + 2 * _PAD))
        drawn, row = _environment(site, environment, x + _PAD, row, page)
        parts += drawn
    title = f"cluster {cluster.name}, Kubernetes {cluster.kubernetes}"
    return [*_frame(x, y, page - x - _PAD, row - y, title), *parts], row + _PAD


def _environment(
    site: Site, environment: Environment, x: int, y: int, page: int
) -> tuple[list[str], int]:
    """The same of an environment, in a row."""
    left, top = x + _PAD, y + _TITLE + _PAD
    root = names.environment_root(site.name, environment.name)
    parts = [*_box(left, top, root, "root of the environment")]
    places = {}
    for app in apps(environment):
        parts.append(_arrow(f"M{left + _BOX} {y + _MIDDLE}H{left + _BOX + _GAP}"))
        left += _BOX + _GAP
        places[app.app] = left
        parts += _box(left, top, app.app, f"{app.detail}, wave {app.wave}")
    drawn, below = _secrets(secrets(environment), places, x + _PAD, y + _ROW, top)
    title = f"{environment.name}: {environment.host}{environment.path}"
    return [*_frame(x, y, page - x - 3 * _PAD, below - y, title), *parts, *drawn], below + _PAD


def _secrets(
    held: Iterable[SecretNode], places: Mapping[str, int], x: int, y: int, top: int
) -> tuple[list[str], int]:
    """A row for each Secret from `y` on, below the apps at `top` that read it; and what is next."""
    parts: list[str] = []
    for number, secret in enumerate(held):
        readers = " and ".join(dict.fromkeys(reader.who for reader in secret.readers))
        detail = f"{secret.count}, read by {readers}"
        # As wide as two boxes, so that only its lines are below the apps that read it.
        wide = 2 * _BOX + _GAP
        parts += _box(x, y, secret.name, detail, wide, _SECRET)
        for reader in secret.readers:
            end = places[reader.app] + 20 + 12 * (number % 14)
            way = f"M{x + wide} {y + _SECRET // 2}H{end}V{top + _HEIGHT}"
            parts.append(_arrow(way, ' class="reads"'))
        y += _SECRET + _PAD
    return parts, y


def _frame(x: int, y: int, width: int, height: int, title: str) -> Iterator[str]:
    yield f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>'
    yield f'<text x="{x + _PAD}" y="{y + 20}">{_fitting(title, width)}</text>'


def _box(
    x: int, y: int, name: str, detail: str, width: int = _BOX, height: int = _HEIGHT
) -> Iterator[str]:
    kind = "box" if height == _HEIGHT else "secret"
    yield f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
    middle, fitting = y + height // 2, _fitting(detail, width, _SMALL)
    yield f'<text x="{x + 10}" y="{middle - 3}">{_fitting(name, width)}</text>'
    yield f'<text class="soft" x="{x + 10}" y="{middle + 14}">{fitting}</text>'


def _fitting(text: str, width: int, letter: int = _LETTER) -> str:
    text, most = printable(text), (width - 20) // letter
    return escape(text if len(text) <= most else f"{text[: most - 1]}\u2026")


def _branch(x: int, y: int, to_y: int, to_x: int) -> str:
    """From the bottom of a box at `x` down, and to the left side of another."""
    return _arrow(f"M{x + 8} {y}V{to_y}H{to_x}")


def _arrow(way: str, kind: str = "") -> str:
    return f'<path{kind} d="{way}" marker-end="url(#head)"/>'
