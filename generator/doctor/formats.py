"""An examination as people and programs read it: what matters first, then each first cause."""

from collections.abc import Callable, Mapping

from generator.credentials import printable
from generator.diagnostics import Severity, Span
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.examination import Condition, Examination, Health
from generator.lint.pages import address, link
from generator.report.json_ import written
from generator.yaml.places import SourceMap

VERSION = 1
_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def summary(found: Examination) -> tuple[str, ...]:
    """One line an environment, and one for a cluster or Argo CD with an error of its own."""
    return tuple(map(_line, found.healths))


def _line(health: Health) -> str:
    commit = f" at {health.commit}" if health.commit else ""
    worst, condition = health.worst, health.condition
    if condition is Condition.UNKNOWN:
        reason = f": {worst.message}" if worst is not None else ""
        return f"{health.environment} was not seen{commit}{reason}"
    if condition is Condition.DOWN:
        why = worst.message if worst is not None else "no ready pod of the hub or its proxy"
        return f"{health.environment} is down{commit}: {why}"
    counts = _counts(health)
    if worst is not None and worst.severity is Severity.ERROR:
        return f"{health.environment} is up{commit}, but: {worst.message}"
    return f"{health.environment} is up{commit}" + (f", {counts}" if counts else "")


def _counts(health: Health) -> str:
    number = sum(one.severity is Severity.WARNING for one in health.found)
    return f"{number} warning{'s' if number > 1 else ''}" if number else ""


def as_text(found: Examination, places: SourceMap, *, color: bool = False) -> str:
    """The summary, then each first cause with what follows from it and what to do."""
    lines = [f"{printable(line)}\n" for line in summary(found)]
    return "".join([*lines, *(_finding(one, places, color=color) for one in found.found)])


def _finding(one: Diagnosis, places: SourceMap, *, color: bool) -> str:
    label = f"{one.severity}[{one.code}]"
    if color:
        label = f"\x1b[{_COLORS[one.severity]}m{label}\x1b[0m"
    lines = [f"\n{label} {printable(one.where)}: {printable(one.message)}"]
    lines += [f"  so: {printable(each)}" for each in one.explains]
    lines.append(f"  help: {printable(one.help)}  {link(one.code)}")
    lines += [f"    {printable(command)}" for command in one.commands]
    if one.at:
        lines.append(f"  site: {_place(places.span(one.at, on_key=True))}")
    return "\n".join(lines) + "\n"


def _place(at: Span) -> str:
    return f"{printable(at.file)}:{at.line}:{at.column}"


def as_json(found: Examination, places: SourceMap, *, color: bool = False) -> str:
    """All of it as one JSON document."""
    document = {
        "version": VERSION,
        "site": found.site,
        "summary": [printable(line) for line in summary(found)],
        "environments": [
            {
                "name": one.environment,
                "condition": one.condition.value,
                "commit": one.commit or None,
                "settled": one.is_settled,
                "findings": len(one.found),
            }
            for one in found.healths
        ],
        "findings": [_as_json(one, places) for one in found.found],
        "counts": {severity.value: found.count(severity) for severity in Severity},
    }
    return written(document)


def _as_json(one: Diagnosis, places: SourceMap) -> dict[str, object]:
    at = places.span(one.at, on_key=True)
    return {
        "code": one.code,
        "severity": one.severity.value,
        "where": printable(one.where),
        "message": printable(one.message),
        "explains": [printable(each) for each in one.explains],
        "help": printable(one.help),
        "commands": [printable(command) for command in one.commands],
        "page": address(one.code),
        "file": at.file,
        "line": at.line,
        "column": at.column,
    }


def as_github(found: Examination, places: SourceMap, *, color: bool = False) -> str:
    """A workflow command for each first cause, at its line of site.yaml."""
    return "".join(_annotation(one, places) for one in found.found)


def _annotation(one: Diagnosis, places: SourceMap) -> str:
    at = places.span(one.at, on_key=True)
    parts = [
        f"{printable(one.where)}: {printable(one.message)}",
        *(f"so: {printable(each)}" for each in one.explains),
        f"help: {printable(one.help)}",
        *map(printable, one.commands),
        address(one.code),
    ]
    message = "%0A".join(part.replace("%", "%25") for part in parts)
    place = f"file={_property(at.file)},line={at.line},col={at.column}"
    return f"::{_COMMANDS[one.severity]} {place},title=hubops {one.code}::{message}\n"


def _property(text: str) -> str:
    signs = {"%": "%25", ":": "%3A", ",": "%2C"}
    return "".join(signs.get(sign, sign) for sign in printable(text))


def as_markdown(found: Examination, places: SourceMap, *, color: bool = False) -> str:
    """For an issue or a chat: the summary as a list, each cause with its commands in a block."""
    lines = [f"# {_prose(found.site)}\n", *(f"- {_prose(line)}" for line in summary(found)), ""]
    for one in found.found:
        page = f"[{one.code}]({address(one.code)})"
        lines.append(f"## {one.severity} {page}: {_prose(one.where)}\n")
        lines.append(f"{_prose(one.message)}\n")
        lines += [f"- {_prose(each)}" for each in one.explains]
        lines += [""] if one.explains else []
        lines.append(f"{_prose(one.help[:1].upper() + one.help[1:])}.\n")
        if one.commands:
            fence = "````"
            lines += [
                f"{fence}console",
                *(f"$ {printable(each)}" for each in one.commands),
                fence,
                "",
            ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _prose(text: str) -> str:
    """Foreign text that Markdown takes for text."""
    shown = printable(text).replace("\\", "\\\\")
    for sign in "`*_[]<>#|@":
        shown = shown.replace(sign, f"\\{sign}")
    return shown


Format = Callable[..., str]
FORMATS: Mapping[str, Format] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "markdown": as_markdown,
}
