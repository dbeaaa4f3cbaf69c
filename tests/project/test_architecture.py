"""The shape of the package: who imports whom, what stays pure, and how big things are."""

import ast
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import generator

PACKAGE = Path(generator.__file__).parent

# From the ground up: a package imports only packages above it in this list; `ground` is the modules
# at the root. Everything before `io` is pure.
PACKAGES = (
    *("ground", "yaml", "site", "charts", "build", "lint", "report"),
    *("io", "packaged", "secrets", "change", "proof", "adopt", "cli"),
)
MOST_AT_THE_ROOT = 12

# Where a package that is slow to load, or that only one place should know, may be imported.
OUTSIDE = {
    "click": {f"cli.{path.stem}" for path in (PACKAGE / "cli").glob("*.py")},
    "cryptography": {"secrets.certificates", "secrets.sealing"},
    "jsonschema": {"site.schema", "charts.values_schema", "proof.object_schemas"},
    "referencing": {"proof.object_schemas"},
    "yaml": {"yaml.read", "yaml.stream"},
}

# What the pure half needs of the standard library; none of it reads a clock, a disk or a dice.
PURE_LIBRARY = {
    *("base64", "binascii", "collections", "copy", "dataclasses", "datetime", "decimal", "difflib"),
    "enum",
    *(
        "fractions",
        "functools",
        "hashlib",
        "html",
        "importlib",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "shlex",
    ),
    *("ast", "string", "textwrap", "typing", "unicodedata", "urllib.parse", "warnings"),
}
EFFECTS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
FILE_METHODS = {
    *("read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "rmdir", "unlink", "touch"),
    *("rename", "iterdir", "glob", "rglob", "stat", "exists", "is_file", "is_dir", "chmod"),
    *("symlink_to", "readlink", "environ", "getenv", "getcwd", "now", "today", "utcnow"),
}


@cache
def _modules() -> dict[str, ast.Module]:
    """Every module by its name inside the package, parsed."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        steps = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(steps).removesuffix("__init__").rstrip(".")
        found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


MODULES = [name for name in _modules() if name]


def _imports(module: ast.Module) -> Iterator[str]:
    """What a module imports anywhere, full names."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                known = inner.removeprefix("generator.") in _modules()
                yield inner if known else node.module


def _own(module: ast.Module) -> set[str]:
    """The package's own modules that a module imports, by their names inside the package."""
    names = (
        name.removeprefix("generator").lstrip(".") for name in _imports(module) if _is_own(name)
    )
    return {name for name in names if name}


def _is_own(name: str) -> bool:
    return name.partition(".")[0] == "generator"


def _package(name: str) -> str:
    """The package that a module belongs to."""
    first, _, inner = name.partition(".")
    return first if inner or first in PACKAGES else "ground"


def _from_below(name: str, module: ast.Module) -> list[str]:
    """What a module imports of packages below its own."""
    own = PACKAGES.index(_package(name))
    return sorted(other for other in _own(module) if PACKAGES.index(_package(other)) > own)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "__main__"])
def test_module_imports_only_from_packages_above(name: str) -> None:
    assert _from_below(name, _modules()[name]) == []


def test_root_is_the_ground_alone() -> None:
    ground = [name for name in MODULES if _package(name) == "ground"]
    assert len(ground) + 1 <= MOST_AT_THE_ROOT  # and `__init__`


def test_no_module_imports_itself_over_others() -> None:
    graph = {name: _own(module) for name, module in _modules().items()}
    reached = graph
    for _ in graph:
        reached = {
            name: others | {far for other in others for far in reached.get(other, ())}
            for name, others in reached.items()
        }
    assert [name for name, others in reached.items() if name in others] == []


def _foreign(module: ast.Module) -> set[str]:
    return {name.partition(".")[0] for name in _imports(module) if not _is_own(name)}


@pytest.mark.parametrize("name", MODULES)
def test_package_from_outside_is_known_in_one_place(name: str) -> None:
    outside = _foreign(_modules()[name]) - set(sys.stdlib_module_names)
    assert {one for one in outside if name not in OUTSIDE.get(one, ())} == set()


PURE = [
    name
    for name in MODULES
    if name != "__main__" and PACKAGES.index(_package(name)) < PACKAGES.index("io")
]


def _impurities(module: ast.Module) -> list[str]:
    """Imports and calls by which a module would read or change the world."""
    allowed = PURE_LIBRARY | OUTSIDE.keys()
    found = [
        name
        for name in _imports(module)
        if not _is_own(name) and name not in allowed and name.partition(".")[0] not in allowed
    ]
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and node.id in EFFECTS:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in FILE_METHODS:
            found.append(node.attr)
    return sorted(found)


@pytest.mark.parametrize("name", PURE)
def test_pure_half_neither_reads_nor_changes_the_world(name: str) -> None:
    assert _impurities(_modules()[name]) == []


def test_pure_half_is_most_of_the_package() -> None:
    assert {"build.repository", "lint.load", "charts.jupyterhub", "lint.rules.base"} <= set(PURE)
    assert not {"io.worktree", "io.writer", "io.resources", "cli.main"} & set(PURE)


# The checks themselves, on modules that break the order.
BREAKING = {
    "from-below": ("site.parse", "import generator.build.tree", ["build.tree"]),
    "inside-a-function": ("merge", "def f():\n    from generator.io import writer", ["io.writer"]),
    "sibling": ("site.parse", "from generator.site.model import Site", []),
    "allowed": ("build.tree", "from generator.site.model import Site", []),
}


@pytest.mark.parametrize(("name", "text", "seen"), BREAKING.values(), ids=BREAKING)
def test_import_from_below_is_seen(name: str, text: str, seen: list[str]) -> None:
    assert _from_below(name, ast.parse(text)) == seen


IMPURE = {
    "open": ("def f():\n    open('x')", ["open"]),
    "print": ("print(1)", ["print"]),
    "path": ("from pathlib import Path\nPath('x').read_text()", ["pathlib", "read_text"]),
    "environment": ("import os\nos.environ['x']", ["environ", "os"]),
    "process": ("import subprocess", ["subprocess"]),
    "clock": ("from datetime import datetime\ndatetime.now()", ["now"]),
    "network": ("import urllib.request", ["urllib.request"]),
    "time": ("import time", ["time"]),
    "dice": ("from random import random", ["random"]),
    "terminal": ("import sys\nsys.stdout", ["sys"]),
    "pure": ("import re\nfrom collections.abc import Mapping\nre.compile('x')", []),
}


@pytest.mark.parametrize(("text", "seen"), IMPURE.values(), ids=IMPURE)
def test_effect_is_seen(text: str, seen: list[str]) -> None:
    found = [one for one in _impurities(ast.parse(text)) if one != "compile"]
    assert found == seen


# Sizes.
FILE_LINES, MEDIAN_FILE_LINES = 400, 120
FUNCTION_LINES, MOST_FUNCTION_LINES, MEDIAN_FUNCTION_LINES = 60, 30, 10


def _lengths() -> dict[str, int]:
    return {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }


def _functions() -> dict[str, int]:
    return {
        f"{name}.{node.name}:{node.lineno}": (node.end_lineno or 0) - node.lineno + 1
        for name, module in _modules().items()
        if name != "cli.main"
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_files_are_small() -> None:
    lengths = _lengths()
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FILE_LINES


def test_functions_are_small() -> None:
    lengths = _functions()
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION_LINES
    long = [name for name, lines in lengths.items() if lines > MOST_FUNCTION_LINES]
    assert len(long) <= len(lengths) / 10, long


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "common", "manager", "misc", "handler", "data", "process"}
    assert [name for name in MODULES if name.rpartition(".")[2] in empty] == []


def test_every_module_says_what_it_is() -> None:
    assert [name for name, module in _modules().items() if not ast.get_docstring(module)] == []
