"""What is found, in the words and the form of whoever reads it: one format, one line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from generator.architecture import Architecture
from generator.diagnostics import Report
from generator.report import (
    github,
    graph_mermaid,
    graph_svg,
    json_,
    review_html,
    review_json,
    review_markdown,
    review_text,
    sarif,
    text,
)
from generator.review import Review


class Format(Protocol):
    """A report and the lines of its file -> what is printed."""

    def __call__(self, report: Report, lines: Sequence[str], *, color: bool = False) -> str:
        """The whole output, with line ends; only text has colours."""


FORMATS: Mapping[str, Format] = {
    "github": github.findings,
    "json": json_.findings,
    "sarif": sarif.findings,
    "text": text.findings,
}


class ReviewFormat(Protocol):
    """A review -> what is printed."""

    def __call__(self, found: Review, *, color: bool = False) -> str:
        """The whole output, with line ends; only text has colours."""


REVIEWS: Mapping[str, ReviewFormat] = {
    "html": review_html.review,
    "json": review_json.review,
    "markdown": review_markdown.review,
    "text": review_text.review,
}

GRAPHS: Mapping[str, Callable[[Architecture], str]] = {
    "mermaid": graph_mermaid.graph,
    "svg": graph_svg.graph,
}
