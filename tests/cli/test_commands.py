"""The commands as functions: what they say, what they leave, how they end."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import lint
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError
from tests.support import copies
from tests.support.copies import (
    check,
    files,
    generate,
    listening,
    made,
    one_hub,
    protocoast,
    with_staging,
)
from tests.support.sites import PROTOCOAST

QUOTA = "overlays/production/namespace/quota.yaml"
OVERLAY = "overlays/production/kustomization.yaml"
APPLICATION = "apps/jupyterhub/application.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The smallest site, generated."""
    made(tmp_path, one_hub())
    return tmp_path


def changes(out: str) -> list[str]:
    return out.partition("\n\n")[0].splitlines()


# --- generate


def test_generate_says_what_it_did(root: Path) -> None:
    made(root, with_staging(one_hub()))
    (root / QUOTA).unlink()
    copies.write_site(root, one_hub())
    run = generate(root)
    assert changes(run.out) == [
        "deleted   clusters/fedcloud/environment-staging.yaml",
        "updated   clusters/fedcloud/kustomization.yaml",
        "updated   clusters/fedcloud/project-namespaces.yaml",
        "updated   clusters/fedcloud/project.yaml",
        f"created   {QUOTA}",
        "deleted   overlays/staging/kustomization.yaml",
        "deleted   overlays/staging/namespace/kustomization.yaml",
        "deleted   overlays/staging/namespace/namespace.yaml",
        "deleted   overlays/staging/namespace/quota.yaml",
        "deleted   overlays/staging/namespace/sealed-hub-secrets.yaml",
        "1 created, 3 updated, 6 deleted, 13 unchanged",
    ]
    assert run.notes == "\nnext: commit this and open a pull request\n"


def test_generate_mends_what_was_edited_by_hand(root: Path) -> None:
    before = files(root)
    for path in (QUOTA, APPLICATION):
        (root / path).write_bytes(before[path] + b"# by hand\n")
    assert generate(root).code == 0
    assert files(root) == before


BAD_SITES: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 1),
    "not YAML": (b"a: [", 1),
    "a wrong value": (PROTOCOAST.read_bytes().replace(b"host: p", b"host: P"), 1),
    "a key twice": (b"site: a\nsite: b\n", 1),
    "5 MB of junk": (b"x" * 5 * 2**20, 1),
}


@pytest.mark.parametrize("name", BAD_SITES)
def test_a_bad_site_writes_nothing(root: Path, name: str) -> None:
    content, code = BAD_SITES[name]
    before = files(root)
    (root / "site.yaml").write_bytes(content)
    steps: list[str] = []
    with listening(root, steps.append):
        for run in (generate(root), check(root)):
            assert run.code == code
            assert run.out.startswith(f"{root}/site.yaml:")
            assert run.notes.endswith("nothing written; fix site.yaml and run again\n")
    assert steps == []
    assert files(root) == before


def test_warnings_are_counted_and_let_pass(root: Path) -> None:
    site = one_hub()
    site["repository"]["revision"] = "HEAD"
    copies.write_site(root, site)
    found = linted(root)
    assert found[0] == 0
    assert found[1].count("warning[") == 1
    assert generate(root).notes.splitlines()[0] == "1 warning; hubops lint shows what"


def test_no_site(tmp_path: Path) -> None:
    run = generate(tmp_path)
    assert (run.code, run.error) == (3, f"{tmp_path}/site.yaml: no such file or directory")
    assert files(tmp_path) == {}


def test_a_site_that_breaks_while_another_run_writes(root: Path) -> None:
    """It was fine when the run began to wait, and is not when its turn comes."""
    copies.write_site(root, protocoast())

    def spoil(step: str) -> None:
        if step == "open .hubops.lock":
            with_listener_off.write_bytes(b"site: [")

    with_listener_off = root / "site.yaml"
    before = files(root)
    with listening(root, once(spoil)):
        run = generate(root)
    assert run.code == 1
    assert files(root) == before


def once(listener: Callable[[str], None]) -> Callable[[str], None]:
    heard: list[str] = []

    def listen(step: str) -> None:
        heard.append(step)
        if len(heard) == 1:
            listener(step)

    return listen


def test_another_site_file_in_the_same_folder(root: Path) -> None:
    (root / "site.yaml").rename(root / "coast.yaml")
    before = files(root)
    assert generate(root, site="coast.yaml").out.startswith("0 created, 0 updated, 0 deleted, 17")
    assert files(root) == before


# --- check


def test_check_is_content(root: Path) -> None:
    run = check(root)
    assert run == copies.Run(code=0, notes="17 files match site.yaml\n")


def test_check_names_each_file_and_what_to_do(root: Path) -> None:
    (root / QUOTA).unlink()
    (root / APPLICATION).write_bytes((root / APPLICATION).read_bytes() + b"# by hand\n")
    orphan = root / "overlays/gone/kustomization.yaml"
    orphan.parent.mkdir()
    orphan.write_bytes((root / OVERLAY).read_bytes())
    (root / "overlays/gone/mine.yaml").write_text("mine\n")
    run = check(root)
    assert run.code == 1
    assert run.out.splitlines() == [
        f"differs   {APPLICATION}",
        "orphaned  overlays/gone/kustomization.yaml",
        f"missing   {QUOTA}",
    ]
    assert run.notes == (
        "3 of 18 files don't match site.yaml: put intended changes in site.yaml, run 'hubops "
        "generate' and commit the result\n"
    )
    assert generate(root).code == check(root).code == 0


def test_check_of_an_empty_folder(tmp_path: Path) -> None:
    copies.write_site(tmp_path, one_hub())
    run = check(tmp_path)
    assert run.code == 1
    assert {line.split()[0] for line in run.out.splitlines()} == {"missing"}
    assert len(run.out.splitlines()) == 17


def test_check_writes_nothing(root: Path) -> None:
    (root / QUOTA).unlink()
    staged = root / "apps/jupyterhub/.application.yaml.hubops-staged"
    staged.write_text("half")
    before = files(root)
    steps: list[str] = []
    with listening(root, steps.append):
        check(root)
    assert steps == []
    assert files(root) == before


def test_check_sees_a_value_that_was_sealed_since(root: Path) -> None:
    copies.put_all(root, "production")
    run = check(root)
    assert run.code == 1
    assert f"differs   {OVERLAY}\n" in run.out
    assert generate(root).code == check(root).code == 0


# --- extra


def content_hash(root: Path) -> str:
    text = (root / OVERLAY).read_text()
    return text.partition("commonAnnotations:\n")[2].splitlines()[0].strip()


def test_extra_is_included_once_it_has_a_kustomization(root: Path) -> None:
    listing = root / "overlays/production/namespace/kustomization.yaml"
    extra = root / "overlays/production/namespace/extra"
    extra.mkdir()
    (extra / "role.yaml").write_text("kind: Role\n")
    assert generate(root).code == 0
    assert "extra" not in listing.read_text()
    (extra / "kustomization.yaml").write_text("resources: [role.yaml]\n")
    assert check(root).code == 1
    assert generate(root).code == 0
    assert "  - extra\n" in listing.read_text()
    (extra / "kustomization.yaml").unlink()
    assert generate(root).code == 0
    assert "extra" not in listing.read_text()


def test_a_change_in_extra_is_drift_until_it_is_generated(root: Path) -> None:
    extra = root / "overlays/production/namespace/extra"
    (extra / "deep").mkdir(parents=True)
    (extra / "kustomization.yaml").write_text("resources: [deep/role.yaml]\n")
    (extra / "deep/role.yaml").write_text("kind: Role\n")
    assert generate(root).code == 0
    hashes = {content_hash(root)}
    for edit in (
        lambda: (extra / "deep/role.yaml").write_text("kind: RoleBinding\n"),
        lambda: (extra / "deep/role.yaml").rename(extra / "role.yaml"),
        lambda: (extra / "README.md").write_text(""),
    ):
        edit()
        run = check(root)
        assert (run.code, run.out) == (1, f"differs   {OVERLAY}\n")
        assert generate(root).code == check(root).code == 0
        hashes.add(content_hash(root))
    assert len(hashes) == 4


def test_a_name_in_extra_that_is_no_text(root: Path) -> None:
    extra = root / "overlays/production/namespace/extra"
    extra.mkdir()
    try:
        (extra / os.fsdecode(bytes([255]))).write_text("")
    except OSError:
        pytest.skip(
            "file names here must be text: set TMPDIR to a folder on Linux's own file system"
        )
    before = content_hash(root)
    assert generate(root).code == check(root).code == 0
    assert content_hash(root) != before


@pytest.mark.parametrize("name", ["role.yaml~", "role.yaml.swp", ".role.yaml.swp", ".DS_Store"])
def test_an_editors_file_in_extra_is_nothing(root: Path, name: str) -> None:
    extra = root / "overlays/production/namespace/extra"
    extra.mkdir()
    (extra / "kustomization.yaml").write_text("resources: []\n")
    assert generate(root).code == 0
    (extra / name).write_bytes(b"\xff")
    assert check(root).code == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda site: site.update(site="coast"), id="the site's name"),
        pytest.param(
            lambda site: site["jupyterhub"].update(
                values={"singleuser": {"cloudMetadata": {"blockWithIptables": True}}}
            ),
            id="the namespace's label",
        ),
    ],
)
def test_any_change_of_the_namespaces_files_changes_their_hash(
    root: Path, change: Callable[[copies.Site], None]
) -> None:
    before = content_hash(root)
    site = one_hub()
    change(site)
    made(root, site)
    assert content_hash(root) != before


def test_a_change_elsewhere_does_not(root: Path) -> None:
    before = content_hash(root)
    site = one_hub()
    site["environments"]["production"]["host"] = "new.example.org"
    made(root, with_staging(site))
    assert content_hash(root) == before


# --- lint


def linted(root: Path) -> tuple[int, str, str]:
    out: list[str] = []
    notes: list[str] = []
    code = lint.run(root / "site.yaml", Terminal(out=out.append, note=notes.append))
    return code, "".join(out), "".join(notes)


def test_lint_of_a_clean_site(root: Path) -> None:
    code, out, notes = linted(root)
    assert (code, out) == (0, "")
    assert "hubops generate" in notes


def test_lint_of_a_broken_site(root: Path) -> None:
    site = one_hub()
    site["environments"]["production"]["cluster"] = "fedclod"
    copies.write_site(root, site)
    code, out, notes = linted(root)
    assert code == 1
    assert "error[R201]" in out
    assert "hubops lint" in notes


def test_lint_without_a_site(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="no such file"):
        linted(tmp_path)
