"""The run as a plot: wall time by the number of environments, both on logarithmic scales."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bench import cases
from bench.measure import Results

_WIDTH, _HEIGHT = 800, 440
_START, _END = 64.0, 560.0
_TOP, _BOTTOM = 40.0, 388.0
# Names of lines lie at least so far apart.
_APART = 15.0

# Lines and their colours, which stand out on white and on black.
_COLOURS: Mapping[str, str] = {
    cases.FRESH: "#e8590c",
    cases.NO_CHANGE: "#e8590c",
    cases.CHECK: "#f08c00",
    cases.HELM_4: "#1c7ed6",
    cases.HELM_3: "#4dabf7",
    cases.HELM_4_TEXT: "#748ffc",
    cases.KUSTOMIZE: "#0ca678",
    cases.KAPITAN: "#be4bdb",
    cases.MAKE_ARGOCD_FLY: "#868e96",
}
_DASHES = {cases.NO_CHANGE: "6 3", cases.CHECK: "2 3", cases.HELM_4_TEXT: "2 3"}

_STYLE = """\
<style>
  text { font: 12px system-ui, sans-serif; fill: #343a40; }
  .rule { stroke: #adb5bd; stroke-opacity: 0.5; }
  .line { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) { text { fill: #dee2e6; } }
</style>
"""

# Environments and seconds.
Points = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Numbers on a logarithmic scale, as places between two ends of the picture."""

    least: float
    most: float
    start: float
    end: float

    def __call__(self, number: float) -> float:
        """Where a number stands."""
        width = math.log10(self.most / self.least)
        return self.start + (self.end - self.start) * math.log10(number / self.least) / width

    def powers(self) -> list[float]:
        """The powers of ten on it."""
        first, last = math.ceil(math.log10(self.least)), math.floor(math.log10(self.most))
        return [10.0**power for power in range(first, last + 1)]


def svg(results: Results) -> str:
    """The picture as text; empty where no site was measured."""
    lines = {name: _points(results, name) for name in _COLOURS}
    lines = {name: points for name, points in lines.items() if points}
    if not lines:
        return ""
    base = results.get((cases.IMPORT_BOTH, 0))
    floor = [base.seconds] if base else []
    sizes = [size for points in lines.values() for size, _ in points]
    seconds = [second for points in lines.values() for _, second in points] + floor
    across = _Scale(least=min(sizes), most=max(*sizes, min(sizes) * 10), start=_START, end=_END)
    upwards = _Scale(
        least=10 ** math.floor(math.log10(min(seconds))),
        most=10 ** math.ceil(math.log10(max(seconds))),
        start=_BOTTOM,
        end=_TOP,
    )
    return "".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" ',
            f'viewBox="0 0 {_WIDTH} {_HEIGHT}">\n',
            "<title>Wall time by the number of environments</title>\n",
            _STYLE,
            *_grid(across, upwards),
            *(_floor(second, upwards) for second in floor),
            *(_drawn(name, points, across, upwards) for name, points in lines.items()),
            *_names(lines, across, upwards),
            "</svg>\n",
        )
    )


def _points(results: Results, name: str) -> Points:
    return sorted((size, found.seconds) for (run, size), found in results.items() if run == name)


def _grid(across: _Scale, upwards: _Scale) -> Iterator[str]:
    for number in across.powers():
        x = across(number)
        yield _rule(x, _TOP, x, _BOTTOM)
        yield _words(x, _BOTTOM + 18, f"{number:,.0f}", "middle")
    for number in upwards.powers():
        y = upwards(number)
        yield _rule(_START, y, _END, y)
        yield _words(_START - 8, y + 4, f"{number:g} s", "end")
    yield _words((_START + _END) / 2, _BOTTOM + 38, "environments", "middle")
    yield _words(_START, _TOP - 16, "wall time of the whole process", "start")


def _floor(seconds: float, upwards: _Scale) -> str:
    y = upwards(seconds)
    return (
        '<path class="line" stroke="#868e96" stroke-dasharray="1 4" '
        f'd="M{_START:g} {y:.1f}H{_END:g}"/>\n' + _words(_END - 6, y + 14, cases.IMPORT_BOTH, "end")
    )


def _drawn(name: str, points: Points, across: _Scale, upwards: _Scale) -> str:
    places = [(across(size), upwards(seconds)) for size, seconds in points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dashes = f' stroke-dasharray="{_DASHES[name]}"' if name in _DASHES else ""
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_COLOURS[name]}"/>' for x, y in places
    )
    return f'<path class="line" stroke="{_COLOURS[name]}"{dashes} d="M{path}"/>{dots}\n'


def _names(lines: Mapping[str, Points], across: _Scale, upwards: _Scale) -> Iterator[str]:
    """The lines' names to the right of the plot, beside their ends as far as there is room."""
    ends = sorted((upwards(points[-1][1]), name) for name, points in lines.items())
    for y, (_, name) in zip(_spread(y for y, _ in ends), ends, strict=True):
        size, seconds = lines[name][-1]
        x = across(size)
        colour = _COLOURS[name]
        yield (
            f'<path stroke="{colour}" stroke-opacity="0.5" fill="none" '
            f'd="M{x + 4:.1f} {upwards(seconds):.1f}L{_END + 14:g} {y:.1f}h6"/>'
            f'<text x="{_END + 24:g}" y="{y + 4:.1f}" style="fill: {colour}">'
            f"{escape(name)}</text>\n"
        )


def _spread(places: Iterable[float]) -> list[float]:
    """Ascending places, moved down where one would lie over the one before."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + _APART) if found else place)
    return found


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path class="rule" d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"/>\n'


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>\n'
