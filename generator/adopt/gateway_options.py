"""The options that Dask Gateway's python offers to users, where hubops' own say the same."""

import ast
from collections.abc import Collection
from fractions import Fraction
from functools import cache

from generator.adopt.python import constant
from generator.charts import gateway_config
from generator.records import record

# Default, least and most.
Range = tuple[Fraction, Fraction, Fraction]

_OPTIONS = "c.Backend.cluster_options"
_ENVIRONMENT = "environment"
_RANGES = ("worker_cores", "worker_memory")
_MEMORY = tuple(
    f"int(options.worker_memory * {gib})" for gib in ("2 ** 30", "1024 ** 3", "1073741824")
)
# What the handler may return for each setting, as `ast` prints it.
_RETURNED = {
    "image": ("options.image",),
    _ENVIRONMENT: (
        "options.environment",
        "{name: str(text) for name, text in options.environment.items()}",
    ),
    **dict.fromkeys(("worker_cores", "worker_cores_limit"), ("options.worker_cores",)),
    **dict.fromkeys(("worker_memory", "worker_memory_limit"), _MEMORY),
}


@record
class Choices:
    """What users may choose."""

    cores: Range | None
    memory: Range | None
    image: str
    has_environment: bool = False


def choices(tree: ast.Module) -> Choices | None:
    """What an entry offers; None unless all of it says what hubops' own python says."""
    handlers: dict[str, ast.FunctionDef] = {}
    calls: list[ast.Call] = []
    for node in tree.body:
        match node:
            case ast.ImportFrom(module="dask_gateway_server.options"):
                pass
            case ast.FunctionDef(name=name):
                handlers[name] = node
            case ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id="Options")) as call):
                if ast.unparse(target) != _OPTIONS:
                    return None
                calls.append(call)
            case _:
                return None
    match calls:
        case [ast.Call(args=args, keywords=[ast.keyword(arg="handler", value=ast.Name(id=name))])]:
            return _offered(args, handlers[name]) if {name} == handlers.keys() else None
    return None


def _offered(options: list[ast.expr], handler: ast.FunctionDef) -> Choices | None:
    offers = [offer for option in options if (offer := _offer(option)) is not None]
    images = [default for _, default in offers if isinstance(default, str)]
    ranges = {name: bounds for name, bounds in offers if isinstance(bounds, tuple)}
    more = {name for name, default in offers if default is None}
    is_all = len(images) == 1 and len(options) == 1 + len(ranges) + len(more)
    if not is_all or not _sets_only(handler, {"image", *ranges, *more}):
        return None
    cores, memory = map(ranges.get, _RANGES)
    return Choices(cores=cores, memory=memory, image=images[0], has_environment=bool(more))


def _offer(node: ast.expr) -> tuple[str, str | Range | None] | None:
    """An option's name and its default image, its range, or nothing; None for an unknown one."""
    match node:
        case ast.Call(func=ast.Name(id="Mapping"), args=[ast.Constant(value=str(name)), *given]):
            words = [word for word in node.keywords if word.arg != "label"]
            starts = [*given, *(word.value for word in words)]
            is_empty = [ast.unparse(one) for one in starts] in ([], ["{}"])
            return (name, None) if name == _ENVIRONMENT and is_empty else None
        case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(name))], keywords=words):
            settings = {word.arg: word.value for word in words if word.arg != "label"}
        case _:
            return None
    match settings:
        case {"default": ast.Constant(value=str(image)), **more} if not more:
            return (name, image) if (kind, name) == ("String", "image") else None
    if name not in _RANGES or settings.keys() != {"default", "min", "max"}:
        return None
    default, least, most = (constant(settings[key]) for key in ("default", "min", "max"))
    if default is None or least is None or most is None:
        return None
    bounds = (default, least, most)
    # hubops offers memory as Float, and cores as Integer where all three are whole.
    is_whole = name == "worker_cores" and all(bound.denominator == 1 for bound in bounds)
    return (name, bounds) if kind == ("Integer" if is_whole else "Float") else None


def _sets_only(handler: ast.FunctionDef, settings: Collection[str]) -> bool:
    """Whether a handler returns these settings and their limits, and does nothing else."""
    *before, last = handler.body
    if [argument.arg for argument in handler.args.args] != ["options"] or handler.decorator_list:
        return False
    if [ast.dump(node) for node in before] != _own_check() and not all(map(_wants_tag, before)):
        return False
    match last:
        case ast.Return(value=ast.Dict(keys=keys, values=values)):
            names = [str(key.value) if isinstance(key, ast.Constant) else "" for key in keys]
            returned = zip(names, map(ast.unparse, values), strict=True)
            return all(text in _RETURNED.get(name, ()) for name, text in returned) and (
                {name for name in names if not name.endswith("_limit")} == set(settings)
            )
    return False


def _wants_tag(node: ast.stmt) -> bool:
    """Whether a statement raises for an image without a tag, and does nothing else."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and ast.unparse(node.test) == "':' not in options.image"
        and all(isinstance(inner, ast.Raise) for inner in node.body)
    )


@cache
def _own_check() -> list[str]:
    tree = ast.parse(gateway_config.options(None, None, "a:b"))
    handler = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    return [ast.dump(node) for node in handler.body[:-1]]
