"""The formats of a review, and of a site's picture."""

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
from generator.change.review import Review
from generator.site.model import Site


class ReviewFormat(Protocol):
    """A review -> what is printed."""

    def __call__(self, found: Review, *, color: bool = False) -> str:
        """The whole output, with line ends; only text has colors."""


REVIEWS: Mapping[str, ReviewFormat] = {
    "text": review_text.review,
    "markdown": review_markdown.review,
    "json": review_json.review,
    "html": review_html.review,
}

GRAPHS: Mapping[str, Callable[[Site], str]] = {
    "mermaid": graph_mermaid.graph,
    "svg": graph_svg.graph,
}
