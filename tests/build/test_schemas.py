"""Every generated object passes closed schemas: the project's own, the CRDs', Kubernetes' own."""

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.protocols import Validator

from generator.build import repository, sealed_secrets
from generator.io import resources
from generator.proof import object_schemas
from generator.site.model import Site
from generator.versions import Version
from tests.support import facts, kustomize, random_sites, releases
from tests.support.sites import PROTOCOAST, ROOT, protocoast, protocoast_with, site_of

Resource = dict[str, Any]
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/site.yaml"))
STRICT = {
    "Application": "application_v1alpha1.strict.json",
    "AppProject": "appproject_v1alpha1.strict.json",
    "SealedSecret": "sealedsecret_v1alpha1.strict.json",
}
# Kinds of the Prometheus operator, by the file with the schema of their definition.
MONITORING = {
    "ServiceMonitor": "servicemonitor_v1.crd.json",
    "PodMonitor": "podmonitor_v1.crd.json",
    "PrometheusRule": "prometheusrule_v1.crd.json",
}
# kubernetes-validate carries no schemas of older releases.
OLDEST_KUBERNETES = Version.parse("1.25")
RANDOM_SITES = 12


def sites() -> Iterator[tuple[str, Site]]:
    """The sites whose objects are looked at, with what they are called."""
    yield "ProtoCoast", protocoast()
    yield "every field", with_every_field()
    for path in GOLDEN:
        yield path.parent.name, site_of(path.read_text())
    for number, text in enumerate(random_sites.sample(RANDOM_SITES)):
        yield f"random {number}", site_of(text)


CHART = {"name": "csi", "repository": "https://charts.example.org", "version": "2.31.7"}


def with_every_field() -> Site:
    """A site that makes hubops write each field that it ever writes."""
    dask = {"releaseName": "second", "installCRDs": False}
    cluster = {"cluster": "fedcloud", "daskGateway": dask}
    return protocoast_with(
        {
            "argocd": {"version": "3.3"},
            "secrets": {"registry": {"kind": "registry", "server": "registry.example.org"}},
            "apps": {"csi": {"scope": "cluster", "namespace": "kube-system", "chart": CHART}},
            "clusters": {
                "old": {
                    "name": "old",
                    "argocd": {"version": "2.8"},
                    "kubernetes": "1.25",
                    "storageClass": "standard",
                    "ingress": {"className": "nginx"},
                }
            },
            "environments": {
                "shared": {
                    **cluster,
                    "namespace": "shared",
                    "host": "shared.example.org",
                    "sealingScope": "namespace-wide",
                },
                "legacy": {
                    "cluster": "old",
                    "namespace": "old",
                    "host": "old.example.org",
                    "sealingScope": "cluster-wide",
                },
            },
        }
    )


@cache
def objects() -> tuple[tuple[str, Version, Resource], ...]:
    """Every object of these sites: where it stands, for which Kubernetes, and itself."""
    return tuple(
        (f"{called}: {folder}", _kubernetes(site, folder), resource)
        for called, site in sites()
        for folder, held in releases.objects(site).items()
        for resource in held
    )


def _kubernetes(site: Site, folder: str) -> Version:
    """The Kubernetes that a folder's objects go to."""
    kind, name = folder.split("/")[:2]
    placed = {environment.name: environment.cluster for environment in site.environments}
    return site.clusters[name if kind == "clusters" else placed[name]].kubernetes


def complaints(validator: Validator, resource: Resource) -> list[str]:
    """What a schema says against an object."""
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(resource)]


def own_schema(kind: str) -> Validator:
    """The project's own closed schema of a kind."""
    return Draft202012Validator(resources.object_schema(kind))


def found_wrong(kind: str, validator: Validator) -> dict[str, list[str]]:
    """What a schema says against the objects of its kind, by where they stand."""
    checked = {
        f"{where} {resource['metadata']['name']}": complaints(validator, resource)
        for where, _, resource in objects()
        if resource["kind"] == kind
    }
    assert checked
    return {where: said for where, said in checked.items() if said}


@pytest.mark.parametrize("kind", resources.OBJECT_KINDS)
def test_objects_pass_the_projects_own_schema(kind: str) -> None:
    assert found_wrong(kind, own_schema(kind)) == {}


@facts.recorded("schemas")
@pytest.mark.parametrize("kind", resources.OBJECT_KINDS)
def test_objects_pass_the_schema_of_the_crd(kind: str) -> None:
    schema = json.loads(facts.path("schemas", STRICT[kind]).read_text())
    assert found_wrong(kind, Draft7Validator(schema)) == {}


@facts.recorded("schemas", MONITORING["ServiceMonitor"])
@pytest.mark.parametrize("kind", MONITORING)
def test_monitors_and_alerts_pass_the_schema_of_the_operators_definition(kind: str) -> None:
    schema = json.loads(facts.path("schemas", MONITORING[kind]).read_text())
    assert found_wrong(kind, object_schemas.custom(schema)) == {}


def test_all_other_objects_pass_kubernetes_own_schemas() -> None:
    kinds = set()
    for where, version, resource in objects():
        if resource["kind"] in (*resources.OBJECT_KINDS, *MONITORING):
            continue
        kinds.add(resource["kind"])
        release = str(max(version, OLDEST_KUBERNETES))
        try:
            kubernetes_validate.validate(resource, release, strict=True)
        except kubernetes_validate.ValidationError as error:
            pytest.fail(f"{where}: {error}")
    assert kinds == {"Namespace", "NetworkPolicy", "ResourceQuota"}


@pytest.mark.tools
@pytest.mark.parametrize("path", [PROTOCOAST, *GOLDEN], ids=lambda path: path.parent.name)
def test_what_kustomize_builds_passes_the_schemas(path: Path, tmp_path: Path) -> None:
    site = site_of(path.read_text())
    kustomize.write(tmp_path, releases.tree_of(site))
    built = kustomize.build_together(tmp_path, [tmp_path / name for name in releases.folders(site)])
    wrong = {}
    for folder, held in built.items():
        release = str(_kubernetes(site, folder.relative_to(tmp_path).as_posix()))
        for resource in held:
            if resource["kind"] in resources.OBJECT_KINDS:
                wrong[kustomize.identity(resource)] = complaints(
                    own_schema(resource["kind"]), resource
                )
            elif resource["kind"] not in MONITORING:
                kubernetes_validate.validate(resource, release, strict=True)
    assert {identity: said for identity, said in wrong.items() if said} == {}


def with_a_value(scope: str) -> Resource:
    """A SealedSecret with a value and its certificate."""
    site = protocoast_with({"environments": {"production": {"sealingScope": scope}}})
    environment = site.environments[0]
    (secret,) = repository.secrets_of(environment)
    whose = sealed_secrets.owner(environment, secret, secret.keys[0])
    inputs = repository.Inputs(sealed={whose: "QWdh"}, certificates={whose: f"sha256:{'0a' * 32}"})
    path = repository.sealed_path(environment.name, secret.name)
    resource: Resource = releases.read(repository.build(site, inputs)[path])
    return resource


SCOPE = pytest.mark.parametrize("scope", ["strict", "namespace-wide", "cluster-wide"])


@SCOPE
def test_a_value_with_its_certificate_passes_the_projects_own_schema(scope: str) -> None:
    resource = with_a_value(scope)
    assert len(resource["metadata"]["annotations"]) == (1 if scope == "strict" else 2)
    assert complaints(own_schema("SealedSecret"), resource) == []


@facts.recorded("schemas")
@SCOPE
def test_a_value_with_its_certificate_passes_the_schema_of_the_crd(scope: str) -> None:
    schema = json.loads(facts.path("schemas", STRICT["SealedSecret"]).read_text())
    assert complaints(Draft7Validator(schema), with_a_value(scope)) == []


def schema_parts(schema: Any, path: str = "$") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema in a schema, with its place."""
    if isinstance(schema, list):
        for index, part in enumerate(schema):
            yield from schema_parts(part, f"{path}[{index}]")
    if not isinstance(schema, Mapping):
        return
    yield path, schema
    for keyword in ("properties", "$defs"):
        for name, part in schema.get(keyword, {}).items():
            yield from schema_parts(part, f"{path}.{keyword}.{name}")
    for keyword in ("items", "oneOf", "anyOf", "additionalProperties"):
        yield from schema_parts(schema.get(keyword), f"{path}.{keyword}")


@pytest.mark.parametrize("kind", resources.OBJECT_KINDS)
def test_the_own_schemas_are_closed_and_described(kind: str) -> None:
    schema = resources.object_schema(kind)
    Draft202012Validator.check_schema(schema)
    parts = dict(schema_parts(schema))
    maps = {path: part for path, part in parts.items() if part.get("type") == "object"}
    assert {path for path, part in maps.items() if not part.get("title")} == set()
    assert {path for path, part in maps.items() if "additionalProperties" not in part} == set()
    # Only maps whose keys nobody knows beforehand are open, and their values are bounded.
    assert {path for path, part in maps.items() if part["additionalProperties"] is not False} == {
        "$.$defs.values",
        "$.properties.spec.properties.encryptedData",
    } & maps.keys()
    fields = {
        f"{path}.{name}": field
        for path, part in maps.items()
        for name, field in part.get("properties", {}).items()
    }
    assert {
        path
        for path, field in fields.items()
        if "$ref" not in field and not (field.get("title") and field.get("description"))
    } == set()


def fields_of(schema: Mapping[str, Any], root: Mapping[str, Any], path: str = "") -> set[str]:
    """The place of each field that a schema knows; list items stand under `[]`."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    found: set[str] = set()
    for name, field in schema.get("properties", {}).items():
        found |= {f"{path}/{name}"} | fields_of(field, root, f"{path}/{name}")
    for choice in schema.get("oneOf", ()):
        found |= fields_of(choice, root, path)
    if "items" in schema:
        found |= fields_of(schema["items"], root, f"{path}[]")
    return found


def written(node: Any, path: str = "") -> Iterator[str]:
    """The place of each field that an object holds."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            yield f"{path}/{name}"
            yield from written(value, f"{path}/{name}")
    if isinstance(node, list):
        for item in node:
            yield from written(item, f"{path}[]")


@pytest.mark.parametrize("kind", resources.OBJECT_KINDS)
def test_the_own_schema_knows_no_field_that_is_never_written(kind: str) -> None:
    schema = resources.object_schema(kind)
    held = {
        place
        for folder in releases.objects(with_every_field()).values()
        for resource in folder
        if resource["kind"] == kind
        for place in written(resource)
    }
    assert fields_of(schema, schema) - held == set()


def protocoasts(kind: str, name: str) -> Resource:
    """One of ProtoCoast's objects."""
    found = (
        resource
        for held in releases.objects(protocoast()).values()
        for resource in held
        if (resource["kind"], resource["metadata"]["name"]) == (kind, name)
    )
    return copy.deepcopy(next(found))


HUB = ("Application", "protocoast-jupyterhub-production")
ROOT_APPLICATION = ("Application", "protocoast-cluster-fedcloud")
PROJECT = ("AppProject", "protocoast-fedcloud")
SECRET = ("SealedSecret", "hub-secrets")
REMOVED = object()
RECORD = f"sha256:{'0a' * 32} value:{'0b' * 8}"

# What is changed, where, and to what; the schema must refuse each.
MISTAKES: dict[str, tuple[tuple[str, str], str, Any]] = {
    "a misspelt revision": (HUB, "spec/source/targetRevison", "3.3.8"),
    "misspelt values": (HUB, "spec/source/helm/valueObject", {"a": 1}),
    "values as text": (HUB, "spec/source/helm/values", "a: 1\n"),
    "a null value": (HUB, "spec/source/helm/valuesObject/hub/a", None),
    "a null in a list": (HUB, "spec/source/helm/valuesObject/hub/a", [{"b": [None]}]),
    "an instruction to Kustomize": (HUB, "spec/source/helm/valuesObject/hub/$patch", "delete"),
    "an empty key": (HUB, "spec/source/helm/valuesObject/hub", {"": 1}),
    "a merge key": (HUB, "spec/source/helm/valuesObject/hub", {"<<": {"a": 1}}),
    "a version range": (HUB, "spec/source/targetRevision", "3.x"),
    "no version": (HUB, "spec/source/targetRevision", REMOVED),
    "no release name": (HUB, "spec/source/helm/releaseName", REMOVED),
    "CRDs, said without need": (HUB, "spec/source/helm/skipCrds", False),
    "a chart and a folder": (HUB, "spec/source/path", "overlays/production"),
    "Helm and Kustomize": (HUB, "spec/source/kustomize", {"commonAnnotations": {"a": "b"}}),
    "several sources": (HUB, "spec/sources", []),
    "a branch's bare name": (ROOT_APPLICATION, "spec/source/targetRevision", "main"),
    "a folder elsewhere": (ROOT_APPLICATION, "spec/source/path", "../elsewhere"),
    "server and name": (HUB, "spec/destination/name", "fedcloud"),
    "neither server nor name": (HUB, "spec/destination/server", REMOVED),
    "no namespace": (HUB, "spec/destination/namespace", REMOVED),
    "the default project": (HUB, "spec/project", "default"),
    "a switch that is off": (HUB, "spec/syncPolicy/automated/prune", False),
    "replacing": (HUB, "spec/syncPolicy/syncOptions", ["Replace=true"]),
    "no sync options": (HUB, "spec/syncPolicy/syncOptions", []),
    "endless retries": (HUB, "spec/syncPolicy/retry/limit", -1),
    "nothing ignored": (HUB, "spec/ignoreDifferences", []),
    "a whole Secret ignored": (
        HUB,
        "spec/ignoreDifferences",
        [{"kind": "Secret", "name": "hub", "jsonPointers": ["/data"]}],
    ),
    "an empty group": (
        HUB,
        "spec/ignoreDifferences",
        [{"group": "", "kind": "Secret", "name": "hub", "jsonPointers": ["/data/a"]}],
    ),
    "a finalizer": (HUB, "metadata/finalizers", ["resources-finalizer.argocd.argoproj.io"]),
    "no deletion guard": (HUB, "metadata/annotations/argocd.argoproj.io~1sync-options", REMOVED),
    "a wave of nothing": (HUB, "metadata/annotations/argocd.argoproj.io~1sync-wave", "0"),
    "a foreign annotation": (HUB, "metadata/annotations/a", "b"),
    "a status": (HUB, "status", {}),
    "any repository": (PROJECT, "spec/sourceRepos", ["*"]),
    "a misspelt repository": (PROJECT, "spec/sourceRepo", ["https://git.example.org/a.git"]),
    "any namespace": (
        PROJECT,
        "spec/destinations",
        [{"server": "https://kubernetes.default.svc", "namespace": "*"}],
    ),
    "a destination twice named": (
        PROJECT,
        "spec/destinations",
        [{"server": "https://a.example.org", "name": "a", "namespace": "b"}],
    ),
    "any cluster kind": (
        PROJECT,
        "spec/clusterResourceWhitelist",
        [{"group": "*", "kind": "*"}],
    ),
    "every namespaced kind": (PROJECT, "spec/namespaceResourceWhitelist", REMOVED),
    "orphans reported": (PROJECT, "spec/orphanedResources/warn", True),
    "a project's finalizer": (PROJECT, "metadata/finalizers", ["a"]),
    "an empty Secret": (SECRET, "spec/encryptedData", {}),
    "plaintext": (SECRET, "spec/encryptedData/oauth.client_id", "not base64!"),
    "an empty ciphertext": (SECRET, "spec/encryptedData/oauth.client_id", ""),
    "plaintext in the template": (SECRET, "spec/template/data", {"a": "b"}),
    "plain data": (SECRET, "spec/data", {"a": "b"}),
    "no template": (SECRET, "spec/template", REMOVED),
    "two scopes": (
        SECRET,
        "metadata/annotations",
        {
            "sealedsecrets.bitnami.com/namespace-wide": "true",
            "sealedsecrets.bitnami.com/cluster-wide": "true",
        },
    ),
    "an annotation of another tool": (SECRET, "metadata/annotations", {"a": "b"}),
    "a record of no certificate": (
        SECRET,
        "metadata/annotations",
        {"hubops.io/sealed-for.oauth.client_id": "sha256:12 value:34"},
    ),
    "a record in the template": (
        SECRET,
        "spec/template/metadata/annotations",
        {"hubops.io/sealed-for.oauth.client_id": RECORD},
    ),
    "a scope that is off": (
        SECRET,
        "metadata/annotations",
        {"sealedsecrets.bitnami.com/cluster-wide": "false"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("which", "path", "value"), MISTAKES.values(), ids=MISTAKES)
def test_the_own_schema_refuses(which: tuple[str, str], path: str, value: Any) -> None:
    resource = protocoasts(*which)
    assert complaints(own_schema(which[0]), resource) == []
    *parents, last = (step.replace("~1", "/") for step in path.split("/"))
    node = resource
    for step in parents:
        node = node[step]
    if value is REMOVED:
        del node[last]
    else:
        node[last] = value
    assert complaints(own_schema(which[0]), resource) != []
