"""A review as one HTML page that loads nothing else: search, filters, light and dark."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from generator.change import graph_svg
from generator.change import review_words as words
from generator.change.difference import ABSENT, ValueChange
from generator.change.effects import PAGES
from generator.change.plan import PlanStep
from generator.change.review import Chapter, Effect, Review, Revisions
from generator.credentials import printable
from generator.io.resources import text
from generator.lint.consequences import WORDS, Consequence, When
from generator.site.model import Site

# A hyphen that begins a word, with the letter or the entity after it.
_SIGN = re.compile(r" (-(?:&[a-z0-9#]+;|[^\s&]))")
# How many names a title has; the others are folded.
_NAMES = 8


def review(found: Review, *, color: bool = False) -> str:
    """The page, complete in itself."""
    body = [
        "<header><h1>What this change does</h1>",
        *(_compared(found.compared, found.site) if found.compared is not None else ()),
        *_plan(found),
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
    title = f"{found.site.name}: " if found.site is not None else ""
    page = text("change", "page.html")
    return page.format(title=_shown(title), style=style, script=script, body="\n".join(body))


def _compared(sides: Revisions, site: Site | None) -> Iterator[str]:
    name = f"Site <b>{_shown(site.name)}</b>: " if site is not None else ""
    base, head = (f"<code>{_shown(side)}</code>" for side in (sides.base, sides.head))
    time = f", committed {_shown(sides.time)}" if sides.time else ""
    yield f'<p class="compared">{name}from {base} to {head}{time}</p>'


def _plan(found: Review) -> Iterator[str]:
    if not found.chapters:
        return
    yield '<section class="plan"><h2>What to do</h2>'
    if not found.plan:
        yield f"<p>{words.nothing_to_do(found)}</p>"
    for when in When:
        steps = [step for step in found.plan if step.when is when]
        if steps:
            items = "".join(_step(step, found) for step in steps)
            yield f"<h3>{when.capitalize()}</h3><ol>{items}</ol>"
    yield "</section>"


def _step(step: PlanStep, found: Review) -> str:
    names = _names(words.who(step, found))
    commands = ""
    for place in step.commands:
        commands += f"<p>{_shown(place.where)}:</p>" if place.where else ""
        lines = "\n</span><span>".join(escape(printable(line)) for line in place.lines)
        commands += f'<div class="command"><pre tabindex="0"><span>{lines}</span></pre></div>'
    kind = ' class="deletes"' if step.deletes else ""
    return f"<li{kind}>{names}: {_shown(step.purpose)}{commands}</li>"


def _names(names: tuple[str, ...]) -> str:
    """Names in bold; of many the first, the others to be unfolded."""
    bold = [f"<b>{_shown(name)}</b>" for name in names]
    listed = ", ".join(bold[:_NAMES])
    if len(bold) <= _NAMES:
        return listed
    more = f"<summary>and {len(bold) - _NAMES} more</summary>{', '.join(bold[_NAMES:])}"
    return f'{listed} <details class="names">{more}</details>'


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
    yield f"<h2>{_names(words.called(chapter, len(chapter.names)))}</h2>"
    for who, effects in chapter.effects.items():
        items = "".join(map(_effect, effects))
        yield f'<div class="felt"><h3>For {who}</h3><ul>{items}</ul></div>'
    if chapter.sealed:
        sealed = (f"<code>{_shown(key)}</code> {how}" for key, how in chapter.sealed)
        yield from _values("Sealed values", sealed)
    for section in chapter.sections:
        yield from _values(section.title, map(_value, section.lines))
    yield "</section>"


def _effect(effect: Effect) -> str:
    """An effect, which explains itself when it is opened, and below it what it brings."""
    steps = "".join(_effect(Effect(main=step)) for step in effect.steps)
    weight, below = int(effect.main.weight), f"<ul>{steps}</ul>" if steps else ""
    return (
        f'<li class="effect w{weight}" data-weight="{weight}">{_explained(effect.main)}{below}</li>'
    )


def _explained(one: Consequence) -> str:
    first, *rest = (" ".join(part.split()) for part in PAGES.get(one.code, "").split("\n\n"))
    why = "".join(f"<p>{_shown(part)}</p>" for part in (first, *rest) if part)
    title = escape(first, quote=True)
    return (
        f'<details class="why"><summary title="{title}"><code>{one.code}</code> '
        f"{_shown(one.sentence)}</summary>{why}</details>"
    )


def _values(title: str, items: Iterable[str]) -> Iterator[str]:
    yield f'<details class="values" open><summary>{_shown(title)}</summary><ul>'
    yield from (f'<li class="value">{item}</li>' for item in items)
    yield "</ul></details>"


def _value(change: ValueChange) -> str:
    """A change with old and new apart, and the words that differ marked in both."""
    one = words.shown(change)
    said, block = "", ""
    if one.sides:
        said = " -&gt; ".join(_sides(change, *one.sides))
    elif one.members:
        said = " ".join(map(_member, one.members.split(" ")))
    elif one.text:
        block = f'<pre class="text">{"".join(_lines(one.text))}</pre>'
    origin = f' <span class="origin">({_shown(one.origin)})</span>' if one.origin else ""
    return f"<code>{_shown(one.path)}: {said}</code>{origin}{block}"


def _sides(change: ValueChange, old: str, new: str) -> tuple[str, str]:
    if change.before is ABSENT or change.after is ABSENT:
        was, now = _shown(old), _shown(new)
    else:
        was, now = map(_marked, words.words_apart(old, new))
    return (
        was if change.before is ABSENT else f"<del>{was}</del>",
        now if change.after is ABSENT else f"<ins>{now}</ins>",
    )


def _marked(pieces: words.Pieces) -> str:
    shown = ((escape(printable(text)), differs) for text, differs in pieces)
    return "".join(f"<mark>{text}</mark>" if differs else text for text, differs in shown)


def _member(word: str) -> str:
    tag = {"+": "ins", "-": "del"}.get(word[:1])
    return f'<{tag} class="sign">{_shown(word)}</{tag}>' if tag else _shown(word)


def _lines(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a text that differ, hunk by hunk."""
    old: list[str] = []
    for sign, group in groupby(lines, key=lambda line: line[:1]):
        if sign == "-":
            old = [*group]
        else:
            yield from _hunk(old, [*group])
            old = []
    yield from _hunk(old, [])


def _hunk(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Old lines and the new ones in their place; of as many the words that differ are marked."""
    was: list[words.Pieces] = [[(line, False)] for line in old]
    now: list[words.Pieces] = [[(line, False)] for line in new]
    if len(old) == len(new):
        pairs = [words.words_apart(x[1:], y[1:]) for x, y in zip(old, new, strict=True)]
        was = [[("-", False), *one] for one, _ in pairs]
        now = [[("+", False), *other] for _, other in pairs]
    yield from (f"<del>{_marked(one)}</del>" for one in was)
    yield from (f"<ins>{_marked(one)}</ins>" for one in now)


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
