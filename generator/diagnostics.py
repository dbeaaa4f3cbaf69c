"""Messages about the user's text: findings, places, reports, and the errors that stop a run.

A rule uses a Pointer into site.yaml and knows no lines; `load` turns it into a Span.
"""

from collections.abc import Iterable
from enum import StrEnum

from generator.records import record, replace

Pointer = tuple[str | int, ...]


class Severity(StrEnum):
    """How serious a finding is: an error stops `generate`, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@record(order=True)
class Span:
    """A place in a text file; lines and columns count from 1, the end is one past the last."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@record
class Finding:
    """One mistake, at a Pointer; `on_key` puts the caret under the key instead of its value.

    `refuses` says that the value at the Pointer has no meaning and is left out from then on.
    `relies_on` names what a rule assumes to be absent or a default: where the schema already
    reports it, the rule's finding would only repeat that and is dropped. `intended` is the place
    that a misspelt or misplaced key was most likely intended for.
    """

    code: str
    severity: Severity
    message: str
    at: Pointer
    help: str
    on_key: bool = False
    refuses: bool = False
    relies_on: tuple[Pointer, ...] = ()
    intended: Pointer | None = None


@record
class Diagnostic:
    """One finding with its place in the text; `conceals` says that a credential may be there."""

    code: str
    severity: Severity
    message: str
    at: Span
    help: str
    conceals: bool = False

    @property
    def order(self) -> tuple[Span, str, str, str]:
        """The place first: reports are sorted by it."""
        return (self.at, self.code, self.message, self.help)


@record
class Report:
    """All that one run found, sorted by place, each thing once."""

    diagnostics: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic]) -> "Report":
        """The report of these diagnostics, sorted and without repetitions."""
        return cls(diagnostics=tuple(sorted(set(diagnostics), key=lambda found: found.order)))

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(found.severity is severity for found in self.diagnostics)

    def strict(self) -> "Report":
        """The same with every warning as an error."""
        raised = (
            replace(found, severity=Severity.ERROR) if found.severity is Severity.WARNING else found
            for found in self.diagnostics
        )
        return Report(diagnostics=tuple(raised))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What stops generation."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    @property
    def has_errors(self) -> bool:
        """Whether generation must stop."""
        return self.count(Severity.ERROR) > 0


class GeneratorError(Exception):
    """The world is wrong: a file can't be read, sealed values would be lost. Exit code 3."""

    exit_code = 3

    def __init__(self, message: str, help: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.details = details

    @classmethod
    def refused(cls, place: object, error: OSError, help: str) -> "GeneratorError":
        """What the operating system refused, in its own words."""
        reason = (error.strerror or type(error).__name__).lower()
        return cls(f"{place}: {reason}", help)


class UsageError(GeneratorError):
    """The command line names something that there is not. Exit code 2."""

    exit_code = 2


class ToolError(GeneratorError):
    """An external tool is missing, too old or failed. Exit code 4."""

    exit_code = 4
