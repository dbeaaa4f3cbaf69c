"""Argo CD Applications -> the values of each chart, and what else they say of the releases."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.adopt import encrypted, further_apps, umbrella
from generator.adopt.base import CHARTS, Facts, Question, Row, at, placed
from generator.adopt.further_apps import FurtherApp
from generator.adopt.layers import Checkout, Layer, Part, Statement, Text, layer, text_of
from generator.credentials import printable, shown
from generator.diagnostics import GeneratorError, Pointer
from generator.records import record, replace
from generator.site.model import Json
from generator.yaml.stream import Lines

# Of each chart its current repository and the one before.
_HOMES = {
    "jupyterhub": ("https://hub.jupyter.org/helm-chart", "https://jupyterhub.github.io/helm-chart"),
    "dask-gateway": ("https://helm.dask.org", "https://dask.org/dask-gateway-helm-repo"),
}
# What an Application holds beside the values, and why it is not carried.
_SYNC = "hubops writes the options that its objects need"
_UNUSED = {
    ("spec", "project"): "hubops creates its own AppProjects, one for each cluster",
    ("spec", "ignoreDifferences"): "hubops ignores only the fields that charts generate at random",
    ("spec", "revisionHistoryLimit"): "hubops uses Argo CD's default",
    ("spec", "info"): "Argo CD only displays it",
    ("spec", "syncPolicy", "syncOptions"): _SYNC,
    ("spec", "syncPolicy", "retry"): _SYNC,
    ("spec", "syncPolicy", "managedNamespaceMetadata"): _SYNC,
    ("metadata", "finalizers"): (
        "remove it before you delete this Application: otherwise Argo CD deletes all its objects"
    ),
}
_UNUSED_OF_HELM = {
    "fileParameters": "they are in another repository: give their content as values",
    "skipCrds": "write daskGateway.installCRDs: false if another release owns the CRDs",
    "version": "Argo CD renders with its own Helm",
    "passCredentials": "put the repository's credentials in Argo CD's repository Secret",
}
_FACTS = {
    "site": ("metadata", "name"),
    "namespace": ("spec", "destination", "namespace"),
    "server": ("spec", "destination", "server"),
    "registered_name": ("spec", "destination", "name"),
    "argocd_namespace": ("metadata", "namespace"),
}
_NO_LINES = Lines(at={}, blocks={}, again=())
# helm-secrets' forms of a file that is encrypted: jkroepke/helm-secrets, docs/ARGOCD.md.
_ENCRYPTED = re.compile(r"^secrets(?:\+[\w+-]+)?://(?:.*\?)?")
_PARAMETER = re.compile(r"(?:[^.\\\[\],=]|\\.)+(?:\.(?:[^.\\\[\],=]|\\.)+)*")


@record
class AbsentFile:
    """A file of values that an Application names, and that was not given; `ref` is its source."""

    chart: str
    name: str
    place: str
    ref: str = ""


def statements(
    documents: Sequence[Layer], checkout: Checkout, given: Mapping[str, tuple[Text, ...]]
) -> list[Statement | FurtherApp]:
    """What the Applications say.

    `given` are the files of each chart that stand for those an Application names. GeneratorError
    where no Application has one of the charts, and where a file that one names was not given.
    """
    found = [one for document in documents for one in _document(document, checkout)]
    said = [one for one in found if not isinstance(one, AbsentFile)]
    _refuse_absent([one for one in found if isinstance(one, AbsentFile)], given)
    if documents and not any(isinstance(one, Part | FurtherApp) for one in said):
        names = ", ".join(dict.fromkeys(document.name for document in documents))
        raise GeneratorError(
            f"{names}: no Application of a packaged chart; nothing was written",
            "give the file whose spec.source.chart names one; a chart in a folder of Git has to be "
            "published as a package first",
        )
    return said


def _refuse_absent(absent: list[AbsentFile], given: Mapping[str, tuple[Text, ...]]) -> None:
    """GeneratorError for files that no given one of the chart can be."""
    missing = []
    for chart in dict.fromkeys(one.chart for one in absent):
        own = [one for one in absent if one.chart == chart]
        names = {file.name.rpartition("/")[2] for file in given.get(chart, ())}
        if len(given.get(chart, ())) < len(own):
            missing += [one for one in own if one.name.rpartition("/")[2] not in names]
    if not missing:
        return
    first, refs = missing[0], dict.fromkeys(one.ref for one in missing if one.ref)
    of = f" of {printable(', '.join(refs))}" if refs else ""
    one_by_one = f", or each file with --{first.chart} FILE" if first.chart in CHARTS else ""
    raise GeneratorError(
        f"{first.place}: the values are in {len(missing)} "
        f"{'file' if len(missing) == 1 else 'files'} that the Application names and that "
        f"{'was' if len(missing) == 1 else 'were'} not given; nothing was written",
        f"give a checkout{of} with --values-from DIR{one_by_one}",
        tuple(f"{one.place}: {printable(one.name)}" for one in missing),
    )


def _document(document: Layer, checkout: Checkout) -> Iterator[Statement | FurtherApp | AbsentFile]:
    kind = document.values.get("kind")
    if kind != "Application":
        named = f"kind {shown(str(kind))}" if kind is not None else "no kind"
        yield _row(document, (named,), "not an Application")
        return
    several = at(document.values, "spec", "sources")
    count = len(several) if isinstance(several, list) else 0
    places = (("spec", "source"), *(("spec", "sources", index) for index in range(count)))
    found = [(place, document.below(*place)) for place in places]
    refs = {one.values.get("ref"): str(one.values.get("repoURL", "")) for _, one in found if one}
    files = _Files(document=document, repositories=refs, checkout=checkout)
    said = [part for path, one in found if one for part in _source(files, path, one.values)]
    yield from said
    if any(isinstance(one, Part) for one in said):
        yield _facts(document.values)
        for path, reason in _UNUSED.items():
            if at(document.values, *path):
                yield _row(document, path, reason)


@record
class _Files:
    """One Application, the repositories of its sources by their `ref`, and their files."""

    document: Layer
    repositories: Mapping[Json, str]
    checkout: Checkout

    def layers(
        self, path: Pointer, helm: Mapping[str, Json], chart: str
    ) -> Iterator[Layer | Row | AbsentFile]:
        """The files of values of a source, in Helm's order."""
        listed = helm.get("valueFiles")
        for number, entry in enumerate(listed if isinstance(listed, list) else ()):
            here = (*path, "valueFiles", number)
            name = _ENCRYPTED.sub("", str(entry))
            ref, _, inner = name.removeprefix("$").partition("/")
            file = self.checkout.file(ref, inner) if name.startswith("$") else None
            place = self.document.place(here)
            if file is not None:
                read = layer(text_of(file), file.name, is_secret=name != entry)
                yield from encrypted.halves(read)
            elif helm.get("ignoreMissingValueFiles") is True:
                yield _row(self.document, here, "the file is not there, and need not be")
            else:
                of = self.repositories.get(ref, "")
                yield AbsentFile(chart=chart, name=str(entry), place=place, ref=of)


def _source(
    files: _Files, path: Pointer, source: Mapping[str, Json]
) -> Iterator[Statement | FurtherApp | AbsentFile]:
    document = files.document
    chart = source.get("chart")
    if source.get("ref") is not None and chart is None:
        yield _row(document, path, "the repository with the files of values; hubops needs none")
        return
    if not isinstance(chart, str):
        yield _row(document, path, "a source without a chart: hubops pins packages, no folders")
        return
    helm = document.below(*path, "helm") or replace(document, values={})
    own = (*path, "helm")
    layers = [*files.layers(own, helm.values, chart), *_written(document, own, helm.values)]
    is_further = chart not in (*CHARTS, umbrella.NAME)
    if not is_further:
        layers += _parameters(document, own, helm.values)
    values = [one for one in layers if isinstance(one, Layer)]
    yield from (one for one in layers if not isinstance(one, Layer))
    if is_further:
        yield further_apps.app(document, path, source, values)
        return
    if chart == umbrella.NAME:
        yield from umbrella.charts(values)
        return
    version, url = source.get("targetRevision"), source.get("repoURL")
    release = helm.values.get("releaseName") or at(document.values, "metadata", "name")
    current, old = _HOMES[chart]
    home = url.rstrip("/") if isinstance(url, str) else current
    if home == old:
        text = f"{old} is the old repository of the chart and {current} the current one; site.yaml "
        text += "names the old one, as today: remove 'repository' to use the current one"
        yield Question(text=text, at=("charts", chart))
    for one in values or [replace(document, values={}, where=_NO_LINES)]:
        yield Part(
            chart=chart,
            layer=one,
            version=str(version).removeprefix("v") if version is not None else None,
            release=str(release) if release else None,
            repository=None if home == current else url if "://" in home else f"oci://{url}",
        )


def _written(document: Layer, path: Pointer, helm: Mapping[str, Json]) -> Iterator[Layer | Row]:
    """The values in a source: the object or else the text."""
    as_object, as_text = document.below(*path, "valuesObject"), helm.get("values")
    if as_object is not None:
        yield as_object
        if as_text:
            reason = "Argo CD reads valuesObject, which is beside it"
            yield _row(document, (*path, "values"), reason)
    elif isinstance(as_text, str):
        where, here = document.where, (*path, "values")
        line = where.blocks.get(here, where.at.get(here, 1))
        yield layer(as_text, document.name, line - 1 + document.base)


def _parameters(document: Layer, path: Pointer, helm: Mapping[str, Json]) -> Iterator[Layer | Row]:
    """The parameters over the values, and what else is not used."""
    parameters = helm.get("parameters")
    for number, entry in enumerate(parameters if isinstance(parameters, list) else ()):
        here = (*path, "parameters", number)
        if (parameter := _parameter(entry)) is None:
            yield _row(document, here, "a parameter into a list, or without a name")
        else:
            lines = replace(_NO_LINES, at={parameter[0]: document.where.at.get(here, 1)})
            yield replace(document, values=placed({}, *parameter), where=lines, written=())
    for unused, reason in _UNUSED_OF_HELM.items():
        if helm.get(unused):
            yield _row(document, (*path, unused), reason)


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
    is_number = re.fullmatch(r"0|-?[1-9][0-9]{0,17}", value, re.ASCII)
    words: dict[str, Json] = {"true": True, "false": False, "null": None}
    return keys, int(value) if is_number else words.get(value, value)


def _facts(application: Mapping[str, Json]) -> Facts:
    automated = at(application, "spec", "syncPolicy", "automated")
    flags = automated if isinstance(automated, Mapping) else {"enabled": False}
    found = {name: at(application, *path) for name, path in _FACTS.items()}
    texts: dict[str, Any] = {k: text for k, text in found.items() if isinstance(text, str) and text}
    return Facts(
        **texts,
        sync={
            "automated": flags.get("enabled") is not False,
            "prune": bool(flags.get("prune")),
            "selfHeal": bool(flags.get("selfHeal")),
        },
    )


def _row(document: Layer, path: Pointer, text: str) -> Row:
    place = document.place(path)
    return Row(chart="application", path=tuple(map(str, path)), text=text, place=place)
