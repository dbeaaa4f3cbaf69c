"""A file that may hold sealed values and can't be read for sure: refused, never guessed at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import copies
from tests.support.copies import generate, made, protocoast

PATH = "overlays/production/namespace/sealed-hub-secrets.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """ProtoCoast generated, every value of production sealed, generated again."""
    made(tmp_path, protocoast())
    copies.put_all(tmp_path, "production")
    assert generate(tmp_path).code == 0
    return tmp_path


def lines(count: int) -> Callable[[bytes], bytes]:
    return lambda content: b"".join(content.splitlines(keepends=True)[:count])


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def edit(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return edit


CONFLICT = "<<<<<<< HEAD\n    oauth.client_id: b3Vycw==\n=======\n    oauth.client_id:"
DOUBTFUL: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda content: b"", ":1:1: the file is empty"),
    "a header and no more": (lines(1), ":1:1: the file is empty"),
    "no encryptedData yet": (lines(9), ": not a SealedSecret with encryptedData"),
    "cut off between two values": (lines(12), ":13:1: the file seems to be cut off here"),
    "cut off in a value": (
        lambda content: content[: content.index(b"hub.config.CryptKeeper") + 200],
        ":14:1: the file seems to be cut off here",
    ),
    "a merge conflict": (
        replaced("    oauth.client_id:", CONFLICT),
        ":11:1: a merge conflict is not resolved",
    ),
    "only the end of a merge conflict": (
        lambda content: content + b">>>>>>> theirs\n",
        ":22:1: a merge conflict is not resolved",
    ),
    "another kind": (replaced("SealedSecret", "Secret"), ": not a SealedSecret with encryptedData"),
    "a list": (lambda content: b"- a\n", ": not a SealedSecret with encryptedData"),
    "nothing sealed": (
        lambda content: b"kind: SealedSecret\nspec: {encryptedData: {}}\n",
        ": not a SealedSecret with encryptedData",
    ),
    "a key twice": (
        replaced("    oauth.client_secret:", "    oauth.client_id:"),
        ":12:5: a key is written twice",
    ),
    "two documents": (
        lambda content: content + b"---\n" + content,
        ":22:1: a second document begins here",
    ),
    "a number": (
        replaced("    oauth.client_id:", "    oauth.client_id: 12345\n    x:"),
        ":11:22: 'oauth.client_id' is not plain text",
    ),
    "a list for a value": (
        replaced("    oauth.client_id:", "    oauth.client_id: [a]\n    x:"),
        ":11:22: 'oauth.client_id' is not plain text",
    ),
    "no namespace": (replaced("  namespace: daskhub\n", ""), ":4:1: 'namespace' is not plain text"),
    "no UTF-8": (
        lambda content: content + b"#\xff\n",
        ":22:2: a character that YAML does not allow",
    ),
    "a character that YAML readers lose": (
        replaced("    oauth.client_id:", '    oauth.client_id: "\\u0085"\n    x:'),
        ":11:22: a character that YAML does not allow",
    ),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_file_that_may_hold_values_is_not_guessed_at(root: Path, name: str) -> None:
    edit, place = DOUBTFUL[name]
    file = copies.sealed_file(root, "production")
    file.write_bytes(edit(file.read_bytes()))
    before = copies.files(root)
    for run in (generate(root), generate(root, discard_sealed=True), copies.check(root)):
        assert (run.code, run.error) == (3, PATH + place)
        assert "git checkout" in run.help
        assert not any(value in run.said for value in copies.sealed_values_of(before))
    assert copies.files(root) == before


@pytest.mark.parametrize(
    "pasted",
    ["hunter2: &anchor x", "*hunter2", "!hunter2 x", "2001-1-1", "1e5", "[hunter2", '"hunter2'],
)
def test_what_was_pasted_wrongly_is_never_shown(root: Path, pasted: str) -> None:
    file = copies.sealed_file(root, "production")
    text = file.read_text()
    line = next(line for line in text.splitlines() if line.startswith("    oauth.client_secret:"))
    file.write_text(text.replace(line, f"    oauth.client_secret: {pasted}"))
    run = generate(root)
    assert run.code == 3
    assert run.error.startswith(f"{PATH}:")
    assert pasted not in run.said
    assert "hunter2" not in run.said
