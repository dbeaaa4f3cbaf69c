"""The files of a new site: templates filled with answers, line by line.

`%name%` stands for an answer; a line with an empty one is left out. A line that begins with
`?condition ` is there only if it holds (`?!condition `: only if it does not).
"""

import re
from collections.abc import Callable, Iterator, Mapping

from generator.adopt.new_site.questions import CONDITIONS, EVERYONE, Answers, items
from generator.records import record
from generator.yaml.write import flow, scalar

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
    ".github/workflows/renovate.yaml": "renovate.yaml",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit.yaml",
    "renovate.json": "renovate.json",
}
PATHS = (*TEMPLATES, SCHEMA)
LISTS = ("scopes", "organizations", "groups", "allow", "admins")


def _is_egi(answers: Answers) -> bool:
    return answers["provider"].startswith("egi")


LINE_CONDITIONS: Mapping[str, Callable[[Answers], bool]] = {
    **CONDITIONS,
    "dummy": lambda answers: answers["provider"] == "dummy",
    "openone": lambda answers: answers.get("allow") == EVERYONE and not _is_egi(answers),
    "openegi": lambda answers: answers.get("allow") == EVERYONE and _is_egi(answers),
    "egidemo": lambda answers: answers["provider"] == "egi-demo",
    "users": lambda answers: answers["allow"] != EVERYONE and bool(items(answers["allow"])),
    "allow": lambda answers: bool(answers.get("allow") or answers.get("groups")),
    "admins": lambda answers: bool(items(answers["admins"])),
}
_CONDITION = re.compile(r"\?(!?)([a-z]+) ?(.*)", re.DOTALL)
_PLACE = re.compile(r"%([a-z-]+)%")
_CHART_VERSION = re.compile(r"\d+\.\d+\.\d+")


@record
class SiteText:
    """site.yaml as bytes, and for each of its lines the question that it answers."""

    content: bytes
    questions: tuple[str, ...]

    def question(self, line: int) -> str:
        """The question for a line, counted from 1; "" where there is none."""
        return self.questions[line - 1] if 0 < line <= len(self.questions) else ""


def site(template: str, answers: Answers) -> SiteText:
    """site.yaml; ValueError for an answer that YAML can't hold."""
    lines = list(_filled(template, answers, _as_yaml))
    content = "".join(f"{line}\n" for line, _ in lines).encode()
    return SiteText(content=content, questions=tuple(question for _, question in lines))


def others(templates: Mapping[str, str], answers: Answers) -> dict[str, bytes]:
    """The files beside site.yaml that hubops does not generate; answers are there as they are."""
    filled = {
        path: _filled(template, answers, lambda _, answer: answer)
        for path, template in templates.items()
        if path != SITE
    }
    return {
        path: "".join(f"{line}\n" for line, _ in lines).encode() for path, lines in filled.items()
    }


def _as_yaml(name: str, answer: str) -> str:
    """An answer as YAML: a list, or text in quotes where it needs them."""
    if name in LISTS:
        return flow(items(answer))
    return answer if _CHART_VERSION.fullmatch(answer) else scalar(answer)


def _filled(
    template: str, answers: Answers, write: Callable[[str, str], str]
) -> Iterator[tuple[str, str]]:
    """Each line, and the question whose answer it contains; "" where none does."""
    for line in template.splitlines():
        condition = _CONDITION.fullmatch(line)
        if condition is not None:
            negated, name, line = condition.groups()
            if LINE_CONDITIONS[name](answers) == bool(negated):
                continue
        names = _PLACE.findall(line)
        if all(answers.get(name) for name in names):
            whole = _PLACE.sub(lambda place: write(place[1], answers[place[1]]), line)
            yield whole, names[0] if names else ""
