"""A program in kubectl's place: it answers from a dump, and notes how it was called.

`KUBECTL_WORLD` names a folder: `objects.json` has the objects, `refused.txt` what it complains of,
`hang` makes it wait, `broken.txt` is all that it says, with exit code 1. `calls.txt` gets the
arguments of each call.
"""

import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SCRIPT = """\
#!{python}
import sys
sys.path.insert(0, {root!r})
from tests.support import kubectl
kubectl.main()
"""


def install(folder: Path, root: Path) -> Path:
    """The folder with the program in it, for the PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "kubectl"
    program.write_text(SCRIPT.format(python=sys.executable, root=str(root)))
    program.chmod(0o755)
    return folder


def main() -> None:
    """Answers one call."""
    world, words = Path(os.environ["KUBECTL_WORLD"]), sys.argv[1:]
    with (world / "calls.txt").open("a") as calls:
        calls.write(json.dumps(words) + "\n")
    if (world / "hang").exists():
        time.sleep(60)
    if (world / "broken.txt").exists():
        sys.stderr.write((world / "broken.txt").read_text())
        sys.exit(1)
    if "logs" in words:
        sys.stdout.write((world / "log.txt").read_text())
        return
    objects = json.loads((world / "objects.json").read_text())
    if "--raw" in words:
        _raw(words[words.index("--raw") + 1], world)
        return
    kinds = words[words.index("get") + 1].split(",")
    refused = [
        line
        for line in (world / "refused.txt").read_text().splitlines()
        if any(f'"{kind.partition(".")[0]}"' in line for kind in kinds)
    ]
    found = [one for one in objects if _is_asked(one, words)]
    if any(word.startswith("go-template") for word in words):
        sys.stdout.write("".join(map(_keys, found)))
    elif found or not refused:
        sys.stdout.write(json.dumps({"kind": "List", "items": found}))
    sys.stderr.write("".join(f"{line}\n" for line in refused))
    sys.exit(1 if refused else 0)


def _raw(path: str, world: Path) -> None:
    if path == "/version":
        sys.stdout.write('{"gitVersion": "v1.34.4"}')
    elif path == "/apis":
        groups = (
            "argoproj.io",
            "bitnami.com",
            "cert-manager.io",
            "acme.cert-manager.io",
            "gateway.dask.org",
            "networking.k8s.io",
            "apps",
            "storage.k8s.io",
            "apiextensions.k8s.io",
        )
        sys.stdout.write(json.dumps({"groups": [{"name": group} for group in groups]}))
    elif (world / "certificate.pem").exists():
        sys.stdout.write((world / "certificate.pem").read_text())
    else:
        sys.exit(1)


def _is_asked(one: dict[str, Any], words: list[str]) -> bool:
    place = words.index("get") + 1
    names = [word for word in words[place + 1 :] if not word.startswith("-") and "=" not in word]
    inside = words[words.index("-n") + 1] if "-n" in words else ""
    namespace = one["metadata"].get("namespace", "")
    if inside and namespace and namespace != inside:
        return False
    kinds = words[place]
    if "/" in kinds:
        return any(
            _kind(word) == one["kind"] and word.endswith(f"/{one['metadata']['name']}")
            for word in words
            if "/" in word
        )
    if one["kind"] not in map(_kind, kinds.split(",")):
        return False
    named = [name for name in names if name not in (inside, "json")]
    return not named or one["metadata"]["name"] in named


_KINDS = {
    "persistentvolumeclaims": "PersistentVolumeClaim",
    "ingresses": "Ingress",
    "resourcequotas": "ResourceQuota",
    "storageclasses": "StorageClass",
    "ingressclasses": "IngressClass",
    "sealedsecrets": "SealedSecret",
    "clusterissuers": "ClusterIssuer",
    "csinodes": "CSINode",
    "httproutes": "HTTPRoute",
    "volumeattachments": "VolumeAttachment",
    "daskclusters": "DaskCluster",
    "appprojects": "AppProject",
    "configmaps": "ConfigMap",
    "customresourcedefinitions": "CustomResourceDefinition",
}


def _kind(word: str) -> str:
    plural = word.partition("/")[0].partition(".")[0]
    return _KINDS.get(plural, plural.removesuffix("s").capitalize())


def _keys(secret: dict[str, Any]) -> str:
    metadata = secret["metadata"]
    owners = " ".join(f"{one['kind']}/{one['name']}" for one in metadata.get("ownerReferences", ()))
    managed = "<no value>"
    keys = " ".join(secret["keys"])
    return f"{metadata['namespace']}\t{metadata['name']}\t{owners} \t{managed}\t{keys} \n"


def calls(world: Path) -> list[list[str]]:
    """How it was called."""
    lines: Iterable[str] = (world / "calls.txt").read_text().splitlines()
    return [json.loads(line) for line in lines]
