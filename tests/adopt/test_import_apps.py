"""Applications of any other chart: an entry of `apps`, with the proof that it gives the same."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from generator.adopt.app_parameters import over
from generator.cli.main import hubops
from generator.diagnostics import GeneratorError
from tests.support import charts, copies, programs
from tests.support.imports import HUB, proposed

SERVER = "https://kubernetes.default.svc"


def application(name: str = "spring", /, **changes: Any) -> dict[str, Any]:
    """An Application of a further chart; `helm`, `source` and others change it."""
    source = {
        "repoURL": "https://charts.example.org",
        "chart": "spring",
        "targetRevision": "1.2.3",
        **changes.pop("source", {}),
    }
    if "helm" in changes:
        source["helm"] = changes.pop("helm")
    metadata = {"name": name, "namespace": "argocd", **changes.pop("metadata", {})}
    status = {"status": changes.pop("status")} if "status" in changes else {}
    place = {"server": SERVER, "namespace": "spring"}
    spec = {"source": source, "destination": place, **changes}
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}
    return {**kind, "metadata": metadata, "spec": spec, **status}


def imported(root: Path, *documents: Any, options: tuple[str, ...] = ()) -> Result:
    """What the command says of one file of these documents."""
    file = root / "apps.yaml"
    file.write_text("---\n".join(f"{json.dumps(one)}\n" for one in documents))
    arguments = ["import", "--application", str(file), "--output", str(root / "site.yaml")]
    return CliRunner().invoke(
        hubops, [*arguments, *options], catch_exceptions=False, standalone_mode=False
    )


def entry(root: Path, *documents: Any, options: tuple[str, ...] = ()) -> Any:
    """The only entry, from what is printed."""
    found = yaml.safe_load(imported(root, *documents, options=options).stdout)
    (one,) = found["apps"].values()
    return one


FORMS: dict[str, tuple[Mapping[str, Any], Any]] = {
    "text": ({"values": "a: {b: 1}\n"}, {"a": {"b": 1}}),
    "object": ({"valuesObject": {"a": {"b": 1}}}, {"a": {"b": 1}}),
    "object beside text": ({"valuesObject": {"a": 1}, "values": "b: 2\n"}, {"a": 1}),
    "parameters": (
        {
            "values": "a: {b: 1, c: [x, y]}\n",
            "parameters": [
                {"name": "a.b", "value": "2"},
                {"name": "a.c[1]", "value": "z"},
                {"name": "a.d\\.e/f", "value": "7", "forceString": True},
                {"name": "on", "value": "true"},
                {"name": "list", "value": "{a,1}"},
                {"name": "new[0].name", "value": "n"},
            ],
        },
        {
            "a": {"b": 2, "c": ["x", "z"], "d.e/f": "7"},
            "on": True,
            "list": ["a", 1],
            "new": [{"name": "n"}],
        },
    ),
}


@pytest.mark.parametrize(("helm", "values"), FORMS.values(), ids=FORMS)
def test_values_in_each_form(tmp_path: Path, helm: Mapping[str, Any], values: Any) -> None:
    assert entry(tmp_path, application(helm=helm))["values"] == values


def test_entry_says_what_the_application_says(tmp_path: Path) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "privileged"}
    sync = {"syncOptions": ["CreateNamespace=true"], "managedNamespaceMetadata": {"labels": labels}}
    waves = {"annotations": {"argocd.argoproj.io/sync-wave": "-7"}}
    found = entry(
        tmp_path,
        application(
            metadata=waves, syncPolicy=sync, source={"repoURL": "registry.example.org/charts"}
        ),
    )
    assert found == {
        "scope": "cluster",
        "chart": {
            "name": "spring",
            "repository": "oci://registry.example.org/charts",
            "version": "1.2.3",
        },
        "namespace": "spring",
        "namespaceLabels": labels,
        "wave": -7,
    }


def test_range_of_versions_takes_what_argo_cd_synced_and_asks(tmp_path: Path) -> None:
    source = {"targetRevision": "1.*"}
    run = imported(tmp_path, application(source=source, status={"sync": {"revision": "1.9.4"}}))
    assert yaml.safe_load(run.stdout)["apps"]["spring"]["chart"]["version"] == "1.9.4"
    assert "# ASK: '1.*' is not one exact version; 1.9.4 runs." in run.stdout


def test_several_sources_with_values_of_another_repository(tmp_path: Path) -> None:
    (tmp_path / "cfg").mkdir()
    (tmp_path / "cfg/values.yaml").write_text("a: 1\nb: 2\n")
    document = application()
    source = document["spec"].pop("source")
    helm = {"valueFiles": ["$cfg/values.yaml"], "valuesObject": {"b": 3}}
    repository = {"repoURL": "https://git.example.org/cfg.git", "ref": "cfg"}
    document["spec"]["sources"] = [{**source, "helm": helm}, repository]
    options = ("--values-from", f"cfg={tmp_path / 'cfg'}")
    assert entry(tmp_path, document, options=options)["values"] == {"a": 1, "b": 3}


IGNORED: dict[str, tuple[Mapping[str, Any], list[str]]] = {
    "pointers": ({"jsonPointers": ["/data/a~1b", "/data"]}, ["/data/a~1b"]),
    "jq": ({"jqPathExpressions": ['.data["a/b"]', ".a.b[0].c", '.x."y.z"']},
           ["/data/a~1b", "/a/b/0/c", "/x/y.z"]),
    "a search": ({"jqPathExpressions": [".webhooks[]?.clientConfig.caBundle"]}, []),
    "a manager": ({"managedFieldsManagers": ["kube-controller-manager"]}, []),
}  # fmt: skip


@pytest.mark.parametrize(("said", "pointers"), IGNORED.values(), ids=IGNORED)
def test_ignored_differences(tmp_path: Path, said: Mapping[str, Any], pointers: list[str]) -> None:
    one = {"group": "apps", "kind": "Deployment", "name": "a", **said}
    found = entry(tmp_path, application(ignoreDifferences=[one])).get("ignoreDifferences", [])
    assert [pointer for each in found for pointer in each["jsonPointers"]] == pointers
    assert all(each["kind"] == "Deployment" and each["reason"] for each in found)


LOST: dict[str, tuple[Any, str]] = {
    "a password": ({"auth": {"password": "correct-horse-7"}}, "auth.password"),
    "a variable": ({"env": [{"name": "API_TOKEN", "value": "correct-horse-7"}]}, "env"),
    "a null": ({"nodeSelector": None}, "nodeSelector"),
}


@pytest.mark.parametrize(("values", "path"), LOST.values(), ids=LOST)
def test_what_no_site_may_hold_is_left_out_and_told(tmp_path: Path, values: Any, path: str) -> None:
    run = imported(tmp_path, application(helm={"valuesObject": {**values, "kept": 1}}))
    assert run.return_value == 1
    assert yaml.safe_load(run.stdout)["apps"]["spring"]["values"] == {"kept": 1}
    assert "1 value equal, 1 LOST" in run.stderr
    assert f"spring {path}\n" in run.stderr
    assert "correct-horse" not in run.output


def element(cluster: str, **more: str) -> dict[str, str]:
    return {"cluster": cluster, "server": f"https://{cluster}.example.org", "v": "1.2.3", **more}


def application_set(*elements: Mapping[str, str], **template: Any) -> dict[str, Any]:
    one = application("spring-{{cluster}}", helm={"releaseName": "spring", **template})
    one["spec"]["source"]["targetRevision"] = "{{v}}"
    one["spec"]["destination"]["server"] = "{{server}}"
    body = {"metadata": one["metadata"], "spec": one["spec"]}
    generators = [{"list": {"elements": list(elements)}}]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "addons", "namespace": "argocd"},
        "spec": {"generators": generators, "template": body},
    }


def test_set_gives_one_app_and_what_differs_in_each_cluster(tmp_path: Path) -> None:
    values = {"valuesObject": {"size": "{{size}}", "all": 1}}
    elements = element("north", size="a"), element("south", size="b", v="1.3.0")
    run = imported(tmp_path, application_set(*elements, **values))
    found = yaml.safe_load(run.stdout)
    assert found["apps"]["spring"]["values"] == {"size": "a", "all": 1}
    assert found["clusters"] == {
        "south": {"apps": {"spring": {"chart": {"version": "1.3.0"}, "values": {"size": "b"}}}}
    }
    assert run.return_value == 0


def test_two_releases_of_one_name_in_a_cluster_are_refused(tmp_path: Path) -> None:
    helm = {"releaseName": "spring"}
    with pytest.raises(GeneratorError, match="two Applications have a release 'spring'"):
        imported(tmp_path, application("a", helm=helm), application("b", helm=helm))


def test_old_application_goes_without_its_objects(tmp_path: Path) -> None:
    run = imported(tmp_path, application("old", metadata={"finalizers": ["x"]}))
    said = [line.strip() for line in run.stderr.splitlines()]
    patch = "kubectl patch application old -n argocd --type merge -p"
    assert f'{patch} \'{{"metadata":{{"finalizers":null}}}}\'' in said
    assert "kubectl delete application old -n argocd" in said


@pytest.mark.parametrize("site", [True, False], ids=["a site is there", "none is there"])
def test_nothing_is_written(tmp_path: Path, site: bool) -> None:
    if site:
        (tmp_path / "site.yaml").write_text("mine\n")
    run = imported(tmp_path, application())
    assert run.return_value == 0
    assert "nothing was written" in run.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"apps.yaml", *(["site.yaml"] * site)}


def test_force_adds_the_entry_to_the_site_that_is_there(tmp_path: Path) -> None:
    site = "# ours\n" + yaml.safe_dump(copies.one_hub(), sort_keys=False)
    (tmp_path / "site.yaml").write_text(site)
    source = {"targetRevision": "1.*"}
    document = application(source=source, status={"sync": {"revision": "1.9.4"}})
    run = imported(tmp_path, document, options=("--force",))
    assert run.return_value == 0
    text = (tmp_path / "site.yaml").read_text()
    assert text.startswith(site)
    assert "# ASK: '1.*' is not one exact version; 1.9.4 runs." in text
    assert yaml.safe_load(text)["apps"]["spring"]["chart"]["version"] == "1.9.4"
    with pytest.raises(GeneratorError, match="has 'spring' already"):
        imported(tmp_path, document, options=("--force",))
    assert (tmp_path / "site.yaml").read_text() == text


def test_entry_that_lint_refuses_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(before := yaml.safe_dump(copies.one_hub()))
    document = application(destination={"server": SERVER, "namespace": "argocd"})
    assert imported(tmp_path, document, options=("--force",)).return_value == 1
    assert (tmp_path / "site.yaml").read_text() == before


RANGE = {"source": {"targetRevision": "1.*"}}
IN_ARGOCD = {"destination": {"server": SERVER, "namespace": "argocd"}}
# What an Application says, and how the import ends: 1 where the entry can't be used as it is.
ENDS: dict[str, tuple[Mapping[str, Any], int, str]] = {
    "all": ({}, 0, "1 value equal"),
    "what runs of a range": ({**RANGE, "status": {"sync": {"revision": "1.9.4"}}}, 0, ""),
    "range of versions": (RANGE, 1, "NOT KNOWN (1)"),
    "no version": ({"source": {"targetRevision": ""}}, 1, "spring chart.version\n"),
    "no namespace": ({"destination": {"server": SERVER}}, 1, "spring namespace\n"),
    "neither": ({**RANGE, "destination": {"server": SERVER}}, 1, "NOT KNOWN (2)"),
    "Argo CD's namespace": (IN_ARGOCD, 1, "spring.namespace: R231: namespace 'argocd' belongs"),
    "namespace of another Argo CD": ({**IN_ARGOCD, "metadata": {"namespace": "cd"}}, 0, ""),
    "wave of an environment": (
        {"metadata": {"annotations": {"argocd.argoproj.io/sync-wave": "5"}}}, 0, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "said"), ENDS.values(), ids=ENDS)
def test_exit_code(tmp_path: Path, changes: Mapping[str, Any], code: int, said: str) -> None:
    run = imported(tmp_path, application(helm={"valuesObject": {"a": 1}}, **changes))
    assert run.return_value == code
    assert said in run.stderr
    assert ("belongs to Argo CD" in run.stderr) == ("R231" in said)


def test_entry_without_its_version_is_written_and_told(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(copies.one_hub(), sort_keys=False))
    run = imported(tmp_path, application(**RANGE), options=("--force",))
    assert run.return_value == 1
    assert "# ASK: '1.*' is not one exact version" in (tmp_path / "site.yaml").read_text()


def test_entry_gives_the_application_the_same_values(tmp_path: Path) -> None:
    helm = {"values": "a: [1, {b: 'x'}]\n", "parameters": [{"name": "c.d", "value": "e"}]}
    found = entry(tmp_path, application(helm=helm))
    copies.made(tmp_path, copies.one_hub() | {"apps": {"spring": found}})
    made = copies.data((tmp_path / "clusters/fedcloud/app-spring.yaml").read_bytes())
    assert made["spec"]["source"].pop("name").startswith("hubops-")
    assert made["spec"]["source"] == {
        "repoURL": "https://charts.example.org",
        "chart": "spring",
        "targetRevision": "1.2.3",
        "helm": {
            "releaseName": "spring",
            "valuesObject": {"a": [1, {"b": "x"}], "c": {"d": "e"}},
        },
    }


# --- beside a hub


def beside(source: Mapping[str, Any] = {}, **changes: Any) -> Any:
    chart = {"repoURL": "https://hub.jupyter.org/helm-chart/", "chart": "jupyterhub"}
    hub = application(
        "hub", source={**chart, "targetRevision": "4.4.0"}, helm={"valuesObject": HUB}
    )
    hub["spec"]["destination"]["namespace"] = "hub"
    one = application(helm={"valuesObject": {"a": 1}}, source=source)
    one["spec"]["destination"] |= changes
    text = "---\n".join(f"{json.dumps(document)}\n" for document in (hub, one))
    return proposed(applications=text)


@pytest.mark.parametrize(
    ("changes", "scope"),
    [({"namespace": "hub"}, "environment"), ({"namespace": "spring"}, "cluster")],
)
def test_app_of_the_hubs_namespace_is_its_environments(changes: Any, scope: str) -> None:
    proposal = beside(**changes)
    assert proposal.site is not None
    (app,) = proposal.site.apps
    assert ("cluster" if app.is_of_cluster else "environment") == scope
    assert dict(app.values) == {"a": 1}
    assert proposal.is_proven


def test_version_that_nothing_tells_is_no_difference_without_a_reason() -> None:
    proposal = beside(source={"targetRevision": "1.*"})
    assert (proposal.is_explained, proposal.is_proven) == (True, False)


def test_app_of_another_cluster_is_asked_about() -> None:
    proposal = beside(server="https://other.example.org")
    assert proposal.site is not None
    assert proposal.site.apps == ()
    assert any("runs in another cluster" in one.text for one in proposal.questions)


# --- with Helm and the chart at hand


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small chart in its cache, and a Helm."""
    monkeypatch.setenv("HELM", programs.helm3())
    monkeypatch.delenv("HUBOPS_CACHE", raising=False)
    cache = tmp_path / ".cache/charts"
    cache.mkdir(parents=True)
    (cache / "spring-4.4.0.tgz").write_bytes(charts.pack(name="spring"))
    return tmp_path


def of_chart(**helm: Any) -> dict[str, Any]:
    return application(source={"targetRevision": "4.4.0"}, helm=helm)


@pytest.mark.tools
def test_both_are_rendered_and_the_kinds_are_named(cached: Path) -> None:
    run = imported(cached, of_chart(valuesObject={"greeting": {"text": "high"}}))
    assert run.return_value == 0
    found = yaml.safe_load(run.stdout)["apps"]["spring"]
    assert found["clusterKinds"] == ["CustomResourceDefinition"]
    assert "from both: 7 objects are equal\n" in run.stderr


@pytest.mark.tools
def test_what_differs_after_helm_is_named(cached: Path) -> None:
    run = imported(cached, of_chart(valuesObject={"greeting": {"text": None}}))
    assert run.return_value == 1
    said = " ".join(run.stderr.split())
    assert "6 objects are equal, and these are not: ConfigMap greeting LOST" in said


@pytest.mark.tools
def test_definitions_that_are_left_out_stay_so(cached: Path) -> None:
    run = imported(cached, of_chart(skipCrds=True))
    assert run.return_value == 0
    found = yaml.safe_load(run.stdout)["apps"]["spring"]
    assert found["installCRDs"] is False
    assert "clusterKinds" not in found


@pytest.mark.tools
def test_helm_gets_no_credential(
    cached: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    helm = tmp_path / "helm"
    program = (
        f'cat > {seen}.new; cat {seen}.new >> {seen}; exec "{programs.helm3()}" "$@" < {seen}.new'
    )
    version = f'[ "$1" = version ] && exec "{programs.helm3()}" "$@"'
    helm.write_text(f"#!/bin/sh\n{version}\n{program}\n")
    helm.chmod(0o755)
    monkeypatch.setenv("HELM", str(helm))
    greeting = {"text": "high", "password": "correct-horse-7"}
    run = imported(cached, of_chart(valuesObject={"greeting": greeting}))
    assert run.return_value == 1
    assert '"text": "high"' in seen.read_text()
    assert "correct-horse" not in seen.read_text() + run.output


def test_failure_of_helm_is_told(cached: Path) -> None:
    run = imported(cached, of_chart(valuesObject={"greeting": {"length": "five"}}))
    assert "compared by values alone: Helm fails: values don't meet" in " ".join(run.stderr.split())


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("a[2]", "x", {"a": [None, None, "x"]}),
        ("a", "{}", {"a": []}),
        ("a", "null", {"a": None}),
        ("a", "007", {"a": "007"}),
        ("a", "-5", {"a": -5}),
        ("a", "1.5", {"a": "1.5"}),
    ],
)
def test_parameters_are_typed_as_helm_types_them(name: str, text: str, values: Any) -> None:
    assert over({}, [{"name": name, "value": text}]) == (values, [])


@pytest.mark.parametrize("name", ["", "a..b", "a[x]", "[0]", "a{b}", None])
def test_parameter_that_can_not_be_read_is_told(name: str | None) -> None:
    assert over({"k": 1}, [{"name": name, "value": "x"}]) == ({"k": 1}, [0])
