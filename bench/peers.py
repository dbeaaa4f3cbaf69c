"""The same objects from other programs: what each of them reads, made from hubops' own output.

One environment of a sample site is generated with names and numbers that stand nowhere else. Where
they stand in its objects, a peer's input has a variable. So the peers say what hubops says, and do
what they are for: they merge each environment's settings over the shared ones, and print that.

A chart's values stay data until they are printed, for an environment may override any of them.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bench.sites import DEFAULTS, Hub, site_text
from generator.merge import merge
from generator.yaml.write import emit

# Path -> text.
Files = dict[str, str]
Object = dict[str, Any]
# The objects of an environment, by the file that a peer has for them.
Sample = Mapping[str, Iterable[Object]]

SAMPLE = Hub(
    name="sample-name",
    cluster="sample-cluster",
    server="https://sample-server.example.org:6443",
    namespace="sample-namespace",
    host="sample-host.example.org",
    first=False,
    overrides={"guarantee": "7001Mi", "limit": "7003Mi", "workers": 7007},
)
_FIRST = Hub(
    name="first",
    cluster=SAMPLE.cluster,
    server=SAMPLE.server,
    namespace="first",
    host="first.example.org",
    first=True,
    overrides={},
)
SAMPLE_SITE = site_text((_FIRST, SAMPLE))

# What stands in the sample's objects, by the setting that it is.
_STANDS = {
    SAMPLE.server: "server",
    SAMPLE.host: "host",
    SAMPLE.namespace: "namespace",
    SAMPLE.cluster: "cluster",
    SAMPLE.name: "name",
    "7001M": "memory.guarantee",
    "7003M": "memory.limit",
    "7007": "workers",
}
_STANDING = re.compile(
    "|".join(
        (
            # An Application's name ends in its environment's, and a release's may look the same.
            r"(?P<release>(?<!protocoast-)" + re.escape(SAMPLE.release) + ")",
            r"(?<=skipCrds: )(?P<crds>true)",
            *map(re.escape, _STANDS),
        )
    )
)
_BRACES = re.compile(r"\{\{|\}\}")

# Where a chart's values go in the text of an Application.
_PLACE = "values-of-"

# A setting's name -> the variable that a peer writes for it.
Variable = Callable[[str], str]


def objects(root: Path, hub: Hub) -> dict[str, list[Object]]:
    """The objects of an environment in a generated tree: its Applications, and its namespace's."""
    overlay = root / "overlays" / hub.name
    listed = _read(overlay / "kustomization.yaml")
    bases = [_read(overlay / base / "application.yaml") for base in listed["resources"]]
    patches = [yaml.safe_load(patch["patch"]) for patch in listed["patches"]]
    applications = [merge(base, patch) for base, patch in zip(bases, patches, strict=True)]
    for application in applications:
        application["metadata"]["name"] += listed["nameSuffix"]
    own = overlay / "namespace"
    return {
        "applications": [
            _read(root / "clusters" / hub.cluster / f"environment-{hub.name}.yaml"),
            *applications,
        ],
        "namespace": [_read(own / name) for name in _read(own / "kustomization.yaml")["resources"]],
    }


def helm(sample: Sample, hubs: Iterable[Hub]) -> Files:
    """A chart that gives every environment's objects; the environments stand in its values."""
    shared: dict[str, Any] = {}
    written = []
    for name, documents in sample.items():
        apart, values = _apart(documents)
        text = _text_with("{{{{ $hub.{} }}}}".format, apart)
        for app, whole in values.items():
            shared[app] = _without_variables(whole)
            text = text.replace(f" {_PLACE}{app}", f"\n{_helm_values(app, whole)}")
        written.append((name, text))
    listed = {"chartValues": shared, "defaults": _settings(DEFAULTS)}
    return _chart({**listed, "environments": [_of(hub) for hub in hubs]}, written)


def helm_text(sample: Sample, hubs: Iterable[Hub]) -> Files:
    """The cheapest chart: plain text with variables, where nothing but these can be overridden."""
    written = [
        (name, _text_with("{{{{ $hub.{} }}}}".format, documents))
        for name, documents in sample.items()
    ]
    values = {"defaults": _settings(DEFAULTS), "environments": [_of(hub) for hub in hubs]}
    return _chart(values, written)


def kapitan(sample: Sample, hubs: Iterable[Hub]) -> Files:
    """An inventory with a target for each environment, and Jinja templates."""
    compiled = [{"input_type": "jinja2", "input_paths": ["templates"], "output_path": "."}]
    files, values = _jinja(
        sample, "{{{{ inventory.parameters.hub.{} }}}}", "{{{{ inventory.parameters.{} | yaml"
    )
    common = {
        "kapitan": {"compile": compiled},
        "hub": _settings(DEFAULTS),
        **_with_variables(values, lambda name: f"${{hub:{name.replace('.', ':')}}}"),
    }
    targets = {
        hub.name: {
            "classes": ["common"],
            "parameters": {"kapitan": {"vars": {"target": hub.name}}, "hub": _of(hub)},
        }
        for hub in hubs
    }
    return {
        "inventory/classes/common.yml": _text({"parameters": common}),
        **{f"inventory/targets/{name}.yml": _text(target) for name, target in targets.items()},
        **{f"templates/{name}.yaml": text for name, text in files.items()},
    }


def make_argocd_fly(sample: Sample, hubs: Iterable[Hub]) -> Files:
    """An environment with two apps for each of the site's, and Jinja templates."""
    files, values = _jinja(sample, "{{{{ hub.{} }}}}", "{{{{ {} | to_nice_yaml")
    shared = _with_variables(values, lambda name: f"${{hub[{name.replace('.', '][')}]}}")
    # It puts shared settings into shared values before an environment can override them. So each
    # environment has all of its settings.
    environments = {
        hub.name: {
            "apps": {name: {} for name in files},
            "vars": {"hub": _of(hub) | _settings(hub.settings())},
        }
        for hub in hubs
    }
    fleet = {"vars": shared, "envs": environments}
    return {
        "config/fleet.yml": _text(fleet),
        **{f"source/{name}/{name}.yaml.j2": text for name, text in files.items()},
    }


def kustomize(hubs: Iterable[Hub]) -> Files:
    """One more folder beside a generated tree: all that its overlays give, at once."""
    overlays = [f"../overlays/{hub.name}" for hub in hubs]
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [path for each in overlays for path in (each, f"{each}/namespace")],
    }
    return {"together/kustomization.yaml": _text(kustomization)}


def write(folder: Path, files: Files) -> None:
    """Writes files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _chart(values: Mapping[str, Any], written: Iterable[tuple[str, str]]) -> Files:
    opening = (
        "{{- range .Values.environments }}\n"
        "{{- $hub := mergeOverwrite (deepCopy $.Values.defaults) . }}\n"
    )
    return {
        "Chart.yaml": "apiVersion: v2\nname: fleet\nversion: 1.0.0\n",
        "values.yaml": _text(values),
        **{f"templates/{name}.yaml": f"{opening}{text}{{{{- end }}}}\n" for name, text in written},
    }


def _helm_values(app: str, values: Any) -> str:
    shared = f"(deepCopy (index $.Values.chartValues {json.dumps(app)}))"
    return f"{{{{ mergeOverwrite {shared} {_go(_only_variables(values))} | toYaml | indent 8 }}}}"


def _go(value: Any) -> str:
    """A value as an expression of Helm's templates."""
    if isinstance(value, dict):
        return f"(dict {' '.join(f'{json.dumps(key)} {_go(held)}' for key, held in value.items())})"
    if isinstance(value, list):
        return f"(list {' '.join(map(_go, value))})"
    if not isinstance(value, str):
        return json.dumps(value)
    found = [_setting(each) for each in _STANDING.finditer(value)]
    pattern = json.dumps(_STANDING.sub("%v", value.replace("%", "%%")))
    return f"(printf {pattern} {' '.join(f'$hub.{name}' for name in found)})"


def _jinja(sample: Sample, variable: str, values: str) -> tuple[Files, dict[str, Any]]:
    """Templates, and the charts' values for their places in them."""
    files: Files = {}
    found: dict[str, Any] = {}
    for name, documents in sample.items():
        apart, held = _apart(documents)
        text = _text_with(variable.format, apart)
        for app, whole in held.items():
            key = f"{app.replace('-', '_')}_values"
            found[key] = whole
            filled = f"\n        {values.format(key)} | trim | indent(8) }}}}"
            text = text.replace(f" {_PLACE}{app}", filled)
        files[name] = text
    return files, found


def _apart(documents: Iterable[Object]) -> tuple[list[Object], dict[str, Any]]:
    """Objects with a mark in the place of each chart's values, and these values."""
    objects, values = [], {}
    for document in documents:
        helm = document["spec"].get("source", {}).get("helm", {}) if "spec" in document else {}
        if "valuesObject" in helm:
            app = document["spec"]["source"]["chart"]
            values[app] = helm["valuesObject"]
            mark = {"spec": {"source": {"helm": {"valuesObject": f"{_PLACE}{app}"}}}}
            document = merge(_removed(document), mark)
        objects.append(document)
    return objects, values


def _removed(document: Object) -> Any:
    return merge(document, {"spec": {"source": {"helm": {"valuesObject": None}}}})


def _text_with(variable: Variable, documents: Iterable[Object]) -> str:
    """The documents' text with variables in it, and braces of their own as they are."""
    text = _BRACES.sub(
        lambda found: f'{{{{ "{found.group()}" }}}}', "".join(map(_document, documents))
    )
    return _STANDING.sub(lambda found: variable(_setting(found)), text)


def _with_variables(value: Any, variable: Variable) -> Any:
    if isinstance(value, dict):
        return {key: _with_variables(held, variable) for key, held in value.items()}
    if isinstance(value, list):
        return [_with_variables(held, variable) for held in value]
    if not isinstance(value, str):
        return value
    return _STANDING.sub(lambda found: variable(_setting(found)), value)


def _is_variable(value: Any) -> bool:
    """Whether something in a value differs from environment to environment."""
    return _STANDING.search(json.dumps(value)) is not None


def _only_variables(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _only_variables(held) for key, held in value.items() if _is_variable(held)}


def _without_variables(value: Any) -> Any:
    return {
        key: _without_variables(held) if isinstance(held, dict) else held
        for key, held in value.items()
        if isinstance(held, dict) or not _is_variable(held)
    }


def _setting(found: re.Match[str]) -> str:
    return found.lastgroup or _STANDS[found.group()]


def _of(hub: Hub) -> dict[str, Any]:
    where = {
        "name": hub.name,
        "cluster": hub.cluster,
        "server": hub.server,
        "namespace": hub.namespace,
        "host": hub.host,
        "release": hub.release,
        "crds": not hub.first,
    }
    return where | _settings(hub.overrides)


def _settings(given: Mapping[str, Any]) -> dict[str, Any]:
    memory = {key: given[key].removesuffix("i") for key in ("guarantee", "limit") if key in given}
    workers = {"workers": given["workers"]} if "workers" in given else {}
    return ({"memory": memory} if memory else {}) | workers


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_bytes())


def _document(document: Object) -> str:
    return f"---\n{emit(document)}"


def _text(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), sort_keys=False, width=1000)
