"""Each command that judges `extra/` says the same, exits with 1 and writes nothing."""

import json
from pathlib import Path

import pytest

from generator import records
from generator.cli import diff as diff_command
from generator.cli import validate as validate_command
from generator.cli.options import Means
from tests.change.test_diff_history import commit
from tests.io.test_git import run_git
from tests.support import copies, programs
from tests.support.copies import check, files, generate, made, one_hub

EXTRA = "overlays/production/namespace/extra"
BINDING = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\n"
)
SAID = (
    f"{EXTRA}/bind.yaml:2:1: error[M923]: production: ClusterRoleBinding 'all' is of a kind that "
    "AppProject 'protocoast-fedcloud-namespaces' does not allow: ClusterRoleBinding of "
    "rbac.authorization.k8s.io\n"
    "    2 | kind: ClusterRoleBinding\n"
    "      | ^\n"
    "  help: leave it out; if it is needed, an administrator of the cluster applies it by hand  "
    "docs/checks.md#m923\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A generated site on `main`, and a ClusterRoleBinding in `extra/` that is not committed."""
    run_git(tmp_path, "init", "-q", "-b", "main")
    made(tmp_path, one_hub())
    commit(tmp_path, "beginning")
    (tmp_path / EXTRA).mkdir()
    (tmp_path / EXTRA / "kustomization.yaml").write_text("resources: [bind.yaml]\n")
    (tmp_path / EXTRA / "bind.yaml").write_text(BINDING)
    return tmp_path


def compared(root: Path, **options: str) -> copies.Run:
    return copies.running(
        lambda terminal: diff_command.run(root / "site.yaml", terminal, **options)  # type: ignore[arg-type]
    )


def validated(root: Path, format: str) -> copies.Run:
    means = Means(helm=programs.helm3(), is_offline=True)
    return copies.running(
        lambda terminal: validate_command.run(
            root / "site.yaml", records.replace(terminal, format=format), means
        )
    )


def test_generate_check_and_diff_say_the_same(root: Path) -> None:
    before = files(root)
    for run in (generate(root), check(root), compared(root, base="main")):
        assert (run.code, run.out.replace(f"{root}/", "")) == (1, SAID)
        assert "1 error" in run.notes
    assert files(root) == before


def test_diff_judges_the_revision_that_it_is_asked_for(root: Path) -> None:
    commit(root, "bind")
    (root / EXTRA / "bind.yaml").unlink()
    (root / EXTRA / "kustomization.yaml").unlink()
    assert compared(root, base="HEAD~1", head="HEAD").out.replace(f"{root}/", "") == SAID
    # The older side is as it is.
    assert compared(root, base="HEAD").code == 0


@pytest.mark.tools
@pytest.mark.parametrize("format", ["text", "json", "github", "sarif"])
def test_validate_says_it_in_every_format(root: Path, format: str) -> None:
    run = validated(root, format)
    assert run.code == 1
    assert "M923" in run.out
    if format in ("json", "sarif"):
        json.loads(run.out)


@pytest.mark.tools
def test_validate_judges_what_kustomize_makes(root: Path) -> None:
    """A generated file that was edited by hand is in no `extra/` folder."""
    for name in ("kustomization.yaml", "bind.yaml"):
        (root / EXTRA / name).unlink()
    quota = root / "overlays/production/namespace/quota.yaml"
    quota.write_text(quota.read_text().splitlines()[0] + "\n" + BINDING)
    run = validated(root, "json")
    found = {(one["code"], one["message"]) for one in json.loads(run.out)["findings"]}
    assert run.code in (1, 4)
    assert (
        "M923",
        "production: ClusterRoleBinding 'all' is of a kind that AppProject "
        "'protocoast-fedcloud-namespaces' does not allow: ClusterRoleBinding of "
        "rbac.authorization.k8s.io",
    ) in found


@pytest.mark.parametrize("name", [".argocd-source.yaml", ".argocd-source-protocoast-x.yaml"])
@pytest.mark.parametrize("folder", ["overlays/production", "overlays/production/namespace"])
def test_a_file_that_changes_an_application_is_found(
    tmp_path: Path, folder: str, name: str
) -> None:
    made(tmp_path, one_hub())
    (tmp_path / folder / name).write_text("kustomize: {namespace: argocd}\n")
    run = check(tmp_path)
    (tmp_path / folder / name).rename(tmp_path / "elsewhere")
    (tmp_path / folder / name).symlink_to(tmp_path / "elsewhere")
    assert check(tmp_path).out == run.out
    assert run.code == 1
    assert f"{folder}/{name}:1:1: error[M923]: Argo CD would change what it applies" in run.out
