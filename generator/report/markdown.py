"""Pages as Markdown: of one code, and of all codes."""

from collections.abc import Mapping, Sequence
from textwrap import dedent

from generator.lint.pages import Page

_FAMILIES = {
    "Y": "YAML",
    "S": "Schema",
    "R": "References and names",
    "C": "Charts and versions",
    "L": "Limits, resources, storage",
    "A": "Login",
    "I": "Images and profiles",
    "K": "Secrets",
    "G": "Git and Argo CD",
}


def rule(page: Page) -> str:
    """One code: what is wrong, why it matters, a bad and a good example."""
    return f"### {page.code}\n\n**{page.title}** ({page.severity})\n\n{page.body}\n"


def rules(pages: Sequence[Page]) -> str:
    """docs/rules.md: a table of all codes, and the page of each below the heading of its family.

    The heading of a page is its code alone: links to it end in `rules.md#` and the code.
    """
    families = {
        name: [page for page in pages if page.code.startswith(family)]
        for family, name in _FAMILIES.items()
    }
    rows = [
        f"| {name} | [{page.code}](#{page.code.lower()}) | {page.severity} | {page.title} |\n"
        for name, members in families.items()
        for page in members
    ]
    table = f"| about | code | severity | what is wrong |\n|---|---|---|---|\n{''.join(rows)}"
    parts = [_HEAD, table]
    for name, members in families.items():
        if members:
            parts += [f"## {name}\n", *map(rule, members)]
    return "\n".join(parts)


_HEAD = """\
# What hubops finds in site.yaml

Every finding of `hubops lint` has a code that never changes its meaning. An error stops
`hubops generate`; a warning is likely a mistake, and an error with `--strict`; an info is worth
knowing.

If a setting is intentional, silence its finding with a comment on its line, with the reason:
`# hubops: ignore[L405] reason`; separate several codes with commas. A comment that silences nothing
is a finding too. Where a page says that a finding can't be silenced, hubops can't build a correct
tree while it is there.

The bad and good examples are parts of a site.yaml. This file is written by `make docs`;
`hubops lint --explain CODE` prints one page.
"""


def note(code: str, text: str) -> str:
    """One code whose page is prose alone: what it says, and why it matters."""
    title, _, why = dedent(text).strip().partition("\n\n")
    return f"### {code}\n\n**{' '.join(title.split())}**\n\n{why}\n"


def notes(head: str, texts: Mapping[str, str]) -> str:
    """A document of such pages, by code."""
    return "\n".join([head, *(note(code, texts[code]) for code in sorted(texts))])


CHECKS_HEAD = """\
# What hubops finds in rendered objects

`hubops validate` renders everything with real Helm and Kustomize, and checks it. Every finding has
a code that never changes its meaning; where possible, it points at the line of site.yaml.

This file is written by `make docs`; `hubops lint --explain CODE` prints one page.
"""

EFFECTS_HEAD = """\
# What a change does

`hubops diff` reports what a change does to people and their data, by environment. Every effect has
a code that never changes its meaning.

This file is written by `make docs`; `hubops lint --explain CODE` prints one page.
"""
