"""The workflows for pull and merge requests: sound, pinned, and with no more rights than needed."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from jsonschema.validators import validator_for

from generator import __version__
from generator.change.review_markdown import MARK, MOST
from generator.cli.main import command as command_of
from tests.project.test_docs import blocks
from tests.support.sites import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
PULL_REQUEST = ROOT / ".github" / "workflows" / "pull-request.yaml"
ON_EVERY_WORKFLOW = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
GITLAB: dict[str, Any] = yaml.safe_load(
    blocks((ROOT / "docs" / "gitlab-ci.md").read_text(), "yaml")[0]
)
TARGETS = set(re.findall(r"^([a-z]+)(?: [a-z]+)*:", (ROOT / "Makefile").read_text(), re.MULTILINE))

ACTION: dict[str, Any] = yaml.safe_load(
    (ROOT / ".github" / "actions" / "hubops" / "action.yaml").read_text()
)


def _jobs(workflow: Path) -> dict[str, dict[str, Any]]:
    jobs: dict[str, dict[str, Any]] = yaml.safe_load(workflow.read_text())["jobs"]
    return jobs


def _scripts() -> Iterator[Any]:
    for workflow in WORKFLOWS:
        for name, job in _jobs(workflow).items():
            for number, step in enumerate(job["steps"]):
                if "run" in step:
                    yield pytest.param(step["run"], id=f"{workflow.stem}-{name}-{number}")
    for number, step in enumerate(ACTION["runs"]["steps"]):
        if "run" in step:
            yield pytest.param(step["run"], id=f"action-{number}")
    for name, job in GITLAB.items():
        if "script" in job:
            yield pytest.param("\n".join(job["script"]), id=f"gitlab-{name}")


ON_EVERY_SCRIPT = pytest.mark.parametrize("script", list(_scripts()))


def _mistakes(schema: str, document: Any) -> list[str]:
    """What is wrong with a workflow, by the schema of that name that check-jsonschema ships."""
    folder = "check_jsonschema/builtin_schemas/vendor"
    shipped = distribution("check-jsonschema").locate_file(f"{folder}/{schema}.json")
    rules = json.loads(Path(str(shipped)).read_text("utf-8"))
    return [error.message for error in validator_for(rules)(rules).iter_errors(document)]


def _github(workflow: Path) -> dict[str, Any]:
    """A workflow as GitHub reads it: YAML 1.1 reads its key `on` as true."""
    parsed = yaml.safe_load(workflow.read_text())
    return {"on": parsed.pop(True), **parsed}


@ON_EVERY_WORKFLOW
def test_workflow_is_valid_by_the_schema(workflow: Path) -> None:
    assert _mistakes("github-workflows", _github(workflow)) == []


def test_example_for_gitlab_is_valid_by_the_schema() -> None:
    assert _mistakes("gitlab-ci", GITLAB) == []


def test_schemas_find_mistakes() -> None:
    workflow = _github(PULL_REQUEST)
    assert _mistakes("github-workflows", workflow | {"permissions": {"contents": "much"}})
    assert _mistakes("gitlab-ci", GITLAB | {"diff": {"script": 5}})


def test_charts_are_cached_by_their_digests() -> None:
    steps = _jobs(PULL_REQUEST)["validate"]["steps"]
    [cached] = [step for step in steps if step.get("uses", "").startswith("actions/cache@")]
    assert cached["with"] == {
        "path": ".cache/charts",
        "key": "charts-${{ hashFiles('charts.lock') }}",
    }
    assert cached["if"] == "hashFiles('charts.lock') != ''"


def test_component_for_gitlab_does_the_same() -> None:
    head, component = yaml.safe_load_all((ROOT / "templates" / "hubops.yml").read_text())
    assert _mistakes("gitlab-ci", component) == []
    inputs = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", yaml.safe_dump(component)))
    assert inputs == set(head["spec"]["inputs"])
    jobs = {name for name in component if not name.startswith(".")}
    assert jobs == {f"hubops-{name}" for name, job in GITLAB.items() if "script" in job}
    for name in ("lint", "check", "validate"):
        assert component[f"hubops-{name}"]["script"] == GITLAB[name]["script"]


def test_action_is_valid_by_the_schema_and_this_repository_uses_it() -> None:
    assert _mistakes("github-actions", ACTION) == []
    used = [
        step["with"]["do"]
        for job in _jobs(PULL_REQUEST).values()
        for step in job["steps"]
        if step.get("uses") == "./.github/actions/hubops"
    ]
    assert used == ["lint", "check", "validate", "diff"]
    text = json.dumps(ACTION)
    assert all(f"inputs.do == '{one}'" in text for one in used)
    assert all(one in ACTION["inputs"]["do"]["description"] for one in used)


def test_release_is_built_twice_attested_and_published_without_a_password() -> None:
    jobs = _jobs(ROOT / ".github" / "workflows" / "release.yaml")
    text = json.dumps(jobs)
    assert "secrets." not in text
    writes = {
        name: [k for k, v in job["permissions"].items() if v == "write"]
        for name, job in jobs.items()
    }
    assert writes == {
        "build": ["attestations", "id-token"],
        "pypi": ["id-token"],
        "github": ["contents"],
    }
    assert jobs["pypi"]["environment"] == "pypi"
    assert "sha256sum --check" in text


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert project["version"] == citation["version"] == __version__
    assert project["license"] == citation["license"]


def test_list_of_packages_is_that_of_the_lock() -> None:
    script = ROOT / "requirements" / "sbom.py"
    command = [sys.executable, str(script), "1.2.3"]
    first, second = (subprocess.run(command, capture_output=True, check=True).stdout for _ in "12")
    assert first == second
    found = json.loads(first)
    lock = (ROOT / "requirements" / "runtime.lock").read_text()
    locked = set(re.findall(r"^([a-z][^=\s]+)==([^\s\\;]+)", lock, re.MULTILINE))
    assert {(one["name"], one["version"]) for one in found["components"]} == locked
    assert len(locked) > 8
    assert found["metadata"]["component"]["version"] == "1.2.3"


def test_two_builds_of_the_package_are_one(tmp_path: Path) -> None:
    for name in ("one", "two"):
        command = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path / name)]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    built = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    ]
    assert built[0] == built[1]
    assert len(built[0]) == 2
    (wheel,) = (tmp_path / "one").glob("*.whl")
    assert re.fullmatch(
        r"([0-9a-f]{40}\+?)?\n", ZipFile(wheel).read("generator/commit.txt").decode()
    )


def test_fork_is_told_why_there_is_no_comment() -> None:
    jobs = _jobs(PULL_REQUEST)
    [told] = [step for step in jobs["diff"]["steps"] if "no comment" in step.get("name", "")]
    assert told["if"] == jobs["comment"]["if"].replace("==", "!=")
    assert "$GITHUB_STEP_SUMMARY" in told["run"]


def test_comment_is_found_again_by_the_mark_of_a_review() -> None:
    [step] = _jobs(PULL_REQUEST)["comment"]["steps"]
    assert step["run"].count(MARK) == 2
    assert MOST <= 65_000


@ON_EVERY_SCRIPT
def test_script_is_sound(script: str) -> None:
    ran = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@ON_EVERY_SCRIPT
def test_nothing_is_written_into_a_script(script: str) -> None:
    assert "${{" not in script


@ON_EVERY_SCRIPT
def test_every_command_and_target_named_exists(script: str) -> None:
    for command, rest in re.findall(r"bin/hubops ([a-z]+)(.*)", script):
        options = {name for one in command_of(command).params for name in one.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options
    assert {name.split()[-1] for name in re.findall(r"\bmake ((?:-s )?[a-z]+)$", script)} <= TARGETS


@ON_EVERY_WORKFLOW
def test_actions_are_pinned_by_hash(workflow: Path) -> None:
    used = [
        step["uses"] for job in _jobs(workflow).values() for step in job["steps"] if "uses" in step
    ]
    used += [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    used = [one for one in used if one != "./.github/actions/hubops"]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one) for one in used)


@ON_EVERY_WORKFLOW
def test_token_may_do_nothing_unless_a_job_says_so(workflow: Path) -> None:
    parsed = yaml.safe_load(workflow.read_text())
    assert parsed["permissions"] == {}
    # YAML 1.1 reads the key `on` as true.
    assert "pull_request_target" not in parsed[True]


def test_only_the_comment_may_write_and_it_runs_nothing_of_the_change() -> None:
    jobs = _jobs(PULL_REQUEST)
    comment = jobs.pop("comment")
    assert {str(job["permissions"]) for job in jobs.values()} == {"{'contents': 'read'}"}
    assert comment["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert comment["if"] == "github.event.pull_request.head.repo.full_name == github.repository"
    assert [step for step in comment["steps"] if "uses" in step] == []
    assert "make " not in comment["steps"][0]["run"]


def test_checkouts_keep_no_credentials() -> None:
    checkouts = [
        step["with"]
        for job in _jobs(PULL_REQUEST).values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert [one["persist-credentials"] for one in checkouts] == [False] * 4


def test_gitlab_does_the_same() -> None:
    jobs = {name for name, job in GITLAB.items() if "script" in job}
    assert jobs == set(_jobs(PULL_REQUEST)) - {"comment"}
    assert GITLAB["variables"] == {"GIT_DEPTH": "0"}
