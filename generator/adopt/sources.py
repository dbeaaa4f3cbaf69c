"""Texts of values files -> the values of each chart, with the file and line of each key."""

import re
from collections.abc import Iterable, Iterator, Mapping

from generator import charts
from generator.adopt.base import (
    CHARTS,
    DASK_GATEWAY,
    JUPYTERHUB,
    Facts,
    Foreign,
    Path,
    Question,
    Row,
    Taken,
    dotted,
)
from generator.credentials import printable, shown
from generator.diagnostics import GeneratorError, UsageError
from generator.records import field, record, replace
from generator.site.model import Json
from generator.yaml.stream import Lines, Unreadable, lines, read, split

MAX_BYTES = 2 * 2**20
MAX_NODES = 60_000

_TEMPLATE = re.compile(r"\{\{-?\s*(?:\.|\$|-|(?:include|tpl|if|with|range|end|toYaml|default)\b)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_RENDER = "give plain values: `helm get values RELEASE` prints those that a release has"
_COMMENT = re.compile(r"\s#\s*(.+)$")
_LONGEST_LINE = 1000
_VERSION = re.compile(r"(?:--version[= ]|\bchart\s+(?:version\s+)?)v?(\d+\.\d+\.\d+)\b", re.ASCII)
_NAMESPACE = re.compile(r"(?:^|\s)(?:-n|--namespace)[= ]([a-z0-9-]+)\b", re.ASCII)
_HOME = re.compile(r"https?://[\w./-]*helm-chart\b|https?://helm\.dask\.org\b", re.ASCII)


@record
class Text:
    """The content of one file, and what the report calls it."""

    name: str
    content: bytes = field(hidden=True)


@record
class Given:
    """The files that a command line names."""

    jupyterhub: tuple[Text, ...] = ()
    dask_gateway: tuple[Text, ...] = ()
    secrets: tuple[Text, ...] = ()
    meta: tuple[Text, ...] = ()
    applications: tuple[Text, ...] = ()

    def refuse_contradictions(self) -> None:
        """UsageError where two of them describe the same release, or none does."""
        split_up = bool(self.jupyterhub or self.dask_gateway)
        forms = {
            "--meta": bool(self.meta),
            "--jupyterhub or --dask-gateway": split_up,
            "--application": bool(self.applications),
        }
        named = [form for form, is_given in forms.items() if is_given]
        if "--meta" in named and len(named) > 1:
            raise UsageError(
                f"--meta and {named[1 - named.index('--meta')]} exclude each other: each of them "
                "is all values of a release",
                "give --meta for the umbrella chart daskhub, else the files of the releases",
            )
        if not named:
            raise UsageError(
                "no values were given",
                "give --jupyterhub FILE (and --dask-gateway FILE), --meta FILE or "
                "--application FILE",
            )


@record
class Layer:
    """The values of one text; `base` is the line before its first, where it stands in another.

    `is_secret` says that a person gave it as a file of secrets.
    """

    name: str
    values: Mapping[str, Json]
    where: Lines
    written: tuple[str, ...] = ()
    base: int = 0
    is_secret: bool = False

    def place(self, path: tuple[str | int, ...]) -> str:
        """The file and line of a key."""
        depths = range(len(path), -1, -1)
        line = next((self.where.at[path[:n]] for n in depths if path[:n] in self.where.at), 1)
        return f"{self.name}:{line + self.base}"

    def comment(self, path: tuple[str | int, ...]) -> str:
        """The comment at the end of a key's line."""
        line = self.where.at.get(path, 0)
        written = self.written[line - 1] if 0 < line <= len(self.written) else ""
        # Nobody comments a longer line; all of a file may stand in one.
        found = _COMMENT.search(written) if len(written) < _LONGEST_LINE else None
        return found.group(1) if found else ""

    def below(self, *path: str) -> "Layer | None":
        """The part under a path, as values of its own; None where no map stands there."""
        node: Json = self.values
        for step in path:
            node = node.get(step) if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping):
            return None
        depth = len(path)
        under = {at[depth:]: line for at, line in self.where.at.items() if at[:depth] == path}
        return replace(self, values=node, where=replace(self.where, at=under, again=()))


def text_of(one: Text) -> str:
    """A file as text. GeneratorError for one that is too large, binary or not UTF-8."""
    if len(one.content) > MAX_BYTES:
        raise GeneratorError(
            f"{one.name}: larger than {MAX_BYTES // 2**20} MiB; nothing was written",
            "values files have some hundred lines: give the one that Helm got with -f",
        )
    try:
        text = one.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = one.content[: error.start].count(b"\n") + 1
        raise GeneratorError(
            f"{one.name}:{line}: a byte that is not UTF-8; nothing was written",
            "give the values as UTF-8 text: this may be a packaged chart or another binary file",
        ) from None
    control = _CONTROL.search(text)
    if control is not None:
        line = text[: control.start()].count("\n") + 1
        raise GeneratorError(
            f"{one.name}:{line}: the control character U+{ord(control.group()):04X}; nothing was "
            "written",
            "give the values as text: this may be a binary file",
        )
    return text


def layer(text: str, name: str, base: int = 0) -> Layer:
    """The values of one text. GeneratorError for a text that holds no plain map of values."""
    documents = split(text)
    if len(documents) > 1:
        raise GeneratorError(
            f"{name}: {len(documents)} documents; nothing was written",
            "Helm reads the first alone: give a file with one",
        )
    found, where = _read(text, name, base)
    if found is None:
        found = {}
    if not isinstance(found, dict):
        kind = "a list" if isinstance(found, list) else "one text or number"
        raise GeneratorError(
            f"{name}:{base + 1}: {kind} stands where a chart has a map of values; nothing was "
            "written",
            "give a values file: its root has keys such as 'hub' or 'gateway'",
        )
    return Layer(name=name, values=found, where=where, written=tuple(text.split("\n")), base=base)


def _read(text: str, name: str, base: int) -> tuple[Json, Lines]:
    try:
        return read(text, MAX_NODES), lines(text)
    except Unreadable as error:
        template = _TEMPLATE.search(text)
        if template is not None:
            line = text[: template.start()].count("\n") + 1 + base
            raise GeneratorError(
                f"{name}:{line}: a Helm template stands here, and values files are never rendered; "
                "nothing was written",
                _RENDER,
            ) from None
        said = re.sub(r"line (\d+)", lambda match: f"line {int(match[1]) + base}", str(error))
        raise GeneratorError(
            f"{name}: this is no YAML that Helm reads ({printable(said)}); nothing was written",
            "mend it there, or give what `helm get values RELEASE` prints",
        ) from None


def overlaid(below: Json, above: Json) -> Json:
    """Values over values as Helm's -f does it; a null stays, for it removes a chart's default."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    merged = dict(below)
    for key, value in above.items():
        merged[key] = overlaid(merged[key], value) if key in merged else value
    return merged


def foreign(chart: str, layers: Iterable[Layer]) -> Foreign:
    """The values of a chart from its texts, a later one over the earlier."""
    values: Json = {}
    places: dict[Path, str] = {}
    comments: dict[Path, str] = {}
    secret: set[Path] = set()
    for one in layers:
        values = overlaid(values, one.values)
        for path in one.where.at:
            if path and all(isinstance(step, str) for step in path):
                steps = tuple(map(str, path))
                secret = secret | {steps} if one.is_secret else secret - {steps}
                places[steps] = one.place(path)
                comments[steps] = one.comment(path)
    return Foreign(
        chart=chart,
        values=values,
        places=places,
        comments=comments,
        given_as_secret=frozenset(secret),
    )


def taken(given: Given) -> Taken:
    """What values files say, the secrets file shared out; Applications are read elsewhere."""
    given.refuse_contradictions()
    found: dict[str, list[Layer]] = {chart: [] for chart in CHARTS}
    left: list[Row] = []
    texts = [(JUPYTERHUB, one) for one in given.jupyterhub]
    texts += [(DASK_GATEWAY, one) for one in given.dask_gateway]
    hints: list[tuple[str, Text]] = []
    questions: list[Question] = []
    for chart, one in texts:
        read_one = layer(text_of(one), one.name)
        _refuse_umbrella(read_one)
        found[chart].append(read_one)
        hints.append((chart, one))
        questions += _repetitions(read_one)
    for one in given.meta:
        read_one = layer(text_of(one), one.name)
        questions += _repetitions(read_one)
        left += _unwrap(read_one, found)
    for one in given.secrets:
        read_one = layer(text_of(one), one.name)
        questions += _repetitions(read_one)
        left += shared_out(read_one, found)
    return Taken(
        charts={chart: foreign(chart, layers) for chart, layers in found.items() if layers},
        hints=_hints(hints),
        left=tuple(left),
        questions=(*questions, *_homes(hints)),
        is_umbrella=bool(given.meta),
    )


def _refuse_umbrella(one: Layer) -> None:
    for root in ("jupyterhub", "dask-gateway", "daskhub"):
        if isinstance(one.values.get(root), Mapping):
            raise GeneratorError(
                f"{one.place((root,))}: '{root}' at the root: these are values of the umbrella "
                "chart daskhub; nothing was written",
                "give the file with --meta",
            )


def _unwrap(one: Layer, found: dict[str, list[Layer]]) -> Iterator[Row]:
    """Shares the umbrella chart's values out; what is its own is left."""
    if not any(isinstance(one.values.get(chart), Mapping) for chart in CHARTS):
        raise GeneratorError(
            f"{one.name}: neither 'jupyterhub' nor 'dask-gateway' at the root; nothing was written",
            "give the values of one chart with --jupyterhub or --dask-gateway",
        )
    for root in one.values:
        inner = one.below(root)
        if root in CHARTS and inner is not None:
            found[root].append(inner)
            continue
        yield Row(
            chart="daskhub",
            path=(root,),
            text=UMBRELLA.get(root, "the umbrella chart's own: no chart of the two has it"),
            place=one.place((root,)),
        )


UMBRELLA = {
    "rbac": "daskhub's own roles for its hub; the charts make what they need (rbac.create)",
    "dask-kubernetes": "daskhub's own roles for dask-kubernetes, which neither chart has",
    "global": "in daskhub it reached both charts: write it under the values of each",
}


def shared_out(one: Layer, found: dict[str, list[Layer]]) -> Iterator[Row]:
    """Adds the values of a file that mixes both charts' to each of them; rows for what is left."""
    one = replace(one, is_secret=True)
    parts: dict[str, dict[str, Json]] = {chart: {} for chart in CHARTS}
    for root, value in one.values.items():
        inner = one.below(root)
        if root in CHARTS and inner is not None:
            found[root].append(inner)
            continue
        homes = [chart for chart in CHARTS if root in charts.CHARTS[chart].roots]
        if len(homes) == 1:
            parts[homes[0]][root] = value
            continue
        reason = "both charts have such a key" if homes else "no chart has such a key at the root"
        yield Row(chart="", path=(root,), text=f"{reason}; not used", place=one.place((root,)))
    for chart, values in parts.items():
        if values:
            own = {at: line for at, line in one.where.at.items() if not at or at[0] in values}
            where = replace(one.where, at=own)
            found[chart].append(replace(one, values=values, where=where))


def _repetitions(one: Layer) -> Iterator[Question]:
    for path, first, again in one.where.again:
        yield Question(
            text=f"{one.name}: '{dotted(tuple(map(str, path)))}' is written in line {first} and in "
            f"line {again}; Helm takes the last, and so does this"
        )


def _head(one: Text) -> str:
    """The comments before the first value."""
    written = one.content.decode(errors="replace").removeprefix("\ufeff").split("\n")
    head = []
    for line in written:
        if line.strip() and not line.lstrip().startswith("#"):
            break
        head.append(line)
    return "\n".join(head)


def _hints(texts: Iterable[tuple[str, Text]]) -> Facts:
    """What the comments at the head of files tell of the release."""
    versions: dict[str, str] = {}
    namespace = None
    for chart, one in texts:
        version, spaced = _VERSION.search(_head(one)), _NAMESPACE.search(_head(one))
        if version is not None:
            versions[chart] = version[1]
        if spaced is not None:
            namespace = namespace or spaced[1]
    return Facts(versions=versions, namespace=namespace)


def _homes(texts: Iterable[tuple[str, Text]]) -> Iterator[Question]:
    """Asks where the files name more than one home of a chart."""
    for chart in CHARTS:
        own = (one for named, one in texts if named == chart)
        homes = {
            home for one in own for home in _HOME.findall(one.content.decode(errors="replace"))
        }
        if len(homes) > 1:
            named = " and ".join(shown(home) for home in sorted(homes))
            yield Question(
                text=f"the files name two homes of the chart {chart}: {named}; its present one is "
                "taken",
                at=("charts", chart),
            )
