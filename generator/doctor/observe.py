"""Asks the clusters of a site what doctor wants to know, in a bounded number of calls.

A few namespaces are asked one by one, so that a Role in each is enough; many are asked at once.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from generator.diagnostics import ToolError
from generator.doctor import questions
from generator.doctor.kubectl import Kubectl, program, refusals
from generator.doctor.logs import lines_of
from generator.doctor.parts import controller_kind
from generator.doctor.questions import GATEWAY_CRDS, SETTINGS, Inquiry, Where, lists
from generator.doctor.reading import Object, entries, namespace, text
from generator.doctor.snapshot import ApiServer, Snapshot, Unasked, objects
from generator.io.tools import at_once
from generator.names import IN_CLUSTER
from generator.records import record
from generator.site.model import Environment, Site

# More namespaces of one cluster are asked about at once, and the answers sifted.
_FEW = 3
# kubectl mostly waits for an answer.
_WORKERS = 4
_KEYS = (
    '{{define "one"}}{{.metadata.namespace}}\t{{.metadata.name}}\t'
    "{{range .metadata.ownerReferences}}{{.kind}}/{{.name}} {{end}}\t"
    '{{with .metadata.annotations}}{{index . "sealedsecrets.bitnami.com/managed"}}{{end}}\t'
    "{{range $key, $value := .data}}{{$key}} {{end}}\n{{end}}"
    '{{if .items}}{{range .items}}{{template "one" .}}{{end}}'
    '{{else}}{{if .metadata.name}}{{template "one" .}}{{end}}{{end}}'
)

Found = tuple[list[Object], list[Unasked]]


@record
class Contexts:
    """What the user's kubectl calls the API servers: of each cluster, and of Argo CD.

    `any` is that of every cluster without its own; None is kubectl's current context.
    """

    kubeconfig: str | None = None
    any: str | None = None
    clusters: Mapping[str, str]
    argocd: str | None = None


@record
class Request:
    """What to ask about: environments of a site, seconds for all of it, and the optional parts."""

    site: Site
    environments: tuple[Environment, ...]
    contexts: Contexts
    timeout: float
    with_logs: bool = False


def observe(request: Request) -> Snapshot:
    """What the clusters say now.

    GeneratorError where one can't be reached, ToolError without kubectl.
    """
    path, ends = program(), time.monotonic() + request.timeout
    site, contexts = request.site, request.contexts

    def kubectl(context: str | None) -> Kubectl:
        return Kubectl(path=path, context=context, kubeconfig=contexts.kubeconfig, ends=ends)

    argocd = kubectl(contexts.argocd or contexts.any)
    used = {environment.cluster for environment in request.environments}
    asked = {
        name: kubectl(context)
        for name in site.clusters
        if name in used
        for context in (_context(site, name, contexts),)
        if context is not _UNKNOWN
    }
    sides = at_once(
        [
            partial(_argocd_side, argocd, site),
            *(partial(_cluster_side, one, request, name) for name, one in asked.items()),
        ],
        _WORKERS,
    )
    clusters = {name: side for name, (side, _, _) in zip(asked, sides[1:], strict=True)}
    return Snapshot(
        site=site.name,
        taken=datetime.now(UTC).replace(microsecond=0),
        argocd=sides[0][0],
        clusters=clusters,
        certificates={
            name: found for name, (_, found, _) in zip(asked, sides[1:], strict=True) if found
        },
        lines={key: value for _, _, lines in sides[1:] for key, value in lines.items()},
    )


_UNKNOWN = ""


def _context(site: Site, name: str, contexts: Contexts) -> str | None:
    """The context of a cluster: its own, or the one for all; unknown where it is not Argo CD's."""
    own = contexts.clusters.get(name) or contexts.any
    if own or site.clusters[name].server == IN_CLUSTER:
        return own or contexts.argocd
    return _UNKNOWN


def argocd_objects(kubectl: Kubectl, site: Site) -> ApiServer:
    """Applications and projects alone: what `--watch` asks again and again."""
    kinds = "applications.argoproj.io,appprojects.argoproj.io"
    found, refused = kubectl.listed((kinds, "-n", site.argocd_namespace))
    return ApiServer(objects=objects(found), unasked=tuple(refused))


_Seen = tuple[ApiServer, tuple[str, ...], Mapping[str, Mapping[str, tuple[str, ...]]]]


def _argocd_side(kubectl: Kubectl, site: Site) -> _Seen:
    version, where = kubectl.version(), ("-n", site.argocd_namespace)
    kinds = [one.kind for one in lists(Where.ARGOCD) if one.kind != "pods"]
    label = ("-l", "app.kubernetes.io/part-of=argocd")
    calls = [
        partial(_known, kubectl, kinds, where),
        partial(kubectl.listed, ("pods", *where, *label)),
        partial(kubectl.listed, ("configmaps", *SETTINGS, *where)),
    ]
    return _joined(version, at_once(calls, _WORKERS)), (), {}


def _cluster_side(kubectl: Kubectl, request: Request, cluster: str) -> _Seen:
    version = kubectl.version()
    groups = _groups(kubectl)
    environments = tuple(one for one in request.environments if one.cluster == cluster)
    kinds = [one.kind for one in lists(Where.NAMESPACE) if _is_known(one, groups)]
    wide = [one.kind for one in lists(Where.CLUSTER) if _is_known(one, groups)]
    wide.remove("deployments.apps")
    definitions = [f"customresourcedefinitions.apiextensions.k8s.io/{one}" for one in GATEWAY_CRDS]
    if "gateway.dask.org" not in groups:
        definitions = []
    calls: list[Callable[[], Found]] = [
        partial(_known, kubectl, wide, ()),
        partial(_namespaces_and, definitions, kubectl, environments),
        partial(kubectl.listed, ("deployments.apps", "-A")),
        *_namespace_calls(kubectl, request.site, environments, kinds),
    ]
    answers = at_once(calls, _WORKERS)
    lines, unread = _lines(kubectl, environments) if request.with_logs else ({}, [])
    side = _sifted(_joined(version, [*answers, ([], unread)]), environments)
    return side, _certificates(kubectl, side), lines


def _groups(kubectl: Kubectl) -> frozenset[str]:
    answer = kubectl.raw("/apis")
    found = json.loads(answer) if answer else {}
    return frozenset(text(group, "name") for group in entries(found, "groups"))


def _is_known(question: Inquiry, groups: frozenset[str]) -> bool:
    return not question.group or question.group in groups or not groups


def _namespace_calls(
    kubectl: Kubectl, site: Site, environments: Sequence[Environment], kinds: Sequence[str]
) -> Iterator[Callable[[], Found]]:
    if len(environments) <= _FEW:
        for one in environments:
            where = ("-n", one.namespace)
            yield partial(_known, kubectl, kinds, where)
            yield partial(_keys, kubectl, questions.secret_names(site, one), where)
        return
    yield partial(_everywhere, kubectl, kinds, environments)
    wanted = {name for one in environments for name in questions.secret_names(site, one)}
    for name in sorted(wanted):
        selected = ("-A", f"--field-selector=metadata.name={name}")
        yield partial(_keys, kubectl, (), selected)


def _namespaces_and(
    named: Sequence[str], kubectl: Kubectl, environments: Sequence[Environment]
) -> Found:
    """The namespaces and other objects by their names: many namespaces by one list, if allowed.

    kubectl gets named objects one after another, five a second.
    """
    if len(environments) > _FEW:
        found, refused = kubectl.listed(("namespaces",))
        if not refused:
            wanted = {one.namespace for one in environments}
            kept = [one for one in found if text(one, "metadata.name") in wanted]
            more, others = kubectl.listed(named) if named else ([], [])
            return [*kept, *more], others
    return kubectl.listed([*(f"namespaces/{one.namespace}" for one in environments), *named])


def _known(kubectl: Kubectl, kinds: Sequence[str], where: Sequence[str]) -> Found:
    """The objects of several kinds in one call, without those that the cluster does not know."""
    found, refused = kubectl.listed((",".join(kinds), *where))
    unknown = {one.kind for one in refused if one.is_unknown}
    rest = [kind for kind in kinds if kind not in unknown and kind.partition(".")[0] not in unknown]
    if not unknown or len(rest) == len(kinds) or not rest:
        return found, refused
    more, others = _known(kubectl, rest, where)
    return more, [*(one for one in refused if one.kind in unknown), *others]


def _everywhere(
    kubectl: Kubectl, kinds: Sequence[str], environments: Sequence[Environment]
) -> Found:
    """The same in all namespaces at once; one by one where the user may not, or it is too much."""
    try:
        found, refused = _known(kubectl, kinds, ("-A",))
    except ToolError:  # more than a program here ever prints: the cluster has much else in it
        found, refused = [], [Unasked(kind=kind, namespace="", reason="") for kind in kinds]
    forbidden = {one.kind for one in refused if not one.is_unknown}
    if not forbidden:
        return found, refused
    again = [kind for kind in kinds if kind in forbidden]
    calls = [partial(_known, kubectl, again, ("-n", one.namespace)) for one in environments]
    answers = at_once(calls, _WORKERS)
    kept = [one for one in refused if one.kind not in forbidden]
    return (
        [*found, *(each for objects, _ in answers for each in objects)],
        [*kept, *(each for _, unasked in answers for each in unasked)],
    )


def _keys(kubectl: Kubectl, names: Sequence[str], where: Sequence[str]) -> Found:
    """Secrets with the names of their keys: kubectl prints no value."""
    form = ("-o", f"go-template={_KEYS}")
    outcome = kubectl.asked("get", "secrets", *names, *where, *form, "--ignore-not-found")
    found: list[Object] = []
    for line in outcome.out.decode("utf-8", "replace").splitlines():
        if line.count("\t") == 4:
            inside, name, owners, managed, keys = line.split("\t")
            references = [
                dict(zip(("kind", "name"), one.split("/", 1), strict=False))
                for one in owners.split()
            ]
            marks = {"sealedsecrets.bitnami.com/managed": managed} if managed == "true" else {}
            metadata = {
                "namespace": inside,
                "name": name,
                "ownerReferences": references,
                "annotations": marks,
            }
            found.append({"kind": "Secret", "metadata": metadata, "keys": keys.split()})
    return found, list(refusals(outcome.complaint))


def _joined(version: str, found: Sequence[Found]) -> ApiServer:
    unasked = dict.fromkeys(one for _, refused in found for one in refused)
    every = [one for listed, _ in found for one in listed]
    return ApiServer(version=version, objects=objects(every), unasked=tuple(unasked))


def _sifted(side: ApiServer, environments: Sequence[Environment]) -> ApiServer:
    """Without what is in other namespaces and no controller."""
    namespaces = {one.namespace for one in environments}

    def is_wanted(one: Object) -> bool:
        if not namespace(one) or namespace(one) in namespaces:
            return True
        return one["kind"] == "Deployment" and bool(controller_kind(one))

    unique = {
        (
            one["kind"],
            namespace(one),
            text(one, "metadata.name"),
            str(i) if one["kind"] == "Event" else "",
        ): one
        for i, one in enumerate(side.objects)
    }
    kept = tuple(one for one in unique.values() if is_wanted(one))
    return ApiServer(version=side.version, objects=kept, unasked=side.unasked)


def _certificates(kubectl: Kubectl, side: ApiServer) -> tuple[str, ...]:
    """The fingerprints of the certificate that the Sealed Secrets controller shows."""
    from generator.secrets import certificates

    for one in side.objects:
        if one["kind"] != "Deployment" or controller_kind(one) != "sealed-secrets":
            continue
        service = f"/api/v1/namespaces/{namespace(one)}/services"
        answer = kubectl.raw(f"{service}/http:{text(one, 'metadata.name')}:/proxy/v1/cert.pem")
        found = certificates.read(answer).certificates if answer else ()
        if found:
            return tuple(each.fingerprint for each in found)
    return ()


def _lines(
    kubectl: Kubectl, environments: Sequence[Environment]
) -> tuple[dict[str, Mapping[str, tuple[str, ...]]], list[Unasked]]:
    """What logs say, by environment; and the namespaces whose logs can't be read."""
    found = at_once([partial(lines_of, kubectl, one) for one in environments], _WORKERS)
    named = zip(environments, found, strict=True)
    lines = {one.name: known for one, (known, _) in named if known}
    return lines, [unread for _, unread in found if unread is not None]
