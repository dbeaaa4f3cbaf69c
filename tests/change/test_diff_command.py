"""`hubops diff` on real repositories: bad input, which side is which, what a comment may hold."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generator.change.formats import REVIEWS
from generator.change.review_markdown import MARK, MOST
from generator.cli import diff
from tests.change.test_diff_history import BEGINNING, commit, generated
from tests.io.test_git import run_git
from tests.support import copies

TOKEN = "ghp_" + "q7Xk2Lm9Zr4Tn8Vb1Wc6" + "Yd3Hf5Js0Pa"


def compared(root: Path, *, site: str = "site.yaml", **options: object) -> copies.Run:
    """What `hubops diff` says."""
    return copies.running(lambda terminal: diff.run(root / site, terminal, **options))  # type: ignore[arg-type]


def written(root: Path, *pairs: tuple[str, str]) -> None:
    """The beginning with some replacements, as site.yaml."""
    text = BEGINNING
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (root / "site.yaml").write_text(text)


BIGGER = ("limit: 4Gi", "limit: 6Gi")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A generated site on `main`, and a branch of its own with nothing on it."""
    root = tmp_path / "clone"
    root.mkdir()
    run_git(root, "init", "-q", "-b", "main")
    written(root)
    generated(root)
    commit(root, "beginning")
    run_git(root, "switch", "-q", "-c", "pull-request")
    return root


def refused(run: copies.Run, error: str, help: str) -> None:
    """Exit code 3, this message, and nothing else."""
    assert (run.code, run.out, run.notes) == (3, "", "")
    assert error in run.error
    assert help in run.help


@pytest.mark.parametrize("side", ["base", "head"])
def test_unknown_revision(repository: Path, side: str) -> None:
    run = compared(repository, **{side: "nowhere"})
    refused(run, "no revision 'nowhere' in this repository", "name a branch, a tag or a commit")


def test_base_without_a_site(repository: Path) -> None:
    (repository / "site.yaml").rename(repository / "other.yaml")
    commit(repository, "away")
    written(repository)
    refused(compared(repository, base="HEAD"), "revision 'HEAD' has no site.yaml", "--base")


def test_shallow_clone(repository: Path, tmp_path: Path) -> None:
    written(repository, BIGGER)
    commit(repository, "bigger")
    shallow = tmp_path / "shallow"
    run_git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", str(shallow))
    refused(compared(shallow, base="HEAD~1"), "no revision 'HEAD~1'", "git fetch --unshallow")


def test_no_repository(tmp_path: Path) -> None:
    written(tmp_path)
    refused(compared(tmp_path), "no Git repository", "in a clone of the site's repository")


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    run = compared(repository)
    assert (run.code, run.out, run.notes) == (3, "", "")
    assert "git" in run.error.lower()


def test_followed_branch_is_unknown(repository: Path) -> None:
    written(repository, ("gitops.git}", "gitops.git, revision: live}"))
    run = compared(repository)
    refused(run, "is known here to compare with", "git fetch origin")


def test_newer_site_is_wrong(repository: Path) -> None:
    written(repository, ("limit: 4Gi", "limit: much"))
    run = compared(repository)
    assert run.code == 1
    assert "site.yaml:26:" in run.out
    assert "error[" in run.out


def test_exit_code_says_whether_something_differs(repository: Path) -> None:
    assert compared(repository, exit_code=True).code == 0
    written(repository, BIGGER)
    assert compared(repository).code == 0
    assert compared(repository, exit_code=True).code == 1


def test_default_base_is_where_the_branch_left_main(repository: Path) -> None:
    run_git(repository, "switch", "-q", "main")
    written(repository, ("capacity: 10Gi", "capacity: 20Gi"))
    commit(repository, "main goes on")
    run_git(repository, "switch", "-q", "pull-request")
    written(repository, BIGGER)
    run = compared(repository)
    assert "singleuser.memory.limit: 4G -> 6G" in run.out
    assert "capacity" not in run.out


def test_site_in_a_folder_below(tmp_path: Path) -> None:
    root = tmp_path / "sites" / "coast"
    root.mkdir(parents=True)
    run_git(tmp_path, "init", "-q", "-b", "main")
    written(root)
    generated(root)
    copies.put_all(root, "production")
    generated(root)
    commit(tmp_path, "beginning")
    written(root, BIGGER)
    generated(root)
    run = compared(root)
    assert "singleuser.memory.limit: 4G -> 6G" in run.out
    assert "sealed" not in run.out


def test_extra_files_of_both_revisions_are_compared(repository: Path) -> None:
    extra = repository / "overlays/production/namespace/extra"
    extra.mkdir()
    (extra / "kustomization.yaml").write_text("resources:\n- map.yaml\n")
    head = "kind: ConfigMap\nmetadata: {name: map}\n"
    (extra / "map.yaml").write_text(f"{head}data:\n  one: '1'\n  two: '2'\n")
    generated(repository)
    commit(repository, "one")
    (extra / "map.yaml").write_text(f"{head}data:\n  one: '1'\n  two: '3'\n")
    generated(repository)
    commit(repository, "two")
    run = compared(repository, base="HEAD~1", head="HEAD")
    assert run.out.splitlines() == [
        "production: 1 value; no one notices",
        "",
        "production",
        "  extra/map.yaml",
        "    the text:",
        "      -   two: '2'",
        "      +   two: '3'",
    ]
    added = compared(repository, base="HEAD~2", head="HEAD~1")
    assert "  extra/map.yaml: new\n" in added.out
    gone = compared(repository, base="HEAD~1", head="HEAD~2")
    assert "Argo CD deletes ConfigMap 'map' of extra/map.yaml" in gone.out


def test_credential_in_the_older_site_is_masked(repository: Path) -> None:
    values = (f"  values: {{hub: {{extraEnv: {{WHAT: {TOKEN}}}}}}}", "  values: {}")
    text = BEGINNING.replace("  home: {", f"{values[0]}\n  home: {{")
    (repository / "site.yaml").write_text(text)
    commit(repository, "secret")
    written(repository)
    for format in REVIEWS:
        run = compared(repository, base="HEAD", format=format)
        assert TOKEN not in run.said, format


@pytest.mark.parametrize("format", REVIEWS)
def test_twice_the_same(repository: Path, format: str) -> None:
    written(repository, BIGGER, ("hub.example.org", "jupyter.example.org"))
    one, other = (compared(repository, format=format) for _ in range(2))
    assert one.out
    assert one == other


def fleet(count: int, *, each: bool = False, capacity: str = "10Gi") -> str:
    """A site of many environments, half of them with overrides; `each` gives all their own."""
    site = yaml.safe_load(BEGINNING)
    site["daskGateway"] = None
    site["jupyterhub"]["home"]["capacity"] = capacity
    del site["daskGateway"], site["charts"]["dask-gateway"]
    site["environments"] = {}
    for number in range(count):
        name = f"hub-{number:03}"
        place: dict[str, object] = {
            "cluster": "fedcloud",
            "namespace": name,
            "host": f"{name}.example.org",
        }
        if each or number % 2:
            storage = f"{20 + number}Gi" if each and capacity != "10Gi" else "15Gi"
            place["jupyterhub"] = {"database": {"storage": storage}}
        site["environments"][name] = place
    return yaml.safe_dump(site, sort_keys=False)


def test_a_hundred_environments_take_no_time(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "site.yaml").write_text(fleet(100))
    generated(tmp_path)
    commit(tmp_path, "fleet")
    (tmp_path / "site.yaml").write_text(fleet(100, capacity="20Gi"))
    asked = copies.command("diff", "--base", "main", "--format", "json")
    alone = seconds([sys.executable, "-c", "import click, yaml"], tmp_path)
    # Seven times as long on a quiet machine: 0.7 s where those take 0.1 s.
    assert seconds(asked, tmp_path) < 15 * alone
    run = compared(tmp_path, format="json")
    assert [len(one["names"]) for one in json.loads(run.out)["environments"]] == [100]


def seconds(command: list[str], folder: Path) -> float:
    """What a process takes of the processor; the least of three runs, others may be at work."""
    found = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        environment = copies.environment({})
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


def test_comment_of_many_chapters_says_what_it_leaves_out(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "site.yaml").write_text(fleet(300, each=True))
    commit(tmp_path, "fleet")
    (tmp_path / "site.yaml").write_text(fleet(300, each=True, capacity="20Gi"))
    run = compared(tmp_path, format="markdown")
    assert run.code == 0, run.said
    assert run.out.startswith(f"{MARK}\n")
    assert MOST // 2 < len(run.out) <= MOST
    assert run.out.count("<details>") == run.out.count("</details>")
    assert run.out.splitlines()[-1].startswith("**The details of ")


NASTY = "`` ``` | <script>alert(1)</script> </details> @everyone [x](http://y) #1\n## head"


def test_nothing_in_a_value_is_markup(repository: Path) -> None:
    site = yaml.safe_load(BEGINNING)
    site["jupyterhub"]["servers"]["profiles"][0] |= {"name": NASTY.splitlines()[0]}
    site["jupyterhub"]["values"] = {"hub": {"extraEnv": {"NOTE": NASTY}}}
    (repository / "site.yaml").write_text(yaml.safe_dump(site))
    run = compared(repository, format="markdown")
    assert run.code == 0, run.said
    kept, fence = [], ""
    for line in run.out.splitlines():
        if not fence and line.startswith("```"):
            fence = line.removesuffix("text")
        elif line == fence:
            fence = ""
        elif not fence:
            kept.append(line)
    assert fence == ""
    outside = "\n".join(kept)
    for sign in ("<script", "@everyone", "[x]", "\n## head"):
        assert sign not in outside.replace("\\<script", "").replace("\\[x\\]", ""), sign


@pytest.mark.parametrize(
    "revision", ["-x", "--output=pwned", "", " ", "HEAD^{tree}", "a..b", ":/x"]
)
@pytest.mark.parametrize("side", ["base", "head"])
def test_what_is_no_commit_is_refused(repository: Path, side: str, revision: str) -> None:
    before = sorted(repository.iterdir())
    run = compared(repository, **{"base": "HEAD", side: revision})
    refused(run, f"no revision '{revision}' in this repository", "name a branch")
    assert sorted(repository.iterdir()) == before


def test_repository_without_commits(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    written(tmp_path)
    refused(compared(tmp_path), "no branch 'main' is known here", "--base")
    refused(compared(tmp_path, base="HEAD"), "no revision 'HEAD'", "name a branch")


def test_shallow_clone_without_the_merge_base(repository: Path, tmp_path: Path) -> None:
    written(repository, BIGGER)
    commit(repository, "bigger")
    run_git(repository, "switch", "-q", "main")
    written(repository, ("capacity: 10Gi", "capacity: 20Gi"))
    commit(repository, "main goes on")
    shallow = tmp_path / "shallow"
    source = f"file://{repository}"
    run_git(tmp_path, "clone", "-q", "--depth=1", "--branch=pull-request", source, str(shallow))
    run_git(shallow, "fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    refused(compared(shallow), "this clone is shallow", "git fetch --unshallow")


def test_main_branch_has_another_name(repository: Path) -> None:
    run_git(repository, "branch", "-m", "main", "master")
    refused(compared(repository), "no branch 'main' is known here", "--base")


def test_detached_head_is_compared_with_where_it_left(repository: Path) -> None:
    run_git(repository, "switch", "-q", "--detach")
    written(repository, BIGGER)
    assert "singleuser.memory.limit: 4G -> 6G" in compared(repository).out


def test_other_repository_by_variable(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    refused(compared(repository), "no Git repository", "in a clone of the site's repository")


def test_link_in_the_place_of_the_older_site(repository: Path) -> None:
    (repository / "site.yaml").unlink()
    (repository / "site.yaml").symlink_to("real.yaml")
    commit(repository, "link")
    (repository / "site.yaml").unlink()
    written(repository)
    run = compared(repository, base="HEAD")
    assert "site.yaml of revision 'HEAD' has 1 error: site.yaml:1:1: " in run.out
    assert "the comparison is complete: site.yaml of commit " in run.out


def test_unfinished_merge_says_that_the_newer_site_is_wrong(repository: Path) -> None:
    text = (repository / "site.yaml").read_text()
    (repository / "site.yaml").write_text(f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> main\n")
    assert compared(repository).code == 1


def test_extra_file_that_is_no_text_is_told_by_its_digest(repository: Path) -> None:
    extra = repository / "overlays/production/namespace/extra"
    extra.mkdir()
    (extra / "kustomization.yaml").write_text("resources: []\n")
    (extra / "logo.png").write_bytes(b"\xff")
    commit(repository, "one")
    (extra / "logo.png").write_bytes(b"\xfe")
    assert "the text: 1 bytes, sha256:" in compared(repository, base="HEAD").out


SECRET = "hunter2-ZwQ"


@pytest.mark.parametrize(
    "text",
    [
        f"kind: Secret\ndata:\n  foo: {SECRET}\n",
        f"password: |\n  {SECRET}\n",
        f"env:\n- name: DB_PASSWORD\n  value: {SECRET}\n",
        f"stringData:\n  password: {SECRET}\n",
        f"note: {TOKEN}\n",
        f"{TOKEN}: note\n",
    ],
    ids=["secret", "block", "variable", "key", "token", "token-as-key"],
)
@pytest.mark.parametrize("format", REVIEWS)
def test_no_format_shows_a_secret(repository: Path, text: str, format: str) -> None:
    extra = repository / "overlays/production/namespace/extra"
    extra.mkdir()
    (extra / "kustomization.yaml").write_text("resources: []\n")
    (extra / "map.yaml").write_text(text.replace(SECRET, "old").replace(TOKEN, "older"))
    commit(repository, "one")
    (extra / "map.yaml").write_text(text)
    run = compared(repository, base="HEAD", format=format)
    assert run.code == 0, run.said
    assert "map.yaml" in run.out
    assert SECRET not in run.said
    assert TOKEN not in run.said
