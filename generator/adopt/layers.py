"""Texts with values -> layers: values with the line and comment of each key; what files say."""

import re
from collections.abc import Callable, Iterator, Mapping

from generator.adopt.base import Facts, Question, Row
from generator.credentials import printable
from generator.diagnostics import GeneratorError, Pointer
from generator.records import field, record, replace
from generator.site.model import Json
from generator.yaml.stream import Lines, Unreadable, lines, read, split

MAX_BYTES = 2 * 2**20
MAX_NODES = 60_000

# Helm's and helmfile's templates; KubeSpawner's own braces hold a bare name.
TEMPLATE = re.compile(r"\{\{-?\s*(?:\.|\$|-|(?:include|tpl|if|with|range|end|toYaml|default)\b)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COMMENT = re.compile(r"\s#\s*(.+)$")
# No one comments a longer line; a whole file may be on one.
_LONGEST_LINE = 1000


@record
class Text:
    """The content of one file, and what the report calls it."""

    name: str
    content: bytes = field(hidden=True)


def _no_file(ref: str, path: str) -> Text | None:
    return None


def _no_files(pattern: str) -> tuple[tuple[str, Text], ...]:
    return ()


@record
class Checkout:
    """The repositories that Applications name, as far as they were given.

    `file` is the file of a source's `ref` at a path, None where it is not there; `matching` are the
    files of a pattern, with their paths.
    """

    file: Callable[[str, str], Text | None] = _no_file
    matching: Callable[[str], tuple[tuple[str, Text], ...]] = _no_files


@record
class Layer:
    """The values of one text; `base` is the line before its first, where another file holds it.

    `above` are the keys that the values are below, in the text.
    """

    name: str
    values: Mapping[str, Json]
    where: Lines
    written: tuple[str, ...] = ()
    base: int = 0
    is_secret: bool = False
    above: Pointer = ()

    def place(self, path: Pointer) -> str:
        """The file and line of a key, or of the nearest key above it."""
        depths = range(len(path), -1, -1)
        line = next((self.where.at[path[:n]] for n in depths if path[:n] in self.where.at), 1)
        return f"{self.name}:{line + self.base}"

    def comment(self, path: Pointer) -> str:
        """The comment at the end of a key's line."""
        line = self.where.at.get(path, 0)
        written = self.written[line - 1] if 0 < line <= len(self.written) else ""
        comment = _COMMENT.search(written) if len(written) < _LONGEST_LINE else None
        return comment.group(1) if comment else ""

    def below(self, *path: str | int) -> "Layer | None":
        """The map at a path as a layer; None where there is no map."""
        node: Json = self.values
        for step in path:
            is_list = isinstance(node, list) and isinstance(step, int)
            node = node[step] if is_list else node.get(step) if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping):
            return None
        depth = len(path)
        under = {at[depth:]: line for at, line in self.where.at.items() if at[:depth] == path}
        where = replace(self.where, at=under, again=())
        return replace(self, values=node, where=where, above=(*self.above, *path))


@record
class Part:
    """The values that one text has for a chart, and what an Application says of the release."""

    chart: str
    layer: Layer
    version: str | None = None
    release: str | None = None
    repository: str | None = None
    of_umbrella: str = ""


Statement = Part | Facts | Row | Question


def text_of(file: Text) -> str:
    """A file as text. GeneratorError for one that is too large, binary or not UTF-8."""
    if len(file.content) > MAX_BYTES:
        raise GeneratorError(
            f"{file.name}: larger than {MAX_BYTES // 2**20} MiB; nothing was written",
            "give the values file that you pass to Helm with -f: it has a few hundred lines",
        )
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.content[: error.start].count(b"\n") + 1
        raise GeneratorError(
            f"{file.name}:{line}: not UTF-8 text; nothing was written",
            "give the values as UTF-8 text: this may be a packaged chart or another binary file",
        ) from None
    if control := _CONTROL.search(text):
        line = text[: control.start()].count("\n") + 1
        raise GeneratorError(
            f"{file.name}:{line}: contains the control character U+{ord(control[0]):04X}; "
            "nothing was written",
            "give the values as text: this may be a binary file",
        )
    return text


def documents(file: Text) -> Iterator[Layer]:
    """Each document of a file."""
    text, end = text_of(file), 0
    for document in split(text):
        start = text.index(document, end)
        end = start + len(document)
        yield layer(document, file.name, text[:start].count("\n"))


def layer(text: str, name: str, base: int = 0, *, is_secret: bool = False) -> Layer:
    """The values of one text. GeneratorError for a text that is not one map of plain values."""
    count = len(split(text))
    if count > 1:
        raise GeneratorError(
            f"{name}: {count} documents; nothing was written",
            "Helm reads only the first: give a file with one document",
        )
    values, where = _read(text, name, base)
    if not isinstance(values, dict | None):
        kind = "a list" if isinstance(values, list) else "a single value"
        raise GeneratorError(
            f"{name}:{base + 1}: {kind} instead of a map of values; nothing was written",
            "give a values file: its root has keys such as 'hub' or 'gateway'",
        )
    written = tuple(text.split("\n"))
    return Layer(
        name=name,
        values=values or {},
        where=where,
        written=written,
        base=base,
        is_secret=is_secret,
    )


def _read(text: str, name: str, base: int) -> tuple[Json, Lines]:
    try:
        return read(text, MAX_NODES), lines(text)
    except Unreadable as error:
        if template := TEMPLATE.search(text):
            line = text[: template.start()].count("\n") + 1 + base
            raise GeneratorError(
                f"{name}:{line}: a template, and Helm does not render values files; nothing was "
                "written",
                "give plain values: `helm get values RELEASE` prints those of a release",
            ) from None
        said = re.sub(r"line (\d+)", lambda match: f"line {int(match[1]) + base}", str(error))
        raise GeneratorError(
            f"{name}: Helm can't read this YAML ({printable(said)}); nothing was written",
            "fix it there, or give the output of `helm get values RELEASE`",
        ) from None
