"""The formats of a review."""

from collections.abc import Mapping
from typing import Protocol

from generator.change import review_html, review_json, review_markdown, review_text
from generator.change.review import Review


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
