"""What can't go back is held against the Git base, in real repositories."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.io.test_git import committed, run_git
from tests.support.copies import Run, check, generate, hubops, lint

SITE = (Path(__file__).parents[1] / "invalid" / "C308-new-environment.base.yaml").read_text()
OLD = SITE.replace("4.4.0", "3.3.8").replace("2026.3.0", "2024.1.0")
IGNORE = "  # hubops: ignore[C308] the copy of 1 March is back in place"


def with_comment(text: str) -> str:
    """The text with an ignore comment on the line of the chart's pin."""
    return text.replace(
        "  jupyterhub: {version: 3.3.8}", f"  jupyterhub: {{version: 3.3.8}}{IGNORE}"
    )


def changed_to(folder: Path, text: str) -> None:
    """Edits site.yaml, without a commit."""
    (folder / "site.yaml").write_text(text)


def codes(run: Run) -> list[str]:
    """The codes of the findings in text."""
    heads = [line for line in run.out.splitlines() if "site.yaml:" in line]
    return [head.partition("[")[2].partition("]")[0] for head in heads]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository on a branch of its own, whose `main` has JupyterHub 5.5.0."""
    folder = tmp_path / "clone"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    committed(folder, SITE)
    run_git(folder, "switch", "-q", "-c", "pull-request")
    return folder


def test_the_base_is_where_the_branch_left_the_followed_one(clone: Path) -> None:
    committed(clone, OLD)
    run = lint(clone)
    assert (run.code, codes(run)) == (1, ["C308"])
    assert (
        "environment 'production': chart jupyterhub 4.4.0 -> 3.3.8: JupyterHub 5.5.0 has upgraded"
        in run.out
    )


def test_what_the_followed_branch_did_since_counts_for_nothing(clone: Path) -> None:
    run_git(clone, "switch", "-q", "main")
    committed(clone, OLD)
    run_git(clone, "switch", "-q", "-c", "older")
    run_git(clone, "switch", "-q", "main")
    committed(clone, SITE)
    run_git(clone, "switch", "-q", "older")
    committed(clone, OLD.replace("coast-lab]", "coast-lab, tides]"))
    assert lint(clone).code == 0


def test_a_change_that_is_not_committed_is_held_against_the_commit(clone: Path) -> None:
    run_git(clone, "switch", "-q", "main")
    changed_to(clone, OLD)
    assert codes(lint(clone)) == ["C308"]


def test_the_branch_that_is_followed_counts_not_one_named_main(clone: Path) -> None:
    url = "url: https://github.com/coast-lab/gitops.git"
    changed_to(clone, OLD.replace(url, f"{url}, revision: live"))
    assert lint(clone).code == 0
    run_git(clone, "branch", "live", "main")
    assert codes(lint(clone)) == ["C308"]


@pytest.mark.parametrize("command", [generate, check])
def test_no_command_goes_on_with_a_downgrade(clone: Path, command: Callable[[Path], Run]) -> None:
    changed_to(clone, OLD)
    run = command(clone)
    assert (run.code, codes(run)) == (1, ["C308"])
    assert run.notes.endswith("nothing written; fix site.yaml and run again\n")
    assert {path.name for path in clone.iterdir()} == {".git", "site.yaml"}


# --- a base that is named


def test_a_named_revision_is_the_base(clone: Path) -> None:
    committed(clone, OLD)
    committed(clone, OLD.replace("coast-lab]", "coast-lab, tides]"))
    for named in ("main", "HEAD~2", run_git(clone, "rev-parse", "--short", "main")):
        assert codes(lint(clone, base=named)) == ["C308"]
    assert lint(clone, base="HEAD~1").code == 0


def test_an_unknown_revision(clone: Path) -> None:
    run = lint(clone, base="autumn")
    assert (run.code, run.out, run.error) == (3, "", "no revision 'autumn' in this repository")


def test_a_revision_without_the_site(clone: Path) -> None:
    run_git(clone, "mv", "site.yaml", "coast.yaml")
    committed(clone, "tides\n", "README.md")
    changed_to(clone, OLD)
    run = lint(clone, base="HEAD")
    assert (run.code, run.out) == (3, "")
    assert run.error == "revision 'HEAD' has no site.yaml in this folder"


def test_a_named_revision_where_there_is_no_repository(tmp_path: Path) -> None:
    changed_to(tmp_path, OLD)
    run = lint(tmp_path, base="main")
    assert (run.code, run.error) == (3, f"{tmp_path}: no Git repository")


def test_the_command_line_takes_a_base(clone: Path) -> None:
    committed(clone, OLD)
    found = hubops("lint", "--base", "main", cwd=clone)
    assert (found.returncode, found.stdout.partition(": the")[0].count("error[C308]")) == (1, 1)
    missing = hubops("lint", "--base", "autumn", cwd=clone)
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr.startswith("error: no revision 'autumn' in this repository\n")


# --- what is not known is not judged


def test_without_git_nothing_is_compared(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed_to(clone, OLD)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    assert lint(clone).code == 0


def test_outside_a_repository_nothing_is_compared(tmp_path: Path) -> None:
    changed_to(tmp_path, OLD)
    assert lint(tmp_path).code == 0


def test_a_branch_that_is_not_here_is_no_base(clone: Path) -> None:
    run_git(clone, "branch", "-m", "main", "trunk")
    changed_to(clone, OLD)
    assert lint(clone).code == 0


def test_a_branch_that_had_no_site_is_no_base(clone: Path) -> None:
    run_git(clone, "branch", "-D", "main")
    run_git(clone, "switch", "-q", "--orphan", "main")
    committed(clone, "tides\n", "README.md")
    changed_to(clone, OLD)
    assert lint(clone).code == 0


BROKEN = {
    "elsewhere": (lambda text: text.replace("provider: github", "provider: githb"), ["C308"]),
    "unknown key": (lambda text: text.replace("site: coast", "site: coast\nsiet: x"), ["C308"]),
    "that pin": (lambda text: text.replace("version: 4.4.0", "version: 4.x"), []),
    "no YAML": (lambda text: text + "a: [", []),
    "no map": (lambda _: "- 1\n", []),
    "empty": (lambda _: "", []),
}


@pytest.mark.parametrize(("broken", "found"), BROKEN.values(), ids=BROKEN)
def test_a_broken_base_is_judged_as_far_as_it_can_be_read(
    clone: Path, broken: Callable[[str], str], found: list[str]
) -> None:
    run_git(clone, "switch", "-q", "main")
    committed(clone, broken(SITE))
    changed_to(clone, OLD)
    assert codes(lint(clone)) == found


def test_a_site_in_a_folder_of_the_repository(clone: Path) -> None:
    run_git(clone, "switch", "-q", "main")
    committed(clone, SITE, "sites/coast/site.yaml")
    committed(clone, OLD, "sites/tide/site.yaml")
    coast, tide = clone / "sites" / "coast", clone / "sites" / "tide"
    changed_to(coast, OLD)
    changed_to(tide, OLD.replace("coast-lab]", "coast-lab, tides]"))
    assert (codes(lint(coast)), codes(lint(tide))) == (["C308"], [])
    assert codes(lint(coast, base="HEAD")) == ["C308"]


# --- a comment that says it is meant


def test_a_comment_silences_it(clone: Path) -> None:
    changed_to(clone, with_comment(OLD))
    assert lint(clone).out == ""
    assert generate(clone).code == 0


def test_a_comment_with_nothing_to_silence_is_said_where_there_is_a_base(clone: Path) -> None:
    committed(clone, OLD)
    changed_to(clone, with_comment(OLD))
    run = lint(clone, base="HEAD")
    assert (run.code, codes(run)) == (0, ["Y016"])


def test_a_comment_may_be_needed_where_no_base_is_known(clone: Path, tmp_path: Path) -> None:
    changed_to(tmp_path, with_comment(OLD))
    assert lint(tmp_path).out == ""
    committed(clone, with_comment(OLD))
    run_git(clone, "switch", "-q", "-c", "next")
    run_git(clone, "branch", "-f", "main")
    assert lint(clone).out == ""
