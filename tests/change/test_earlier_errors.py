"""`hubops diff` where the earlier site.yaml has errors: what it compares, and what it says."""

import json
import random
import re
from pathlib import Path

import pytest

from generator.build.repository import Inputs, build
from generator.change.certainty import certainty
from generator.change.formats import REVIEWS
from generator.change.review import review
from generator.change.sides import Side
from generator.cli.earlier import Written, earlier
from generator.cli.loading import as_far_as_read
from generator.diagnostics import Diagnostic, GeneratorError
from generator.io.worktree import WorkingCopy
from generator.site.model import UNREAD
from tests.change.test_diff_command import BIGGER, TOKEN, compared, refused, repository, written
from tests.change.test_diff_history import STAGING, commit, generated
from tests.io.test_git import run_git
from tests.lint.test_mutations import edited_text
from tests.support import copies, random_sites
from tests.support.random_values import examples
from tests.support.sites import load_text

__all__ = ["repository"]
SERVER = "    server: https://kubernetes.default.svc\n"
# What is wrong at the base: a replacement in its site.yaml, and the code of the error.
WRONG = {
    "unit": (("limit: 4Gi", "limit: 4GB"), "S104"),
    "type": (("limits: {cores: 9", "limits: {cores: nine"), "S104"),
    "limit below": (("guarantee: 2Gi", "guarantee: 8Gi"), "L401"),
    "cluster misspelt": (("cluster: fedcloud", "cluster: fedclod"), "R201"),
    "environments misspelt": (("environments:", "environmnts:"), "S101"),
    "clusters misspelt": (("clusters:", "clutsers:"), "S101"),
    "site misspelt": (("site: coast", "sit: coast"), "S101"),
    "no namespace": (("    namespace: hub\n", ""), "S102"),
    "no server": ((SERVER, ""), "R209"),
    "no profiles": (("    profiles:", "    profile:"), "S101"),
    "conflict": (("site: coast", "<<<<<<<< HEAD\nsite: coast"), "Y001"),
    "bracket": (("memory: {guarantee: 2Gi", "memory: {guarantee: [2Gi"), "Y001"),
}
every_wrong = pytest.mark.parametrize(("pair", "code"), WRONG.values(), ids=WRONG)
# Of these hubops can't tell where anything is.
LOST = ("site misspelt", "conflict", "bracket")
in_part = pytest.mark.parametrize("name", [name for name in WRONG if name not in LOST])


def broken(root: Path, *pairs: tuple[str, str], keeps_history: bool = True) -> None:
    """Commits a site.yaml with an error beside the files of the one before."""
    written(root, *pairs)
    commit(root, "broken")
    if not keeps_history:
        tree = run_git(root, "commit-tree", "HEAD^{tree}", "-m", "alone").strip()
        run_git(root, "reset", "-q", "--hard", tree)


def fixed(root: Path, *pairs: tuple[str, str]) -> None:
    """The working copy without the error."""
    written(root, *pairs)
    generated(root)


@every_wrong
def test_what_runs_is_compared(repository: Path, pair: tuple[str, str], code: str) -> None:
    broken(repository, pair)
    fixed(repository, BIGGER)
    run = compared(repository, base="HEAD")
    assert (run.code, run.notes) == (0, "")
    assert "  jupyterhub\n    singleuser.memory.limit: 4G -> 6G  (site.yaml:26)\n" in run.out
    assert run.out.count(" -> ") == 1
    assert "note: site.yaml of revision 'HEAD' has 1 error: site.yaml:" in run.out
    assert f": {code}: " in run.out
    assert "note: the comparison is complete: site.yaml of commit " in run.out, run.out


@every_wrong
def test_fix_that_changes_no_file(repository: Path, pair: tuple[str, str], code: str) -> None:
    broken(repository, pair)
    fixed(repository)
    run = compared(repository, base="HEAD", exit_code=True)
    assert run.out.startswith("Nothing takes effect.\n")
    assert (run.code, f": {code}: " in run.out) == (0, True)


def test_a_version_that_was_not_read_is_not_shown(repository: Path) -> None:
    broken(repository, ('kubernetes: "1.31"', 'kubernetes: "v1.31"'))
    fixed(repository, BIGGER)
    run = compared(repository, base="HEAD")
    assert "singleuser.memory.limit: 4G -> 6G" in run.out
    assert UNREAD.text not in run.out


def test_new_rule_finds_an_error_in_what_runs(repository: Path) -> None:
    written(repository, ("limit: 4Gi", "limit: 1Gi"))
    site = as_far_as_read((repository / "site.yaml").read_bytes())
    assert site is not None
    for path, content in build(site, Inputs()).items():
        (repository / path).write_bytes(content)
    commit(repository, "before the rule")
    fixed(repository)
    run = compared(repository, base="HEAD")
    assert "singleuser.memory.limit: 1G -> 4G" in run.out
    assert "note: the comparison is complete: what hubops reads gives exactly the files" in run.out


@in_part
def test_without_what_runs_it_says_what_is_not_compared(repository: Path, name: str) -> None:
    broken(repository, WRONG[name][0], keeps_history=False)
    fixed(repository, BIGGER)
    run = compared(repository, base="HEAD", exit_code=True)
    assert (run.code, run.notes) == (1, "")
    assert "note: compared only in part: overlays/production. Argo CD runs the files" in run.out
    assert "git diff HEAD -- apps overlays/production\n" in run.out
    assert "Nothing" not in run.out
    assert "Unchanged" not in run.out
    assert not re.search("E01[239]|E024", run.out)  # nothing comes, goes or moves


@in_part
def test_without_what_runs_same_files_are_the_same(repository: Path, name: str) -> None:
    broken(repository, WRONG[name][0], keeps_history=False)
    fixed(repository)
    run = compared(repository, base="HEAD", exit_code=True)
    assert run.out.startswith("Nothing takes effect.\n")
    assert "note: nothing changes in " in run.out
    assert "overlays/production: the committed files there stay as they are" in run.out
    assert run.code == 0


@pytest.mark.parametrize("values", ["{custom: 1}", "{singleuser: {cmd: [null]}}"])
def test_environment_that_was_never_generated_does_not_go(repository: Path, values: str) -> None:
    more = f"{STAGING.rstrip()}\njupyterhub:\n  values: {values}\n  serverz: 1\n"
    broken(repository, ("jupyterhub:\n  auth", f"{more}  auth"), keeps_history=False)
    fixed(repository)
    run = compared(repository, base="HEAD", exit_code=True)
    assert run.out.startswith("Nothing takes effect.\n")
    assert run.code == 0
    assert json.loads(compared(repository, base="HEAD", format="json").out)["unchanged"] == [
        "production"
    ]


@pytest.mark.parametrize("entry", ["kind: Secret, jsonPointers: /data", "jsonPointers: [/data]"])
def test_difference_to_ignore_that_is_not_whole(repository: Path, entry: str) -> None:
    app = "chart: {name: a, repository: 'https://a.example.org', version: 1.0.0}"
    ignored = f"ignoreDifferences: [{{{entry}, reason: a Job writes it}}]"
    apps = f"apps:\n  a: {{scope: cluster, namespace: a, {app}, {ignored}}}\nenvironments:"
    broken(repository, ("environments:", apps), keeps_history=False)
    fixed(repository, ("gitops.git}", "gitops.git, revision: live}"))
    run = compared(repository, base="HEAD")
    assert (run.code, run.error) == (0, "")
    assert "compared only in part: clusters/fedcloud" in run.out


@pytest.mark.parametrize("name", LOST)
def test_nothing_to_compare_with(repository: Path, name: str) -> None:
    broken(repository, WRONG[name][0], keeps_history=False)
    fixed(repository, BIGGER)
    run = compared(repository, base="HEAD")
    refused(run, "site.yaml of revision 'HEAD' can't be read", "git log --oneline -- site.yaml")
    assert run.details[0].startswith("site.yaml:")


def test_formats_say_that_a_part_is_missing(repository: Path) -> None:
    broken(repository, WRONG["unit"][0], keeps_history=False)
    fixed(repository, BIGGER, ("capacity: 10Gi", "capacity: 12Gi"))
    asked = json.loads(compared(repository, base="HEAD", format="json").out)
    assert asked["uncertain"] == ["overlays/production"]
    assert asked["differs"] is True
    for format in ("markdown", "html"):
        text = compared(repository, base="HEAD", format=format).out
        assert "compared only in part" in text
        assert "the merge is enough" not in text


def test_two_revisions(repository: Path) -> None:
    broken(repository, WRONG["unit"][0], keeps_history=False)
    fixed(repository, BIGGER)
    commit(repository, "fixed")
    run = compared(repository, base="HEAD~1", head="HEAD")
    assert "git diff 'HEAD~1' HEAD -- apps overlays/production\n" in run.out


def test_error_in_the_newer_side_is_refused(repository: Path) -> None:
    broken(repository, WRONG["unit"][0])
    assert compared(repository, base="HEAD~1", head="HEAD").code == 1


def test_no_credential_is_said(repository: Path) -> None:
    broken(repository, ("limit: 4Gi", f"limit: {TOKEN}"), keeps_history=False)
    fixed(repository)
    run = compared(repository, base="HEAD")
    assert "site.yaml:26:" in run.out
    assert TOKEN not in run.said


def test_rendered_compares_the_committed_files(repository: Path) -> None:
    broken(repository, WRONG["unit"][0], keeps_history=False)
    fixed(repository, BIGGER)
    run = compared(repository, base="HEAD", rendered=True)
    assert (run.code, run.notes) == (0, "")
    assert "compared only in part" in run.out


def test_lint_says_what_it_did_not_compare(repository: Path) -> None:
    broken(repository, ("  home: {capacity: 10Gi}", "  home: 10Gi"), ("site: coast", "sit: coast"))
    written(repository)
    run = copies.lint(repository, base="HEAD")
    assert run.code == 0
    assert run.notes.splitlines()[:3] == [
        "site.yaml of the Git base has errors: a change of these places is not judged",
        "  site.yaml:2: S101: unknown key 'sit'",
        "  site.yaml:24: S103: 'home' is '10Gi', not a map",
    ]


def test_lint_is_silent_where_a_rule_alone_finds_the_error(repository: Path) -> None:
    broken(repository, WRONG["limit below"][0])
    written(repository)
    assert copies.lint(repository, base="HEAD").notes == copies.lint(repository).notes


def test_folders_are_certain_one_by_one() -> None:
    old = {"apps/hub/a": b"1", "overlays/a/k": b"1", "overlays/b/k": b"1", "clusters/c/p": b"1"}
    known = certainty(old, {**old, "overlays/b/k": b"2"}, {**old, "overlays/b/k": b"3"})
    assert (known.kept, known.doubtful) == (frozenset(), frozenset({"overlays/b"}))
    known = certainty(old, {**old, "overlays/b/k": b"2"}, {**old, "overlays/a/k": b"3"})
    assert (known.kept, known.doubtful) == (frozenset({"overlays/b"}), frozenset())
    known = certainty(old, {**old, "apps/hub/a": b"2"}, old)
    assert (known.kept, known.doubtful) == (frozenset({"overlays/a", "overlays/b"}), frozenset())
    assert certainty(old, {}, {}).doubtful == {"overlays/a", "overlays/b", "clusters/c"}


@pytest.mark.parametrize("part", range(4))
def test_any_site_with_errors_can_be_the_earlier_one(part: int, tmp_path: Path) -> None:
    chance = random.Random(f"earlier {part}")
    compared, refused = 0, 0
    for raw in examples(random_sites.sites(), 20, number=part + 40) * 2:
        new = load_text(random_sites.as_text(raw)).site
        text = edited_text(raw, chance)
        loaded = load_text(text)
        if new is None or not loaded.report.has_errors:
            continue
        tree = build(new, Inputs())
        for files in ({}, dict(tree)):
            side = wrong(tmp_path, text, loaded.report.errors, files)
            try:
                site, _ = side.site()
            except GeneratorError:
                refused += 1
                continue
            known = earlier(side, site, "", tree, None)
            found = review(Side(site=site), Side(site=new), lambda *_: "", None, known.certainty)
            said = [shown(found) for shown in REVIEWS.values()]
            assert not (known.certainty.doubtful and any("Nothing takes" in one for one in said))
            # What only lint reads of site.yaml is in no file.
            effects = [effect for chapter in found.chapters for effect in chapter.consequences]
            assert not (effects and files == tree and not known.certainty.doubtful)
            compared += 1
    assert compared > refused


def wrong(
    root: Path, text: str, errors: tuple[Diagnostic, ...], files: dict[str, bytes]
) -> Written:
    """A text with errors beside some files, in no repository."""
    return Written(
        root=root,
        name="site.yaml",
        revision="HEAD",
        commit="",
        content=text.encode("utf-8", "surrogatepass"),
        errors=errors,
        copy=WorkingCopy(files=files, extras={}, staged=()),
    )
