"""A deployed root with the name of an earlier hubops: who regenerates is told how it moves."""

from pathlib import Path

import pytest
import yaml

from generator.change import root_name
from generator.cli import diff as diff_command
from tests.change.test_diff_history import commit, generated
from tests.io.test_git import run_git
from tests.support import copies
from tests.support.sites import PROTOCOAST

MOVE = [
    "kubectl patch application -n argocd protocoast-fedcloud --type merge -p "
    """'{"metadata":{"finalizers":null}}'""",
    "kubectl delete application -n argocd protocoast-fedcloud --cascade=orphan",
    "kubectl annotate -n argocd appproject/protocoast-fedcloud "
    "appproject/protocoast-fedcloud-namespaces application/protocoast-production "
    "argocd.argoproj.io/tracking-id-",
    "kubectl patch configmap argocd-cm -n argocd --type merge "
    "--patch-file clusters/fedcloud/bootstrap/argocd-cm.patch.yaml",
    "kubectl apply -k clusters/fedcloud/bootstrap",
]


def rename(root: Path, new: str, old: str) -> None:
    path = root / "clusters/fedcloud/bootstrap/root.yaml"
    text = path.read_text()
    assert text.count(f"  name: {new}\n") == 1
    path.write_text(text.replace(f"  name: {new}\n", f"  name: {old}\n"))


@pytest.fixture
def older(protocoast_folder: Path) -> Path:
    """A working copy that an earlier hubops generated."""
    generated(protocoast_folder)
    rename(protocoast_folder, "protocoast-cluster-fedcloud", "protocoast-fedcloud")
    return protocoast_folder


def told(out: str) -> list[str]:
    lines = [line.strip() for line in out.splitlines()]
    return [line for line in lines if line in MOVE]


def test_generate_says_how_the_root_moves_once(older: Path) -> None:
    copies.put_all(older, "production")
    run = copies.generate(older)
    assert (
        "cluster fedcloud: move the root protocoast-fedcloud, where it runs, to its new name "
        in run.out
    )
    assert told(run.out) == MOVE
    assert "apply its bootstrap again" not in run.out
    assert "move the root" not in copies.generate(older).out


def test_a_site_that_was_never_deployed_is_still_told_how_to_begin(older: Path) -> None:
    run = copies.generate(older)
    assert "to its new name" in run.out
    assert "cluster fedcloud: bootstrap it, if you have not done so yet" in run.out


@pytest.mark.tools
def test_diff_says_so_too(older: Path) -> None:
    run_git(older, "init", "-q", "-b", "main")
    commit(older, "before")
    run_git(older, "switch", "-q", "-c", "pull-request")

    def compared() -> copies.Run:
        return copies.running(
            lambda terminal: diff_command.run(older / "site.yaml", terminal, base="main")
        )

    assert "is called" not in compared().out
    generated(older)
    out = compared().out
    assert (
        "the root of cluster fedcloud is called protocoast-cluster-fedcloud, no longer "
        "protocoast-fedcloud: the deployed one goes on by its old name until you move it" in out
    )
    assert told(out) == MOVE
    assert "check that this is intentional" not in out


OTHERS = {
    "another site's": b"metadata:\n  name: x-fedcloud\n  labels:\n"
    b"    app.kubernetes.io/part-of: x\n",
    "no label": b"metadata:\n  name: protocoast-fedcloud\n",
    "not a text": b"\xff\xfe",
    "the same name": b"metadata:\n  name: protocoast-cluster-fedcloud\n  labels:\n"
    b"    app.kubernetes.io/part-of: protocoast\n",
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_another_root_is_not_moved(content: bytes) -> None:
    files = {"clusters/fedcloud/bootstrap/root.yaml": content}
    assert root_name.older_roots("protocoast", files) == {}


def test_a_cluster_and_an_environment_may_have_one_name(tmp_path: Path) -> None:
    text = PROTOCOAST.read_text("utf-8")
    text = text.replace("  production:\n", "  fedcloud:\n").replace(
        "  staging:\n", "  fedcloud-staging:\n"
    )
    (tmp_path / "site.yaml").write_text(text, "utf-8")
    assert "R207" not in copies.lint(tmp_path).out
    generated(tmp_path)
    roots = [
        yaml.safe_load((tmp_path / "clusters" / path).read_text("utf-8"))["metadata"]["name"]
        for path in ("fedcloud/bootstrap/root.yaml", "fedcloud/environment-fedcloud.yaml")
    ]
    assert roots == ["protocoast-cluster-fedcloud", "protocoast-fedcloud"]
