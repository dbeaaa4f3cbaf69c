"""The page of every code: what is wrong, why it matters, a bad and a good example.

A rule's page is its docstring; the pages of what the YAML reader and the schema say are tables. All
have one form: a sentence, paragraphs, `Bad:` and `Good:` with an indented example each, and `See`
with addresses.
"""

import re
from collections.abc import Mapping, Set
from functools import cache

from generator import HOME
from generator.diagnostics import Severity
from generator.lint.rules import every_comparison, every_rule
from generator.records import record

_PARTS = (
    r"(?s)(?P<title>.+?)\n\n(?P<why>.+?)\n\nBad:\n(?P<bad>.+?)\nGood:\n(?P<good>.+?)"
    r"(?:\n\n(?P<see>See .+))?"
)

# What can't be silenced: text that is not clear YAML or not of the schema's shape, a cluster that
# is not defined or has no single address, a chart without a version that hubops supports, a null or
# an instruction to Kustomize among the values. hubops could build no tree, or a wrong one.
NEVER_SILENCED = ("Y", "S", "R201", "R209", "C301", "C302", "C307", "C310", "C311")

# Codes of other commands have their pages elsewhere; by how they begin.
_ELSEWHERE = {
    "D": "docs/doctor.md#{code}",
    "E": "docs/effects.md#{code}",
    "K71": "docs/operations.md#when-the-certificate-changes",
    "K72": "docs/operations.md#when-the-certificate-changes",
    "M": "docs/checks.md#{code}",
}


@record
class Page:
    """What there is to know of one code; the examples are YAML, and parts of a site.yaml."""

    code: str
    severity: Severity
    title: str
    why: str
    bad: str
    good: str
    see: str

    @property
    def can_be_silenced(self) -> bool:
        """Whether a comment in site.yaml may silence its findings."""
        return not self.code.startswith(NEVER_SILENCED)

    @property
    def body(self) -> str:
        """All but the title, as Markdown."""
        parts = [
            self.why,
            f"Bad:\n\n```yaml\n{self.bad}\n```",
            f"Good:\n\n```yaml\n{self.good}\n```",
            self.see,
            "" if self.can_be_silenced else "It can't be silenced by a comment.",
        ]
        return "\n\n".join(filter(None, parts))


@cache
def _texts() -> Mapping[str, tuple[Severity, str]]:
    """Every code, with its severity and its page, as it is written; loads all rules."""
    from generator.site import schema_pages  # these two hold nothing but pages
    from generator.yaml import pages as yaml_pages

    found = {
        code: (Severity.WARNING if code in yaml_pages.WARNINGS else Severity.ERROR, text)
        for code, text in (yaml_pages.PAGES | schema_pages.PAGES).items()
    }
    for rules in (every_rule(), every_comparison()):
        found |= {one.finding.code: (one.finding.severity, one.__doc__ or "") for one in rules}
    return found


def codes() -> Set[str]:
    """Every code that has a page here."""
    return _texts().keys()


def link(code: str) -> str:
    """Where a code's page is in the documentation."""
    pages = (page for start, page in _ELSEWHERE.items() if code.startswith(start))
    return next(pages, "docs/rules.md#{code}").format(code=code.lower())


def address(code: str) -> str:
    """The same for a reader without the repository at hand."""
    return f"{HOME}/blob/main/{link(code)}"


def page(code: str) -> Page:
    """The page of a code; KeyError when there is no such code."""
    from textwrap import dedent  # only a page that is shown needs it

    severity, text = _texts()[code]
    parts = re.fullmatch(_PARTS, dedent(text).strip())
    if parts is None:
        raise ValueError(f"the page of {code} is not of the form that pages have")
    words = parts.groupdict(default="")
    examples = {name: dedent(words.pop(name)) for name in ("bad", "good")}
    title = " ".join(words.pop("title").split())
    return Page(code=code, severity=severity, title=title, **words, **examples)


def pages() -> tuple[Page, ...]:
    """Every page, by code."""
    return tuple(page(code) for code in sorted(codes()))
