"""The forms in which the review of a change, and the picture of a site, are printed."""

from collections.abc import Callable, Mapping
from typing import Protocol

from generator.change import (
    graph_mermaid,
    graph_svg,
    review_html,
    review_json,
    review_markdown,
    review_text,
)
from generator.change.architecture import Architecture
from generator.change.review import Review


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
