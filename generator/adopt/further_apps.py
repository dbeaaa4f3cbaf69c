"""An Argo CD Application of any other chart -> an entry of `apps`, and what it can't say.

What looks like a credential is never carried, nor what only an encrypted file has; a null can't be.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.adopt import app_differences, app_parameters
from generator.adopt.base import Facts, Path, Question, Row, at, leaves, removed
from generator.adopt.layers import Layer
from generator.adopt.withheld import parted
from generator.credentials import shown
from generator.diagnostics import Pointer
from generator.lint.rules.repository.credential_in_site import credentials_below, holds_credential
from generator.names import IN_CLUSTER
from generator.records import field, record
from generator.site.apps import is_exact
from generator.site.model import Json

NAME = r"[a-z]([a-z0-9-]{0,48}[a-z0-9])?"
# Stands for a version that nothing tells.
_NO_VERSION = "0.0.0"
# How Argo CD calls its own cluster.
_IN_CLUSTER = "in-cluster"
_WAVE = "argocd.argoproj.io/sync-wave"
# The least and the greatest wave of an app of a cluster.
_WAVES = (-90, -1)
_NULL = (
    "a null: Argo CD loses it on the way or refreshes for ever, so hubops writes none; the chart's "
    "own default comes back: give the value that turns it off"
)
_CREDENTIAL = (
    "looks like a credential, and site.yaml holds none: let the chart read a Secret, declare that "
    "under 'secrets' of the app, and seal it"
)
_HIDDEN = "only an encrypted file has it: declare a Secret under 'secrets' of the app, and seal it"
_DOLLAR = "a key with '$', which Kustomize would obey"
_OTHER_OPTIONS = "hubops writes the options that its objects need"
_SAID = ("CreateNamespace", "ServerSideApply", "RespectIgnoreDifferences")
_UNUSED: Mapping[Path, str] = {
    ("spec", "project"): "hubops writes the AppProject of a cluster's apps",
    ("spec", "revisionHistoryLimit"): "hubops uses Argo CD's default",
    ("spec", "info"): "Argo CD only displays it",
    ("spec", "syncPolicy", "retry"): _OTHER_OPTIONS,
    ("spec", "syncPolicy", "managedNamespaceMetadata", "annotations"): "hubops sets labels only",
    ("metadata", "finalizers"): (
        "remove it before you delete this Application: otherwise Argo CD deletes all its objects"
    ),
}
_UNUSED_OF_HELM = {
    "fileParameters": "they are in another repository: give their content as values",
    "version": "Argo CD renders with its own Helm",
    "passCredentials": "put the repository's credentials in Argo CD's repository Secret",
    "kubeVersion": "hubops renders for the cluster's own version",
    "apiVersions": "hubops renders with what the cluster's version serves",
}


@record
class RenderedProof:
    """What real Helm makes of today's values and of the entry's: how many objects are equal.

    `why_not` says why there was nothing to compare.
    """

    equal: int = 0
    differing: tuple[str, ...] = ()
    helm: str = ""
    why_not: str = ""


@record
class FurtherApp:
    """One Application of a further chart: its entry of site.yaml, and its values today.

    `lost` are values that the entry can't have, `unknown` what of the entry stands for something
    that the Application doesn't tell, `left` what else is not carried; `shown` are all values but
    the credentials among them.
    """

    name: str
    entry: Mapping[str, Json]
    values: Mapping[str, Json] = field(hidden=True)
    shown: Mapping[str, Json]
    lost: tuple[Row, ...] = ()
    unknown: tuple[Row, ...] = ()
    left: tuple[Row, ...] = ()
    questions: tuple[Question, ...] = ()
    application: str = ""
    namespace_of_argocd: str = ""
    facts: Facts = field(factory=Facts)
    rendered: "RenderedProof | None" = None


def app(
    document: Layer,
    path: Pointer,
    source: Mapping[str, Json],
    layers: Iterable[Layer],
) -> FurtherApp:
    """The app that a source of an Application is; `layers` are its values in Helm's order."""
    helm = at(source, "helm", default={})
    helm = helm if isinstance(helm, Mapping) else {}
    values, ordinary = _overlaid(layers)
    own, unread = app_parameters.over(values, helm.get("parameters"))
    readable, _ = app_parameters.over(ordinary, helm.get("parameters"))
    kept, lost = _carried(own, readable)
    open_: Mapping[str, Json] = own
    for secret in (one for one, why in lost.items() if why != _NULL):
        open_ = removed(open_, secret)
    name = str(helm.get("releaseName") or at(document.values, "metadata", "name", default=""))
    questions: list[Question] = []
    unknown: list[Row] = []
    entry = _entry(document, source, name, kept, questions, unknown)
    ignored, not_ignored = app_differences.entries(document)
    entry |= {"ignoreDifferences": ignored} if ignored else {}

    def row(below: Pointer, text: str) -> Row:
        steps = tuple(map(str, below))
        return Row(chart=name, path=steps, text=text, place=document.place(below))

    left = [
        *(row(below, text) for below, text in not_ignored),
        *(row((*path, "helm", "parameters", number), _PARAMETER) for number in unread),
        *(
            row((*path, "helm", key), text)
            for key, text in _UNUSED_OF_HELM.items()
            if helm.get(key)
        ),
        *(row(below, text) for below, text in _UNUSED.items() if at(document.values, *below)),
        *(row(below, _OTHER_OPTIONS) for below in _options(document)),
    ]
    return FurtherApp(
        name=name,
        entry=entry,
        values=own,
        shown=open_,
        lost=tuple(Row(chart=name, path=one, text=text) for one, text in lost.items()),
        unknown=tuple(unknown),
        left=tuple(left),
        questions=tuple(questions),
        application=str(at(document.values, "metadata", "name", default="")),
        namespace_of_argocd=str(at(document.values, "metadata", "namespace", default="argocd")),
        facts=_facts(document),
    )


_PARAMETER = "hubops can't read this parameter as Helm does: write it under the app's values"


def _overlaid(layers: Iterable[Layer]) -> tuple[dict[str, Json], dict[str, Json]]:
    """All values, and those that ordinary files have."""
    values: dict[str, Json] = {}
    ordinary: dict[str, Json] = {}
    for one in layers:
        values = _over(values, one.values)
        ordinary = ordinary if one.is_secret else _over(ordinary, one.values)
    return values, ordinary


def _over(below: Json, above: Json) -> Any:
    """Values over values, like Helm's -f."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    met = {key: _over(below[key], above[key]) for key in below if key in above}
    return {**below, **above, **met}


def _carried(
    values: Mapping[str, Json], ordinary: Mapping[str, Json]
) -> tuple[dict[str, Json], dict[Path, str]]:
    """The values that site.yaml may hold, and why each other one is lost."""
    kept, hidden = parted(values, ordinary)
    lost = dict.fromkeys((path for path, _ in leaves(hidden) if path), _HIDDEN)
    for path, value in leaves(dict(kept)):
        if path and (why := _refused(path, value)):
            lost[path] = why
            kept = removed(kept, path)
    return kept, lost


def _refused(path: Path, value: Json) -> str:
    """Why site.yaml can't hold a value; a list counts as one."""
    if any(str(step).startswith("$") for step in path):
        return _DOLLAR
    whole = list(_within(value, path))
    if any(one is None for _, one in whole):
        return _NULL
    is_secret = any(
        holds_credential(below, one) or any(credentials_below(one)) for below, one in whole
    )
    return _CREDENTIAL if is_secret else ""


def _within(value: Json, path: Sequence[str | int]) -> Iterator[tuple[Pointer, Json]]:
    """A value and all that is in it."""
    yield tuple(path), value
    if isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, one in items:
            yield from _within(one, (*path, key))


def _entry(
    document: Layer,
    source: Mapping[str, Json],
    name: str,
    values: Mapping[str, Json],
    questions: list[Question],
    unknown: list[Row],
) -> dict[str, Json]:
    """The keys of the entry, but what the Application ignores."""
    here = ("apps", name)

    def ask(text: str, *below: str, is_known: bool = True) -> None:
        questions.append(Question(text=text, at=(*here, *below)))
        unknown.extend([] if is_known else [Row(chart=name, path=below, text=text)])

    url, version = str(source.get("repoURL", "")), str(source.get("targetRevision", ""))
    if not is_exact(version):
        running = _running(document)
        ask(
            f"'{shown(version)}' is not one exact version; "
            + (f"{running} runs" if running else "write the one that runs"),
            *("chart", "version"),
            is_known=bool(running),
        )
        version = running or _NO_VERSION
    namespace = at(document.values, "spec", "destination", "namespace")
    if not isinstance(namespace, str) or not namespace:
        text = "the Application names no namespace: write the one that the chart goes to"
        ask(text, "namespace", is_known=False)
        namespace = name
    entry: dict[str, Json] = {
        "scope": "cluster",
        "chart": {
            "name": source.get("chart"),
            "repository": url if "://" in url else f"oci://{url}",
            "version": version,
        },
        "namespace": namespace,
    }
    labels = at(document.values, "spec", "syncPolicy", "managedNamespaceMetadata", "labels")
    if isinstance(labels, Mapping) and labels:
        entry["namespaceLabels"] = dict(labels)
    wave = str(at(document.values, "metadata", "annotations", _WAVE, default=""))
    if re.fullmatch(r"-?\d{1,4}", wave):
        least, greatest = _WAVES
        entry["wave"] = min(max(int(wave), least), greatest)
        if entry["wave"] != int(wave):
            ask(f"its wave is {wave} today; apps of a cluster come before its environments", "wave")
    if "ServerSideApply=true" in _sync_options(document):
        entry["serverSideApply"] = True
    if at(source, "helm", "skipCrds") is True:
        entry["installCRDs"] = False
    if values:
        entry["values"] = dict(values)
    return entry


def _running(document: Layer) -> str:
    """The version that Argo CD says it synced last, where that is a chart's."""
    status = at(document.values, "status", "sync", default={})
    found = [at(status, "revision"), *(at(status, "revisions") or ())]
    return next((one for one in found if isinstance(one, str) and is_exact(one)), "")


def _sync_options(document: Layer) -> list[str]:
    listed = at(document.values, "spec", "syncPolicy", "syncOptions")
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _options(document: Layer) -> Iterator[Pointer]:
    """The places of sync options that neither the entry nor hubops says."""
    for number, option in enumerate(_sync_options(document)):
        if option.partition("=")[0] not in _SAID:
            yield "spec", "syncPolicy", "syncOptions", number


def _facts(document: Layer) -> Facts:
    destination = at(document.values, "spec", "destination", default={})
    server, name = at(destination, "server"), at(destination, "name")
    if name == _IN_CLUSTER:
        server, name = IN_CLUSTER, None
    return Facts(
        server=server if isinstance(server, str) and server else None,
        registered_name=name if isinstance(name, str) and name else None,
        namespace=at(destination, "namespace"),
    )
