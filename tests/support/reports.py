"""Reports made by hand, for the tests of the formats that they are printed in."""

from generator.diagnostics import Diagnostic, Report, Severity, Span

# What a terminal obeys or hides, and what ends a line for some reader.
HOSTILE = "a\x1b[31m\x07\x00\r\n\u2028\u202e\u200b\ud800b"
SHOWN = r"a\x1b[31m\x07\x00\r\n\u2028\u202e\u200b\ud800b"


def finding(
    code: str = "R201",
    severity: Severity = Severity.ERROR,
    message: str = "cluster 'fedclod' is not defined",
    help: str = "did you mean 'fedcloud'?",
    *,
    file: str = "site.yaml",
    at: tuple[int, int, int, int] = (27, 14, 27, 21),
) -> Diagnostic:
    """One finding; `at` is line, column, end line and end column."""
    line, column, end_line, end_column = at
    span = Span(file=file, line=line, column=column, end_line=end_line, end_column=end_column)
    return Diagnostic(code=code, severity=severity, message=message, at=span, help=help)


def report(*found: Diagnostic) -> Report:
    """A report of these findings."""
    return Report.of(found)
