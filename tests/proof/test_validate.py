"""Real Helm 3 and Helm 4 on the small chart, and what validate says of what they print."""

import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import records
from generator.cli import render as render_command
from generator.cli import validate as validate_command
from generator.cli.charts import add
from generator.cli.options import Means
from generator.merge import merge
from generator.proof.render import Choice
from tests.support import charts, copies, programs

pytestmark = pytest.mark.tools

Found = dict[str, Any]
HELMS: dict[str, Callable[[], str]] = {"helm3": programs.helm3, "helm4": programs.helm4}
ON_EACH_HELM = pytest.mark.parametrize("helm", HELMS)
RANDOM = "jupyterhub: Secret 'hub': /data/token~1a changes at each rendering"


@pytest.fixture(autouse=True)
def _kubectl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUSTOMIZE", programs.kubectl())
    monkeypatch.delenv("HUBOPS_CACHE", raising=False)
    monkeypatch.delenv("HELM", raising=False)


def site_with(root: Path, *overrides: dict[str, Any], content: bytes | None = None) -> Path:
    """A generated site whose hub is the small chart, locked and in the cache."""
    raw = charts.site()
    for override in overrides:
        raw = merge(raw, override)
    path = charts.placed(root, raw)
    archive = root / "carried.tgz"
    archive.write_bytes(content or charts.pack())
    assert add(path, archive, copies.silent()) == 0
    return path


def validated(path: Path, helm: str = "helm3", **means: Any) -> tuple[int, list[Found]]:
    """The exit code and the findings, but for the note about Helm's version."""
    program = HELMS[helm]() if helm in HELMS else helm
    run = copies.running(
        lambda terminal: validate_command.run(
            path, records.replace(terminal, format="json"), Means(helm=program, **means)
        )
    )
    found = [one for one in json.loads(run.out)["findings"] if one["code"] != "M908"]
    return run.code, found


def told(found: list[Found]) -> list[tuple[str, str]]:
    return [(one["code"], one["message"]) for one in found]


@ON_EACH_HELM
def test_exactly_the_random_field_is_found(tmp_path: Path, helm: str) -> None:
    code, found = validated(site_with(tmp_path), helm)
    assert (code, told(found)) == (1, [("M920", RANDOM)])


@ON_EACH_HELM
def test_random_field_that_argo_ignores_is_none(tmp_path: Path, helm: str) -> None:
    path = site_with(tmp_path)
    changed(
        tmp_path,
        lambda spec: spec["ignoreDifferences"].append(
            {"kind": "Secret", "name": "hub", "jsonPointers": ["/data/token~1a"]}
        ),
    )
    found = validated(path, helm)[1]
    assert [one["code"] for one in found] == ["M909", "M920"]
    tree = next(one for one in found if one["code"] == "M909")
    assert tree["file"].endswith("apps/jupyterhub/application.yaml")


def changed(root: Path, change: Callable[[Any], None]) -> None:
    """The base of the hub's Application, edited by hand."""
    path = root / "apps/jupyterhub/application.yaml"
    text = path.read_text()
    document = yaml.safe_load(text)
    change(document["spec"])
    path.write_text(text.splitlines()[0] + "\n" + yaml.safe_dump(document))


def without_lint() -> bytes:
    """The small chart with a schema that is too long for lint, and not for Helm."""
    schema = "jupyterhub/values.schema.json"
    return charts.packed({**charts.files(), schema: charts.files()[schema] + b" " * 3 * 2**20})


def test_value_that_lint_finds_to_break_the_schema_is_not_rendered(tmp_path: Path) -> None:
    path = site_with(tmp_path, charts.values(length="five"))
    code, found = validated(path)
    assert (code, {one["code"] for one in found}) == (1, {"C314"})


@ON_EACH_HELM
def test_value_that_the_schema_refuses_is_found_at_its_line(tmp_path: Path, helm: str) -> None:
    path = site_with(
        tmp_path,
        {"jupyterhub": {"database": {"storage": "1Ti"}}},
        charts.values(length="five", **{"un.known": 1}),
        content=without_lint(),
    )
    code, found = validated(path, helm)
    lines = path.read_text().splitlines()
    assert code == 1
    assert {one["code"] for one in found} == {"M904"}
    places = {one["message"].split("'")[1]: lines[one["line"] - 1].strip() for one in found}
    assert places == {
        "greeting.length": '"length": "five",',
        "greeting.un.known": '"un.known": 1',
        "hub.db.pvc.storage": '"storage": "1Ti"',
    }


@ON_EACH_HELM
def test_object_that_does_not_fit_its_rendered_definition_is_found(
    tmp_path: Path, helm: str
) -> None:
    found = validated(site_with(tmp_path, charts.values(odd=True)), helm)[1]
    assert (
        "M910",
        "production: jupyterhub: Middleware 'spring': /spec has no field 'moon'",
    ) in told(found)


def test_api_that_the_cluster_no_longer_has_is_found(tmp_path: Path) -> None:
    found = validated(site_with(tmp_path, charts.values(old=True)))[1]
    [one] = [one for one in found if one["code"] == "M911"]
    assert one["message"] == (
        "jupyterhub: PodDisruptionBudget 'hub' is of policy/v1beta1, which Kubernetes 1.30 does "
        "not serve"
    )
    assert one["help"] == "served there: v1"


def test_object_of_two_applications_is_found(tmp_path: Path) -> None:
    found = validated(site_with(tmp_path, charts.values(twice=True)))[1]
    assert (
        "M922",
        "protocoast-jupyterhub-production and protocoast-namespace-production both render "
        "ResourceQuota 'no-public-services'",
    ) in told(found) or (
        "M922",
        "protocoast-namespace-production and protocoast-jupyterhub-production both render "
        "ResourceQuota 'no-public-services'",
    ) in told(found)


def test_key_that_no_secret_has_is_found_at_its_line(tmp_path: Path) -> None:
    path = site_with(tmp_path, charts.values(field="tokn"))
    [one] = [one for one in validated(path)[1] if one["code"] == "M930"]
    assert one["message"].endswith("Deployment 'hub': Secret 'hub' has no 'tokn'")
    assert '"field": "tokn"' in path.read_text().splitlines()[one["line"] - 1]


ADDRESSES = {
    "another port": ("http://hub:9999/hub/api", "Service 'hub' has no port 9999"),
    "no such Service": ("http://huub:8081/hub/api", "there is no Service 'huub'"),
    "no such Service by its long name": (
        "http://huub.daskhub.svc.cluster.local/",
        "there is no Service 'huub'",
    ),
}


@pytest.mark.parametrize(("address", "why"), ADDRESSES.values(), ids=ADDRESSES)
def test_address_that_leads_nowhere_is_found(tmp_path: Path, address: str, why: str) -> None:
    path = site_with(tmp_path, charts.values(text=f"see {address}"))
    [one] = [one for one in validated(path)[1] if one["code"] == "M931"]
    assert one["message"].endswith(why)
    assert '"text"' in path.read_text().splitlines()[one["line"] - 1]


def test_addresses_that_lead_somewhere_are_none(tmp_path: Path) -> None:
    text = "http://hub:8081/x http://hub.daskhub:8081 https://docs.example.org http://localhost:1"
    assert told(validated(site_with(tmp_path, charts.values(text=text)))[1]) == [("M920", RANDOM)]


CREDENTIALS = {
    "token": "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "in a document": "a: 1\nsettings:\n  client_secret: hunter2\n",
    "in a script": 'import os\nc.X.password = "hunter2"\nif a: pass\n',
    "key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n",
}


@pytest.mark.parametrize("text", CREDENTIALS.values(), ids=CREDENTIALS)
def test_credential_in_a_rendered_object_is_found_and_not_repeated(
    tmp_path: Path, text: str
) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    encoded = json.dumps(text).encode()
    extra = template.replace(b"  kubernetes:", b"  file: " + encoded + b"\n  kubernetes:")
    path = site_with(tmp_path, content=charts.packed(charts.files(objects=extra)))
    code, found = validated(path)
    [one] = [one for one in found if one["code"] == "M921"]
    assert code == 1
    assert one["message"].endswith("ConfigMap 'greeting': /data/file looks like a credential")
    assert "hunter2" not in json.dumps(found)
    assert "ghp_" not in json.dumps(found)


@ON_EACH_HELM
def test_template_that_fails_hides_no_other_environment(tmp_path: Path, helm: str) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    failing = template + b'{{ if eq .Values.greeting.text "fail" }}{{ fail "no tide" }}{{ end }}'
    raw = copies.with_staging(charts.site())
    raw["environments"]["staging"]["jupyterhub"] = {"values": {"greeting": {"text": "fail"}}}
    path = site_with(tmp_path, raw, content=charts.packed(charts.files(objects=failing)))
    code, found = validated(path, helm)
    assert code == 1
    assert [one["code"] for one in found] == ["M905", "M920"]
    assert "no tide" in found[0]["message"]
    assert found[1]["message"] == RANDOM


REFUSED = {
    "library": ({"jupyterhub/Chart.yaml": b"type: library\n"}, "pin a chart that can be installed"),
    "Kubernetes": ({"jupyterhub/Chart.yaml": b'kubeVersion: ">=1.99.0-0"\n'}, "correct that"),
    "dependency": (
        {"jupyterhub/Chart.yaml": b"dependencies: [{name: redis, version: 1.0.0}]\n"},
        "pin a version whose package holds the charts",
    ),
    "function": ({"jupyterhub/templates/objects.yaml": b"{{ newest }}\n"}, "a newer Helm"),
    "value": ({"jupyterhub/templates/objects.yaml": b'{{ fail "no tide" }}\n'}, "hubops values"),
}


@ON_EACH_HELM
@pytest.mark.parametrize(("more", "help"), REFUSED.values(), ids=REFUSED)
def test_chart_that_helm_refuses_is_told_with_what_to_do(
    tmp_path: Path, helm: str, more: dict[str, bytes], help: str
) -> None:
    files = charts.files()
    files |= {path: files[path] + text for path, text in more.items()}
    found = validated(site_with(tmp_path, content=charts.packed(files)), helm)[1]
    [one] = [one for one in found if one["code"] == "M905"]
    assert help in one["help"]


def script(root: Path, text: str) -> str:
    path = root / "helm.sh"
    path.write_text(f'#!/bin/sh\n[ "$1" = version ] && echo v3.17.3 && exit 0\n{text}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


BROKEN = {
    "hangs": ("echo waiting for the tide >&2; sleep 600", "waiting for the tide"),
    "crashes": ("kill -9 $$", "was ended by signal 9"),
    "prints bytes": ("printf '\\377\\376'", "something that is not text"),
    "prints text": ("echo tide", "a document that is not a Kubernetes object"),
    "prints half": ("echo 'a: ['", "don't print clear YAML"),
}


@pytest.mark.parametrize(("text", "why"), BROKEN.values(), ids=BROKEN)
def test_helm_that_fails_by_itself_is_stopped_and_quoted(
    tmp_path: Path, text: str, why: str
) -> None:
    path = site_with(tmp_path)
    begun = time.monotonic()
    code, found = validated(path, script(tmp_path, text), patience=1.5)
    assert time.monotonic() - begun < 30
    assert why in found[0]["message"]
    assert code == (4 if found[0]["code"] == "M906" else 1)


def test_helm_that_floods_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.io.tools.MOST_OUTPUT", 10**6)
    code, found = validated(site_with(tmp_path), script(tmp_path, "exec yes"))
    assert (code, found[0]["code"]) == (4, "M906")
    assert "printed more than 1,000,000 bytes" in found[0]["message"]


MISSING = {
    "absent": (None, "not a helm that can be run"),
    "no helm": ("echo 5; exit 1", "does not say its version"),
    "old": ("echo v2.17.0", "is Helm 2.17.0; hubops needs 3.8 or newer"),
}


@pytest.mark.parametrize(("text", "why"), MISSING.values(), ids=MISSING)
def test_helm_that_can_not_be_used_ends_the_run(tmp_path: Path, text: str | None, why: str) -> None:
    path = site_with(tmp_path)
    program = tmp_path / "other.sh"
    if text is not None:
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    run = copies.running(
        lambda terminal: validate_command.run(path, terminal, Means(helm=str(program)))
    )
    assert run.code == 4
    assert why in run.error
    assert "make tools" in run.help


def test_chart_that_is_nowhere_is_found_and_the_rest_judged(tmp_path: Path) -> None:
    path = charts.placed(tmp_path, charts.site())
    code, found = validated(path)
    assert (code, [one["code"] for one in found]) == (1, ["M901"])
    assert found[0]["help"] == "it is not in charts.lock yet: run 'hubops charts fetch'"


def test_chart_of_the_cache_that_is_not_locked_is_said(tmp_path: Path) -> None:
    path = site_with(tmp_path)
    (tmp_path / "charts.lock").unlink()
    found = validated(path)[1]
    assert [one["code"] for one in found] == ["M902", "M920"]


def test_cached_chart_with_another_digest_is_never_rendered(tmp_path: Path) -> None:
    path = site_with(tmp_path)
    (tmp_path / ".cache/charts/jupyterhub-4.4.0.tgz").write_bytes(charts.pack(version="4.4.0 "))
    code, found = validated(path)
    assert (code, [one["code"] for one in found]) == (1, ["M901"])


def test_placeholder_is_an_error_where_all_must_be_sealed(tmp_path: Path) -> None:
    raw = {"environments": {"production": {"requireSealed": True}}}
    path = site_with(tmp_path, raw)
    before = [one["code"] for one in validated(path)[1]]
    copies.put_all(tmp_path, "production")
    assert copies.generate(tmp_path).code == 0
    after = [one["code"] for one in validated(path)[1]]
    assert (before, after) == (["M920", "M940"], ["M920"])


def test_finding_is_silenced_on_its_line(tmp_path: Path) -> None:
    path = site_with(tmp_path)
    ignored = '"version": "4.4.0", # hubops: ignore[M920] tried by hand\n'
    path.write_text(path.read_text().replace('"version": "4.4.0",\n', ignored))
    assert validated(path) == (0, [])


def test_extra_folder_that_can_not_be_built_is_found(tmp_path: Path) -> None:
    path = site_with(tmp_path)
    extra = tmp_path / "overlays/production/namespace/extra"
    extra.mkdir()
    (extra / "kustomization.yaml").write_text("resources: [missing.yaml]\n")
    assert copies.generate(tmp_path).code == 0
    code, found = validated(path)
    [one] = [one for one in found if one["code"] == "M903"]
    assert code == 1
    assert "missing.yaml" in one["message"]
    assert one["file"].endswith("overlays/production/namespace/kustomization.yaml")


def test_users_helm_settings_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HELM_NAMESPACE", "HELM_KUBECONTEXT", "HELM_DEBUG", "HELM_PLUGINS"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "no-such-file"))
    assert told(validated(site_with(tmp_path))[1]) == [("M920", RANDOM)]


def rendered(
    path: Path, choice: Choice, output: Path | None = None, helm: str = "helm3"
) -> copies.Run:
    means = Means(helm=HELMS[helm]())
    return copies.running(
        lambda terminal: render_command.run(
            path, terminal, means, environment=choice.environment, app=choice.app, output=output
        )
    )


@ON_EACH_HELM
def test_render_shows_what_argo_would_pass(tmp_path: Path, helm: str) -> None:
    path = site_with(tmp_path)
    run = rendered(path, Choice(environment="production", app="jupyterhub", twice=False), helm=helm)
    assert run.code == 0, run.said
    documents = [one for one in yaml.safe_load_all(run.out) if one]
    config = next(one for one in documents if one["kind"] == "ConfigMap")
    assert config["data"] == {
        "text": "hello",
        "kubernetes": "v1.30.0",
        "budget": "true",
        "release": "jupyterhub in daskhub",
    }
    assert "CustomResourceDefinition" in {one["kind"] for one in documents}


def test_render_writes_every_unit_into_a_folder(tmp_path: Path) -> None:
    path = site_with(tmp_path)
    run = rendered(path, Choice(twice=False), tmp_path / "out")
    assert run.code == 0, run.said
    assert sorted(copies.files(tmp_path / "out")) == [
        "argocd/clusters-fedcloud-bootstrap.yaml",
        "argocd/clusters-fedcloud.yaml",
        "argocd/production.yaml",
        "production/jupyterhub.yaml",
        "production/namespace.yaml",
    ]


@ON_EACH_HELM
def test_render_of_values_that_the_chart_refuses_is_no_failure_of_helm(
    tmp_path: Path, helm: str
) -> None:
    path = site_with(tmp_path, charts.values(length="five"), content=without_lint())
    run = rendered(path, Choice(environment="production", app="jupyterhub"), helm=helm)
    assert (run.code, "greeting" in run.said) == (3, True)


@ON_EACH_HELM
def test_render_of_a_template_that_fails_is_no_failure_of_helm(tmp_path: Path, helm: str) -> None:
    template = b'{{ fail "this template never renders" }}'
    path = site_with(tmp_path, content=charts.packed(charts.files(objects=template)))
    run = rendered(path, Choice(environment="production", app="jupyterhub"), helm=helm)
    assert (run.code, "never renders" in run.said) == (3, True)


@pytest.mark.parametrize("name", ["environment", "app"])
def test_render_of_nothing_that_is_there_names_what_is(tmp_path: Path, name: str) -> None:
    path = site_with(tmp_path)
    choice = {"environment": Choice(environment="prodction"), "app": Choice(app="jupyterhb")}
    run = rendered(path, choice[name])
    assert run.code == 2
    assert run.help.startswith("did you mean")


def test_tool_is_found_where_make_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.proof.programs import programs_for
    from generator.versions import Version

    monkeypatch.delenv("KUSTOMIZE")
    (tmp_path / ".tools").mkdir()
    for name, source in {"helm3": programs.helm3(), "helm4": programs.helm4()}.items():
        (tmp_path / ".tools" / name).symlink_to(source)
    (tmp_path / ".tools/kubectl").symlink_to(programs.kubectl())
    monkeypatch.chdir(tmp_path)
    old, new = Version.parse("3.1"), Version.parse("3.5")
    there = programs_for(frozenset((old, new)))
    assert {argocd: helm.version.numbers[0] for argocd, helm in there.helms.items()} == {
        old: 3,
        new: 4,
    }
    assert there.kustomize == (str(tmp_path / ".tools/kubectl"), "kustomize")


def test_finding_in_what_environments_share_is_said_once(tmp_path: Path) -> None:
    raw = copies.with_staging(charts.site())
    found = told(validated(site_with(tmp_path, raw))[1])
    # Both would own the chart's definition, in one cluster: that is a finding of its own.
    assert sorted(found) == [
        ("M920", RANDOM),
        (
            "M922",
            "protocoast-jupyterhub-staging and protocoast-jupyterhub-production both render "
            "CustomResourceDefinition 'middlewares.traefik.io'",
        ),
    ]


def test_definitions_of_two_applications_are_left_to_one(tmp_path: Path) -> None:
    raw = copies.with_staging(charts.site())
    [one] = [one for one in validated(site_with(tmp_path, raw))[1] if one["code"] == "M922"]
    assert one["help"] == (
        "let only one of the two bring them: write  installCRDs: false  under the app, or under "
        "the daskGateway of the environment"
    )


def test_finding_in_the_tree_shows_no_line_of_the_site(tmp_path: Path) -> None:
    path = site_with(tmp_path)
    changed(tmp_path, lambda spec: spec.pop("ignoreDifferences"))
    means = Means(helm=programs.helm3())
    run = copies.running(lambda terminal: validate_command.run(path, terminal, means))
    first, second = run.out.splitlines()[:2]
    assert first.endswith("1 file on disk not what site.yaml gives: both trees were checked")
    help = "  help: run 'hubops generate'; 'hubops check' lists the files"
    assert second == f"{help}  docs/checks.md#m909"
    assert '"version": "4.4.0",' in run.out
    assert run.notes.endswith("1 error, 1 warning, 1 info; fix them and validate again\n")


def test_clean_site_says_how_much_was_rendered(tmp_path: Path) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    fixed = template.replace(b"{{ randAlphaNum 40 | b64enc }}", b"dGlkZQ==")
    path = site_with(tmp_path, content=charts.packed(charts.files(objects=fixed)))
    means = Means(helm=programs.helm3())
    run = copies.running(lambda terminal: validate_command.run(path, terminal, means))
    assert run.code == 0
    assert run.notes == "1 info; 2 applications with 10 objects rendered, no errors\n"


def test_hand_edited_ignored_fields_are_found_although_site_yaml_gives_them(tmp_path: Path) -> None:
    template = charts.files()["jupyterhub/templates/objects.yaml"]
    name = b"hub.config.ConfigurableHTTPProxy.auth_token"
    path = site_with(
        tmp_path, content=charts.packed(charts.files(objects=template.replace(b"token/a", name)))
    )
    before = validated(path)
    changed(tmp_path, lambda spec: spec.pop("ignoreDifferences"))
    code, found = validated(path)
    assert before == (0, [])
    assert (code, [one["code"] for one in found]) == (1, ["M909", "M920"])


# What is written in the environment's overlay, and what somebody makes of it.
ELSEWHERE = {
    "another namespace": ("namespace: daskhub", "namespace: other"),
    "another cluster": ("server: https://kubernetes.default.svc", "server: https://x.example.org"),
    "another project": ("project: protocoast-fedcloud", "project: default"),
    "another repository": (
        "repoURL: https://charts.example.org/",
        "repoURL: https://x.example.org",
    ),
    "another release": ("releaseName: jupyterhub", "releaseName: other"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_tree_that_sends_a_release_elsewhere_is_an_error(tmp_path: Path, name: str) -> None:
    path = site_with(tmp_path)
    for file in ("apps/jupyterhub/application.yaml", "overlays/production/kustomization.yaml"):
        text = (tmp_path / file).read_text()
        (tmp_path / file).write_text(text.replace(*ELSEWHERE[name]))
    code, found = validated(path)
    drift = [one for one in found if one["code"] == "M909"]
    assert (code, [one["severity"] for one in drift]) == (1, ["error"])
    assert "Application 'protocoast-jupyterhub-production'" in drift[0]["message"]


def test_tree_with_other_values_is_a_warning(tmp_path: Path) -> None:
    path = site_with(tmp_path)
    changed(tmp_path, lambda spec: spec["source"]["helm"]["valuesObject"].update(debug={}))
    found = validated(path)[1]
    assert [one["severity"] for one in found if one["code"] == "M909"] == ["warning"]


@pytest.mark.parametrize(
    "file", ["project.yaml", "environment-production.yaml", "bootstrap/root.yaml"]
)
def test_cluster_folder_that_leads_elsewhere_is_an_error(tmp_path: Path, file: str) -> None:
    path = site_with(tmp_path)
    edited = tmp_path / "clusters" / "fedcloud" / file
    text = edited.read_text()
    edited.write_text(text.replace("kubernetes.default.svc", "x.example.org"))
    code, found = validated(path)
    assert (code, [one["severity"] for one in found if one["code"] == "M909"]) == (1, ["error"])


def test_interrupt_ends_helm_and_leaves_no_folder(tmp_path: Path) -> None:
    path = site_with(tmp_path / "site")
    (tmp_path / "temporary").mkdir()
    helm = script(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 600")
    process = subprocess.Popen(
        copies.command("validate", "--helm", helm),
        cwd=path.parent,
        env=copies.environment({"TMPDIR": str(tmp_path / "temporary")}),
        stderr=subprocess.PIPE,
        text=True,
    )
    pid = tmp_path / "pid"
    while not (pid.exists() and pid.read_text().strip()):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    complaint = process.communicate(timeout=30)[1]
    assert (process.returncode, "interrupted" in complaint) == (130, True)
    assert list((tmp_path / "temporary").iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_claim_that_site_yaml_says_is_there_is_not_missed(tmp_path: Path) -> None:
    said = {"volumes": [{"name": "data", "claim": "data", "mount": "/data"}]}
    raw = [{"name": "raw", "persistentVolumeClaim": {"claimName": "raw"}}]
    values = {"singleuser": {"storage": {"extraVolumes": raw}}}
    path = site_with(tmp_path, {"jupyterhub": {"servers": said, "values": values}})
    [one] = [one for one in validated(path)[1] if one["code"] == "M930"]
    assert "PersistentVolumeClaim 'raw'" in one["message"]
