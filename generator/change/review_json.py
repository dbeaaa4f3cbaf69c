"""A review as JSON: for programs; the version grows when a key changes its meaning."""

from typing import Any

from generator.change import review_words as words
from generator.change.difference import ValueChange
from generator.change.effects import felt_by
from generator.change.plan import PlanStep
from generator.change.review import Chapter, Review
from generator.lint.consequences import WORDS, When
from generator.report import json_

VERSION = 1


def review(found: Review, *, color: bool = False) -> str:
    """The whole review as one JSON object."""
    sides = found.compared
    content = {
        "version": VERSION,
        "compared": {"base": sides.base, "head": sides.head, "time": sides.time} if sides else None,
        "differs": not found.is_empty,
        "environments": [*map(_chapter, found.environments)],
        "clusters": [*map(_chapter, found.clusters)],
        "plan": [*map(_step, found.plan)],
        "unchanged": list(found.unchanged),
        "uncertain": list(found.uncertain),
        "drift": list(found.drift),
        "notes": list(found.notes),
    }
    return json_.written(content)


def _step(step: PlanStep) -> dict[str, Any]:
    return {
        "when": step.when,
        "purpose": step.purpose,
        "names": list(step.names),
        "deletes": step.deletes,
        "commands": [{"where": one.where, "lines": list(one.lines)} for one in step.commands],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "names": list(chapter.names),
        "clusters": list(chapter.clusters),
        "headline": words.headline(chapter),
        "heaviest": chapter.heaviest.name.lower(),
        "mustAct": chapter.must_act,
        "effects": [
            {
                "code": one.code,
                "weight": one.weight.name.lower(),
                "feltBy": felt_by(one),
                "meaning": WORDS[one.weight],
                "message": one.sentence,
                "acts": [act.text for act in one.acts],
                "beforeMerge": any(act.when is When.BEFORE for act in one.acts),
            }
            for one in chapter.consequences
        ],
        "sealed": [{"key": key, "change": str(how)} for key, how in chapter.sealed],
        "sections": [
            {
                "title": section.title,
                "rendered": section.is_rendered,
                "changes": list(map(_change, section.lines)),
            }
            for section in chapter.sections
        ],
    }


def _change(change: ValueChange) -> dict[str, str]:
    return {
        "path": change.spelled,
        "before": words.value(change, change.before),
        "after": words.value(change, change.after),
        "origin": change.origin,
    }
