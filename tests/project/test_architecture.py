"""The shape of the package: who imports whom, what stays pure, and how big things are."""

import ast
import statistics
import sys
from collections import defaultdict
from collections.abc import Mapping
from graphlib import TopologicalSorter

import pytest

from tests.support import modules as program
from tests.support.modules import PACKAGES, is_own, modules, paths

MOST_AT_THE_ROOT = 12  # modules

# Where a package that is slow to load, or that only one place should know, may be imported.
OUTSIDE = {
    "click": {f"cli.{path.stem}" for path in (program.PROGRAM / "cli").glob("*.py")},
    "cryptography": {"secrets.certificates", "secrets.sealing"},
    "jsonschema": {"site.refusals", "charts.values_schema", "proof.object_schemas"},
    "referencing": {"proof.object_schemas"},
    "yaml": {"yaml.events", "yaml.read", "yaml.stream"},
}

# What the pure half needs of the standard library; none of it reads a clock, a disk or a dice.
PURE_LIBRARY = {
    *(
        "abc",
        "base64",
        "binascii",
        "collections",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
    ),
    *("enum", "fractions", "functools", "hashlib", "html", "importlib", "itertools", "json"),
    *("ipaddress", "marshal", "math", "operator", "re", "shlex"),
    *("ast", "string", "textwrap", "typing", "unicodedata", "urllib.parse", "warnings"),
}
EFFECTS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
FILE_METHODS = {
    *("read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "rmdir", "unlink", "touch"),
    *("rename", "iterdir", "glob", "rglob", "stat", "exists", "is_file", "is_dir", "chmod"),
    *("symlink_to", "readlink", "environ", "getenv", "getcwd", "now", "today", "utcnow"),
}


MODULES = [name for name in paths() if name]


def _from_below(name: str, module: ast.Module) -> list[str]:
    """What a module imports of packages below its own."""
    below = PACKAGES[PACKAGES.index(program.package(name)) + 1 :]
    return sorted(other for other in program.own(module) if program.package(other) in below)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "__main__"])
def test_module_imports_only_from_packages_above(name: str) -> None:
    assert _from_below(name, modules()[name]) == []


def test_root_is_the_ground_alone() -> None:
    ground = [name for name in MODULES if program.package(name) == "ground"]
    assert len(ground) + 1 <= MOST_AT_THE_ROOT  # and `__init__`


def test_no_module_imports_itself_over_others() -> None:
    graph = {name: program.own(module) & modules().keys() for name, module in modules().items()}
    TopologicalSorter(graph).prepare()  # a CycleError names the modules of a circle


def _foreign(module: ast.Module) -> set[str]:
    return {name.partition(".")[0] for name in program.imports(module) if not is_own(name)}


@pytest.mark.parametrize("name", MODULES)
def test_package_from_outside_is_known_in_one_place(name: str) -> None:
    outside = _foreign(modules()[name]) - set(sys.stdlib_module_names)
    assert {other for other in outside if name not in OUTSIDE.get(other, ())} == set()


PURE = [
    name
    for name in MODULES
    if name != "__main__" and PACKAGES.index(program.package(name)) < PACKAGES.index("io")
]


def _impurities(module: ast.Module) -> list[str]:
    """Imports and calls by which a module would read or change the world."""
    allowed = PURE_LIBRARY | OUTSIDE.keys()
    found = [
        name
        for name in program.imports(module)
        if not is_own(name) and name not in allowed and name.partition(".")[0] not in allowed
    ]
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and node.id in EFFECTS:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in FILE_METHODS:
            found.append(node.attr)
    return sorted(found)


# It imports the modules beside it, and has no list of them.
LISTS_ITS_MODULES = {"lint.rules": ["os"]}


@pytest.mark.parametrize("name", PURE)
def test_pure_half_neither_reads_nor_changes_the_world(name: str) -> None:
    assert _impurities(modules()[name]) == LISTS_ITS_MODULES.get(name, [])


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
    found = [name for name in _impurities(ast.parse(text)) if name != "compile"]
    assert found == seen


# Sizes, in lines.
FILE_LIMIT, FILE_MEDIAN = 400, 90
FUNCTION_LIMIT, FUNCTION_MEDIAN, MOST_FUNCTIONS = 60, 8, 25


def _files() -> dict[str, int]:
    return {
        path.relative_to(program.PROGRAM).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in program.PROGRAM.rglob("*.py")
    }


def _functions() -> dict[str, int]:
    return {
        f"{name}.{node.name}:{node.lineno}": (node.end_lineno or 0) - node.lineno + 1
        for name, module in modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _sizes(what: str, lengths: Mapping[str, int]) -> str:
    """Where the sizes stand; pytest shows it with a failure, and with `-rP`."""
    median = statistics.median(lengths.values())
    ninety = statistics.quantiles(lengths.values(), n=10)[-1]
    longest = max(lengths, key=lambda name: lengths[name])
    return (
        f"{len(lengths)} {what}, {sum(lengths.values())} lines: median {median:g}, "
        f"90 % at most {ninety:g}, longest {longest} with {lengths[longest]}"
    )


def test_files_are_small() -> None:
    lengths = _files()
    print(_sizes("files", lengths))  # noqa: T201
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LIMIT} == {}
    assert statistics.median(lengths.values()) <= FILE_MEDIAN


def test_functions_are_small() -> None:
    lengths = _functions()
    print(_sizes("functions", lengths))  # noqa: T201
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LIMIT} == {}
    assert statistics.median(lengths.values()) <= FUNCTION_MEDIAN
    long = [name for name, lines in lengths.items() if lines > MOST_FUNCTIONS]
    assert len(long) <= len(lengths) / 10, long


# Names.
SAY_NOTHING = {
    *("util", "utils", "helper", "helpers", "common", "misc", "manager", "handler", "data"),
    *("process", "handle", "situation", "leftovers", "keeping", "standing", "alike"),
}


def test_module_names_say_what_is_in_them() -> None:
    steps = {name: set(name.replace("_", ".").split(".")) for name in MODULES}
    assert {name for name in MODULES if steps[name] & SAY_NOTHING} == set()


def test_class_name_means_one_thing() -> None:
    places = defaultdict(set)
    for name, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef):
                places[node.name].add(name)
    several = {name: sorted(where) for name, where in places.items() if len(where) > 1}
    print("mean two things:", several)  # noqa: T201
    assert several == {}


def test_every_module_says_what_it_is() -> None:
    assert [name for name, module in modules().items() if not ast.get_docstring(module)] == []


def test_packages_in_the_design_are_those_of_the_code() -> None:
    document = program.DESIGN.read_text("utf-8")
    assert document == program.with_packages(document), "run: make docs"
    assert program.BEGIN in document


def test_make_docs_draws_the_packages() -> None:
    assert "python -m tests.support.modules\n" in (program.ROOT / "Makefile").read_text("utf-8")
