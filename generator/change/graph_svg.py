"""A site's picture as SVG: one row an environment, its Applications from left to right by wave.

At most as wide as a page of text; the roots are on the left, where a phone begins.
"""

from collections.abc import Iterator
from html import escape

from generator import names
from generator.change.architecture import SecretNode, apps, revision, secrets
from generator.site.model import Cluster, Environment, Site

# Pixels.
_BOX, _HEIGHT, _GAP, _PAD = 214, 56, 40, 16
_TITLE = 28
_SECRET = 40
_ROW = _TITLE + _HEIGHT + 2 * _PAD
_LETTER, _SMALL = 8, 7
_WIDE = 2 * _BOX + _GAP

_STYLE = """
svg { font: 13px system-ui, sans-serif; --ink: #1b1f24; --soft: #57606a; --back: #fff;
  --box: #f6f8fa; --line: #8c959f; }
@media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --soft: #9198a1; --back: #0d1117;
  --box: #161b22; --line: #6e7681; } }
text { fill: var(--ink); } .soft { fill: var(--soft); font-size: 11px; }
rect { fill: var(--box); stroke: var(--line); } .frame { fill: none; }
.secret { stroke-dasharray: 4 3; } path { fill: none; stroke: var(--line); }
.reads { stroke-dasharray: 4 3; } .head { fill: var(--line); stroke: none; }
"""


def graph(site: Site) -> str:
    """The drawing, complete in itself."""
    width = 4 * _BOX + 3 * _GAP + 7 * _PAD
    parts = [*_box(_PAD, _PAD, site.name, f"{revision(site)} of the repository")]
    y = _HEIGHT + 2 * _PAD
    for cluster in site.clusters.values():
        height = _cluster_height(site, cluster)
        parts += list(_cluster(site, cluster, 2 * _PAD, y, width))
        parts.append(_branch(_PAD, _PAD + _HEIGHT, y + _TITLE + _PAD + _HEIGHT // 2, 3 * _PAD))
        y += height + _PAD
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" '
        f'height="{y}" role="img">\n<title>{escape(site.name)}</title>\n<style>{_STYLE}</style>\n'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _environment_height(environment: Environment) -> int:
    return _ROW + len(secrets(environment)) * (_SECRET + _PAD)


def _cluster_height(site: Site, cluster: Cluster) -> int:
    rows = sum(_environment_height(one) + _PAD for one in site.environments_of(cluster.name))
    return _TITLE + _HEIGHT + 2 * _PAD + rows


def _cluster(site: Site, cluster: Cluster, x: int, y: int, width: int) -> Iterator[str]:
    height = _cluster_height(site, cluster)
    title = f"cluster {cluster.name}, Kubernetes {cluster.kubernetes}"
    yield from _frame(x, y, width - x - _PAD, height, title)
    root = y + _TITLE + _PAD
    yield from _box(
        x + _PAD, root, names.cluster_root(site.name, cluster.name), "root of the cluster"
    )
    row = root + _HEIGHT + _PAD
    for environment in site.environments_of(cluster.name):
        yield from _environment(site, environment, x + _PAD, row, width - x - 3 * _PAD)
        middle = row + _TITLE + _PAD + _HEIGHT // 2
        yield _branch(x + _PAD, root + _HEIGHT, middle, x + 2 * _PAD)
        row += _environment_height(environment) + _PAD


def _environment(site: Site, environment: Environment, x: int, y: int, width: int) -> Iterator[str]:
    title = f"{environment.name}: {environment.host}"
    yield from _frame(x, y, width, _environment_height(environment), title)
    left, top = x + _PAD, y + _TITLE + _PAD
    yield from _box(
        left,
        top,
        names.environment_root(site.name, environment.name),
        "root of the environment",
    )
    middle = top + _HEIGHT // 2
    places = {}
    for app in apps(environment):
        yield _arrow(left + _BOX, middle, left + _BOX + _GAP)
        left += _BOX + _GAP
        places[app.app] = left
        yield from _box(left, top, app.app, f"{app.detail}, wave {app.wave}")
    below = top + _HEIGHT + _PAD
    for number, secret in enumerate(secrets(environment)):
        yield from _secret(secret, x + _PAD, below)
        for reader in secret.readers:
            end = places[reader.app] + 20 + 12 * (number % 14)
            way = f"M{x + _PAD + _WIDE} {below + _SECRET // 2}H{end}V{top + _HEIGHT}"
            yield f'<path class="reads" d="{way}" marker-end="url(#head)"/>'
        below += _SECRET + _PAD


def _secret(secret: SecretNode, x: int, y: int) -> Iterator[str]:
    """As wide as two boxes, so that only its lines are below the apps that read it."""
    readers = " and ".join(dict.fromkeys(reader.who for reader in secret.readers))
    detail = f"{secret.count}, read by {readers}"
    yield from _box(x, y, secret.name, detail, width=_WIDE, height=_SECRET, kind="secret")


def _frame(x: int, y: int, width: int, height: int, title: str) -> Iterator[str]:
    yield f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>'
    yield f'<text x="{x + _PAD}" y="{y + 20}">{escape(_fitting(title, width))}</text>'


def _box(
    x: int,
    y: int,
    name: str,
    detail: str,
    *,
    width: int = _BOX,
    height: int = _HEIGHT,
    kind: str = "box",
) -> Iterator[str]:
    yield f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
    middle, fitting = y + height // 2, _fitting(detail, width, _SMALL)
    yield f'<text x="{x + 10}" y="{middle - 3}">{escape(_fitting(name, width))}</text>'
    yield f'<text class="soft" x="{x + 10}" y="{middle + 14}">{escape(fitting)}</text>'


def _fitting(text: str, width: int, letter: int = _LETTER) -> str:
    """As much of a text as a box holds."""
    most = (width - 20) // letter
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


def _branch(x: int, y: int, to_y: int, to_x: int) -> str:
    """From the bottom of a box at `x` down, and to the left side of another."""
    return f'<path d="M{x + 8} {y}V{to_y}H{to_x}" marker-end="url(#head)"/>'


def _arrow(x: int, y: int, to_x: int) -> str:
    return f'<path d="M{x} {y}H{to_x}" marker-end="url(#head)"/>'
