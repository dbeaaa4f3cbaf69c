"""A review as one HTML page that loads nothing else: search, filters, light and dark."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from generator.change import graph_svg
from generator.change import review_words as words
from generator.change.difference import ValueChange
from generator.change.review import Chapter, Review
from generator.credentials import printable
from generator.io.resources import text
from generator.lint.consequences import WORDS, Consequence, Task, tasks
from generator.site.model import Site

# A hyphen that begins a word, with the letter or the entity after it.
_SIGN = re.compile(r" (-(?:&[a-z0-9#]+;|[^\s&]))")


def review(found: Review, *, color: bool = False) -> str:
    """The page, complete in itself."""
    body = [
        "<header><h1>What this change does</h1>",
        *_headlines(found),
        "</header>",
        *(_controls(found) if found.chapters else ()),
        "<main>",
        *(part for chapter in found.chapters for part in _chapter(chapter)),
        *(_drift(found) if found.drift else ()),
        *(_picture(found.site) if found.site is not None else ()),
        '<p id="none" hidden>Nothing here matches the search and the filters.</p>',
        "</main>",
    ]
    style, script = text("change", "page.css"), text("change", "page.js")
    page = text("change", "page.html")
    return page.format(style=style, script=script, body="\n".join(body))


def _headlines(found: Review) -> Iterator[str]:
    yield '<ul class="headlines">'
    for chapter in found.chapters:
        yield (
            f'<li class="w{int(chapter.heaviest)}"><a href="#{_anchor(chapter)}">'
            f"{_shown(words.headline(chapter))}</a></li>"
        )
    yield "</ul>"
    if summary := words.summary(found):
        yield f"<p>{_shown(summary)}</p>"
    yield from (f"<p><b>Note:</b> {_shown(note)}</p>" for note in found.notes)


def _anchor(chapter: Chapter) -> str:
    kind = "cluster" if chapter.is_cluster else "chapter"
    return escape(f"{kind}-{chapter.names[0]}", quote=True)


def _controls(found: Review) -> Iterator[str]:
    present = {one.weight for chapter in found.chapters for one in chapter.consequences}
    yield '<form id="controls" role="search">'
    yield (
        '<label>Search <input id="search" type="search" autocomplete="off" '
        'placeholder="environment, path, value"></label>'
    )
    for weight in sorted(present, reverse=True):
        yield (
            f'<label class="w{int(weight)}"><input type="checkbox" name="weight" '
            f'value="{int(weight)}" checked> {escape(WORDS[weight])}</label>'
        )
    yield "</form>"


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield f'<section class="chapter w{int(chapter.heaviest)}" id="{_anchor(chapter)}">'
    yield f"<h2>{_shown(words.title(chapter))}</h2>"
    yield '<ul class="effects">'
    for found in chapter.consequences:
        weight = int(found.weight)
        yield (
            f'<li class="effect w{weight}" data-weight="{weight}">'
            f"<code>{found.code}</code> {_shown(found.sentence)}{''.join(_acts(found))}</li>"
        )
    yield "</ul>"
    if chapter.sealed:
        sealed = (f"<code>{_shown(key)}</code> {how}" for key, how in chapter.sealed)
        yield from _values("Sealed values", sealed)
    for section in chapter.sections:
        yield from _values(section.title, map(_value, section.lines))
    yield "</section>"


def _values(title: str, items: Iterable[str]) -> Iterator[str]:
    yield f'<details class="values" open><summary>{_shown(title)}</summary><ul>'
    yield from (f'<li class="value">{item}</li>' for item in items)
    yield "</ul></details>"


def _value(change: ValueChange) -> str:
    first, *rest = words.lines(change)
    block = "\n".join(line[2:] for line in rest)
    return f"<code>{_shown(first)}</code>{f'<pre>{escape(block)}</pre>' if block else ''}"


def _acts(found: Consequence) -> Iterator[str]:
    for when, group in groupby(tasks(found.acts), key=lambda task: task.when):
        items = "".join(map(_task, group))
        yield f'<div class="act"><b>{when.capitalize()}</b><ul>{items}</ul></div>'


def _task(task: Task) -> str:
    commands = "".join(f"<pre>{_shown(one)}</pre>" for one in task.commands)
    colon = ":" if task.purpose and commands else ""
    return f"<li>{_shown(task.purpose)}{colon}{commands}</li>"


def _shown(text: str) -> str:
    """Text for the page; a line never breaks inside an arrow or after the sign of a word."""
    return _SIGN.sub(r' <span class="sign">\1</span>', escape(printable(text)))


def _drift(found: Review) -> Iterator[str]:
    yield '<section class="chapter"><h2>Not what site.yaml gives</h2>'
    yield "<p>Run <code>hubops generate</code> and commit what it writes.</p><ul>"
    yield from (f'<li class="value"><code>{_shown(path)}</code></li>' for path in found.drift)
    yield "</ul></section>"


def _picture(site: Site) -> Iterator[str]:
    yield '<details class="picture"><summary>The site after this change</summary>'
    yield '<div tabindex="0" role="region" aria-label="Picture of the site">'
    yield graph_svg.graph(site)
    yield "</div></details>"
