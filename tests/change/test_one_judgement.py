"""The same edit, asked of lint, diff, generate and bump: all of them judge it the same way."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from generator.cli import bump as bump_command
from generator.cli import diff as diff_command
from tests.change.test_diff_history import commit
from tests.io.test_git import run_git
from tests.support import copies

_BASE = Path(__file__).parents[1] / "invalid" / "C308-new-environment.base.yaml"
# Without its Dask Gateway, whose version would have to change too.
SITE = (
    _BASE.read_text()
    .partition("daskGateway:")[0]
    .replace("  dask-gateway: {version: 2026.3.0}\n", "")
)


class Answers(NamedTuple):
    """What one edit leads to."""

    lint: list[str]
    effects: list[tuple[str, bool, str]]
    generate: int


def site(version: str = "4.4.0", home: str = "50Gi", database: str = "5Gi") -> str:
    text = SITE.replace("version: 4.4.0", f"version: {version}")
    return f"{text}  home: {{capacity: {home}}}\n  database: {{storage: {database}}}\n"


def repository(root: Path, before: str, after: str) -> None:
    """The older text on `main`, generated; the newer one on a branch, not committed."""
    run_git(root, "init", "-q", "-b", "main")
    (root / "site.yaml").write_text(before)
    assert copies.generate(root).code == 0
    commit(root, "before")
    run_git(root, "switch", "-q", "-c", "pull-request")
    (root / "site.yaml").write_text(after)


def asked(root: Path, code: str) -> Answers:
    """The answers about an edit, of the effects those with this code."""
    head = f"error[{'C308' if code == 'E009' else 'L4'}"
    lines = [line for line in copies.lint(root).out.splitlines() if head in line]
    run = copies.running(
        lambda terminal: diff_command.run(root / "site.yaml", terminal, format="json")
    )
    (chapter,) = json.loads(run.out)["environments"]
    return Answers(
        lint=[line.partition("environment 'production': ")[2] for line in lines],
        effects=[
            (effect["weight"], effect["beforeMerge"], effect["message"])
            for effect in chapter["effects"]
            if effect["code"] == code
        ],
        generate=copies.generate(root).code,
    )


# JupyterHub reads a database with the revision that it knows itself, whatever its version.
DOWNGRADES = {
    ("4.3.5", "4.3.3"): False,
    ("4.4.0", "4.3.5"): False,
    ("3.3.8", "3.3.7"): False,
    ("4.1.0", "4.0.0"): False,
    ("4.0.0", "3.3.8"): True,
    ("4.4.0", "3.0.3"): True,
    ("4.4.0", "3.99.0"): True,
}
# A version that hubops does not know may be mistyped, and its hub never ran.
PERHAPS = [("4.99.1", "4.99.0"), ("4.99.0", "4.4.0"), ("33.3.8", "3.3.8")]


@pytest.mark.tools
@pytest.mark.parametrize(("versions", "is_lost"), DOWNGRADES.items(), ids=map(str, DOWNGRADES))
def test_a_downgrade(versions: tuple[str, str], is_lost: bool, tmp_path: Path) -> None:
    old, new = versions
    repository(tmp_path, site(old), site(new))
    answers = asked(tmp_path, "E009")
    # The fixes of vulnerabilities that it takes back are another effect, which only diff tells.
    ((weight, acts_before, sentence),) = (
        one for one in answers.effects if "takes back fixes of vulnerabilities" not in one[2]
    )
    assert answers.lint == ([sentence] if is_lost else [])
    assert ((weight, acts_before) == ("data", True)) is is_lost
    assert answers.generate == int(is_lost)
    (tmp_path / "site.yaml").write_text(site(old))
    bump = copies.running(
        lambda terminal: bump_command.run(tmp_path / "site.yaml", ("jupyterhub", new), terminal)
    )
    assert bump.code == int(is_lost), bump.said
    assert (f"error[C308]: environment 'production': {sentence}" in bump.out) is is_lost
    assert ("read it then" in bump.out) is is_lost


@pytest.mark.tools
@pytest.mark.parametrize("versions", PERHAPS, ids=map(str, PERHAPS))
def test_a_way_back_from_a_version_that_may_not_exist(
    versions: tuple[str, str], tmp_path: Path
) -> None:
    old, new = versions
    repository(tmp_path, site(old), site(new))
    answers = asked(tmp_path, "E009")
    assert answers.lint == []
    ((weight, acts_before, sentence),) = answers.effects
    assert (weight, acts_before, answers.generate) == ("data", True, 0)
    said = f"chart jupyterhub {old} -> {new}: hubops does not know {old}. If its hub ever ran: "
    assert sentence.startswith(said)
    assert f"warning[C308]: environment 'production': {sentence}" in copies.lint(tmp_path).out
    (tmp_path / "site.yaml").write_text(site(old))
    bump = copies.running(
        lambda terminal: bump_command.run(tmp_path / "site.yaml", ("jupyterhub", new), terminal)
    )
    assert bump.code == 0, bump.said
    assert f"hubops does not know {old}. If its hub ever ran: " in bump.out
    assert "JupyterHub      unknown -> " in bump.out


SIZES = {
    "home shrinks": ({"home": "1Gi"}, True),
    "home grows": ({"home": "80Gi"}, False),
    "home in other units": ({"home": "51200Mi"}, None),
    "database shrinks": ({"database": "1Gi"}, True),
    "database grows": ({"database": "8Gi"}, False),
}


@pytest.mark.tools
@pytest.mark.parametrize(("change", "shrinks"), SIZES.values(), ids=SIZES)
def test_a_size(change: dict[str, str], shrinks: bool | None, tmp_path: Path) -> None:
    repository(tmp_path, site(), site(**change))
    answers = asked(tmp_path, "E008")
    assert len(answers.effects) == (shrinks is not None)
    for weight, acts_before, sentence in answers.effects:
        assert answers.lint == ([sentence] if shrinks else [])
        assert weight == ("data" if shrinks else "note")
        assert acts_before or not shrinks
    assert answers.generate == int(bool(shrinks))


@pytest.mark.tools
def test_a_reason_in_site_yaml_lets_bump_go_back_too(tmp_path: Path) -> None:
    reason = "  # hubops: ignore[C308] the copy of 1 March is in place"
    text = site().replace("{version: 4.4.0}", f"{{version: 4.4.0}}{reason}")
    repository(tmp_path, site(), text)
    bump = copies.running(
        lambda terminal: bump_command.run(tmp_path / "site.yaml", ("jupyterhub", "3.3.8"), terminal)
    )
    assert bump.code == 0, bump.said
    assert (tmp_path / "site.yaml").read_text() == text.replace("4.4.0", "3.3.8", 1)
    assert copies.lint(tmp_path).code == 0
