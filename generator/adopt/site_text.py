"""The proposed site.yaml as text: laid out as people write it, with comments where to look."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat
from typing import Any

from generator.credentials import printable
from generator.diagnostics import Pointer
from generator.yaml.write import emit, flow, scalar

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
    indent = "  " * (len(at) - 1)
    for comment in comments.get(at, ()):
        lines = textwrap.wrap(printable(comment), _WIDTH - len(indent) - 2)
        yield from (f"{indent}# {line}\n" for line in lines)
    key = scalar(str(at[-1]))
    if at[-1] == "values" and isinstance(value, Mapping) and value:
        yield f"{indent}{key}:\n"
        lines = emit(value).removesuffix("\n").split("\n")
        yield from (f"{indent}  {line}\n" if line else "\n" for line in lines)
    elif isinstance(value, Mapping) and value and _is_open(at, value, comments):
        yield f"{indent}{key}:\n"
        for inner, below in value.items():
            yield from _entry((*at, inner), below, comments)
    elif isinstance(value, list) and value and all(isinstance(one, dict) and one for one in value):
        yield f"{indent}{key}:\n"
        for one in value:
            leads = chain("-", repeat(" "))
            for k, v in one.items():
                first, *rest = _lines(k, v, len(indent) + 4)
                yield f"{indent}  {next(leads)} {first}\n"
                yield from (f"{indent}    {line}\n" if line else "\n" for line in rest)
    else:
        yield from (
            f"{indent}{line}\n" if line else "\n"
            for line in _lines(str(at[-1]), value, len(indent))
        )


def _lines(name: str, value: Any, indent: int) -> list[str]:
    """A key and its value: on one line where they fit there."""
    key = scalar(name)
    line, has_lines = f"{key}: {_flow(value)}", _has_lines(value)
    if isinstance(value, str) or not value or not isinstance(value, Mapping | list):
        return emit({name: value}).removesuffix("\n").split("\n") if has_lines else [line]
    if indent + len(line) <= _WIDTH and not has_lines:
        return [line]
    if isinstance(value, Mapping):
        below = [line for k, v in value.items() for line in _lines(str(k), v, indent + 2)]
    else:
        below = [line for one in value for line in _item(one, indent + 2)]
    return [f"{key}:", *(f"  {line}" if line else "" for line in below)]


def _item(one: Any, indent: int) -> list[str]:
    line = f"- {_flow(one)}"
    if not isinstance(one, Mapping) or (indent + len(line) <= _WIDTH and not _has_lines(one)):
        return [line]
    first, *rest = [line for k, v in one.items() for line in _lines(str(k), v, indent + 2)]
    return [f"- {first}", *(f"  {line}" if line else "" for line in rest)]


def _has_lines(value: Any) -> bool:
    return any("\n" in one.rstrip("\n") for one in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one)


def _is_open(at: Pointer, value: Mapping[str, Any], comments: Comments) -> bool:
    fits = 2 * len(at) + len(str(at[-1])) + len(_flow(value)) <= _WIDTH
    if at[-1] in _OPEN and len(at) <= 2:
        return not (at[0] == "charts" and len(at) == 2 and fits)
    return (
        (len(at) == 2 and at[0] in _PARENTS)
        or any(one[: len(at)] == at and len(one) > len(at) for one in comments)
        or at[-1] in ("worker", "servers")
        or "values" in value
        or any(isinstance(one, Mapping) for one in value.values())
        or not fits
    )


def _flow(value: Any) -> str:
    return flow(value, lambda text: text if _BARE.fullmatch(text) else scalar(text))


def sentence(said: str) -> str:
    """A text that ends with a full stop or a question mark."""
    return said if said.endswith(("?", ".")) else f"{said}."


def with_ends(body: str, ends: Mapping[int, str]) -> str:
    """The text with comments at the ends of some lines, which count from 1."""
    lines = body.split("\n")
    for number, comment in ends.items():
        lines[number - 1] += f"  # {comment}"
    return "\n".join(lines)
