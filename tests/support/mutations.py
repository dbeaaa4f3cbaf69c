"""Random edits of a site.yaml, as hands make them: in its lines, in its words, in what it means.

Each takes a text and a source of chance and gives a text; the same seed gives the same edit.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import yaml

Edit = Callable[[str, random.Random], str]
Place = tuple[Any, str | int]

# What may stand where something else belongs: words of other types, and parts of YAML itself.
WORDS = (
    *("", "null", "~", "true", "yes", "off", "0", "1", "-1", "1.5", "00", "1e3", "0x1", ".nan"),
    *("x", "a b", "''", '""', '"\\u00e9"', "'it''s'", "[]", "{}", "[x]", "{x: y}", "[[[[]]]]"),
    *("- x", "|", ">-", "*x", "&x y", "!x y", "'", '"', "{", "[", "}", "]", ":", ",", "#", "<<"),
    *("2001-01-01", "12:30", "99999999999999999999", "1e30Gi", "0.0001s", "5GB", "-5Gi", "$(X)"),
    *("\t", "\0", "\x85", "\u2028", "\ufeff", "e\u0301", "日本", "\U0001f30a", "שלום", "\u202e"),
    *("a" * 70, "a." * 130, "ghp_x9Lq2Zr7Vt4Ks8Wn3Mb6Hd1Jf5Pc0Ay9Eu"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.5, 10**18, "", " ", "x", "a\nb\n", "null", "1", "0.5", "00"),
    *("5Gi", "1e30Gi", "20m", "a" * 70, "日本", "e\u0301", "\U0001f30a", "$patch", "a\u0000b"),
    *([], [None], [[]], ["x", "x"], [{}], {}, {"x": None}, {"x": {"y": [1]}}, {"": ""}, {"$a": 1}),
)
_LETTERS = "aZ09_-.:,#[]{}'\"\\|>&*!%@ \n\té\0\U0001f30a"
_TOKEN = re.compile(r"\n|[ \t]+|[\w.\-/]+|.", re.DOTALL)


def in_lines(text: str, chance: random.Random) -> str:
    """A line deleted, repeated, moved, indented otherwise, joined with the next, or cut off."""
    lines = text.split("\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    line = lines[at]
    match chance.randrange(8):
        case 0:
            del lines[at : at + chance.randint(1, 3)]
        case 1:
            lines.insert(other, line)
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            block = lines[at : at + chance.randint(2, 8)]
            del lines[at : at + len(block)]
            lines[other:other] = block
        case 4:
            lines[at] = " " * chance.randint(1, 5) + line
        case 5:
            lines[at] = line[chance.randint(1, 4) :]
        case 6:
            lines[at : at + 2] = ["".join(lines[at : at + 2])]
        case _:
            lines[at] = line[: chance.randrange(len(line) + 1)]
    return "\n".join(lines)


def in_words(text: str, chance: random.Random) -> str:
    """A word or sign deleted, repeated, moved, misspelt, or replaced by another."""
    tokens = _TOKEN.findall(text)
    written = [number for number, token in enumerate(tokens) if token.strip()]
    if not written:
        return chance.choice(WORDS)
    at, other = chance.choice(written), chance.randrange(len(tokens))
    match chance.randrange(7):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(other, tokens[at])
        case 2:
            tokens.insert(other, tokens.pop(at))
        case 3:
            tokens[at] = misspelt(tokens[at], chance)
        case 4:
            place = chance.randrange(len(tokens[at]))
            tokens[at] = tokens[at][:place] + chance.choice(_LETTERS) + tokens[at][place:]
        case _:
            tokens[at] = chance.choice(WORDS)
    return "".join(tokens)


def misspelt(word: str, chance: random.Random) -> str:
    """A word as fingers slip: a letter lost, doubled, swapped with the next, or in another case."""
    at = chance.randrange(len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return chance.choice(
        (
            before + after,
            before + letter * 2 + after,
            before + after[:1] + letter + after[1:],
            before + letter.swapcase() + after,
            before + chance.choice("aeiou_-") + after,
        )
    )


def in_its_meaning(text: str, chance: random.Random) -> str:
    """A part of the tree deleted, repeated, moved, retyped or renamed, and the whole written anew.

    A text that is no YAML any more is edited by its words.
    """
    try:
        tree = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return in_words(text, chance)
    return _written(edited_tree(tree, chance), chance)


def edited_tree(tree: Any, chance: random.Random) -> Any:
    """Plain data with one part of it edited; it is changed in place where it can be."""
    places = list(_places(tree))
    if not places:
        return deepcopy(chance.choice(VALUES))
    holder, step = chance.choice(places)
    other, beside = chance.choice(places)
    kind = chance.randrange(8)
    if kind == 0:
        del holder[step]
    elif kind == 1:
        # A copy: what is moved into a part of itself would hold itself.
        _put(other, beside, deepcopy(holder.pop(step)))
    elif kind == 2:
        _put(other, beside, deepcopy(holder[step]))
    elif kind == 3 and isinstance(step, str) and step:
        holder[misspelt(step, chance)] = holder.pop(step)
    elif kind == 4 and isinstance(holder[step], str | list):
        holder[step] = holder[step][: chance.randrange(len(holder[step]) + 1)]
    elif kind == 5:
        holder[step] = deepcopy(other[beside])
    elif kind == 6:
        holder[step] = [holder[step]]
    else:
        holder[step] = deepcopy(chance.choice(VALUES))
    return tree


def _places(node: Any) -> Iterator[Place]:
    """Every entry of every map and list."""
    steps: list[Any] = list(node) if isinstance(node, dict) else []
    steps = list(range(len(node))) if isinstance(node, list) else steps
    for step in steps:
        yield node, step
        yield from _places(node[step])


def _put(holder: Any, step: str | int, part: Any) -> None:
    if isinstance(holder, list):
        holder.append(part)
    else:
        holder[f"{step}-2"] = part


def _written(tree: Any, chance: random.Random) -> str:
    if chance.random() < 0.3:
        is_ascii = chance.random() < 0.5
        return json.dumps(tree, ensure_ascii=is_ascii, skipkeys=True, default=str)
    text: str = yaml.dump(
        tree,
        Dumper=yaml.CSafeDumper,
        default_flow_style=chance.choice((True, False, None)),
        allow_unicode=chance.random() < 0.5,
        sort_keys=False,
        width=chance.choice((30, 100, 10_000)),
    )
    return text


def cut_off(text: str, chance: random.Random) -> str:
    """The text up to some place, or from some place on."""
    at = chance.randrange(len(text) + 1)
    return text[:at] if chance.random() < 0.7 else text[at:]


def several(text: str, chance: random.Random) -> str:
    """Two to six edits of any kind, and other line ends now and then."""
    for _ in range(chance.randint(2, 6)):
        edit = chance.choice((in_lines, in_words, in_its_meaning, in_its_meaning, in_its_meaning))
        text = edit(text, chance)
    if chance.random() < 0.1:
        text = cut_off(text, chance)
    return text.replace("\n", chance.choice(("\n", "\n", "\n", "\r\n", "\r")))


EDITS: dict[str, Edit] = {
    "lines": in_lines,
    "words": in_words,
    "meaning": in_its_meaning,
    "cut": cut_off,
    "several": several,
}


def as_bytes(text: str, chance: random.Random) -> bytes:
    """The text as a file, with a byte order mark or a broken byte now and then."""
    content = text.encode("utf-8", "surrogatepass")
    luck = chance.random()
    if luck < 0.02:
        return b"\xef\xbb\xbf" + content
    if luck < 0.04 and content:
        at = chance.randrange(len(content))
        return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
    return content
