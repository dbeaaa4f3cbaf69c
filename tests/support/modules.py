"""The modules of the program as text: what they import, and the graph of its packages.

`python -m tests.support.modules` draws the graph into docs/design.md; `make docs` does it.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "generator"
DESIGN = ROOT / "docs" / "design.md"
BEGIN, END = "<!-- packages: made by `make docs` -->\n", "<!-- /packages -->\n"

# A package imports only packages above it in this list; `ground` is the modules at the root.
# Everything before `io` is pure.
PACKAGES = (
    *("ground", "yaml", "site", "charts", "build", "lint", "report"),
    *("io", "packaged", "secrets", "change", "proof", "adopt", "doctor", "cli"),
)


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module by its name inside the program, parsed."""
    return {name: ast.parse(path.read_text("utf-8"), str(path)) for name, path in paths().items()}


@cache
def paths() -> Mapping[str, Path]:
    """The file of every module, by its name inside the program."""
    found = {}
    for path in sorted(PROGRAM.rglob("*.py")):
        steps = path.relative_to(PROGRAM).with_suffix("").parts
        found[".".join(steps).removesuffix("__init__").rstrip(".")] = path
    return found


def imports(module: ast.Module) -> Iterator[str]:
    """What a module imports anywhere, full names."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                known = inner.removeprefix("generator.") in paths()
                yield inner if known else node.module


def is_own(name: str) -> bool:
    """Whether a full name is the program's."""
    return name.partition(".")[0] == "generator"


def own(module: ast.Module) -> set[str]:
    """The program's modules that a module imports, by their names inside the program."""
    names = (name.removeprefix("generator").lstrip(".") for name in imports(module) if is_own(name))
    return {name for name in names if name}


def package(name: str) -> str:
    """The package that a module belongs to."""
    first, _, inner = name.partition(".")
    return first if inner or first in PACKAGES else "ground"


@cache
def graph() -> Mapping[str, tuple[str, ...]]:
    """The packages that each package imports, in order; the two entry points left out."""
    reached: dict[str, set[str]] = {name: set() for name in PACKAGES}
    for name, module in modules().items():
        if name not in ("", "__main__"):
            reached[package(name)] |= {package(other) for other in own(module)}
    return {
        name: tuple(other for other in PACKAGES if other in others and other != name)
        for name, others in reached.items()
    }


def drawn() -> str:
    """The part of docs/design.md that shows the packages: a table and a picture."""
    rows = [
        f"| `{name}` | {_owns(name)} | {' '.join(f'`{other}`' for other in others)} |"
        for name, others in graph().items()
    ]
    arrows = [f"  {name} --> {other}" for name, others in _direct().items() for other in others]
    return "\n".join(
        [
            "| package | owns | imports |",
            "|---|---|---|",
            *rows,
            "",
            "```mermaid",
            "flowchart BT",
            *arrows,
            "```",
            "",
        ]
    )


def _owns(name: str) -> str:
    if name == "ground":
        names = sorted(other for other in modules() if other and package(other) == "ground")
        return " ".join(f"`{other}`" for other in names if other != "__main__")
    first = (ast.get_docstring(modules()[name]) or "").partition("\n\n")[0]
    return " ".join(first.split())


def _direct() -> Mapping[str, list[str]]:
    """The graph without arrows that follow from others: what one looks at."""
    return {
        name: [
            other
            for other in others
            if not any(other in graph()[between] for between in others if between != other)
        ]
        for name, others in graph().items()
    }


def with_packages(document: str) -> str:
    """The text of docs/design.md with the packages as they are."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{drawn()}\n{END}{after}"


if __name__ == "__main__":
    DESIGN.write_text(with_packages(DESIGN.read_text("utf-8")), "utf-8")
