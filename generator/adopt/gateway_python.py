"""The python of `gateway.extraConfig`: limits and options; all else stays python, to the letter."""

import ast
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from generator.adopt.gateway_options import Choices, choices
from generator.adopt.python import assigned, constant
from generator.charts.python_text import parsed
from generator.quantities import bytes_of, seconds
from generator.records import field, record, replace
from generator.site.model import Json

# Limits of a cluster, by their names in python.
CORES, MEMORY, WORKERS, IDLE = LIMITS = (
    *("cluster_max_cores", "cluster_max_memory", "cluster_max_workers"),
    "idle_timeout",
)
_SECTIONS = ("ClusterConfig", "KubeClusterConfig")
# dask_gateway_server/traitlets.py, MemoryLimit: powers of 1024.
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_MEMORY_TEXT = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([KMGT])\s*", re.ASCII)
_FIGURE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([KMGT]i?)B?\b", re.ASCII)
# Before a size in a comment: what was, and is not any more.
_FORMER = re.compile(
    r"\b(?:instead of|rather than|not|no longer|was|were|used to be|before|formerly|previously"
    r"|previous|old|originally|default|up from|down from|from|replaces)"
    r"\W{0,3}$",
    re.IGNORECASE,
)
_DURATION = re.compile(r"#\s*((?:\d{1,6}h)?(?:\d{1,6}m)?(?:\d{1,9}s)?)\s*$", re.ASCII)


@record
class Limit:
    """A limit as python sets it, with its entry and line, and the comment after it."""

    amount: Fraction
    section: str
    comment: str
    entry: str
    line: int


@record
class PythonEntry:
    """One entry: what was understood, and the `rest`; `sets_options`: the rest offers options."""

    name: str
    text: str
    limits: Mapping[str, Limit] = field(factory=dict)
    choices: Choices | None = None
    rest: str = ""
    sets_options: bool = False

    def unread(self) -> "PythonEntry":
        """The entry with nothing understood: all of it stays python."""
        offers = "cluster_options" in names_set(self.text)
        return PythonEntry(name=self.name, text=self.text, rest=self.text, sets_options=offers)


def entries(extra: Json) -> Iterator[PythonEntry]:
    """Each entry in the order in which the chart runs them; a text alone is one without a name."""
    named = extra if isinstance(extra, Mapping) else {"": extra}
    return (entry(name, named[name]) for name in sorted(named) if isinstance(named[name], str))


def entry(name: str, text: str) -> PythonEntry:
    """What one entry of `gateway.extraConfig` says."""
    bare = PythonEntry(name=name, text=text, rest=text)
    try:
        return _entry(bare)
    except RecursionError:
        return replace(bare, sets_options="cluster_options" in text)


def _entry(bare: PythonEntry) -> PythonEntry:
    tree = parsed(bare.text)
    if isinstance(tree, str):
        return bare
    if (offered := choices(tree)) is not None:
        return replace(bare, choices=offered, rest="")
    lines = bare.text.split("\n")
    limits, cut = dict[str, Limit](), set[int]()
    for node in tree.body:
        named, own = _limit(node, lines, bare.name), set(_lines(node))
        others = (other for other in tree.body if other is not node)
        # A line that another statement shares stays.
        if named is not None and all(own.isdisjoint(_lines(other)) for other in others):
            merge(limits, *named)
            cut |= own
    rest = "\n".join(line for number, line in enumerate(lines, 1) if number not in cut)
    left = parsed(rest)
    if not isinstance(left, ast.Module) or assigned(left) & set(LIMITS):
        # It goes on to change them where only running it would tell.
        return bare.unread()
    if cut and all(isinstance(node, ast.Import | ast.ImportFrom) for node in left.body):
        rest = ""
    offers = "cluster_options" in assigned(tree)
    return replace(bare, limits=limits, rest=rest, sets_options=offers)


def merge(limits: dict[str, Limit], name: str, limit: Limit) -> None:
    """Takes in a limit that is set later: KubeClusterConfig wins over ClusterConfig."""
    before = limits.get(name)
    if before is None or (before.section, limit.section) != _SECTIONS[::-1]:
        limits[name] = limit


def names_set(text: str) -> set[str]:
    """The attributes that a piece of python assigns to; none where it is not valid Python."""
    tree = parsed(text)
    return assigned(tree) if isinstance(tree, ast.Module) else set()


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _limit(node: ast.stmt, lines: list[str], entry: str) -> tuple[str, Limit] | None:
    """The limit that a statement such as `c.ClusterConfig.cluster_max_cores = 4` sets."""
    match node:
        case ast.Assign(
            targets=[
                ast.Attribute(value=ast.Attribute(value=ast.Name("c"), attr=section), attr=name)
            ]
        ) if section in _SECTIONS and name in LIMITS:
            text = node.value.value if isinstance(node.value, ast.Constant) else None
            size = _MEMORY_TEXT.fullmatch(text) if isinstance(text, str) else None
            amount = constant(node.value)
            if name == MEMORY and size is not None:
                amount = Fraction(size[1]) * _UNITS[size[2]]
        case _:
            return None
    if amount is None or amount < 0 or (name != CORES and amount.denominator != 1):
        return None
    # Columns of `ast` count bytes.
    last = lines[_lines(node)[-1] - 1].encode()
    after = last[node.end_col_offset or 0 :].decode(errors="replace").strip()
    comment = after if after.startswith("#") else ""
    line = node.lineno
    return name, Limit(amount=amount, section=section, comment=comment, entry=entry, line=line)


def contradiction(comment: str, size: int | Fraction) -> str | None:
    """The size that a comment names, if it is another one; who writes `16 GB` means `16Gi`.

    None for what a comment says that it was, as in `instead of 128 G`, and where it names the
    size itself too.
    """
    named = [
        (Fraction(one[1]) * _UNITS[one[2][0]], f"{one[1]}{one[2][0]}i")
        for one in _FIGURE.finditer(comment)
        if not _FORMER.search(comment[: one.start()])
    ]
    if not named or any(amount == size for amount, _ in named):
        return None
    return named[0][1]


def spelling_of(limit: Limit) -> str | None:
    """The comment after a limit where it is only the same size or time, as hubops writes it."""
    text = limit.comment.removeprefix("#").strip()
    try:
        if bytes_of(text) == limit.amount and text[-1:].isalpha():
            return text
    except ValueError:
        pass
    time = _DURATION.fullmatch(limit.comment)
    return time[1] if time and time[1] and seconds(time[1]) == limit.amount else None
