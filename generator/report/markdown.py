"""Pages as Markdown: of one code, of all codes, and of the keys of site.yaml."""

from collections.abc import Sequence

from generator.pages import Page

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
    parts = [
        f"### {page.code}",
        f"**{page.title}** ({page.severity})",
        page.why,
        f"Bad:\n\n```yaml\n{page.bad}\n```",
        f"Good:\n\n```yaml\n{page.good}\n```",
        page.see,
        "" if page.can_be_silenced else "It can't be silenced by a comment.",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def rules(pages: Sequence[Page]) -> str:
    """docs/rules.md: every code, by family."""
    parts = []
    for family, name in _FAMILIES.items():
        members = [page for page in pages if page.code.startswith(family)]
        if members:
            parts += [f"## {name}\n", *map(rule, members)]
    return "\n".join([_HEAD, *parts])


_HEAD = """\
# What hubops finds in site.yaml

Every finding of `hubops lint` has a code that stays what it is. An error stops `hubops generate`; a
warning is likely a mistake; an info is worth knowing. A finding is silenced on its own line, with
the reason: `# hubops: ignore[L412] reason`. A comment that silences nothing is a finding too.

This file is written by `make docs`; `hubops lint --explain CODE` prints one page.
"""
