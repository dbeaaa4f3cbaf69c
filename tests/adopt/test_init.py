"""`hubops init`: from answers to a site that lints, generates and works outside this one."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context
from click.testing import CliRunner

from generator.adopt.new_site import files
from generator.adopt.new_site.answers import Ask
from generator.adopt.new_site.questions import QUESTIONS, SetupQuestion
from generator.cli import init
from generator.cli.main import command, hubops
from generator.io.resources import known_versions, new_site_templates
from tests.secrets.test_seal_terminal import Terminal
from tests.support import copies
from tests.support.copies import Run, environment
from tests.support.sites import PROTOCOAST, ROOT, load_text

GIVEN = {
    "url": "https://github.com/coast/gitops.git",
    "host": "hub.example.org",
    "storage-class": "standard",
    "allow": "everyone",
    "admins": "ada",
}
ENDPOINTS = {
    "authorize-url": "https://login.example.org/auth",
    "token-url": "https://login.example.org/token",
    "userdata-url": "https://login.example.org/userinfo",
}
LOGINS: dict[str, dict[str, str]] = {
    "egi": {},
    "egi-demo": {"provider": "egi-demo", "allow": "bo, cleo"},
    "groups": {"allow": "", "groups": "tides, coast", "groups-claim": "groups"},
    "generic": {"provider": "generic-oauth", "login-service": "Coast ID: new", **ENDPOINTS},
    "github": {"provider": "github", "organizations": "coast-lab, tides:hub", "allow": ""},
    "github-users": {"provider": "github", "allow": "bo"},
    "dummy": {"provider": "dummy"},
    "no-dask": {"dask": "no"},
    "older-charts": {"jupyterhub": "3.3.8", "image": "quay.io/coast/notebook:2025.1"},
    "no-issuer": {"cluster-issuer": ""},
}


def made(root: Path, more: Mapping[str, str] | None = None, ask: Ask | None = None) -> Run:
    """`hubops init` in this process, with the answers that have no default."""
    given = {**GIVEN, **(more or {})}
    return copies.running(lambda terminal: init.run(root, given, ask, terminal))


def tree(root: Path) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if ".git" not in path.relative_to(root).parts
    )


def settings(root: Path) -> Any:
    return yaml.safe_load((root / "site.yaml").read_text())


# --- a site from flags


@pytest.mark.parametrize("more", LOGINS.values(), ids=LOGINS)
def test_every_kind_of_site_is_free_of_errors_and_warnings(
    tmp_path: Path, more: dict[str, str]
) -> None:
    root = tmp_path / "coast"
    run = made(root, more)
    assert (run.code, run.error, "warning" in run.notes) == (0, "", False), run.said
    found = load_text((root / "site.yaml").read_text()).report.diagnostics
    assert [one for one in found if one.severity != "info"] == []
    assert [one.code for one in found] == []
    before = copies.files(root)
    assert copies.check(root).code == 0
    assert "0 created, 0 updated, 0 deleted" in copies.generate(root).out
    assert copies.files(root) == before


@pytest.mark.parametrize(
    ("login", "authentication"),
    [
        (
            "egi",
            {
                "provider": "generic-oauth",
                "loginService": "EGI Check-In",
                "authorizeUrl": "https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth",
                "tokenUrl": "https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token",
                "userdataUrl": "https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo",
                "scopes": ["openid", "profile", "email", "entitlements"],
                "usernameClaim": "preferred_username",
                "allow": {"everyone": True},
                "admins": ["ada"],
            },
        ),
        (
            "generic",
            {
                "provider": "generic-oauth",
                "loginService": "Coast ID: new",
                "authorizeUrl": ENDPOINTS["authorize-url"],
                "tokenUrl": ENDPOINTS["token-url"],
                "userdataUrl": ENDPOINTS["userdata-url"],
                "scopes": ["openid", "profile", "email"],
                "usernameClaim": "preferred_username",
                "allow": {"everyone": True},
                "admins": ["ada"],
            },
        ),
        (
            "github",
            {
                "provider": "github",
                "organizations": ["coast-lab", "tides:hub"],
                "admins": ["ada"],
            },
        ),
        ("dummy", {"provider": "dummy", "allow": {"everyone": True}, "admins": ["ada"]}),
    ],
    ids=["egi", "generic", "github", "dummy"],
)
def test_login(tmp_path: Path, login: str, authentication: dict[str, Any]) -> None:
    assert made(tmp_path, LOGINS[login]).code == 2  # a folder that pytest names is no site's name
    assert made(tmp_path, {**LOGINS[login], "name": "coast"}).code == 0
    assert settings(tmp_path)["jupyterhub"]["authentication"] == authentication
    production = settings(tmp_path)["environments"]["production"]
    assert production.get("testing", False) is (login == "dummy")
    assert production.get("requireSealed", False) is (login != "dummy")


def test_folder_names_the_site_and_the_newest_pair_is_taken(tmp_path: Path) -> None:
    assert made(tmp_path / "tides").code == 0
    found = settings(tmp_path / "tides")
    assert found["site"] == "tides"
    assert found["charts"] == {
        "jupyterhub": {"version": "4.4.0"},
        "dask-gateway": {"version": "2026.3.0"},
    }


def test_older_hub_gets_its_partner(tmp_path: Path) -> None:
    assert made(tmp_path / "tides", LOGINS["older-charts"]).code == 0
    assert settings(tmp_path / "tides")["charts"]["dask-gateway"] == {"version": "2024.1.0"}


def test_new_release_takes_the_newest_image_up_to_it() -> None:
    releases = known_versions().releases("jupyterhub")
    row, image = releases[-1], [one.image for one in releases if one.image][-1]
    new = {
        "jupyterhub": {"4.99.0": {name: getattr(row, name) for name in ("kubernetes", *row.parts)}}
    }
    pair = {"jupyterhub": "4.99.0", "dask-gateway": "2026.3.0"}
    known = known_versions().extended({**new, "pairs": [pair]})
    defaults = {question.name: question for question in QUESTIONS}
    answers = {"dask": "yes", "jupyterhub": str(defaults["jupyterhub"].default_for({}, known))}
    assert answers["jupyterhub"] == "4.99.0"
    assert defaults["dask-gateway"].default_for(answers, known) == "2026.3.0"
    assert defaults["image"].default_for(answers, known) == image
    assert defaults["image"].default_for({**answers, "jupyterhub": "3.3.8"}, known) is None


def test_every_answer_reaches_site_yaml(tmp_path: Path) -> None:
    """Each answer differs from all defaults, and is found again."""
    given = {
        **LOGINS["generic"],
        "name": "tides",
        "revision": "live",
        "argocd": "2.14",
        "cluster": "cloud",
        "server": "https://10.1.1.1:6443",
        "kubernetes": "1.30",
        "ingress-class": "traefik",
        "cluster-issuer": "internal-ca",
        "environment": "course",
        "namespace": "teaching",
        "scopes": "openid, roles",
        "username-claim": "email",
        "groups": "one, two",
        "groups-claim": "member_of",
        "allow": "bo, cleo",
        "admins": "ada, bo",
        "jupyterhub": "4.2.0",
        "dask-gateway": "2025.4.0",
        "image": "quay.io/coast/notebook:2026.1",
    }
    asked = {question.name for question in QUESTIONS}
    assert asked - given.keys() - GIVEN.keys() == {"organizations", "dask"}
    assert made(tmp_path, given).code == 0
    text = (tmp_path / "site.yaml").read_text()
    values = "\n".join(str(value) for value in _leaves(yaml.safe_load(text)))
    for name, answer in {**GIVEN, **given}.items():
        for part in answer.split(", ") if name in files.LISTS else [answer]:
            assert part in values, name


def _leaves(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [leaf for key, value in node.items() for leaf in (key, *_leaves(value))]
    if isinstance(node, list):
        return [leaf for value in node for leaf in _leaves(value)]
    return [node]


def test_names_that_begin_with_a_digit(tmp_path: Path) -> None:
    given = {"name": "1coast", "cluster": "2cloud", "environment": "3rd", "namespace": "4hub"}
    assert made(tmp_path, {**given, "host": "5.example.org"}).code == 0
    found = settings(tmp_path)
    assert found["clusters"]["2cloud"]["sealingCertificate"] == "certificates/2cloud.pem"
    assert found["environments"]["3rd"]["host"] == "5.example.org"
    assert copies.check(tmp_path).code == 0


def test_comments_that_are_keys_can_be_switched_on(tmp_path: Path) -> None:
    assert made(tmp_path / "coast", {"kubernetes": "1.31"}).code == 0
    text = (tmp_path / "coast" / "site.yaml").read_text()
    first, _, rest = text.partition("\n")
    key = r"^( *)# ( *(?:- )?[A-Za-z-]+:( .*)?)$"
    on = f"{first}\n" + re.sub(key, r"\1\2", rest, flags=re.MULTILINE)
    on = on.replace("name: Default\n", "name: Default\n        default: true\n")
    loaded = load_text(on)
    assert loaded.site is not None, [one.message for one in loaded.report.diagnostics]
    assert [one.name for one in loaded.site.environments] == ["production", "staging"]
    assert "\nsecrets:\n" in on


def test_site_that_is_there_is_taken_as_it_is(tmp_path: Path) -> None:
    ran = copies.hubops("init", "coast", "--from", str(PROTOCOAST), cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    root = tmp_path / "coast"
    assert (root / "site.yaml").read_bytes() == PROTOCOAST.read_bytes()
    assert copies.check(root).code == 0
    assert "# protocoast\n" in (root / "README.md").read_text()
    assert "HUB ?= production\n" in (root / "Makefile").read_text()


@pytest.mark.parametrize(
    ("text", "flags", "code"),
    [("site: 1\n", [], 1), (None, [], 3), ("", ["--host", "a.org"], 2)],
    ids=["wrong", "missing", "with-answers"],
)
def test_source_that_is_no_site_leaves_nothing(
    tmp_path: Path, text: str | None, flags: list[str], code: int
) -> None:
    if text is not None:
        (tmp_path / "imported.yaml").write_text(text)
    ran = copies.hubops("init", "coast", "--from", "imported.yaml", *flags, cwd=tmp_path)
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False)
    assert not (tmp_path / "coast").exists()


# --- what is refused


def test_missing_answers_are_named_with_their_flags(tmp_path: Path) -> None:
    ran = copies.hubops("init", "coast", cwd=tmp_path)
    assert ran.returncode == 2
    assert "nothing was written" in ran.stderr
    assert re.findall(r"^  (--[a-z-]+):", ran.stderr, re.MULTILINE) == [
        *("--url", "--storage-class", "--host", "--allow")
    ]
    assert tree(tmp_path) == []


WRONG = {
    "name": "No Name",
    "url": "https://bo:hunter2@example.org/x.git",
    "revision": "two words",
    "argocd": "three",
    "cluster": "Über",
    "server": "nowhere",
    "kubernetes": "1.x",
    "storage-class": "a: b",
    "ingress-class": "{nginx}",
    "cluster-issuer": "# none",
    "environment": "pro duction",
    "namespace": "Hub",
    "host": "http://hub.example.org",
    "scopes": "two words",
    "allow": "a b\tc",
    "jupyterhub": "latest",
    "dask-gateway": "1.x",
    "image": "quay.io/coast/notebook",
    "login-service": "line\nbreak",
    "username-claim": "a\x85b",
}


@pytest.mark.parametrize(("name", "answer"), WRONG.items(), ids=WRONG)
def test_wrong_answer_names_its_flag(tmp_path: Path, name: str, answer: str) -> None:
    run = made(tmp_path / "coast", {"image": "quay.io/coast/notebook:1.0", name: answer})
    assert run.code == 2
    assert [detail.partition(":")[0] for detail in run.details][:1] == [f"--{name}"]
    assert "hunter2" not in run.said
    assert tree(tmp_path) == []


def test_option_without_a_meaning_is_refused(tmp_path: Path) -> None:
    run = made(tmp_path / "coast", {"provider": "github", "token-url": "https://x.org/"})
    assert (run.code, "--token-url" in run.error) == (2, True)
    assert tree(tmp_path) == []


@pytest.mark.parametrize(
    "path",
    ["site.yaml", "Makefile", ".gitignore", "apps/jupyterhub/application.yaml"],
)
def test_files_in_the_way_are_listed_and_kept(tmp_path: Path, path: str) -> None:
    root = tmp_path / "coast"
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text("mine\n")
    before = tree(root)
    run = made(root)
    assert (run.code, run.details) == (3, (path,))
    assert "nothing was written" in run.error
    assert (tree(root), (root / path).read_text()) == (before, "mine\n")


def test_files_that_are_not_in_the_way_stay(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("mine\n")
    (tmp_path / "overlays").mkdir()
    assert made(tmp_path, {"name": "coast"}).code == 0
    assert (tmp_path / "LICENSE").read_text() == "mine\n"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "coast"
    root.mkdir()
    (root / "overlays").symlink_to(tmp_path / "elsewhere")
    run = made(root)
    assert run.code == 3
    assert tree(root) == ["overlays"]
    assert tree(tmp_path / "elsewhere") == []


def test_a_file_for_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "coast").write_text("")
    assert made(tmp_path / "coast").code == 3


@pytest.mark.parametrize("number", [0, 1, 7, 40, 60])
def test_interrupt_leaves_nothing(tmp_path: Path, number: int) -> None:
    root, steps = tmp_path / "new" / "coast", 0

    def interrupt(step: str) -> None:
        nonlocal steps
        steps += 1
        if steps == number + 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), copies.listening(tmp_path, interrupt):
        made(root)
    assert steps > number
    assert tree(tmp_path) == []


# --- Git


@pytest.mark.parametrize("revision", ["main", "live", "refs/heads/feature/x"])
def test_new_repository_is_on_the_followed_branch(tmp_path: Path, revision: str) -> None:
    root = tmp_path / "coast"
    assert made(root, {"revision": revision}).code == 0
    head = (root / ".git" / "HEAD").read_text().strip()
    assert head == f"ref: refs/heads/{revision.removeprefix('refs/heads/')}"


def test_repository_that_is_there_stays(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "symbolic-ref", "HEAD", "refs/heads/old"], check=True)
    run = made(tmp_path, {"name": "coast"})
    assert (run.code, run.notes, "git remote add" in run.out) == (0, "", False)
    assert (tmp_path / ".git" / "HEAD").read_text() == "ref: refs/heads/old\n"


def test_folder_inside_a_repository_is_noted(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    run = made(tmp_path / "coast")
    assert (run.code, "is inside the repository" in run.notes) == (0, True)
    assert not (tmp_path / "coast" / ".git").exists()


def test_without_git_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run = made(tmp_path / "coast")
    assert (run.code, "git was not found" in run.notes) == (0, True)
    assert copies.check(tmp_path / "coast").code == 0


# --- questions


def test_a_person_is_asked_what_no_flag_says_and_again_for_what_is_wrong(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(question: SetupQuestion, default: str | None) -> str:
        asked.append(question.name)
        host = "not a host" if asked.count("host") == 1 else GIVEN["host"]
        answers = {**GIVEN, "name": "coast", "host": host}
        return answers.get(question.name) or default or ""

    given: dict[str, str] = {"url": GIVEN["url"], "dask": "no"}
    run = copies.running(lambda terminal: init.run(tmp_path, given, ask, terminal))
    assert run.code == 0, run.said
    assert settings(tmp_path)["environments"]["production"]["host"] == "hub.example.org"
    assert "not a host" in run.notes
    assert asked == [
        *("name", "revision", "argocd", "cluster", "kubernetes", "storage-class"),
        *("ingress-class", "cluster-issuer", "namespace", "host", "provider"),
        *("allow", "admins", "image", "host"),
    ]


def _typed(terminal: Terminal, prompt: str, answer: str) -> None:
    terminal.wait_for(prompt)
    time.sleep(0.1)
    terminal.type(f"{answer}\n")


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    flags = ("--url", GIVEN["url"], "--provider", "github", "--no-dask", "--namespace", "coast")
    terminal = Terminal(tmp_path, "init", "coast", *flags)
    for prompt, answer in {
        "Name of the site [coast]": "",
        "Branch that Argo CD follows [main]": "",
        "Version of Argo CD [3.1]": "",
        "A name for the Kubernetes cluster [main]": "cloud",
        "Version of Kubernetes (kubectl version) [1.31]": "",
        "Storage class (kubectl get storageclass)": "standard",
        "Ingress class (kubectl get ingressclass) [nginx]": "",
        "ClusterIssuer of cert-manager (kubectl get clusterissuer) [letsencrypt-prod]": "",
        "Host name that users open": "not a host",
        "GitHub organizations": "coast-lab",
        "Who may log in": "",
        "its administrators": "ada",
        "Notebook image with its tag [quay.io/jupyterhub/k8s-singleuser-sample:4.4.0]": "",
        "not a valid host": "hub.example.org",
    }.items():
        _typed(terminal, prompt, answer)
    assert terminal.end() == 0, terminal.shown
    found = settings(tmp_path / "coast")
    assert list(found["clusters"]) == ["cloud"]
    assert found["environments"]["production"]["host"] == "hub.example.org"
    assert found["jupyterhub"]["authentication"]["organizations"] == ["coast-lab"]
    assert copies.check(tmp_path / "coast").code == 0


def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "init", "coast")
    _typed(terminal, "Name of the site", "coast")
    terminal.wait_for("URL of its Git repository")
    time.sleep(0.1)
    terminal.type("\x03")
    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown
    assert tree(tmp_path) == []


def test_yes_asks_nothing_on_a_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "init", "coast", "--yes")
    assert terminal.end() == 2
    assert "init needs more answers" in terminal.shown


def test_every_question_has_an_option() -> None:
    init = command("init")
    known = {name for one in init.get_params(Context(init)) for name in one.opts}
    assert {question.flag for question in QUESTIONS} <= known
    shown = CliRunner().invoke(hubops, ["init", "--help"]).output
    assert all(question.help.split()[0] in shown for question in QUESTIONS)


# --- what lies beside site.yaml


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site, as init leaves it."""
    assert made(tmp_path / "coast").code == 0
    return tmp_path / "coast"


def test_nothing_is_left_to_fill_in(site: Path) -> None:
    for path, template in new_site_templates(files.TEMPLATES).items():
        text = (site / path).read_text()
        assert re.findall(r"%[a-z-]+%|^\?!?[a-z]+( |$)", text, re.MULTILINE) == [], path
        assert "\t" not in text.replace("\n\t@", "\n").replace("\n\techo", "\n"), path
        conditions = set(re.findall(r"^\?!?([a-z]+)(?: |$)", template, re.MULTILINE))
        assert conditions <= files.LINE_CONDITIONS.keys(), path
    assert (site / "site.schema.json").read_bytes() == (
        ROOT / "schema/site.schema.json"
    ).read_bytes()
    assert (
        (site / "site.yaml").read_text().startswith("# yaml-language-server: $schema=site.schema")
    )


def _workflow(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text())
    return found


def _steps(workflow: dict[Any, Any], key: str) -> list[Any]:
    return [step[key] for job in workflow["jobs"].values() for step in job["steps"] if key in step]


def test_workflow_is_this_repositorys_own_with_an_installed_hubops(site: Path) -> None:
    own = _workflow(ROOT / ".github/workflows/pull-request.yaml")
    new = _workflow(site / ".github/workflows/pull-request.yaml")
    # The own one sets up Python, and stores the review, in its action.
    in_action = ("./.github/", "actions/setup-python@", "actions/upload-artifact@")
    assert [one for one in _steps(new, "uses") if not one.startswith(in_action)] == [
        one for one in _steps(own, "uses") if not one.startswith(in_action)
    ]
    assert (new["permissions"], new[True], new["concurrency"]) == (
        *({}, own[True], own["concurrency"]),
    )
    for name, job in own["jobs"].items():
        keys = ("name", "if", "needs", "permissions", "runs-on", "timeout-minutes")
        assert {key: new["jobs"][name].get(key) for key in keys} == {
            key: job.get(key) for key in keys
        }
    assert new["jobs"]["comment"] == own["jobs"]["comment"]


def test_workflow_runs_targets_that_exist(site: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (site / "Makefile").read_text(), re.MULTILINE))
    for script in _steps(_workflow(site / ".github/workflows/pull-request.yaml"), "run"):
        ran = subprocess.run(
            ["bash", "-n"], input=script, capture_output=True, text=True, check=False
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "${{" not in script
        assert ".venv" not in script
        for line in re.findall(r"^ *make (?:-s )?([a-z ]+)", script, re.MULTILINE):
            assert set(line.split()) <= targets


def test_hooks_are_those_of_this_project_with_an_installed_hubops(site: Path) -> None:
    found = yaml.safe_load((site / ".pre-commit-config.yaml").read_text())
    (repository,) = found["repos"]
    assert repository["repo"] == "local"
    own = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    kept = ("id", "name", "files", "always_run", "pass_filenames", "require_serial")
    assert [{key: hook[key] for key in kept if key in hook} for hook in repository["hooks"]] == [
        {key: hook[key] for key in kept if key in hook} for hook in own
    ]
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}


@pytest.mark.parametrize("document", ["README.md", "certificates/README.md"])
def test_documents_name_what_exists(site: Path, document: str) -> None:
    text = (site / document).read_text()
    targets = set(re.findall(r"^([a-z]+):", (site / "Makefile").read_text(), re.MULTILINE))
    for line in re.findall(r"`make ([a-z ]+)`", text):
        assert set(line.split()) <= targets
    assert set(re.findall(r"(?:`|\$ )hubops ([a-z]+)", text)) <= hubops.commands.keys()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((site / document).parent / target).exists(), target


# --- as a new user tries it


@pytest.mark.tools
def test_a_new_user_generates_and_checks(tmp_path: Path) -> None:
    script = tmp_path / "bin" / "hubops"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable}\nimport sys\nfrom generator.cli.main import main\n"
        "sys.argv[0] = 'hubops'\nmain()\n"
    )
    script.chmod(0o755)
    variables = environment({"PATH": f"{script.parent}:{os.environ['PATH']}", "MAKEFLAGS": ""})

    def ran(*command: str, folder: Path) -> str:
        ended = subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    flags = [part for name, answer in GIVEN.items() for part in (f"--{name}", answer)]
    ran("hubops", "init", "coast", *flags, folder=tmp_path)
    site = tmp_path / "coast"
    before = copies.files(site)
    ran("make", "generate", folder=site)
    ran("make", "check", folder=site)
    ran("make", "lint", "ARGS=--strict", folder=site)
    ran("make", "schema", folder=site)
    assert "generate " in ran("make", folder=site)
    assert copies.files(site) == before
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    ran("git", "add", "-A", folder=site)
    ran("git", *person, "commit", "-q", "-m", "A new site", folder=site)
    assert ran("git", "status", "--porcelain", folder=site) == ""
    assert "site.yaml" in ran("git", "ls-files", folder=site)


@pytest.mark.tools
def test_without_hubops_make_says_how_to_get_it(site: Path, tmp_path: Path) -> None:
    places = {name: shutil.which(name) for name in ("make", "sh", "awk")}
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, place in places.items():
        assert place is not None
        (folder / name).symlink_to(place)
    ended = subprocess.run(
        [folder / "make", "check"],
        cwd=site,
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "hubops: not found. Install it here with 'make install'" in ended.stderr
