"""A site's history in ten commits: what `hubops diff` says of each, as a comment on a pull request.

`tests/change/history/<NN-slug>.md` are the comments. `UPDATE_EFFECTS=1 pytest
tests/change/test_diff_history.py` rewrites them: read each change as a reviewer would.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.change.formats import REVIEWS
from generator.cli import diff
from tests.io.test_git import run_git
from tests.support import copies

FOLDER = Path(__file__).parent / "history"
BEGINNING = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git}
argocd: {version: "3.1"}
charts:
  jupyterhub: {version: 4.2.0}
  dask-gateway: {version: 2025.4.0}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: "1.31"
    storageClass: csi-cinder
    ingress: {className: nginx, clusterIssuer: letsencrypt}
environments:
  production:
    cluster: fedcloud
    namespace: hub
    host: hub.example.org
jupyterhub:
  authentication:
    provider: github
    organizations: [coast-lab]
    admins: [ada]
  home: {capacity: 10Gi}
  servers:
    memory: {guarantee: 2Gi, limit: 4Gi}
    profiles:
      - name: Coast
        slug: coast
        image: quay.io/coast/notebook:2026.1
        default: true
daskGateway:
  limits: {cores: 9, memory: 24Gi, workers: 8}
"""
STAGING = """\
  staging:
    cluster: fedcloud
    namespace: hub-staging
    host: staging.example.org
    daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
"""
NEWEST = """\
      - name: Newest
        slug: newest
        image: quay.io/coast/notebook:2026.2
"""
CHARTS = "  jupyterhub: {version: 4.2.0}\n  dask-gateway: {version: 2025.4.0}\n"
COOKIE = "hub.config.JupyterHub.cookie_secret"


def generated(root: Path, *, discard_sealed: bool = False) -> None:
    """What `hubops generate` writes; it must succeed."""
    run = copies.generate(root, discard_sealed=discard_sealed)
    assert run.code == 0, run.said


def edit(old: str, new: str, *, discard_sealed: bool = False) -> Callable[[Path], None]:
    """Edits one place of site.yaml as a person does, and generates."""

    def edited(root: Path) -> None:
        text = (root / "site.yaml").read_text()
        assert text.count(old) == 1, old
        (root / "site.yaml").write_text(text.replace(old, new))
        generated(root, discard_sealed=discard_sealed)

    return edited


def rotate(root: Path) -> None:
    """Seals the cookie secret anew, and for the first time a value that was a placeholder."""
    copies.put(root, "production", COOKIE, copies.ciphertext(100))
    copies.put(root, "staging", "oauth.client_id", copies.ciphertext(101))
    generated(root)


def edit_by_hand(root: Path) -> None:
    """Changes a quota where it is generated."""
    path = root / QUOTA
    text = path.read_text()
    assert text.count('"0"') == 2
    path.write_text(text.replace('"0"', '"5"'))


def reorder(root: Path) -> None:
    """Writes the parts of site.yaml the other way round; site.yaml's own style stays."""
    parts = re.split(r"^(?=\w)", (root / "site.yaml").read_text(), flags=re.MULTILINE)
    text = "".join(reversed(parts)).replace("{guarantee: 2Gi, limit: 6Gi}", MEMORY)
    (root / "site.yaml").write_text(text)
    run_git(root, "checkout", "-q", "HEAD~1", "--", QUOTA)
    generated(root)


QUOTA = "overlays/production/namespace/quota.yaml"
MEMORY = "{limit: 6Gi, guarantee: 2Gi}"
STEPS: dict[str, Callable[[Path], None]] = {
    "01-add-staging": edit("jupyterhub:\n  auth", f"{STAGING}jupyterhub:\n  auth"),
    "02-raise-memory": edit("limit: 4Gi", "limit: 6Gi"),
    "03-rename-host": edit("host: hub.example.org", "host: jupyter.example.org"),
    "04-bump-chart": edit(CHARTS, CHARTS.replace("4.2.0", "4.4.0").replace("2025.4.0", "2026.3.0")),
    "05-rotate": rotate,
    "06-remove-environment": edit(STAGING, "", discard_sealed=True),
    "07-hand-edit": edit_by_hand,
    "08-reorder": reorder,
    "09-add-profile": edit("        default: true\n", f"        default: true\n{NEWEST}"),
    "10-lower-limit": edit("limit: 6Gi", "limit: 3Gi"),
}


def commit(root: Path, message: str) -> None:
    run_git(root, "add", "-A")
    run_git(root, "commit", "-q", "-m", message)


def compared(root: Path, base: str, head: str, format: str = "markdown") -> copies.Run:
    """What `hubops diff` says of two revisions."""
    return copies.running(
        lambda terminal: diff.run(root / "site.yaml", terminal, base=base, head=head, format=format)
    )


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository; each step is a commit, and a tag of its name."""
    root = tmp_path_factory.mktemp("history")
    run_git(root, "init", "-q", "-b", "main")
    (root / "site.yaml").write_text(BEGINNING)
    generated(root)
    copies.put_all(root, "production")
    generated(root)
    commit(root, "beginning")
    for name, step in STEPS.items():
        step(root)
        commit(root, name)
        run_git(root, "tag", name)
    return root


@pytest.mark.parametrize("name", STEPS)
def test_comment_is_as_expected(history: Path, name: str) -> None:
    run = compared(history, f"{name}~1", name)
    assert (run.code, run.notes, run.error) == (0, "", "")
    expected = FOLDER / f"{name}.md"
    if os.environ.get("UPDATE_EFFECTS"):
        FOLDER.mkdir(exist_ok=True)
        expected.write_text(run.out, encoding="utf-8", newline="\n")
    assert run.out == expected.read_text(encoding="utf-8")


def test_each_commit_has_its_comment_and_nothing_is_left_over() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{name}.md" for name in STEPS]


def test_the_whole_way_and_back_are_of_the_same_values(history: Path) -> None:
    there = compared(history, "01-add-staging~1", "10-lower-limit")
    back = compared(history, "10-lower-limit", "01-add-staging~1")
    assert "+jupyter.example.org -hub.example.org" in there.out
    assert "+hub.example.org -jupyter.example.org" in back.out


@pytest.mark.parametrize("name", STEPS)
def test_no_sealed_value_is_ever_shown(history: Path, name: str) -> None:
    for format in REVIEWS:
        run = compared(history, f"{name}~1", name, format)
        assert run.code == 0
        assert not copies.sealed_values_of({"": run.out.encode()})
