"""Ten changes that people make often: their whole review, as text and as a comment, and the page.

`tests/change/reviews/<slug>.txt` and `.md`. `UPDATE_EFFECTS=1 pytest tests/change/test_reviews.py`
rewrites them: read each like somebody who has a minute to decide about the merge.
"""

import json
import os
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from generator.change.effects import PAGES
from tests.change.test_diff_history import commit, compared, edit, generated
from tests.io.test_git import run_git
from tests.support import copies

FOLDER = Path(__file__).parent / "reviews"
ENDS = {"text": "txt", "markdown": "md"}
BEGINNING = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git}
argocd: {version: "3.1"}
charts:
  jupyterhub: {version: 3.3.8}
  dask-gateway: {version: 2024.1.0}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: "1.31"
    storageClass: csi-cinder
    ingress: {className: nginx, clusterIssuer: letsencrypt}
  lab:
    server: https://lab.example.org:6443
    kubernetes: "1.31"
    storageClass: longhorn
    ingress: {className: nginx, clusterIssuer: letsencrypt}
environments:
  production:
    cluster: fedcloud
    namespace: hub
    host: hub.example.org
  training:
    cluster: fedcloud
    namespace: hub-training
    host: training.example.org
    daskGateway: {releaseName: dask-training, installCRDs: false}
  staging:
    cluster: lab
    namespace: hub-staging
    host: staging.example.org
    daskGateway: {releaseName: dask-staging}
jupyterhub:
  authentication:
    provider: github
    organizations: [coast-lab]
    admins: [ada]
  home: {capacity: 10Gi}
  servers:
    memory: {guarantee: 2Gi, limit: 8Gi}
    profiles:
      - name: Coast
        slug: coast
        image: quay.io/coast/notebook:2026.1
        default: true
daskGateway:
  limits: {cores: 9, memory: 24Gi, workers: 8}
"""
LOGIN = """\
    provider: github
    organizations: [coast-lab]
"""
OTHER_LOGIN = """\
    provider: generic-oauth
    loginService: Helmholtz
    authorizeUrl: https://login.example.org/authorize
    tokenUrl: https://login.example.org/token
    userdataUrl: https://login.example.org/userinfo
    usernameClaim: preferred_username
    allow: {users: [eve]}
"""
STAGING = """\
  staging:
    cluster: lab
    namespace: hub-staging
    host: staging.example.org
    daskGateway: {releaseName: dask-staging}
"""
SHRUNK = "  home: {capacity: 5Gi}  # hubops: ignore[L409] for new homes\n"
SWITCHED_OFF = "  values: {ingress: {enabled: false}}\n  home: {capacity: 10Gi}\n"


def replaced(*pairs: tuple[str, str]) -> Callable[[Path], None]:
    """Edits every place of a text in site.yaml, and generates."""

    def edited(root: Path) -> None:
        text = (root / "site.yaml").read_text()
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        (root / "site.yaml").write_text(text)
        generated(root, discard_sealed=True)

    return edited


CHANGES: dict[str, Callable[[Path], None]] = {
    "image-tag": edit("notebook:2026.1", "notebook:2026.2"),
    "memory-limit": edit("limit: 8Gi", "limit: 4Gi"),
    "provider": replaced((LOGIN, OTHER_LOGIN)),
    "hub-chart": edit("{version: 3.3.8}", "{version: 4.2.0}"),
    "dask-chart": edit("{version: 2024.1.0}", "{version: 2025.4.0}"),
    "environment-moved": replaced(
        ("cluster: lab\n", "cluster: fedcloud\n"),
        ("{releaseName: dask-staging}", "{releaseName: dask-staging, installCRDs: false}"),
    ),
    "environment-removed": replaced((STAGING, "")),
    "cluster-renamed": replaced(("  lab:\n", "  lab2:\n"), ("cluster: lab\n", "cluster: lab2\n")),
    "storage-shrunk": edit("  home: {capacity: 10Gi}\n", SHRUNK),
    "switched-off": edit("  home: {capacity: 10Gi}\n", SWITCHED_OFF),
}


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the site as it was on `main`, and a branch for each change."""
    root = tmp_path_factory.mktemp("changes")
    run_git(root, "init", "-q", "-b", "main")
    (root / "site.yaml").write_text(BEGINNING)
    generated(root)
    for number, name in enumerate(("production", "training", "staging")):
        copies.put_all(root, name, 50 * number)
    generated(root)
    commit(root, "beginning")
    for name, change in CHANGES.items():
        run_git(root, "switch", "-q", "-c", name, "main")
        change(root)
        commit(root, name)
    return root


@pytest.mark.parametrize("format", ENDS)
@pytest.mark.parametrize("name", CHANGES)
def test_review_is_as_expected(changes: Path, name: str, format: str) -> None:
    run = compared(changes, "main", name, format)
    assert (run.code, run.error) == (0, "")
    expected = FOLDER / f"{name}.{ENDS[format]}"
    if os.environ.get("UPDATE_EFFECTS"):
        FOLDER.mkdir(exist_ok=True)
        expected.write_text(run.out, encoding="utf-8", newline="\n")
    assert run.out == expected.read_text(encoding="utf-8")


def test_nothing_is_left_over() -> None:
    names = {f"{name}.{end}" for name in CHANGES for end in ENDS.values()}
    assert {path.name for path in FOLDER.iterdir()} == names


def test_page_names_the_site_both_sides_and_the_time(changes: Path) -> None:
    sides = [run_git(changes, "rev-parse", name)[:10] for name in ("main", "image-tag")]
    zone = ("--date=format-local:%Y-%m-%d %H:%M UTC", "--format=%cd")
    time = run_git(changes, "-c", "core.pager=", "log", "-1", *zone, "image-tag")
    page = compared(changes, "main", "image-tag", "html").out
    assert "<title>coast: what this change does</title>" in page
    assert (
        f"Site <b>coast</b>: from <code>main ({sides[0]})</code> to "
        f"<code>image-tag ({sides[1]})</code>, committed {time}"
    ) in page


@pytest.mark.parametrize("name", CHANGES)
def test_page_begins_with_what_to_do_and_explains_each_effect(changes: Path, name: str) -> None:
    found, page = (compared(changes, "main", name, form).out for form in ("json", "html"))
    content = json.loads(found)
    assert ("Nothing: the merge is enough." in page) == (not content["plan"])
    assert page.index('<section class="plan">') < page.index('<ul class="headlines">')
    commands = [
        line for step in content["plan"] for one in step["commands"] for line in one["lines"]
    ]
    shown = re.findall(r'<div class="command"><pre tabindex="0">(.*?)</pre></div>', page, re.DOTALL)
    plain = [unescape(re.sub("<.*?>", "", text)) for text in shown]
    assert [line for text in plain for line in text.splitlines()] == commands
    effects = [one for chapter in chapters(content) for one in chapter["effects"]]
    for code in {one["code"] for one in effects}:
        first = " ".join(PAGES[code].partition("\n\n")[0].split())
        assert unescape(page).count(f'<summary title="{first}"><code>{code}</code>') == sum(
            one["code"] == code for one in effects
        )


def test_page_shows_old_and_new_apart(changes: Path) -> None:
    page = compared(changes, "main", "image-tag", "html").out
    assert (
        "singleuser.image.tag: <del>2026.<mark>1</mark></del> -&gt; <ins>2026.<mark>2</mark></ins>"
    ) in page
    assert "notebook:2026.<mark>1</mark>&quot;, label=&quot;Worker image&quot;),</del><ins>" in page


@pytest.mark.parametrize("name", CHANGES)
def test_what_deletes_is_no_checkbox_and_says_where(changes: Path, name: str) -> None:
    found, comment = (compared(changes, "main", name, form).out for form in ("json", "markdown"))
    for step in json.loads(found)["plan"]:
        assert all(one["where"] for one in step["commands"] if step["deletes"])
        for one in step["commands"]:
            is_kubectl = [line.startswith(("kubectl", "argocd")) for line in one["lines"]]
            assert set(is_kubectl) == {bool(one["where"])}
    item = ""
    for line in comment.splitlines():
        item = line if line.startswith("- ") else item
        if re.match(r"  (kubectl|argocd) .*\b(delete|confirm-deletion)\b", line):
            assert item.startswith("- **")


def chapters(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The chapters of a review in JSON."""
    return [*content["environments"], *content["clusters"]]
