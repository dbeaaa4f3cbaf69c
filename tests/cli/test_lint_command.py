"""`hubops lint` in a process of its own: formats, streams, exit codes, names of files, pages."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli.main import hubops as cli
from generator.io import resources
from generator.lint.pages import codes
from tests.support import copies
from tests.support.copies import hubops

SITE = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git, revision: main}
argocd: {version: "3.1"}
charts: {jupyterhub: {version: 4.4.0}}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: "1.31"
    storageClass: csi-cinder
    ingress: {className: nginx}
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
  home: {capacity: 50Gi}
  servers:
    profiles:
      - {name: Coast, image: "quay.io/coast/notebook:2026.1"}
  hub: {image: "registry.example.org/hub:4.4.0-5.5.1", jupyterhub: 5.5.1}
# No day that passes adds a finding.
versions:
  support:
    kubernetes: {"1.31": {until: "2999-12-31"}}
    argocd: {"3.1": {until: "2999-12-31"}}
    ingress: {ingress-nginx: {until: "2999-12-31"}}
"""
# A warning (G804), and an error (L401).
WARNED = SITE.replace("revision: main", "revision: HEAD")
FAULTY = WARNED.replace("  servers:\n", "  servers:\n    memory: {guarantee: 4Gi, limit: 2Gi}\n")
WORKFLOW = {"GITHUB_ACTIONS": "true"}
NOWHERE = {"GITHUB_ACTIONS": "", "GITHUB_WORKSPACE": ""}


@pytest.fixture
def site(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a site.yaml into a folder of its own."""

    def write(text: str) -> Path:
        (tmp_path / "site.yaml").write_text(text)
        return tmp_path

    return write


Write = Callable[[str], Path]


# --- what is found


def test_nothing_is_found(site: Write) -> None:
    run = hubops("lint", cwd=site(SITE))
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "site.yaml has no errors; next: hubops generate\n"


def test_warnings_pass_and_errors_do_not(site: Write) -> None:
    run = hubops("lint", cwd=site(WARNED))
    assert run.returncode == 0
    assert run.stdout.startswith("site.yaml:3:70: warning[G804]: ")
    assert run.stderr == "1 warning; site.yaml has no errors; next: hubops generate\n"
    run = hubops("lint", cwd=site(FAULTY))
    assert run.returncode == 1
    assert re.findall(r"^site\.yaml:.*\[(.*)\]", run.stdout, re.MULTILINE) == ["G804", "L401"]
    assert run.stderr == "1 error, 1 warning; fix them and run 'hubops lint' again\n"


def test_strict_takes_warnings_for_errors(site: Write) -> None:
    run = hubops("lint", "--strict", cwd=site(WARNED))
    assert run.returncode == 1
    assert run.stdout.startswith("site.yaml:3:70: error[G804]: ")
    assert run.stderr == "1 error; fix them and run 'hubops lint' again\n"


def test_strict_lets_infos_pass(site: Write) -> None:
    run = hubops("lint", "--strict", cwd=site(SITE.replace("admins: [ada]", "admins: []")))
    assert (run.returncode, run.stdout.count(": info[A509]: ")) == (0, 1)
    assert run.stderr == "1 info; site.yaml has no errors; next: hubops generate\n"
    assert hubops("lint", "--strict", cwd=site(SITE)).returncode == 0


# --- formats


def _codes(format: str, printed: str) -> list[str]:
    """The codes that an output names, by the form of its format."""
    if format == "json":
        return [found["code"] for found in json.loads(printed)["findings"]]
    if format == "sarif":
        return [result["ruleId"] for result in json.loads(printed)["runs"][0]["results"]]
    form = {
        "text": r"^site\.yaml:\d+:\d+: \w+\[(\w+)\]: ",
        "github": r"^::\w+ .*title=hubops (\w+)::",
    }
    return re.findall(form[format], printed, re.MULTILINE)


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github"])
def test_every_format_has_the_findings_on_stdout_and_the_counts_on_stderr(
    site: Write, format: str
) -> None:
    run = hubops("lint", "--format", format, cwd=site(FAULTY))
    assert (run.returncode, _codes(format, run.stdout)) == (1, ["G804", "L401"])
    assert run.stderr == "1 error, 1 warning; fix them and run 'hubops lint' again\n"
    run = hubops("lint", "--format", format, cwd=site(SITE))
    assert (run.returncode, _codes(format, run.stdout)) == (0, [])
    assert run.stderr == "site.yaml has no errors; next: hubops generate\n"


@pytest.mark.parametrize("command", ["lint", "generate", "check"])
def test_in_a_workflow_the_default_is_for_github(site: Write, command: str) -> None:
    run = hubops(command, cwd=site(FAULTY), env=WORKFLOW)
    assert (run.returncode, _codes("github", run.stdout)) == (1, ["G804", "L401"])
    for elsewhere in ({"GITHUB_ACTIONS": "false"}, {"CI": "true"}):
        run = hubops(command, cwd=site(FAULTY), env=elsewhere)
        assert (run.returncode, _codes("text", run.stdout)) == (1, ["G804", "L401"])


def test_the_option_wins_over_the_workflow(site: Write) -> None:
    run = hubops("lint", "--format", "text", cwd=site(FAULTY), env=WORKFLOW)
    assert _codes("text", run.stdout) == ["G804", "L401"]


def test_a_format_that_there_is_not(site: Write) -> None:
    run = hubops("lint", "--format", "xml", cwd=site(SITE))
    assert (run.returncode, run.stdout) == (2, "")
    assert "'xml' is not one of 'text', 'json', 'github', 'sarif'" in run.stderr


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_a_file_that_can_not_be_read_prints_no_document(tmp_path: Path, format: str) -> None:
    run = hubops("lint", "--format", format, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.startswith("error: site.yaml: no such file or directory\n")


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_a_document_is_whole_in_any_locale(site: Write, format: str) -> None:
    text = FAULTY.replace("name: Coast,", 'name: Küste \U0001f600, "schräg": 1,')
    variables = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    run = hubops("lint", "--format", format, cwd=site(text), env=variables)
    assert "schräg" in json.dumps(json.loads(run.stdout), ensure_ascii=False)


def test_what_lint_finds_generate_counts(site: Write) -> None:
    run = hubops("generate", cwd=site(WARNED))
    assert run.returncode == 0
    assert run.stderr.startswith("1 warning; hubops lint shows what\n")


# --- how a file is named


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, str]]:
    """What github and sarif call a file, and what text and json call it, in a folder."""

    def names(path: str, folder: Path, **variables: str) -> tuple[str, str]:
        monkeypatch.chdir(folder)
        printed = {}
        for format in ("github", "sarif", "text", "json"):
            arguments = ["lint", "--format", format, "--site", path]
            run = CliRunner().invoke(cli, arguments, env=NOWHERE | variables, standalone_mode=False)
            assert (run.exception, run.return_value) == (None, 1)
            printed[format] = run.stdout
        (log,) = json.loads(printed["sarif"])["runs"]
        place = log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        shown = json.loads(printed["json"])["findings"][0]["file"]
        assert printed["text"].startswith(f"{shown}:3:70: ")
        (told, _) = re.findall(r"file=(.*?),line", printed["github"])
        assert place["uri"].removeprefix("file://") == told
        return told, shown

    return names


def test_github_is_told_of_a_file_from_the_root_of_the_checkout(
    site: Write, named: Callable[..., tuple[str, str]]
) -> None:
    root = site(FAULTY)
    below, outside = root / "sites/coast", root / "elsewhere"
    below.mkdir(parents=True)
    outside.mkdir()
    (root / "site.yaml").rename(below / "site.yaml")
    workspace = {"GITHUB_WORKSPACE": str(root)}
    long, whole = "sites/coast/site.yaml", str(below / "site.yaml")
    assert named(long, root) == (long, long)
    assert named(long, root, **workspace) == (long, long)
    assert named("site.yaml", below) == ("site.yaml", "site.yaml")
    assert named("site.yaml", below, **workspace) == (long, "site.yaml")
    assert named(whole, outside, **workspace) == (long, whole)
    assert named(whole, outside) == (whole, whole)
    assert named(f"../{long}", outside) == (whole, f"../{long}")


def test_github_is_told_of_a_file_and_not_of_a_link_to_it(
    site: Write, named: Callable[..., tuple[str, str]]
) -> None:
    root = site(FAULTY)
    (root / "link.yaml").symlink_to("site.yaml")
    assert named("link.yaml", root) == ("site.yaml", "link.yaml")


# --- pages


@pytest.mark.parametrize("code", ["R201", "r201"])
def test_explain_prints_a_page(tmp_path: Path, code: str) -> None:
    run = hubops("lint", "--explain", code, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("### R201\n\n**")
    assert "\nBad:\n\n```yaml\n" in run.stdout
    assert "\nGood:\n\n```yaml\n" in run.stdout
    assert "It can't be silenced" in run.stdout


@pytest.mark.parametrize("all", ["all", "ALL"])
def test_explain_prints_all_pages(tmp_path: Path, all: str) -> None:
    run = hubops("lint", "--explain", all, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert set(re.findall(r"^### (\w+)$", run.stdout, re.MULTILINE)) == codes()


@pytest.mark.parametrize(
    ("code", "help"),
    [
        ("L401x", "did you mean 'L401'?"),
        ("r20", "did you mean 'R2"),
        ("", "known: A501, "),
        ("x\x1b[31m", "known: A501, "),
    ],
    ids=ascii,
)
def test_explain_does_not_know_a_code(tmp_path: Path, code: str, help: str) -> None:
    run = hubops("lint", "--explain", code, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    first, second = run.stderr.splitlines()
    assert first.startswith("error: there is no code '")
    assert second.startswith(f"  help: {help}")
    assert first.isprintable()


# --- the Git base


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def history(site: Write) -> Path:
    """A repository of two commits: homes of 50Gi, then of 40Gi."""
    folder = site(SITE)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    site(SITE.replace("capacity: 50Gi", "capacity: 40Gi"))
    _git(folder, "commit", "-qam", "second")
    return folder


@pytest.mark.tools
def test_base_names_what_to_compare_with(history: Path) -> None:
    assert hubops("lint", cwd=history).stdout == ""
    assert hubops("lint", "--base", "HEAD", cwd=history).stdout == ""
    run = hubops("lint", "--base", "HEAD~1", cwd=history)
    assert ": error[L409]: environment 'production': home volumes 50Gi -> 40Gi" in run.stdout
    _git(history, "tag", "v1", "HEAD~1")
    assert hubops("lint", "--base", "v1", cwd=history).stdout == run.stdout


@pytest.mark.tools
def test_without_base_it_is_where_the_branch_left_the_followed_one(history: Path) -> None:
    _git(history, "switch", "-qc", "topic")
    (history / "site.yaml").write_text(SITE.replace("capacity: 50Gi", "capacity: 30Gi"))
    assert "[L409]: " in hubops("lint", cwd=history).stdout


@pytest.mark.tools
def test_a_code_that_compares_is_in_vain_only_where_there_is_something_to_compare_with(
    history: Path,
) -> None:
    text = SITE.replace("50Gi}", "40Gi}  # hubops: ignore[L409] homes were all made anew")
    (history / "site.yaml").write_text(text)
    assert hubops("lint", "--base", "HEAD~1", cwd=history).stdout == ""
    assert "[Y016]" in hubops("lint", "--base", "HEAD", cwd=history).stdout
    (history / ".git").rename(history / "no-repository")
    assert hubops("lint", cwd=history).stdout == ""


@pytest.mark.tools
@pytest.mark.parametrize("base", ["nothing", "HEAD~7", "--all", ""], ids=ascii)
def test_a_base_that_there_is_not(history: Path, base: str) -> None:
    run = hubops("lint", f"--base={base}", cwd=history)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.splitlines()[0] == f"error: no revision '{base}' in this repository"


@pytest.mark.tools
def test_a_base_without_the_file(history: Path) -> None:
    (history / "other.yaml").write_text(SITE)
    run = hubops("lint", "--site", "other.yaml", "--base", "HEAD", cwd=history)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.startswith("error: revision 'HEAD' has no other.yaml in this folder\n")


@pytest.mark.tools
def test_a_base_without_a_repository(site: Write) -> None:
    run = hubops("lint", "--base", "HEAD", cwd=site(SITE))
    assert (run.returncode, run.stdout) == (3, "")
    assert "no Git repository" in run.stderr


# --- schema


def test_schema_prints_the_json_schema(tmp_path: Path) -> None:
    run = hubops("schema", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout) == resources.site_schema()
    assert hubops("schema", "--format", "json", cwd=tmp_path).stdout == run.stdout


def test_schema_prints_the_reference(tmp_path: Path) -> None:
    run = hubops("schema", "--format", "markdown", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("# ")
    assert all(f"`{key}`" in run.stdout for key in resources.site_schema()["properties"])


def test_the_clean_site_is_generated_from_too(site: Write) -> None:
    """The sites of these tests are whole: what lint passes, generate makes a tree of."""
    folder = site(SITE)
    assert copies.generate(folder).code == 0
    assert hubops("check", cwd=folder, env=WORKFLOW).returncode == 0
