"""An Argo CD ApplicationSet -> the Application of each of its elements, by environment."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.adopt.base import at
from generator.adopt.layers import Checkout, Layer, layer, text_of
from generator.credentials import printable
from generator.diagnostics import GeneratorError, Pointer
from generator.names import is_label
from generator.records import replace
from generator.site.model import Json

KIND = "ApplicationSet"
_TEMPLATE: Pointer = ("spec", "template")
# Both forms of argo-cd's applicationset/utils: `{{env}}`, and with goTemplate `{{ .env }}`.
_EXPRESSION = re.compile(r"\{\{-?\s*\.?([\w.\[\]-]+)\s*-?\}\}")
# What elements call their environment.
_NAMES = ("environment", "env", "stage", "name", "cluster", "path.basename", "path.filename")
_READ = "list and git files"

# What an element says, by dotted names.
Parameters = Mapping[str, str]


def applications(document: Layer, checkout: Checkout) -> dict[str, Layer]:
    """The Applications of an ApplicationSet, by the names of their environments.

    GeneratorError for elements that only a cluster knows, or whose files were not given.
    """
    elements = [
        one for n, one in _generators(document) for one in _elements(document, n, one, checkout)
    ]
    rendered = [_rendered(document, one) for one in elements]
    if not rendered:
        raise GeneratorError(
            f"{document.place(('spec', 'generators'))}: the ApplicationSet has no elements; "
            "nothing was written",
            "give its Applications: kubectl get application NAME -n argocd -o yaml",
        )
    return dict(zip(_names(elements, rendered), rendered, strict=True))


def _generators(document: Layer) -> Iterator[tuple[int, Mapping[str, Json]]]:
    listed = at(document.values, "spec", "generators")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, Mapping):
            yield number, one


def _elements(
    document: Layer, number: int, generator: Mapping[str, Json], checkout: Checkout
) -> Iterator[Parameters]:
    place = document.place(("spec", "generators", number))
    listed = at(generator, "list", "elements")
    files = at(generator, "git", "files")
    if isinstance(listed, list):
        yield from (dict(_flat(one)) for one in listed if isinstance(one, Mapping))
    elif isinstance(files, list):
        for one in files:
            pattern = str(at(one, "path", default=""))
            found = checkout.matching(pattern)
            if not found:
                raise GeneratorError(
                    f"{place}: the elements are in the files '{printable(pattern)}', which were "
                    "not given; nothing was written",
                    f"give a checkout of {printable(str(at(generator, 'git', 'repoURL')))} with "
                    "--values-from DIR",
                )
            for path, file in found:
                values = layer(text_of(file), file.name).values
                yield {**dict(_flat(values)), **_of_path(path)}
    else:
        kinds = ", ".join(map(printable, generator)) or "none"
        raise GeneratorError(
            f"{place}: a generator of the kind {kinds}, and hubops reads {_READ}; nothing was "
            "written",
            "give the Applications that it makes: kubectl get application NAME -n argocd -o yaml",
        )


def _flat(node: Mapping[str, Json], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, bool):
            yield f"{above}{key}", str(value).lower()
        elif isinstance(value, str | int | float):
            yield f"{above}{key}", str(value)


def _of_path(path: str) -> Parameters:
    """What Argo CD says of a file: argo-cd, applicationset/generators/git.go."""
    folder, _, name = path.rpartition("/")
    return {
        "path": folder,
        "path.path": folder,
        "path.basename": folder.rpartition("/")[2],
        "path.filename": name.rpartition(".")[0],
        **{f"path[{n}]": step for n, step in enumerate(folder.split("/"))},
    }


def _rendered(document: Layer, parameters: Parameters) -> Layer:
    template = document.below(*_TEMPLATE) or replace(document, values={})
    filled: Any = _filled(template.values, parameters)
    name = at(document.values, "metadata", "namespace")
    metadata = {"namespace": name, **filled.get("metadata", {})}
    return replace(template, values={**filled, "kind": "Application", "metadata": metadata})


def _filled(node: Json, parameters: Parameters) -> Json:
    if isinstance(node, str):
        return _EXPRESSION.sub(lambda found: parameters.get(found[1], found[0]), node)
    if isinstance(node, Mapping):
        return {_filled(key, parameters): _filled(one, parameters) for key, one in node.items()}
    return [_filled(one, parameters) for one in node] if isinstance(node, list) else node


def _names(elements: Sequence[Parameters], rendered: Sequence[Layer]) -> list[str]:
    """A name for each environment: what the elements call it, else what their Applications do."""
    for key in _NAMES:
        names = [one.get(key, "") for one in elements]
        if len(set(names)) == len(names) and all(map(is_label, names)):
            return names
    names = [str(at(one.values, "metadata", "name", default="")) for one in rendered]
    if len(set(names)) == len(names) and all(map(is_label, names)):
        return names
    return [f"environment-{number}" for number in range(1, len(rendered) + 1)]
