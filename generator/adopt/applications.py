"""Argo CD Applications -> the values of each chart, and what else they tell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.adopt.base import CHARTS, Facts, Foreign, Question, Row, Taken, placed
from generator.adopt.sources import Layer, Text, foreign, layer, shared_out, text_of
from generator.credentials import shown
from generator.diagnostics import GeneratorError
from generator.records import replace
from generator.site.model import Json
from generator.yaml.stream import Lines, split

_HOMES = {
    "jupyterhub": ("https://hub.jupyter.org/helm-chart", "https://jupyterhub.github.io/helm-chart"),
    "dask-gateway": ("https://helm.dask.org", "https://dask.org/dask-gateway-helm-repo"),
}
# What stands in an Application beside the values, and why it is not taken over.
_SPEC = {
    "project": "hubops makes AppProjects of its own, one for each cluster",
    "ignoreDifferences": "hubops ignores what the charts make anew on each render, and no more",
    "revisionHistoryLimit": "Argo CD's default is taken",
    "info": "it is shown in Argo CD and does nothing",
}
_HELM = {
    "valueFiles": "they stand in another repository: give them with --jupyterhub, --dask-gateway",
    "fileParameters": "they stand in another repository: give their content as values",
    "skipCrds": "write daskGateway.installCRDs: false if another release owns the CRDs",
    "version": "Argo CD renders with the Helm it has",
    "passCredentials": "write the repository's credentials into Argo CD's own Secret",
}


@dataclass(slots=True)
class _Reading:
    """What the documents told so far."""

    layers: dict[str, list[Layer]] = field(default_factory=dict)
    foreign: dict[str, Foreign] = field(default_factory=dict)
    left: list[Row] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    hints: Facts = field(default_factory=Facts)
    is_umbrella: bool = False


def taken(texts: tuple[Text, ...], secrets: tuple[Text, ...], more: Taken) -> Taken:
    """What Applications say, with the secrets files over them; `more` came from values files."""
    reading = _Reading()
    for one in texts:
        text, base = text_of(one), 0
        documents = split(text)
        for document in documents:
            start = text.index(document, base)
            before = text[:start].count("\n")
            base = start + len(document)
            _application(_document(document, one.name, before), reading)
    if not reading.layers:
        raise GeneratorError(
            f"{', '.join(one.name for one in texts)}: no Application of the chart jupyterhub, "
            "dask-gateway or daskhub; nothing was written",
            "give the file whose spec.source.chart names one of them",
        )
    found = {chart: reading.layers.get(chart, []) for chart in CHARTS}
    for one in secrets:
        reading.left += shared_out(layer(text_of(one), one.name), found)
    charts = {
        chart: replace(
            reading.foreign[chart],
            values=merged.values,
            places=merged.places,
            comments=merged.comments,
            given_as_secret=merged.given_as_secret,
        )
        for chart in reading.foreign
        for merged in (foreign(chart, found[chart]),)
    }
    return Taken(
        charts={**more.charts, **charts},
        hints=replace(reading.hints, versions={**more.hints.versions, **reading.hints.versions}),
        left=(*more.left, *reading.left),
        questions=(*more.questions, *reading.questions),
        is_umbrella=more.is_umbrella or reading.is_umbrella,
    )


def _document(text: str, name: str, base: int) -> Layer:
    return layer(text, name, base)


def _application(one: Layer, reading: _Reading) -> None:
    """Takes in one document; what is no Application is said and left."""
    kind = one.values.get("kind")
    if kind != "Application":
        named = f"kind {shown(str(kind))}" if kind is not None else "no kind"
        reading.left.append(
            Row(chart="application", path=(named,), text="no Application", place=one.place(()))
        )
        return
    spec = _map(one.values, "spec")
    sources: list[tuple[tuple[str | int, ...], Mapping[str, Any]]] = []
    if isinstance(spec.get("source"), Mapping):
        sources.append((("spec", "source"), spec["source"]))
    several = spec.get("sources")
    for index, source in enumerate(several if isinstance(several, list) else ()):
        if isinstance(source, Mapping):
            sources.append((("spec", "sources", index), source))
    used = False
    for path, source in sources:
        used |= _source(one, path, source, reading)
    if used:
        reading.hints = _hints(one, spec, reading.hints)
        reading.left += _unused(one, spec)


def _source(
    one: Layer, path: tuple[str | int, ...], source: Mapping[str, Any], reading: _Reading
) -> bool:
    """Takes in one source; whether it is one of the charts."""
    chart = source.get("chart")
    if chart not in (*CHARTS, "daskhub"):
        said = f"chart {shown(chart)}" if isinstance(chart, str) else "a source without a chart"
        reading.left.append(
            Row(
                chart="application",
                path=tuple(map(str, path)),
                text=f"{said}: it is none of the two, and stays as it is",
                place=one.place(path),
            )
        )
        return False
    helm = _map(source, "helm")
    layers = list(_layers(one, (*path, "helm"), helm, reading))
    if chart == "daskhub":
        reading.is_umbrella = True
        for each in layers:
            for name in CHARTS:
                inner = each.below(name)
                if inner is not None:
                    reading.layers.setdefault(name, []).append(inner)
                    reading.foreign[name] = Foreign(chart=name, values={})
        return True
    metadata = _map(one.values, "metadata")
    release = helm.get("releaseName") or metadata.get("name")
    version = source.get("targetRevision")
    reading.layers.setdefault(chart, []).extend(layers or [_empty(one)])
    reading.foreign[chart] = Foreign(
        chart=chart,
        values={},
        version=str(version).removeprefix("v") if version is not None else None,
        release=str(release) if release else None,
        repository=_home(chart, source.get("repoURL"), reading),
    )
    return True


def _empty(one: Layer) -> Layer:
    return replace(one, values={}, where=Lines(at={}, blocks={}, again=()))


def _home(chart: str, url: Json, reading: _Reading) -> str | None:
    """The repository that site.yaml must name; None for the chart's own."""
    if not isinstance(url, str):
        return None
    own, old = _HOMES[chart]
    bare = url.rstrip("/")
    if bare == own:
        return None
    if bare == old:
        reading.questions.append(
            Question(
                text=f"{old} is the old home of the chart, {own} its present one; what runs today "
                "is written: leave 'repository' out to take the present one",
                at=("charts", chart),
            )
        )
    return url if "://" in url else f"oci://{url}"


def _layers(
    one: Layer, path: tuple[str | int, ...], helm: Mapping[str, Any], reading: _Reading
) -> Iterator[Layer]:
    """The values of a source: the object or else the text, and the parameters over them."""
    as_object, as_text = helm.get("valuesObject"), helm.get("values")
    if isinstance(as_object, Mapping):
        depth = len(path) + 1
        under = {
            at[depth:]: line
            for at, line in one.where.at.items()
            if at[:depth] == (*path, "valuesObject")
        }
        yield replace(one, values=as_object, where=replace(one.where, at=under, again=()))
        if as_text:
            reading.left.append(
                _row(one, (*path, "values"), "valuesObject stands beside it: Argo CD reads that")
            )
    elif isinstance(as_text, str):
        begins = one.where.blocks.get((*path, "values"))
        base = begins - 1 if begins is not None else one.where.at.get((*path, "values"), 1) - 1
        yield layer(as_text, one.name, base + one.base)
    parameters = helm.get("parameters")
    for index, entry in enumerate(parameters if isinstance(parameters, list) else ()):
        found = _parameter(entry)
        at = (*path, "parameters", index)
        if found is None:
            reading.left.append(_row(one, at, "a parameter into a list, or without a name"))
        else:
            keys, value = found
            line = one.where.at.get(at, 1)
            lines = Lines(at={keys: line}, blocks={}, again=())
            yield replace(one, values=placed({}, keys, value), where=lines, written=())
    for key, reason in _HELM.items():
        if helm.get(key):
            reading.left.append(_row(one, (*path, key), reason))


_PARAMETER = re.compile(r"(?:[^.\\\[\],=]|\\.)+(?:\.(?:[^.\\\[\],=]|\\.)+)*")


def _parameter(entry: Json) -> tuple[tuple[str, ...], Json] | None:
    """The path and value of one of `helm.parameters`, read as `helm --set` reads it."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        return None
    name, value = entry["name"], str(entry.get("value", ""))
    if not _PARAMETER.fullmatch(name):
        return None
    steps = re.findall(r"(?:[^.\\]|\\.)+", name)
    keys = tuple(re.sub(r"\\(.)", r"\1", step) for step in steps)
    if entry.get("forceString") is True:
        return keys, value
    words: dict[str, Json] = {"true": True, "false": False, "null": None}
    if value in words:
        return keys, words[value]
    is_number = re.fullmatch(r"0|-?[1-9][0-9]{0,17}", value, re.ASCII)
    return keys, int(value) if is_number else value


def _hints(one: Layer, spec: Mapping[str, Any], before: Facts) -> Facts:
    """Where the Application puts what it makes."""
    destination, policy = _map(spec, "destination"), _map(spec, "syncPolicy")
    automated = policy.get("automated")
    on = isinstance(automated, Mapping) and automated.get("enabled") is not False
    flags = automated if isinstance(automated, Mapping) else {}
    metadata = _map(one.values, "metadata")
    return replace(
        before,
        site=before.site or _text(metadata.get("name")),
        namespace=before.namespace or _text(destination.get("namespace")),
        server=before.server or _text(destination.get("server")),
        registered_name=before.registered_name or _text(destination.get("name")),
        argocd_namespace=before.argocd_namespace or _text(metadata.get("namespace")),
        sync=before.sync
        or {
            "automated": on,
            "prune": bool(flags.get("prune", False)),
            "selfHeal": bool(flags.get("selfHeal", False)),
        },
    )


def _unused(one: Layer, spec: Mapping[str, Any]) -> Iterator[Row]:
    for key, reason in _SPEC.items():
        if spec.get(key):
            yield _row(one, ("spec", key), reason)
    for key in ("syncOptions", "retry", "managedNamespaceMetadata"):
        if _map(spec, "syncPolicy").get(key):
            yield _row(one, ("spec", "syncPolicy", key), "hubops writes those its objects need")
    if _map(one.values, "metadata").get("finalizers"):
        yield _row(
            one,
            ("metadata", "finalizers"),
            "take it off before this Application is deleted: with it, everything it made goes too",
        )


def _row(one: Layer, path: tuple[str | int, ...], text: str) -> Row:
    return Row(chart="application", path=tuple(map(str, path)), text=text, place=one.place(path))


def _map(node: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = node.get(key)
    return found if isinstance(found, Mapping) else {}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None
