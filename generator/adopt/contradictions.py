"""Contradictions in the values: asked about, never guessed."""

from collections.abc import Iterable, Iterator, Mapping

from generator.adopt.base import JUPYTERHUB, Foreign, Path, Question, at, dotted, leaves, texts
from generator.adopt.gateway_python import figure
from generator.adopt.layers import TEMPLATE
from generator.diagnostics import Diagnostic


def in_values(charts: Mapping[str, Foreign]) -> Iterator[Question]:
    """Asks about sizes that contradict their comments, and about templates."""
    hub = charts[JUPYTERHUB]
    for bound in ("guarantee", "limit"):
        path: Path = ("singleuser", "memory", bound)
        size, told = at(hub.values, *path), figure(hub.comments.get(path, ""))
        if isinstance(size, int) and told is not None and told[0] != size:
            yield Question(
                text=f"{hub.place(path)}: {dotted(path)} is {size} bytes, but its comment says "
                f"{told[1]}; site.yaml has the bytes, which are in effect today: which one is "
                "right?",
                at=("jupyterhub", "servers", "memory"),
            )
    for chart, foreign in charts.items():
        for path, value in leaves(foreign.values):
            if any(map(TEMPLATE.search, texts(value))):
                yield Question(
                    text=f"{foreign.place(path)}: {chart} {dotted(path)} contains a template in "
                    "braces, and Helm does not render values; which program fills it in today?"
                )


def of_lint(errors: Iterable[Diagnostic]) -> Iterator[Question]:
    """Asks about what lint calls an error, although it runs today."""
    for error in errors:
        yield Question(
            text=f"site.yaml: {error.code} says that {error.message}; the setting stays as it is "
            "today, with a comment that silences the finding: fix it, then remove the comment"
        )
