"""`hubops diff --rendered`: what differs after real Helm 3 and Helm 4, on the small chart."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from generator.change.formats import REVIEWS
from generator.change.review import Section, review
from generator.change.sides import Side
from generator.cli import diff as diff_command
from generator.cli.charts import add
from generator.cli.options import Means
from generator.lint.consequences import Weight
from generator.merge import merge
from generator.proof.difference import NO_RELEASE, ReleaseObjects, release, sections
from tests.io.test_git import run_git
from tests.support import charts, copies, programs
from tests.support.sites import site_of

HELMS: dict[str, Callable[[], str]] = {"helm3": programs.helm3, "helm4": programs.helm4}
ON_EACH_HELM = pytest.mark.parametrize("helm", HELMS)
Raw = dict[str, Any]


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.delenv("HUBOPS_CACHE", raising=False)
    monkeypatch.delenv("HELM", raising=False)
    if request.node.get_closest_marker("tools"):
        monkeypatch.setenv("KUSTOMIZE", programs.kubectl())


def committed(root: Path, raw: Raw | None = None, content: bytes | None = None) -> Path:
    """A repository with one commit: a site whose hub is the small chart, locked and cached."""
    path = charts.placed(root, raw or charts.site())
    carried(path, content or charts.pack())
    (root / ".gitignore").write_text(".cache/\ncarried.tgz\n")
    run_git(root, "init", "--quiet", "--initial-branch=main")
    run_git(root, "add", ".")
    run_git(root, "commit", "--quiet", "--message=before")
    return path


def carried(path: Path, content: bytes) -> None:
    archive = path.parent / "carried.tgz"
    archive.write_bytes(content)
    assert add(path, archive, copies.silent()) == 0


def changed(path: Path, *overrides: Raw) -> None:
    """The working tree after a change of its site.yaml."""
    raw = json.loads(path.read_text())
    for override in overrides:
        raw = merge(raw, override)
    charts.placed(path.parent, raw)


def diff(path: Path, helm: str = "helm3", format: str = "json", **more: Any) -> copies.Run:
    program = HELMS[helm]() if helm in HELMS else helm
    return copies.running(
        lambda terminal: diff_command.run(
            path,
            terminal,
            base="HEAD",
            format=format,
            rendered=True,
            means=Means(helm=program),
            **more,
        )
    )


def rendered(run: copies.Run) -> dict[str, list[tuple[str, str, str]]]:
    """The objects that differ in the only chapter: title -> path, before, after."""
    assert run.code == 0, run.said
    [chapter] = json.loads(run.out)["environments"]
    return {
        section["title"]: [
            (change["path"], change["before"], change["after"]) for change in section["changes"]
        ]
        for section in chapter["sections"]
        if section["rendered"]
    }


def notes(run: copies.Run) -> list[str]:
    found: list[str] = json.loads(run.out)["notes"]
    return found


# --- real Helm


@ON_EACH_HELM
@pytest.mark.tools
def test_changed_value_is_one_path_of_one_object(tmp_path: Path, helm: str) -> None:
    path = committed(tmp_path, merge(charts.site(), charts.values(field="token/a")))
    changed(path, charts.values(field="fixed"))
    assert rendered(diff(path, helm)) == {
        "Deployment hub": [
            (
                "spec.template.spec.containers.hub.env.KEY.valueFrom.secretKeyRef.key",
                "token/a",
                "fixed",
            )
        ]
    }


@ON_EACH_HELM
@pytest.mark.tools
def test_added_and_removed_objects_are_said(tmp_path: Path, helm: str) -> None:
    path = committed(tmp_path, merge(charts.site(), charts.values(old=True)))
    changed(path, charts.values(old=False, twice=True))
    assert rendered(diff(path, helm)) == {
        "ResourceQuota no-public-services: new": [],
        "PodDisruptionBudget hub: deleted": [],
    }


@ON_EACH_HELM
@pytest.mark.tools
def test_chart_that_is_published_anew_shows_objects_without_noise(
    tmp_path: Path, helm: str
) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    noisy = template.replace(
        b"    metadata:\n      labels: {",
        b"    metadata:\n      annotations: {checksum/config: %s}\n"
        b"      labels: {helm.sh/chart: jupyterhub-%s, app.kubernetes.io/version: v%s, ",
    )
    older = charts.packed(charts.files(objects=noisy % (b"one", b"1", b"1")))
    newer = noisy.replace(b"example.org/hub:1", b"example.org/hub:2") % (b"two", b"2", b"2")
    path = committed(tmp_path, content=older)
    cached = tmp_path / ".cache/charts/jupyterhub-4.4.0.tgz"
    cached.rename(cached.with_name(f"jupyterhub-4.4.0.{sha256(older).hexdigest()[:16]}.tgz"))
    (tmp_path / "charts.lock").unlink()
    carried(path, charts.packed(charts.files(objects=newer)))
    assert rendered(diff(path, helm)) == {
        "Deployment hub": [
            (
                "spec.template.spec.containers.hub.image",
                "example.org/hub:1",
                "example.org/hub:2",
            )
        ]
    }


@ON_EACH_HELM
@pytest.mark.tools
def test_secret_is_never_shown(tmp_path: Path, helm: str) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    told = template.replace(b'"tide" | b64enc', b".Values.greeting.text | b64enc")
    told = told.replace(b"text: {{ .Values.greeting.text | quote }}", b"text: still")
    path = committed(tmp_path, content=charts.packed(charts.files(objects=told)))
    changed(path, charts.values(text="low water"))
    run = diff(path, helm)
    assert rendered(run) == {"Secret hub: data changed": []}
    assert "bG93IHdhdGVy" not in run.said


APP = {
    "scope": "cluster",
    "chart": {"name": "spring", "repository": "https://charts.example.org/", "version": "4.4.0"},
    "namespace": "spring",
    "values": {"greeting": {"text": "low"}},
    "clusterKinds": ["CustomResourceDefinition"],
}


@ON_EACH_HELM
@pytest.mark.tools
def test_clusters_app_shows_its_objects_in_the_chapter_of_its_cluster(
    tmp_path: Path, helm: str
) -> None:
    site = merge(charts.site(), {"apps": {"spring": APP, "other": {**APP, "namespace": "other"}}})
    path = committed(tmp_path, site)
    carried(path, charts.pack(name="spring"))
    changed(path, {"apps": {"spring": {"values": {"greeting": {"text": "high"}}}}})
    run = diff(path, helm)
    found = json.loads(run.out)
    assert (run.code, found["notes"], found["environments"]) == (0, [], [])
    [chapter] = found["clusters"]
    assert [one["title"] for one in chapter["sections"] if one["rendered"]] == [
        "spring: ConfigMap greeting"
    ]


@pytest.mark.tools
def test_clusters_app_that_can_not_be_rendered_is_said(tmp_path: Path) -> None:
    path = committed(tmp_path, merge(charts.site(), {"apps": {"spring": APP}}))
    changed(path, {"apps": {"spring": {"values": {"greeting": {"text": "high"}}}}})
    [note] = notes(diff(path))
    assert note.startswith("spring of fedcloud/spring: not compared after Helm; before and after ")


RESTARTS = (
    "the hub restarts: no logins and no new servers for about a minute; running servers continue"
)


@pytest.mark.tools
def test_environments_that_change_alike_are_one_chapter(tmp_path: Path) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    path = committed(
        tmp_path,
        copies.with_staging(charts.site()),
        charts.packed(charts.files(objects=template.replace(b" in {{ .Release.Namespace }}", b""))),
    )
    changed(path, charts.values(length=7))
    assert diff(path, format="text").out == (
        f"production, staging: {RESTARTS}\n"
        "\n"
        "production, staging\n"
        "  for users\n"
        f"    E001 {RESTARTS}\n"
        "  jupyterhub\n"
        "    greeting.length: nothing -> 7  (site.yaml:106)\n"
        "  Middleware spring\n"
        "    spec.height: 5 -> 7\n"
    )


@pytest.mark.parametrize("format", REVIEWS)
@pytest.mark.tools
def test_every_format_shows_objects_and_notes(tmp_path: Path, format: str) -> None:
    path = committed(tmp_path, copies.with_staging(charts.site()))
    changed(
        path,
        charts.values(text="high water"),
        {"environments": {"staging": {"charts": {"jupyterhub": {"version": "9.9.9"}}}}},
    )
    out = diff(path, format=format).out
    assert "ConfigMap greeting" in out
    assert "data.text" in out
    assert "jupyterhub of staging: not compared after Helm" in out


# --- what can't be rendered


@pytest.mark.tools
def test_chart_that_the_cache_lacks_is_said(tmp_path: Path) -> None:
    path = committed(tmp_path)
    changed(path, charts.values(text="high water"))
    shutil.rmtree(tmp_path / ".cache")
    run = diff(path)
    assert rendered(run) == {}
    [note] = notes(run)
    assert note.startswith("jupyterhub of production: not compared after Helm; before and after ")
    assert "jupyterhub 4.4.0 of https://charts.example.org/: not in the cache" in note
    assert note.endswith("or 'hubops charts add FILE.tgz'")


@ON_EACH_HELM
@pytest.mark.tools
def test_release_that_fails_is_said(tmp_path: Path, helm: str) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    failing = template + b'{{ if eq .Values.greeting.text "ebb" }}{{ fail "no tide" }}{{ end }}'
    path = committed(tmp_path, content=charts.packed(charts.files(objects=failing)))
    changed(path, charts.values(text="ebb"))
    run = diff(path, helm)
    assert rendered(run) == {}
    [note] = notes(run)
    assert note.startswith("jupyterhub of production: not compared after Helm; after the change: ")
    assert "no tide" in note


@pytest.mark.parametrize("exit_code", [False, True])
def test_missing_helm_is_said_and_changes_no_exit_code(tmp_path: Path, exit_code: bool) -> None:
    path = committed(tmp_path)
    changed(path, charts.values(text="high water"))
    run = diff(path, helm=str(tmp_path / "helm"), exit_code=exit_code)
    assert run.code == int(exit_code)
    [note] = notes(run)
    assert note.startswith(
        f"nothing compared after Helm: {tmp_path}/helm: not a helm that can be run"
    )


@pytest.mark.tools
def test_lock_of_the_older_side_that_is_broken_is_said(tmp_path: Path) -> None:
    path = committed(tmp_path)
    lock = (tmp_path / "charts.lock").read_bytes()
    (tmp_path / "charts.lock").write_text("charts: tide\n")
    run_git(tmp_path, "commit", "--quiet", "--all", "--message=broken")
    (tmp_path / "charts.lock").write_bytes(lock)
    changed(path, charts.values(text="high water"))
    run = diff(path)
    assert rendered(run) == {}
    [note] = notes(run)
    assert note.startswith("nothing compared after Helm: charts.lock: no list 'charts'; ")


@pytest.mark.tools
def test_option_of_the_command_line_renders(tmp_path: Path) -> None:
    path = committed(tmp_path)
    changed(path, charts.values(length=7))
    options = ("--base", "HEAD", "--rendered", "--offline", "--helm", programs.helm4())
    run = copies.hubops("diff", *options, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("  Middleware spring\n    spec.height: 5 -> 7\n")


def test_without_the_option_helm_is_not_asked_for(tmp_path: Path) -> None:
    path = committed(tmp_path)
    changed(path, charts.values(text="high water"))
    run = copies.running(
        lambda terminal: diff_command.run(path, terminal, base="HEAD", format="json")
    )
    assert (rendered(run), notes(run)) == ({}, [])


# --- the comparison itself


def one(text: object = "a", *, kind: str = "ConfigMap", **metadata: Any) -> Raw:
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": "tide", **metadata},
        "data": {"text": text},
    }


def released(*objects: Raw, again: list[Raw] | None = None, **ignored: Any) -> ReleaseObjects:
    spec = {"ignoreDifferences": [ignored]} if ignored else {}
    return release(objects, again, {"spec": spec}, "hub")


NO_DIFFERENCE: dict[str, tuple[ReleaseObjects, ReleaseObjects]] = {
    "nothing": (NO_RELEASE, NO_RELEASE),
    "the same": (released(one()), released(one())),
    "checksum": (
        released(one(annotations={"checksum/a": "1"})),
        released(one(annotations={"checksum/b": "2"})),
    ),
    "content": (
        released(one(annotations={"hubops.io/content": "1"})),
        released(one()),
    ),
    "chart labels": (
        released(one(labels={"helm.sh/chart": "a-1", "chart": "a-1"})),
        released(one(labels={"helm.sh/chart": "a-2", "chart": "a-2"})),
    ),
    "checksum in a ConfigMap": (
        released(one() | {"data": {"checksum_hook": "1", "text": "a"}}),
        released(one() | {"data": {"checksum_hook": "2", "text": "a"}}),
    ),
    "random": (released(one("a"), again=[one("b")]), released(one("c"), again=[one("d")])),
    "random on one side": (released(one("a")), released(one("c"), again=[one("d")])),
    "random name": (
        released(one(name="a"), again=[one(name="b")]),
        released(one(name="c"), again=[one(name="d")]),
    ),
    "ignored": (
        released(one("a"), kind="ConfigMap", name="tide", jsonPointers=["/data/text"]),
        released(one("b")),
    ),
    "ignored by a pattern and from above": (
        released(one("a")),
        released(one("b"), kind="*", jsonPointers=["/data"]),
    ),
}


@pytest.mark.parametrize(("before", "after"), NO_DIFFERENCE.values(), ids=NO_DIFFERENCE)
def test_noise_is_no_difference(before: ReleaseObjects, after: ReleaseObjects) -> None:
    assert list(sections(before, after)) == []


TITLES: dict[str, tuple[ReleaseObjects, ReleaseObjects, str]] = {
    "value": (released(one("a")), released(one("b")), "ConfigMap tide"),
    "other object ignored": (
        released(one("a"), kind="ConfigMap", name="ebb", jsonPointers=["/data/text"]),
        released(one("b")),
        "ConfigMap tide",
    ),
    "new": (NO_RELEASE, released(one()), "ConfigMap tide: new"),
    "deleted": (released(one()), NO_RELEASE, "ConfigMap tide: deleted"),
    "another namespace": (
        NO_RELEASE,
        released(one(namespace="sea")),
        "ConfigMap sea/tide: new",
    ),
    "secret": (
        released(one("a", kind="Secret")),
        released(one("b", kind="Secret")),
        "Secret tide: data changed",
    ),
    "label of a secret": (
        released(one(kind="Secret", labels={"a": "1"})),
        released(one(kind="Secret", labels={"a": "2"})),
        "Secret tide",
    ),
}


@pytest.mark.parametrize(("before", "after", "title"), TITLES.values(), ids=TITLES)
def test_difference_is_told_of_its_object(
    before: ReleaseObjects, after: ReleaseObjects, title: str
) -> None:
    [found] = sections(before, after)
    assert found == Section(title=title, lines=found.lines, is_rendered=True)
    assert all("text" not in line.path for line in found.lines if "Secret" in title)


def definition(description: str, fields: Raw) -> Raw:
    schema = {"description": description, "properties": {"spec": {"properties": fields}}}
    versions = [{"name": "v1", "schema": {"openAPIV3Schema": schema}}]
    found = one(kind="CustomResourceDefinition") | {"spec": {"versions": versions}}
    return {key: value for key, value in found.items() if key != "data"}


def test_what_a_schema_says_to_people_is_no_difference() -> None:
    text = {"description": {"type": "string", "description": "a"}}
    before = released(definition("a", text))
    after = released(definition("b", {"description": {"type": "string", "description": "b"}}))
    assert list(sections(before, after)) == []
    [found] = sections(before, released(definition("a", {})))
    assert [str(line.path[-2]) for line in found.lines] == ["description"]


@pytest.mark.parametrize(
    ("resource", "loses"),
    [
        (one(kind="CustomResourceDefinition"), "CustomResourceDefinition tide"),
        (one(kind="PersistentVolumeClaim"), "PersistentVolumeClaim tide"),
        (one(kind="Namespace"), "Namespace tide"),
        (one(kind="Service"), ""),
        (
            one(
                kind="PersistentVolumeClaim",
                annotations={"argocd.argoproj.io/sync-options": "Delete=false, Prune=false"},
            ),
            "",
        ),
    ],
)
def test_object_that_goes_with_what_is_in_it_is_named(resource: Raw, loses: str) -> None:
    [gone] = sections(released(resource), NO_RELEASE)
    [new] = sections(NO_RELEASE, released(resource))
    assert (gone.loses, new.loses) == (loses, "")


@pytest.mark.parametrize("scope", ["cluster", "environment"])
def test_review_tells_what_a_further_chart_no_longer_makes(scope: str) -> None:
    place = {"namespace": "tide"} if scope == "cluster" else {}
    chart = {"name": "tide", "repository": "https://c.example.org", "version": "1.2.0"}
    app = {"scope": scope, "chart": chart, "values": {"crds": True}, **place}
    before, after = (
        Side(site=site_of(json.dumps(copies.one_hub() | {"apps": {"tide": one}})))
        for one in (app, app | {"values": {"crds": False}})
    )
    gone = Section(title="x: deleted", is_rendered=True, loses="CustomResourceDefinition x")
    name = "fedcloud/tide" if scope == "cluster" else "production"
    rendered = {name: {"tide": (gone, Section(title="y: deleted", is_rendered=True))}}
    chapters = review(before, after, lambda *_: "", rendered).chapters
    [chapter] = [one for one in chapters if one.consequences]
    first = chapter.consequences[0]
    assert (first.code, first.weight) == ("E040", Weight.DATA)
    assert "deletes CustomResourceDefinition x, and what is in them" in first.sentence
