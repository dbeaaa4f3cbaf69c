"""What differs between two sides after Helm, as facts that effects must tell.

`python -m tests.support.rendered_facts FOLDER COUNT [SEED]` holds random edits against real charts,
packed in FOLDER/jupyterhub and FOLDER/dask, and prints what no effect tells and what none should;
with a fourth word, a file, it records them there for tests/change/test_told.py.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from generator.change.effects import consequences
from generator.change.sides import EnvironmentSide, Side, Step
from generator.charts import CHARTS
from generator.yaml import stream
from tests.support import programs
from tests.support.random_edits import Edit, edits, operations, renders_with_helm4
from tests.support.random_sites import as_text
from tests.support.sites import site_of

Object = dict[str, Any]
Objects = Mapping[tuple[str, str], Object]

_ARGO_CD = (
    "policy/v1/PodDisruptionBudget",
    "networking.k8s.io/v1/Ingress",
    "gateway.networking.k8s.io/v1/HTTPRoute",
)
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
    release = CHARTS[app].release_name(side.settings)
    folder = "dask" if app == "dask-gateway" else "jupyterhub"
    command = (
        programs.helm4() if helm4 else programs.helm3(),
        *("template", release, str(charts / folder / f"{app}-{pin.text}.tgz")),
        *("-n", side.environment.namespace, "-f", "-", "--kube-version", "1.31.0"),
        *(word for version in _ARGO_CD for word in ("--api-versions", version)),
    )
    return _objects(command, as_text(side.values[app]))


@lru_cache(maxsize=256)
def _objects(command: tuple[str, ...], values: str) -> Objects:
    ran = subprocess.run(
        command,
        input=values,
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
        elif kind in ("Ingress", "HTTPRoute") and _seen(old) != _seen(new):
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
    """What the hub will do otherwise: `homes` for other volumes, `servers` for the rest of them."""
    if old is None or new is None:
        return
    was, now = (_without_nulls(stream.read(_values(one))) for one in (old, new))
    if _homes(was) != _homes(now):
        yield "homes"
    if _pod_of(was) != _pod_of(now):
        yield "servers"
    yield from (fact for fact, part in _OF_HUB.items() if part(was) != part(now))


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
    kept = {key: value for key, value in values["singleuser"].items() if key not in _NOT_POD}
    # One word is a command as a list of it is (traitlets Command).
    return {**kept, "cmd": [kept["cmd"]] if isinstance(kept["cmd"], str) else kept["cmd"]}


def _rights(values: Any) -> Any:
    hub = values["hub"]
    services = {
        name: one.get("admin") or False
        for name, one in (hub.get("services") or {}).items()
        if name != "dask-gateway"
    }
    return services, hub.get("loadRoles")


def _login(values: Any) -> Any:
    """The authenticator with its settings, but for the words on its button."""
    config = values["hub"]["config"]
    sections = {
        key: {**one, "login_service": None}
        for key, one in config.items()
        if key.endswith("Authenticator")
    }
    for one in sections.values():
        # What holds where nothing is said (jupyterhub 5.2 auth.py).
        one.setdefault("allow_existing_users", bool(one.get("allowed_users")))
    hub = config["JupyterHub"]
    return sections, [hub.get(key) for key in ("authenticator_class", "admin_access")]


def _limits(values: Any) -> Any:
    hub = values["hub"]
    keys = (*("concurrentSpawnLimit", "activeServerLimit"), "allowNamedServers")
    return [hub.get(key) for key in (*keys, "namedServerLimitPerUser")]


def _culling(values: Any) -> Any:
    return values.get("cull")


def _profiles(values: Any) -> Any:
    return values["singleuser"].get("profileList")


def _image(values: Any) -> Any:
    image = values["singleuser"]["image"]
    return image["name"], image["tag"]


_OF_HUB = {
    "image": _image,
    "profiles": _profiles,
    "rights": _rights,
    "login": _login,
    "limits": _limits,
    "culling": _culling,
}


def _without_nulls(node: Any) -> Any:
    """A map as Helm 4 writes it, which leaves out what is null."""
    if not isinstance(node, Mapping):
        return node
    return {key: _without_nulls(part) for key, part in node.items() if part is not None}


# The effects that tell each fact; a chart's upgrade tells all that it brings.
TOLD: Mapping[str, tuple[str, ...]] = {
    "pod hub": ("E001", "E028"),
    "pod proxy": ("E002", "E028"),
    "pod autohttps": ("E002", "E028"),
    "pod helper": ("E003", "E009", "E018", "E022", "E028", "E029"),
    "pod gateway": ("E005",),
    "pod controller": ("E005",),
    "pod traefik": ("E005",),
    "policy": ("E009", "E010", "E025", "E027", "E028", "E030"),
    "ingress": ("E007", "E023"),
    "immutable": ("E008", "E028"),
    "claim": ("E008", "L410"),
    "homes": ("E008", "E009"),
    "servers": ("E003", "E009", "E018", "E022"),
    "image": ("E009", "E018", "E022"),
    "profiles": ("E009", "E018", "E022"),
    "rights": ("E009", "E010", "E030", "E035"),
    "login": ("E006", "E007", "E009", "E020", "E021"),
    "limits": ("E036",),
    "culling": ("E031",),
    "dask gone": ("E010",),
    "dask new": ("E030",),
}
# What must differ where an effect is told.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "E001": ("pod hub",),
    "E002": ("pod proxy", "pod autohttps"),
    "E005": ("pod gateway", "pod controller", "pod traefik"),
    "E010": ("dask gone",),
    "E018": ("image", "profiles", "pod gateway"),
    "E020": ("login",),
    "E021": ("login", "rights"),
    "E022": ("profiles",),
    "E023": ("ingress",),
    "E025": ("policy", "pod helper"),
    "E028": ("immutable",),
    "E029": ("pod helper",),
    "E030": ("dask new",),
    "E031": ("culling",),
    "E035": ("rights",),
    "E036": ("limits",),
}


def untold(step: Step, facts: Collection[str]) -> list[str]:
    """The facts that no effect of a step tells, and the effects told without a fact."""
    codes = {one.code for one in consequences(step)}
    return [fact for fact in facts if not codes.intersection(TOLD[fact])] + [
        code for code in codes & _NEEDED.keys() if not {*_NEEDED[code]}.intersection(facts)
    ]


def step_of(edit: Edit) -> Step:
    """What an edit does to its environment."""
    before, after = (
        Side(site=site_of(text)).environments[edit.environment]
        for text in (edit.before, edit.after)
    )
    return Step(before=before, after=after)


def facts_of(edit: Edit, step: Step, charts: Path) -> frozenset[str]:
    """What an edit changes after Helm, in its environment."""
    found: set[str] = set()
    for app in CHARTS:
        before, after = (
            rendered(side, app, charts, helm4=renders_with_helm4(side.site, edit.environment))
            for side in step.sides
        )
        if app == "dask-gateway" and bool(before) != bool(after):
            found.add("dask new" if after else "dask gone")
        else:
            found |= differing(before, after)
    return frozenset(found)


def hold(charts: Path, count: int, seed: int, record: Path | None) -> int:
    """Prints what effects do not tell of random edits; the number of such edits."""
    wrong, rows = 0, []
    for edit in edits(count, number=seed):
        step = step_of(edit)
        try:
            facts = sorted(facts_of(edit, step, charts))
        except RefusedError:
            continue
        if step.is_moved:
            continue
        before, after = (yaml.safe_load(text) for text in (edit.before, edit.after))
        made = operations(before, after)
        rows.append({"base": edit.before, "made": made, "at": edit.environment, "facts": facts})
        if said := untold(step, facts):
            wrong += 1
            print(said, facts, json.dumps(made))  # noqa: T201
    if record is not None:
        bases = [*dict.fromkeys(row["base"] for row in rows)]
        kept = [{**row, "base": bases.index(row["base"])} for row in rows]
        lists: dict[str, list[Any]] = {"bases": bases, "edits": kept}
        lines = {
            key: ",\n".join(json.dumps(one) for one in listed) for key, listed in lists.items()
        }
        parts = (f'"{key}": [\n{listed}\n]' for key, listed in lines.items())
        record.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    print(f"{len(rows)} edits, {wrong} told wrongly")  # noqa: T201
    return wrong


if __name__ == "__main__":
    _, charts, count, *more = sys.argv
    number, written = int(more[0]) if more else 41, Path(more[1]) if more[1:] else None
    sys.exit(min(1, hold(Path(charts), int(count), number, written)))
