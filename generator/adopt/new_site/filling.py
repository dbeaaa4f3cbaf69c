"""Fills the templates of a new site with answers, line by line.

`%name%` stands for the answer to a question. A line that begins with `?condition ` is there only
where that holds (`?!condition `: only where it does not), and one with an empty answer is left out.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from generator.adopt.new_site.questions import EVERYONE, Answers, dask, items, openid
from generator.records import record
from generator.yaml.write import flow, scalar

_CONDITION = re.compile(r"\?(!?)([a-z]+) ?(.*)", re.DOTALL)
_PLACE = re.compile(r"%([a-z-]+)%")
_CHART_VERSION = re.compile(r"\d+\.\d+\.\d+")
LISTS = ("scopes", "organizations", "groups", "allow", "admins")


def _names_users(answers: Answers) -> bool:
    return bool(items(answers.get("allow", ""))) and answers["allow"] != EVERYONE


def _allows(answers: Answers) -> bool:
    return bool(answers.get("allow") or answers.get("groups"))


CONDITIONS: Mapping[str, Callable[[Answers], bool]] = {
    "dask": dask,
    "openid": openid,
    "github": lambda answers: answers["provider"] == "github",
    "dummy": lambda answers: answers["provider"] == "dummy",
    "everyone": lambda answers: answers.get("allow") == EVERYONE,
    "users": _names_users,
    "allow": _allows,
    "admins": lambda answers: bool(items(answers["admins"])),
}


@record
class Line:
    """One line, and the question whose answer stands in it; "" where none does."""

    text: str
    question: str = ""


def lines(template: str, answers: Answers) -> Iterator[Line]:
    """A template in YAML; ValueError for an answer with a character that YAML can't hold."""
    return _filled(template, answers, as_yaml)


def text(template: str, answers: Answers) -> str:
    """A template in any other language: answers stand in it as they are."""
    return "".join(f"{line.text}\n" for line in _filled(template, answers, _as_is))


def as_yaml(name: str, answer: str) -> str:
    """An answer as YAML: a list, or text in quotes where it needs them."""
    if name in LISTS:
        return flow(items(answer))
    return answer if _CHART_VERSION.fullmatch(answer) else scalar(answer)


def _as_is(name: str, answer: str) -> str:
    return answer


def _filled(template: str, answers: Answers, write: Callable[[str, str], str]) -> Iterator[Line]:
    for line in template.splitlines():
        condition = _CONDITION.fullmatch(line)
        if condition is not None:
            negated, name, line = condition.groups()
            if CONDITIONS[name](answers) == bool(negated):
                continue
        names = _PLACE.findall(line)
        if all(answers.get(name) for name in names):
            whole = _PLACE.sub(lambda found: write(found[1], answers[found[1]]), line)
            yield Line(text=whole, question=names[0] if names else "")
