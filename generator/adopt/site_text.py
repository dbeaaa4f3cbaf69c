"""The proposed site.yaml as text: laid out as people write it, with comments where to look."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.credentials import printable
from generator.diagnostics import Pointer
from generator.yaml.write import emit, scalar

_WIDTH = 100
# What every reader takes for text as it stands: versions, sizes, times, people and names.
_BARE = re.compile(
    r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?|\d+(\.\d+)?([KMGTP]i|[kMGTP])|(?=\d)(\d+h)?(\d+m)?(\d+s)?"
    r"|[a-z][\w.+-]*@[\w.-]+\w|[A-Za-z][\w.]*([ -]+[\w.]+)+",
    re.ASCII,
)
# Keys whose maps are written in lines of their own, however short they are.
_OPEN = frozenset(
    {"charts", "clusters", "environments", "repository", "argocd", "jupyterhub", "authentication"}
    | {"servers", "daskGateway", "worker", "dask-gateway"}
)
_PARENTS = ("clusters", "environments")
Comments = Mapping[Pointer, Iterable[str]]


def text(site: Mapping[str, Any], head: Iterable[str], comments: Comments) -> str:
    """The text of a site.yaml; `comments` are written above the keys at their pointers."""
    lines = [f"# {line}\n" for line in head]
    once = True
    for key, value in site.items():
        is_block = isinstance(value, Mapping) and not (key == "sync" and (key,) not in comments)
        if is_block or not once:
            lines.append("\n")
        once = not is_block
        lines += _entry((key,), value, comments)
    return "".join(lines)


def _entry(at: Pointer, value: Any, comments: Comments) -> Iterator[str]:
    """A key with its value, behind the comments on it."""
    indent = "  " * (len(at) - 1)
    yield from _comments(comments.get(at, ()), indent)
    key = scalar(str(at[-1]))
    if at[-1] == "values" and isinstance(value, Mapping) and value:
        yield f"{indent}{key}:\n"
        yield from _indented(emit(value), indent + "  ")
    elif isinstance(value, Mapping) and value and _is_open(at, value, comments):
        yield f"{indent}{key}:\n"
        for inner, below in value.items():
            yield from _entry((*at, inner), below, comments)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        yield f"{indent}{key}:\n"
        for one in value:
            yield from _item(one, indent + "  ")
    else:
        yield f"{indent}{key}: {flow(value)}\n"


def _is_open(at: Pointer, value: Mapping[str, Any], comments: Comments) -> bool:
    if at[-1] in _OPEN and len(at) <= 2 and value:
        return not (at[0] == "charts" and len(at) == 2 and _fits(at, value))
    if len(at) == 2 and at[0] in _PARENTS:
        return True
    if any(one[: len(at)] == at and len(one) > len(at) for one in comments):
        return True
    nested = [one for one in value.values() if isinstance(one, Mapping)]
    if at[-1] in ("jupyterhub", "daskGateway", "worker", "servers") or "values" in value:
        return True
    return bool(nested) or not _fits(at, value)


def _fits(at: Pointer, value: Any) -> bool:
    return 2 * len(at) + len(str(at[-1])) + len(flow(value)) <= _WIDTH


def _item(entry: Mapping[str, Any], indent: str) -> Iterator[str]:
    lead = "- "
    for key, value in entry.items():
        yield f"{indent}{lead}{key}: {flow(value)}\n"
        lead = "  "


def _comments(said: Iterable[str], indent: str) -> Iterator[str]:
    for one in said:
        for line in textwrap.wrap(printable(one), _WIDTH - len(indent) - 2):
            yield f"{indent}# {line}\n"


def _indented(body: str, indent: str) -> Iterator[str]:
    for line in body.removesuffix("\n").split("\n"):
        yield f"{indent}{line}\n" if line else "\n"


def flow(value: Any) -> str:
    """One value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _BARE.fullmatch(value) else scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(k))}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, float):
        return emit({"a": value}).removeprefix("a: ").rstrip("\n")
    return str(value)


def sentence(said: str) -> str:
    """A text that ends with a full stop or a question mark."""
    return said if said.endswith(("?", ".")) else f"{said}."


def with_ends(body: str, ends: Mapping[int, str]) -> str:
    """The text with comments at the ends of some lines, which count from 1."""
    lines = body.split("\n")
    for number, comment in ends.items():
        lines[number - 1] += f"  # {comment}"
    return "\n".join(lines)
