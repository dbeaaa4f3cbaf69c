"""Entries of `apps` from the Applications of each cluster, their text, and their proof."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.adopt.base import (
    Path,
    Question,
    Row,
    alike,
    at,
    changed,
    leaves,
    nearest,
    removed,
)
from generator.adopt.further_apps import NAME, FurtherApp, RenderedProof
from generator.adopt.site_text import sentence, text
from generator.credentials import printable
from generator.diagnostics import GeneratorError, Pointer
from generator.records import record
from generator.site import apps
from generator.site.app import FurtherChart
from generator.site.model import Json
from generator.yaml.read import read

# What a cluster may say of an app.
_OWN = (
    *("chart", "values", "namespaceLabels", "clusterKinds", "otherNamespaces"),
    "ignoreDifferences",
)
_UNEXPLAINED = "no known reason: please report this as a bug of hubops"


# The entries of one cluster, by the app's name.
Entries = Mapping[str, Mapping[str, Json]]
# What an app of an environment has no use for.
_OF_CLUSTERS = ("namespace", "namespaceLabels")
_AFTER_NAMESPACE = -4


@record
class AppProof:
    """What of an app's values is equal, and what is not; `rendered` where Helm was asked.

    `unknown` is what the entry has no more than a placeholder for.
    """

    name: str
    chart: str
    version: str
    equal: int
    lost: tuple[Row, ...]
    unknown: tuple[Row, ...]
    unexplained: tuple[Row, ...]
    rendered: RenderedProof | None

    @property
    def is_whole(self) -> bool:
        """Whether the entry gives the chart all that it has today."""
        differs = self.rendered is not None and bool(self.rendered.differing)
        return not (self.lost or self.unknown or self.unexplained or differs)


def sections(held: Mapping[str, Entries]) -> dict[str, Any]:
    """`apps`, and under `clusters` what differs there. GeneratorError for what no entry can say."""
    shared: dict[str, Any] = {}
    own: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(name for entries in held.values() for name in entries):
        here = {cluster: entries[name] for cluster, entries in held.items() if name in entries}
        first = dict(next(iter(here.values())))
        shared[name] = first if len(here) == len(held) else {**first, "clusters": list(here)}
        for cluster, entry in here.items():
            difference = changed(first, entry)
            if others := [key for key in difference if key not in _OWN]:
                raise GeneratorError(
                    f"app '{name}' has another '{others[0]}' in cluster '{cluster}'; nothing was "
                    "written",
                    "an app has one for all clusters: import the two under different names",
                )
            if difference:
                own.setdefault(cluster, {})[name] = difference
    clusters = {cluster: {"apps": each} for cluster, each in own.items()}
    return {"apps": shared, **({"clusters": clusters} if clusters else {})}


def by_name(found: Iterable[FurtherApp]) -> dict[str, Mapping[str, Json]]:
    """The entries of one cluster. GeneratorError for what hubops can't name so, or name twice."""
    entries: dict[str, Mapping[str, Json]] = {}
    for one in found:
        if not re.fullmatch(NAME, one.name):
            raise GeneratorError(
                f"'{printable(one.name)}' can't be the name of an app; nothing was written",
                "an app is named as its Helm release: lower-case letters, digits and '-'; install "
                "it under such a name first",
            )
        if one.name in entries:
            raise GeneratorError(
                f"two Applications have a release '{one.name}' in one cluster; nothing was written",
                "give their files one after the other, and name one of the apps differently",
            )
        entries[one.name] = one.entry
    return entries


def of_environment(entry: Mapping[str, Json]) -> dict[str, Json]:
    """The same in the namespace of an environment."""
    found = {key: one for key, one in entry.items() if key not in _OF_CLUSTERS}
    wave = {"wave": max(found["wave"], _AFTER_NAMESPACE)} if "wave" in found else {}
    return {**found, "scope": "environment", **wave}


def written(raw: Mapping[str, Any], questions: Iterable[Question], head: Iterable[str]) -> str:
    """The sections as text, with what is asked above the keys."""
    comments: dict[Pointer, list[str]] = {}
    for question in questions:
        asked = comments.setdefault(nearest(raw, question.at), [])
        if (said := f"ASK: {sentence(question.text)}") not in asked:
            asked.append(said)
    return text(raw, head, comments)


def built(body: str, clusters: Iterable[str]) -> dict[str, dict[str, FurtherChart]]:
    """What a text gives each cluster, by the app's name: hubops itself reads it."""
    data = read(body.encode(), "site.yaml").data
    every = {name: at(data, "clusters", name, default={}) for name in clusters}
    found = apps.by_cluster({**data, "clusters": every})
    return {cluster: {app.name: app for app in held} for cluster, held in found.items()}


def proof(today: FurtherApp, values: Mapping[str, Json]) -> AppProof:
    """Today's values against those that the new site gives the chart."""
    kept = dict(today.values)
    for row in today.lost:
        kept = removed(kept, row.path)
    before, after = dict(_leaves(kept)), dict(_leaves(values))
    equal = [path for path, one in before.items() if alike(one, after.get(path, ...))]
    gaps = [path for path in {**before, **after} if path not in equal]
    chart = today.entry["chart"]
    return AppProof(
        name=today.name,
        chart=str(at(chart, "name")),
        version=str(at(chart, "version")),
        equal=len(equal),
        lost=today.lost,
        unknown=today.unknown,
        unexplained=tuple(Row(path=path, text=_UNEXPLAINED) for path in gaps),
        rendered=today.rendered,
    )


def _leaves(values: Mapping[str, Json]) -> Iterator[tuple[Path, Json]]:
    return ((path, one) for path, one in leaves(values) if path)


def takeover(today: FurtherApp) -> list[str]:
    """The commands that let hubops' Application have the objects of the one of today."""
    name, space = printable(today.application), printable(today.namespace_of_argocd)
    patch = '\'{"metadata":{"finalizers":null}}\''
    return [
        f"kubectl patch application {name} -n {space} --type merge -p {patch}",
        f"kubectl delete application {name} -n {space}",
    ]
