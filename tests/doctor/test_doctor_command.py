"""`hubops doctor` and `hubops commands`, as processes, with a program in kubectl's place."""

import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli.main import command
from generator.doctor import network
from generator.doctor.questions import QUESTIONS
from tests.support import kubectl, live
from tests.support.sites import ROOT

Run = Callable[..., Result]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the recorded site, and a healthy cluster that kubectl reaches."""
    folder = tmp_path / "world"
    folder.mkdir()
    document = live.healthy()
    objects = [*document["argocd"]["objects"], *document["clusters"]["fedcloud"]["objects"]]
    for one in objects:
        one["data"] = one.get("settings", {})
        for late in ("reconciledAt", "notAfter"):  # the test is of another day
            one.get("status", {}).pop(late, None)
    (folder / "objects.json").write_text(json.dumps(objects))
    (folder / "refused.txt").write_text("")
    (folder / "log.txt").write_text("")
    (tmp_path / "site.yaml").write_text(live.site_text())
    path = kubectl.install(tmp_path / "bin", ROOT)
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("KUBECTL_WORLD", str(folder))
    monkeypatch.setenv("GITHUB_ACTIONS", "")
    monkeypatch.setattr(network, "_looked_up", document["addresses"].get)
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str, name: str = "doctor") -> Result:
    return CliRunner().invoke(command(name), arguments, standalone_mode=False)


def test_a_healthy_cluster(world: Path) -> None:
    result = run()
    assert result.return_value == 0
    assert result.stdout.startswith("production is up at ")


def test_every_call_gets_and_lists(world: Path) -> None:
    run("--logs")
    made = kubectl.calls(world)
    verbs = {word for words in made for word in words if not word.startswith("-")}
    assert {words[1] for words in made} == {"get", "logs"}
    assert not verbs & {"apply", "patch", "delete", "create", "edit", "exec", "annotate", "scale"}
    assert all(words[0].startswith("--request-timeout=") for words in made)


def test_the_number_of_calls_does_not_grow_with_the_objects(world: Path) -> None:
    objects = json.loads((world / "objects.json").read_text())
    pod = next(one for one in objects if one["kind"] == "Pod")
    objects += [{**pod, "metadata": {**pod["metadata"], "name": f"p{n}"}} for n in range(500)]
    (world / "objects.json").write_text(json.dumps(objects))
    run()
    assert len(kubectl.calls(world)) <= 13


def _with_environments(number: int) -> None:
    lines = [
        f"  e{n}: {{cluster: fedcloud, namespace: e{n}, host: e{n}.example.org, daskGateway: null}}"
        for n in range(number)
    ]
    text = live.site_text().replace("environments:\n", "environments:\n" + "\n".join(lines) + "\n")
    Path("site.yaml").write_text(text)


def test_many_environments_are_asked_at_once(world: Path) -> None:
    _with_environments(30)
    run()
    assert len(kubectl.calls(world)) <= 13
    assert any("-A" in words for words in kubectl.calls(world))
    # kubectl gets each object that is named by a request of its own, and five a second.
    assert all(sum("/" in word for word in words) <= 2 for words in kubectl.calls(world))


def test_many_environments_are_asked_one_by_one_where_only_roles_are_given(world: Path) -> None:
    _with_environments(8)
    forbidden = "".join(
        f'Error from server (Forbidden): {kind} is forbidden: User "u" cannot list resource '
        f'"{kind}" in API group "" at the cluster scope\n'
        for kind in ("pods", "events", "namespaces")
    )
    (world / "refused.txt").write_text(forbidden)
    run()
    again = [words for words in kubectl.calls(world) if "pods,events" in words]
    assert len(again) == 9
    (named,) = (words for words in kubectl.calls(world) if "namespaces/e0" in words)
    assert sum(word.startswith("namespaces/") for word in named) == 9


def test_what_is_forbidden_is_said(world: Path) -> None:
    (world / "refused.txt").write_text(
        'Error from server (Forbidden): secrets "hub-secrets" is forbidden: User "ada" cannot get '
        'resource "secrets" in API group "" in the namespace "daskhub"\n'
    )
    objects = json.loads((world / "objects.json").read_text())
    (world / "objects.json").write_text(
        json.dumps([one for one in objects if one["kind"] != "Secret"])
    )
    result = run()
    assert result.return_value == 1
    assert "D100" in result.stdout
    assert "could not ask for 'secrets in daskhub'" in result.stdout
    assert "D123" not in result.stdout


UNREACHABLE = {
    "no such context": ('error: context "nope" does not exist\n', "there is no such context"),
    "expired": (
        "error: You must be logged in to the server (Unauthorized)\n",
        "the login expired or is refused",
    ),
    "a plugin fails": (
        "Unable to connect to the server: getting credentials: exec: executable oidc failed with "
        "exit code 1\n",
        "the login expired or is refused",
    ),
    "no server": (
        "The connection to the server 127.0.0.1:6443 was refused - did you specify the right host "
        "or port?\n",
        "the cluster can't be reached",
    ),
}


@pytest.mark.parametrize(("complaint", "said"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_a_cluster_that_can_not_be_asked(world: Path, complaint: str, said: str) -> None:
    (world / "broken.txt").write_text(complaint)
    result = _process(world)
    assert result[0] == 3, result
    assert said in result[1]
    assert "help: " in result[1]


def _process(world: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and errors of the command as a process."""
    from tests.support import copies

    given = {name: os.environ[name] for name in ("PATH", "KUBECTL_WORLD")}
    done = copies.hubops("doctor", *arguments, cwd=Path.cwd(), env=given)
    return done.returncode, done.stderr


def test_a_cluster_without_argo_cd(world: Path) -> None:
    kinds = "applications.argoproj.io"
    (world / "refused.txt").write_text(
        f'error: the server doesn\'t have a resource type "{kinds.partition(".")[0]}"\n'
    )
    result = run()
    assert result.return_value == 1
    assert "there is no Argo CD in the cluster that was asked" in result.stdout
    assert "D107" not in result.stdout


def test_a_server_that_hangs_ends_within_the_timeout(world: Path) -> None:
    (world / "hang").write_text("")
    began = time.monotonic()
    code, said = _process(world, "--timeout", "3")
    assert code == 3
    assert "did not answer in time" in said
    assert time.monotonic() - began < 15


def test_without_kubectl(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    code, said = _process(world)
    assert code == 4
    assert "kubectl was not found" in said


def test_a_dump_gives_the_same_judgement(world: Path) -> None:
    first = run("--dump", "seen.json")
    assert first.return_value == 0
    second = run("--from", "seen.json")
    assert second.stdout == first.stdout


def test_a_dump_is_not_written_over_another_file(world: Path) -> None:
    Path("package.json").write_text('{"name": "a"}')
    assert _process(world, "--dump", "package.json")[0] == 3
    assert Path("package.json").read_text() == '{"name": "a"}'


def _dump(name: str) -> Mapping[str, Any]:
    path = next(one for one in live.FAULTS if one.stem == name)
    _, document = live.planted(path)
    Path("seen.json").write_text(json.dumps(document))
    return document


def test_the_summary_comes_first_and_followers_below_their_cause(world: Path) -> None:
    _dump("hub-crashes")
    result = run("--from", "seen.json")
    lines = result.stdout.splitlines()
    assert result.return_value == 1
    assert re.match(r"production is down at \w{7}: pod 'hub-\S+': container 'hub' fails", lines[0])
    assert sum(line.startswith("  so: ") for line in lines) == 3
    assert any(line.startswith("    kubectl logs hub-") for line in lines)


def test_the_formats_say_the_same(world: Path) -> None:
    _dump("hub-crashes")
    shown = {
        one: run("--from", "seen.json", "--format", one).stdout
        for one in ("text", "json", "github", "markdown")
    }
    document = json.loads(shown["json"])
    assert document["version"] == 1
    assert document["environments"][0]["condition"] == "down"
    first = document["findings"][0]
    assert (first["code"], first["file"]) == ("D133", "site.yaml")
    assert all("D133" in text for text in shown.values())
    assert shown["github"].startswith("::error file=site.yaml,line=")
    assert shown["markdown"].startswith("# protocoast\n\n- production is down")


def test_the_place_in_the_site_is_shown(world: Path) -> None:
    _dump("storage-class-missing")
    text = run("--from", "seen.json").stdout
    line = next(
        n for n, one in enumerate(live.site_text().splitlines(), 1) if "storageClass" in one
    )
    assert f"  site: site.yaml:{line}:" in text


def test_printed_commands_reach_the_same_cluster(world: Path) -> None:
    _dump("hub-crashes")
    text = run("--from", "seen.json", "--context", "fed; touch x").stdout
    assert "    kubectl --context 'fed; touch x' logs hub-" in text


def test_an_environment_that_is_not_there(world: Path) -> None:
    assert _process(world, "prodution")[0] == 2


def test_watch_ends_when_all_is_settled(world: Path) -> None:
    result = run("--watch")
    assert result.return_value == 0
    assert "all is Synced and Healthy after" in result.stderr


def test_watch_ends_after_its_time(world: Path) -> None:
    objects = json.loads((world / "objects.json").read_text())
    for one in objects:
        if one["metadata"]["name"] == "protocoast-jupyterhub-production":
            one["status"]["health"]["status"] = "Progressing"
    (world / "objects.json").write_text(json.dumps(objects))
    began = time.monotonic()
    result = run("--watch", "--timeout", "2")
    assert result.return_value == 1
    assert "not settled after" in result.stderr
    assert time.monotonic() - began < 30


def test_logs_name_what_they_say(world: Path) -> None:
    (world / "log.txt").write_text(
        "alembic.util.exc.CommandError: Can't locate revision identified by '4621fec11365'\n"
    )
    text = run("--logs").stdout
    assert "production is down" in text.splitlines()[0]
    assert "D136" in text
    assert "the hub's database is newer than JupyterHub 4.1.6" in text


def test_every_question_is_asked(world: Path) -> None:
    run("--logs")
    asked = " ".join(word for words in kubectl.calls(world) for word in words)
    left = [one.kind for one in QUESTIONS if "/" not in one.kind and one.kind not in asked]
    assert left == ["httproutes.gateway.networking.k8s.io"]  # the cluster does not have the group


def test_commands_have_the_environments_names(world: Path) -> None:
    text = run("production", name="commands").stdout
    for wanted in (
        "kubectl get pods -n daskhub",
        "kubectl get ingress -n daskhub",
        "kubectl get events -n daskhub",
        "kubectl logs deployment/hub -n daskhub",
        "kubectl logs deployment/proxy -n daskhub",
        "kubectl logs deployment/api-dask-gateway -n daskhub",
        "kubectl logs deployment/traefik-dask-gateway -n daskhub",
        "hubops values production jupyterhub",
        "kubectl rollout restart deployment/hub -n daskhub",
        "jupyterhub.sqlite",
        "kubectl delete namespace daskhub",
    ):
        assert wanted in text


def test_what_deletes_says_so(world: Path) -> None:
    lines = run("production", name="commands").stdout.splitlines()
    for number, line in enumerate(lines):
        if not line.startswith("#") and re.search(r"\b(delete|confirm-deletion|uninstall)\b", line):
            assert lines[number - 1].startswith("# DELETES "), line
