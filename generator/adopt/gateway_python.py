"""The python of `gateway.extraConfig`, read with `ast` and never run.

Understood are numbers, arithmetic of numbers, the limits of a cluster, and options that say what
hubops' own say. All else stays python, to the letter.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from generator.charts import gateway_config
from generator.credentials import masked, printable
from generator.quantities import bytes_of, seconds
from generator.records import field, record
from generator.site.model import DaskGateway, Option

_LONGEST = 100_000
# Limits of a cluster, by their names in python.
CORES, MEMORY, WORKERS, IDLE = (
    *("cluster_max_cores", "cluster_max_memory", "cluster_max_workers"),
    "idle_timeout",
)
_LIMITS = (CORES, MEMORY, WORKERS, IDLE)
_SECTIONS = ("ClusterConfig", "KubeClusterConfig")
# dask_gateway_server/traitlets.py, MemoryLimit: powers of 1024.
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_MEMORY_TEXT = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([KMGT])\s*", re.ASCII)
_FIGURE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([KMGT]i?)B?\b", re.ASCII)
_DURATION = re.compile(r"#\s*((?:\d{1,6}h)?(?:\d{1,6}m)?(?:\d{1,9}s)?)\s*$", re.ASCII)
_LARGEST = 2**62


@record
class Limit:
    """A limit as python sets it; `comment` is what stands behind it, `line` its line."""

    amount: Fraction
    section: str
    comment: str
    line: int


@record
class Choices:
    """Options that say what hubops' own say."""

    cores: tuple[str, Fraction, Fraction, Fraction] | None
    memory: tuple[str, Fraction, Fraction, Fraction] | None
    image: str


@record
class Entry:
    """One entry: what was understood of it, and the python that is left (empty: all of it).

    `sets_options` says that what is left offers options of its own; `fault` that it is no python.
    """

    name: str
    limits: Mapping[str, Limit] = field(factory=dict)
    choices: Choices | None = None
    rest: str = ""
    sets_options: bool = False
    fault: str = ""


def entry(name: str, text: str) -> Entry:
    """What one entry of `gateway.extraConfig` says."""
    try:
        return _entry(name, text)
    except RecursionError:
        return Entry(name=name, rest=text, sets_options="cluster_options" in text)


def _entry(name: str, text: str) -> Entry:
    tree = parsed(text)
    if isinstance(tree, str):
        return Entry(name=name, rest=text, fault=tree)
    choices = _choices(tree)
    if choices is not None:
        return Entry(name=name, choices=choices)
    lines = text.split("\n")
    limits: dict[str, Limit] = {}
    cut: set[int] = set()
    for node in tree.body:
        found = _limit(node, lines)
        if found is not None and _is_alone(node, tree):
            trait, limit = found
            before = limits.get(trait)
            if before is None or (before.section, limit.section) != _SECTIONS[::-1]:
                limits[trait] = limit
            cut.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    rest = "\n".join(line for number, line in enumerate(lines, 1) if number not in cut)
    left = parsed(rest)
    if not isinstance(left, ast.Module) or _set_names(left) & set(_LIMITS):
        # It goes on to change them where only running it would tell: all of it stays.
        limits, cut, rest = {}, set(), text
    if cut and _is_idle(rest):
        rest = ""
    return Entry(
        name=name, limits=limits, rest=rest, sets_options="cluster_options" in _set_names(tree)
    )


def parsed(text: str) -> ast.Module | str:
    """The syntax tree, or what is wrong with the text and in which line."""
    if len(text) > _LONGEST:
        return "it is too long to be read"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as fault:
        return f"line {fault.lineno or 1}: {printable(masked(fault.msg))}"
    except (ValueError, RecursionError, MemoryError):
        return "it is nested too deeply, or holds what is no character"


def _is_idle(text: str) -> bool:
    """Whether nothing is left that does anything: comments and imports alone."""
    tree = parsed(text)
    return isinstance(tree, ast.Module) and all(
        isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body
    )


def _is_alone(node: ast.stmt, tree: ast.Module) -> bool:
    """Whether no other statement shares a line with this one."""
    last = node.end_lineno or node.lineno
    return not any(
        other is not node and other.lineno <= last and (other.end_lineno or 0) >= node.lineno
        for other in tree.body
    )


def _set_names(tree: ast.Module) -> set[str]:
    """The attributes that anything in the python assigns to."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }


def assigned(text: str) -> set[str]:
    """The attributes that a piece of python assigns to; none where it is no python."""
    tree = parsed(text)
    return _set_names(tree) if isinstance(tree, ast.Module) else set()


def _limit(node: ast.stmt, lines: list[str]) -> tuple[str, Limit] | None:
    """The limit that a statement such as `c.ClusterConfig.cluster_max_cores = 4` sets."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return None
    match node.targets[0]:
        case ast.Attribute(
            value=ast.Attribute(value=ast.Name(id="c"), attr=section), attr=trait
        ) if section in _SECTIONS and trait in _LIMITS:
            pass
        case _:
            return None
    amount = _memory(node.value) if trait == MEMORY else constant(node.value)
    if amount is None or not 0 <= amount <= _LARGEST:
        return None
    if trait in (MEMORY, WORKERS, IDLE) and amount.denominator != 1:
        return None
    last = node.end_lineno or node.lineno
    # Columns of `ast` count bytes.
    behind = lines[last - 1].encode()[node.end_col_offset or 0 :].decode(errors="replace")
    comment = behind.strip() if behind.strip().startswith("#") else ""
    return trait, Limit(amount=amount, section=section, comment=comment, line=node.lineno)


def _memory(node: ast.expr) -> Fraction | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found = _MEMORY_TEXT.fullmatch(node.value)
        return Fraction(found[1]) * _UNITS[found[2]] if found else None
    return constant(node)


def constant(node: ast.expr) -> Fraction | None:
    """The number that an expression of numbers gives; None for any other, and for huge ones."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            if abs(value) <= _LARGEST:
                return Fraction(str(value)) if isinstance(value, float) else Fraction(value)
            return None
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            found = constant(inner)
            return None if found is None else -found
        case ast.BinOp(left=left, op=operator, right=right):
            one, other = constant(left), constant(right)
            return None if one is None or other is None else _applied(operator, one, other)
    return None


def _applied(operator: ast.operator, one: Fraction, other: Fraction) -> Fraction | None:
    found: Fraction | None = None
    match operator:
        case ast.Add():
            found = one + other
        case ast.Sub():
            found = one - other
        case ast.Mult():
            found = one * other
        case ast.Div() if other:
            found = one / other
        case ast.FloorDiv() if other:
            found = Fraction(one // other)
        case ast.Pow() if one.denominator == other.denominator == 1 and 0 <= other <= 62:
            found = one**other.numerator if abs(one) <= 2**12 else None
    return found if found is not None and abs(found) <= _LARGEST else None


def figure(comment: str) -> tuple[Fraction, str] | None:
    """The size that a comment speaks of, as bytes and as written; `16 GB` counts 1024 as `16Gi`.

    Where people write G they mean what the program means, so both are one.
    """
    found = _FIGURE.search(comment)
    if found is None:
        return None
    return Fraction(found[1]) * _UNITS[found[2][0]], f"{found[1]}{found[2][0]}i"


def spelling_of(limit: Limit) -> str | None:
    """The comment behind a limit where it is nothing but the same size or time, as hubops does."""
    text = limit.comment.removeprefix("#").strip()
    try:
        if bytes_of(text) == limit.amount and text[-1:].isalpha():
            return text
    except ValueError:
        pass
    found = _DURATION.fullmatch(limit.comment)
    if found is not None and found[1] and seconds(found[1]) == limit.amount:
        return found[1]
    return None


def _choices(tree: ast.Module) -> Choices | None:
    """What the options offer; None unless the whole entry says what hubops' own python says."""
    handlers: dict[str, ast.FunctionDef] = {}
    call: ast.Call | None = None
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "dask_gateway_server.options":
            continue
        if isinstance(node, ast.FunctionDef):
            handlers[node.name] = node
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == _OPTIONS:
            call = node.value if isinstance(node.value, ast.Call) and call is None else None
            if call is None:
                return None
        else:
            return None
    if call is None or ast.unparse(call.func) != "Options":
        return None
    return _offered(call, handlers)


_OPTIONS = "c.Backend.cluster_options"


def _offered(call: ast.Call, handlers: Mapping[str, ast.FunctionDef]) -> Choices | None:
    handler = next((word.value for word in call.keywords if word.arg == "handler"), None)
    if not isinstance(handler, ast.Name) or set(handlers) != {handler.id} or len(call.keywords) > 1:
        return None
    options = [_option(argument) for argument in call.args]
    found = {option[0]: option for option in options if option is not None}
    if len(found) != len(call.args) or not isinstance(image := found.get("image"), tuple):
        return None
    cores, memory = _numbers(found.get("worker_cores")), _numbers(found.get("worker_memory"))
    if ("worker_cores" in found, "worker_memory" in found) != (bool(cores), bool(memory)):
        return None
    # hubops offers memory as Float, and cores as Integer where all three are whole.
    if memory is not None and memory[0] != "Float":
        return None
    whole = cores is not None and all(bound.denominator == 1 for bound in cores[1:])
    if cores is not None and cores[0] != ("Integer" if whole else "Float"):
        return None
    if _settings(handlers[handler.id]) != {"image", *(found.keys() & _EXPRESSIONS.keys())}:
        return None
    text = image[2]
    return Choices(cores=cores, memory=memory, image=text) if isinstance(text, str) else None


_Offer = tuple[str, str, object]


def _option(node: ast.expr) -> _Offer | None:
    """Name, kind, and what one option offers: a text, or default, least and most."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1):
        return None
    name = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
    words = {word.arg: word.value for word in node.keywords}
    words.pop("label", None)
    kind = node.func.id
    if kind == "String" and name == "image" and words.keys() == {"default"}:
        default = words["default"]
        if isinstance(default, ast.Constant) and isinstance(default.value, str):
            return "image", kind, default.value
    if kind in ("Integer", "Float") and name in _EXPRESSIONS:
        numbers = [constant(words[key]) for key in ("default", "min", "max") if key in words]
        if words.keys() == {"default", "min", "max"} and None not in numbers:
            return str(name), kind, tuple(numbers)
    return None


def _numbers(found: _Offer | None) -> tuple[str, Fraction, Fraction, Fraction] | None:
    if found is None or not isinstance(found[2], tuple):
        return None
    default, least, most = found[2]
    return found[1], default, least, most


_EXPRESSIONS = {"worker_cores": "cores", "worker_memory": "memory"}
# What the handler may return for each setting, as `ast` prints it.
_RETURNED = {
    "image": ("options.image",),
    "worker_cores": ("options.worker_cores",),
    "worker_cores_limit": ("options.worker_cores",),
    "worker_memory": tuple(
        f"int(options.worker_memory * {gib})" for gib in ("2 ** 30", "1024 ** 3", "1073741824")
    ),
}
_RETURNED["worker_memory_limit"] = _RETURNED["worker_memory"]


def _settings(handler: ast.FunctionDef) -> set[str] | None:
    """The settings that a handler returns, limits left out; None for one that does more."""
    if [argument.arg for argument in handler.args.args] != ["options"] or handler.decorator_list:
        return None
    *before, last = handler.body
    if before and not (_is_own_check(before) or all(map(_asks_for_a_tag, before))):
        return None
    if not (isinstance(last, ast.Return) and isinstance(last.value, ast.Dict)):
        return None
    returned: set[str] = set()
    for key, value in zip(last.value.keys, last.value.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else None
        if not isinstance(name, str) or ast.unparse(value) not in _RETURNED.get(name, ()):
            return None
        returned.add(name)
    return {name for name in returned if not name.endswith("_limit")}


def _asks_for_a_tag(node: ast.stmt) -> bool:
    """Whether a statement raises for an image without a tag, and does nothing else."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and ast.unparse(node.test) == "':' not in options.image"
        and all(isinstance(inner, ast.Raise) for inner in node.body)
    )


def _is_own_check(nodes: list[ast.stmt]) -> bool:
    """Whether these are the statements that hubops' own handler begins with."""
    return [ast.dump(node) for node in nodes] == _own_check()


@cache
def _own_check() -> list[str]:
    option = Option(default=1, min=1, max=1)
    dask = DaskGateway(
        release_name="",
        install_crds=True,
        limits=None,
        idle_timeout=None,
        worker_cores=option,
        worker_memory=None,
        worker_image=None,
        values={},
    )
    tree = ast.parse(gateway_config.options(dask, "a:b"))
    handler = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    return [ast.dump(node) for node in handler.body[:-1]]


def entries(extra: object) -> Iterator[Entry]:
    """Each entry in the order in which the chart runs them; a text alone is one."""
    if isinstance(extra, str):
        yield entry("", extra)
    elif isinstance(extra, Mapping):
        for name in sorted(extra):
            if isinstance(extra[name], str):
                yield entry(name, extra[name])
