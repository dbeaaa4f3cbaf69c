"""No command writes over a file of another kind, through a link, or into Git's own folder."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.build.tree import STAGED_SUFFIX
from generator.cli import charts as charts_command
from generator.cli import importing
from generator.cli import init as init_command
from generator.cli import promote as promote_command
from generator.cli.import_drafts import ImportRequest
from tests.io.test_git import run_git
from tests.support import certificates, charts, copies
from tests.support.certificates import NOW
from tests.support.copies import Run, hubops, one_hub

HUB = {"hub": {"config": {"JupyterHub": {"authenticator_class": "dummy"}}}}


def state(folder: Path) -> dict[str, Any]:
    """Every entry below a folder: a link's target, a file's content and whether it is a file."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else path.is_dir()
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working copy with sealed values, as a repository."""
    monkeypatch.delenv("HUBOPS_CACHE", raising=False)
    folder = tmp_path / "site"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    copies.made(folder, one_hub())
    copies.put_all(folder, "production")
    (tmp_path / "new.pem").write_bytes(certificates.pem())
    (tmp_path / "hub.yaml").write_text(json.dumps(HUB))
    (folder / "README.md").write_text("# Site\n\n```yaml\nschemaVersion: 1\n```\n")
    (folder / "charts.lock").write_text("charts: []\n")
    (folder / "site.schema.json").write_text('{"properties": {"schemaVersion": {"const": 1}}}\n')
    (folder / "values.yaml").write_text("hub:\n  # schemaVersion\n  db: {type: sqlite-pvc}\n")
    return folder


# --- certificates

NO_CERTIFICATE_PATHS = (
    "overlays/production/namespace/sealed-hub-secrets.yaml",
    *("site.yaml", ".git/config", ".git/certificates/a.pem", "charts.lock", "README.md"),
    *("apps/jupyterhub/application.yaml", "fedcloud.pem", "certificates/fedcloud.crt"),
    *("certificates/../site.yaml", "certificates/../a.pem", "certificates/a/../../b.pem"),
    *("certificates/.git/config.pem", "certificates/.git/a.pem", "certificates/.pem"),
    *(
        "/etc/ssl/certs/a.pem",
        "/certificates/a.pem",
        "./certificates/a.pem",
        "../certificates/a.pem",
    ),
    *("certificates//a.pem", "certificates/./a.pem", "certificates/a.pem/", "certificates/"),
    *(
        "Certificates/a.pem",
        "certificates/a.PEM",
        "certificates/a.pem.yaml",
        "certificates/ a.pem",
    ),
    *(
        "certificates\\..\\site.pem",
        "certificates/-a.pem",
        "certificates/a.pem\n",
        "certificates/\x1b.pem",
    ),
    *("certificates/a\u202e.pem", "sub/certificates/a.pem", "~/certificates/a.pem"),
    f"certificates/{'a' * 300}.pem",
)


def put_in_place(root: Path, folder: Path, *, replace: bool) -> Run:
    """`hubops certificate` with --install, or with --replace."""
    return copies.certificate(root, file=folder / "new.pem", replace=replace, install=not replace)


@pytest.mark.parametrize("path", NO_CERTIFICATE_PATHS, ids=ascii)
def test_certificate_has_its_own_place(root: Path, tmp_path: Path, path: str) -> None:
    site = one_hub()
    site["clusters"]["fedcloud"]["sealingCertificate"] = path
    copies.write_site(root, site)
    before = state(tmp_path)
    linted = copies.lint(root)
    assert (linted.code, linted.out.count("[S104]")) == (1, 1)
    for is_new in (True, False):
        run = put_in_place(root, tmp_path, replace=not is_new)
        assert run.code == 1
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    "path", ["certificates/a.pem", "certificates/deep/er/a-b_c.1.pem", "certificates/_/0 1.pem"]
)
def test_certificate_may_be_in_a_folder_of_its_own(root: Path, tmp_path: Path, path: str) -> None:
    site = one_hub()
    site["clusters"]["fedcloud"]["sealingCertificate"] = path
    copies.write_site(root, site)
    assert put_in_place(root, tmp_path, replace=False).code == 0
    assert put_in_place(root, tmp_path, replace=True).code == 0
    assert (root / path).read_bytes() == certificates.pem()


PATH = "certificates/fedcloud.pem"
Place = Callable[[Path], object]


def content(text: bytes) -> Place:
    return lambda path: path.write_bytes(text)


def link(target: str) -> Place:
    return lambda path: path.symlink_to(target)


def folder_link(target: str) -> Place:
    def place(path: Path) -> None:
        path.parent.rmdir()
        path.parent.symlink_to(target)

    return place


PLACES: dict[str, Place] = {
    "notes": content(b"where the certificates are from\n"),
    "private key": content(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
    "certificate with its key": content(
        certificates.pem() + b"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"
    ),
    "request": content(
        b"-----BEGIN CERTIFICATE REQUEST-----\nAA\n-----END CERTIFICATE REQUEST-----\n"
    ),
    "certificate with other blocks": content(
        certificates.pem() + b"-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n"
    ),
    "certificate in YAML": content(b"ca: |\n  -----BEGIN CERTIFICATE-----\n  AAAA\n"),
    "notes that begin like a certificate": content(b"-----BEGIN CERTIFICATE-----\nsee the wiki\n"),
    "binary": content(b"\x30\x82\x00\x01"),
    "link to site.yaml": link("../site.yaml"),
    "link to a certificate elsewhere": link("../../new.pem"),
    "link to nothing": link("nothing.pem"),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "linked folder": folder_link("../elsewhere"),
    "folder that leads to Git's": folder_link(".git"),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_only_a_certificate_is_replaced(root: Path, tmp_path: Path, place: Place) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "certificates").mkdir()
    place(root / PATH)
    before = state(tmp_path)
    for is_new in (True, False):
        run = put_in_place(root, tmp_path, replace=not is_new)
        assert (run.code, bool(run.help)) == (3, True)
    assert state(tmp_path) == before


# --- a new site file


def imported(root: Path, output: Path, *, force: bool = True) -> Run:
    wanted = ImportRequest(
        paths={"jupyterhub": (root.parent / "hub.yaml",)}, output=output, force=force
    )
    return copies.running(lambda terminal: importing.run(wanted, terminal, now=NOW))


NO_SITE_FILES = (
    *("README.md", "charts.lock", "site.schema.json", "values.yaml", "Makefile", "notes.txt"),
    *("overlays/production/kustomization.yaml", "apps/jupyterhub/application.yaml"),
    "overlays/production/namespace/sealed-hub-secrets.yaml",
    *(".git/config", ".git/site.yaml", ".git/new/site.yaml", ".git/hooks/pre-commit"),
    *("x/../.git/site.yaml", ".git/../.git/site.yaml", "link.yaml", "to-git/site.yaml"),
    *("dangling.yaml", "pipe.yaml", "taken.yaml", "badge.json", "structure.yaml", "devfile.yaml"),
    "stored/new.yaml",
)


@pytest.mark.parametrize("output", NO_SITE_FILES)
def test_import_replaces_only_a_site_file(root: Path, tmp_path: Path, output: str) -> None:
    (root / "x").mkdir()
    (root / "link.yaml").symlink_to("site.yaml")
    (root / "dangling.yaml").symlink_to("nowhere.yaml")
    (root / "to-git").symlink_to(".git")
    (root / "taken.yaml").write_text("schemaVersion: 1\n")
    (root / "badge.json").write_text(
        '{"schemaVersion": 1, "label": "tests", "message": "passed"}\n'
    )
    (root / "structure.yaml").write_text('schemaVersion: "2.0.0"\ncommandTests: []\n')
    (root / "devfile.yaml").write_text("schemaVersion: 1.0.0\nmetadata: {name: site}\nsite: a\n")
    (root / "stored/objects").mkdir(parents=True)
    (root / "stored/HEAD").write_text("ref: refs/heads/main\n")
    (root / f".taken.yaml{STAGED_SUFFIX}").symlink_to("README.md")
    os.mkfifo(root / "pipe.yaml")
    before = state(tmp_path)
    run = imported(root, root / output)
    assert (run.code, bool(run.help)) == (3, True)
    assert state(tmp_path) == before


def test_import_that_is_refused_leaves_no_certificate(root: Path, tmp_path: Path) -> None:
    wanted = ImportRequest(
        paths={"jupyterhub": (tmp_path / "hub.yaml",)},
        output=root / "values.yaml",
        force=True,
        seals=True,
        certificate=tmp_path / "new.pem",
    )
    before = state(tmp_path)
    run = copies.running(lambda terminal: importing.run(wanted, terminal, now=NOW))
    assert (run.code, run.error) == (3, "values.yaml: not a site file; nothing was written")
    assert state(tmp_path) == before


@pytest.mark.parametrize("output", ["site.yaml", "other.yml", "new/site.yaml"])
def test_import_writes_a_site_file(root: Path, output: str) -> None:
    assert imported(root, root / output).code == 0
    assert (root / output).read_bytes().startswith(b"# ") or (root / output).stat().st_size


@pytest.mark.parametrize("folder", [".git", ".git/new", "x/../.git/new/deep", "to-git/new"])
def test_init_makes_no_site_in_gits_folder(root: Path, tmp_path: Path, folder: str) -> None:
    (root / "x").mkdir()
    (root / "to-git").symlink_to(".git")
    before = state(tmp_path)
    run = copies.running(
        lambda terminal: init_command.run(root / folder, {}, None, terminal, root / "site.yaml")
    )
    assert (run.code, bool(run.help)) == (3, True)
    assert "a folder of Git's own" in run.error
    assert state(tmp_path) == before


def test_init_makes_no_repository_through_a_link(root: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    (tmp_path / "elsewhere").mkdir()
    new.mkdir()
    (new / ".git").symlink_to("../elsewhere")
    run = copies.running(
        lambda terminal: init_command.run(new, {}, None, terminal, root / "site.yaml")
    )
    assert run.code == 0
    assert "no Git repository created" in run.notes
    assert state(tmp_path / "elsewhere") == {}


# --- the lock, and charts


@pytest.mark.parametrize(
    "place", [content(b"mine\n"), link("README.md"), os.mkfifo], ids=["file", "link", "pipe"]
)
def test_lock_of_hubops_is_an_empty_file(root: Path, tmp_path: Path, place: Place) -> None:
    place(root / ".hubops.lock")
    before = state(tmp_path)
    for run in (copies.generate(root), imported(root, root / "site.yaml")):
        assert (run.code, bool(run.help)) == (3, True)
    assert state(tmp_path) == before


@pytest.mark.parametrize("link", [".cache", ".cache/charts"])
def test_chart_goes_to_no_cache_behind_a_link(root: Path, tmp_path: Path, link: str) -> None:
    archive = tmp_path / "jupyterhub-4.4.0.tgz"
    archive.write_bytes(charts.pack("4.4.0"))
    (tmp_path / "elsewhere/charts").mkdir(parents=True)
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(tmp_path / "elsewhere")
    before = state(tmp_path)
    run = copies.running(lambda terminal: charts_command.add(root / "site.yaml", archive, terminal))
    assert run.code == 3
    assert f"{link}: a link to " in run.details[0]
    assert state(tmp_path) == before


def test_promote_edits_no_site_behind_a_link(root: Path, tmp_path: Path) -> None:
    site = copies.with_staging(one_hub(), charts={"jupyterhub": {"version": "3.3.7"}})
    copies.made(root, site)
    shutil.move(root / "site.yaml", tmp_path / "site.yaml")
    (root / "site.yaml").symlink_to("../site.yaml")
    before = state(tmp_path)
    run = copies.running(
        lambda terminal: promote_command.run(
            root / "site.yaml", "production", "staging", terminal, download=None
        )
    )
    assert (run.code, run.details) == (3, ("site.yaml: a link to ../site.yaml",))
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    "words",
    [
        ("schema",),
        ("graph", "--format", "svg"),
        ("values", "production", "jupyterhub"),
        ("lint", "--format", "sarif"),
        ("check",),
        ("secrets",),
        ("certificate", "fedcloud", "../new.pem"),
        ("bump", "--list"),
        ("bump", "jupyterhub", "4.4.0", "--dry-run", "--offline"),
        ("import", "--jupyterhub", "../hub.yaml", "--output", "-"),
    ],
    ids=lambda words: words[0],
)
def test_command_that_shows_writes_nothing(
    root: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    before = state(tmp_path)
    run = hubops(*words, cwd=root)
    assert run.returncode < 2, run.stderr
    assert run.stdout
    assert state(tmp_path) == before
