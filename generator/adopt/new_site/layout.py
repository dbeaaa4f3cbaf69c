"""Where the files of a new site stand, and what their texts are."""

from collections.abc import Mapping

from generator.adopt.new_site import filling
from generator.adopt.new_site.filling import Line
from generator.adopt.new_site.questions import Answers
from generator.records import record

SITE = "site.yaml"
SCHEMA = "site.schema.json"
# Path -> its template.
TEMPLATES: Mapping[str, str] = {
    SITE: "site.yaml",
    "Makefile": "Makefile",
    "README.md": "readme.md",
    "certificates/README.md": "certificates.md",
    ".gitattributes": "gitattributes",
    ".github/workflows/pull-request.yaml": "pull-request.yaml",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit.yaml",
}
PATHS = (*TEMPLATES, SCHEMA)


@record
class SiteText:
    """site.yaml as bytes, and for each of its lines the question that it answers."""

    content: bytes
    lines: tuple[Line, ...]

    def question(self, line: int) -> str:
        """The question behind a line, counted from 1; "" where there is none."""
        return self.lines[line - 1].question if 0 < line <= len(self.lines) else ""


def site(template: str, answers: Answers) -> SiteText:
    """site.yaml; ValueError for an answer that YAML can't hold."""
    lines = tuple(filling.lines(template, answers))
    return SiteText(content="".join(f"{line.text}\n" for line in lines).encode(), lines=lines)


def others(templates: Mapping[str, str], answers: Answers) -> dict[str, bytes]:
    """Everything beside site.yaml that is not generated from it; `templates` are by path."""
    return {
        path: filling.text(template, answers).encode()
        for path, template in templates.items()
        if path != SITE
    }
