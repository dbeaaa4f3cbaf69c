"""What differs between two sides after Helm, as facts that effects must tell."""

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.change.sides import EnvironmentSide
from generator.yaml import stream
from tests.support import programs
from tests.support.random_sites import as_text

Object = dict[str, Any]
Objects = Mapping[tuple[str, str], Object]

_ARGO_CD = ("policy/v1/PodDisruptionBudget", "networking.k8s.io/v1/Ingress")
_RANDOM = ("checksum/secret", "checksum/auth-token")
# What a pod is called here, by the name of its workload.
_PODS = {
    "hub": "hub",
    "proxy": "proxy",
    "autohttps": "autohttps",
    "continuous-image-puller": "helper",
    "user-placeholder": "helper",
    "user-scheduler": "helper",
}


class RefusedError(Exception):
    """The chart's schema or a template refuses the values."""


def rendered(side: EnvironmentSide, app: str, charts: Path, *, helm4: bool) -> Objects:
    """The objects of one release, by kind and name."""
    pin = side.pin(app)
    if pin is None:
        return {}
    dask = side.settings.dask
    release = dask.release_name if app == "dask-gateway" and dask is not None else app
    folder = "dask" if app == "dask-gateway" else "jupyterhub"
    command = [
        programs.helm4() if helm4 else programs.helm3(),
        *("template", release, str(charts / folder / f"{app}-{pin.text}.tgz")),
        *("-n", side.environment.namespace, "-f", "-", "--kube-version", "1.31.0"),
        *(word for version in _ARGO_CD for word in ("--api-versions", version)),
    ]
    ran = subprocess.run(
        command,
        input=as_text(side.values[app]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if ran.returncode:
        raise RefusedError(ran.stderr[:400])
    documents = map(stream.read, stream.split(ran.stdout))
    return {(one["kind"], one["metadata"]["name"]): one for one in documents if one}


def differing(before: Objects, after: Objects) -> frozenset[str]:
    """The pods that are replaced, and the kinds of objects that differ, of one release."""
    return frozenset(_differing(before, after))


def _differing(before: Objects, after: Objects) -> Iterator[str]:
    for at in {**before, **after}:
        old, new = before.get(at), after.get(at)
        kind, name = at
        if kind in ("Deployment", "StatefulSet", "DaemonSet"):
            if _template(old) != _template(new):
                yield f"pod {_pod(name)}"
            if old and new and old["spec"]["selector"] != new["spec"]["selector"]:
                yield "immutable"
        elif kind == "PersistentVolumeClaim" and old and new:
            if _fixed(old) != _fixed(new):
                yield "immutable"
            if _size(old) != _size(new):
                yield "claim"
        elif kind == "PersistentVolumeClaim":
            yield "claim"
        elif kind == "Ingress" and _seen(old) != _seen(new):
            yield "ingress"
        elif kind == "NetworkPolicy" and _spec(old) != _spec(new):
            yield "policy"
        elif kind == "Secret" and name == "hub":
            yield from _servers(old, new)


def _pod(name: str) -> str:
    for part, pod in (("api-", "gateway"), ("controller-", "controller"), ("traefik-", "traefik")):
        if name.startswith(part):
            return pod
    return _PODS[name]


def _template(workload: Object | None) -> Any:
    if workload is None:
        return None
    template = json.loads(json.dumps(workload["spec"]["template"]))
    annotations = template["metadata"].get("annotations") or {}
    for each in _RANDOM:
        annotations.pop(each, None)
    # Read by people alone, as the chart's name and version.
    template["metadata"]["annotations"] = annotations
    return template


def _spec(one: Object | None) -> Any:
    return one and one["spec"]


def _seen(one: Object | None) -> Any:
    return one and (one["spec"], one["metadata"].get("annotations"))


def _size(claim: Object) -> Any:
    return claim["spec"]["resources"]["requests"]["storage"]


def _fixed(claim: Object) -> Any:
    return {key: value for key, value in claim["spec"].items() if key != "resources"}


_HOMES = ("type", "static", "homeMountPath", "dynamic")
_NEW_HOMES = ("storageClass", "storageAccessModes", "volumeNameTemplate")


def _servers(old: Object | None, new: Object | None) -> Iterator[str]:
    """What KubeSpawner will make otherwise: `homes` for other volumes, `servers` for the rest."""
    if old is None or new is None:
        return
    was, now = (_without_nulls(stream.read(_values(one))) for one in (old, new))
    if _homes(was) != _homes(now):
        yield "homes"
    if _pod_of(was) != _pod_of(now):
        yield "servers"


def _values(secret: Object) -> str:
    return base64.b64decode(secret["data"]["values.yaml"]).decode()


def _homes(values: Any) -> Any:
    storage = values["singleuser"]["storage"]
    spawner = values["hub"]["config"].get("KubeSpawner") or {}
    kept = {key: storage.get(key) for key in _HOMES}
    for key in _NEW_HOMES:
        kept["dynamic"] = {k: v for k, v in (kept["dynamic"] or {}).items() if k != key}
    if kept["type"] != "static":
        kept.pop("static")
    if kept["type"] != "dynamic":
        kept.pop("dynamic")
    if kept["type"] == "none":
        kept.pop("homeMountPath")
    is_new = not values["Chart"]["Version"].startswith("3")
    read = ("pvc_name_template", *(("slug_scheme",) if is_new else ()))
    return kept, [spawner.get(key) for key in read]


_NOT_POD = ("networkPolicy", "profileList", "image", "storage", "networkTools", "cloudMetadata")


def _pod_of(values: Any) -> Any:
    return {key: value for key, value in values["singleuser"].items() if key not in _NOT_POD}


def _without_nulls(node: Any) -> Any:
    """A map as Helm 4 writes it, which leaves out what is null."""
    if not isinstance(node, Mapping):
        return node
    return {key: _without_nulls(part) for key, part in node.items() if part is not None}
