"""What is known of one further chart, and the block of site.yaml that follows from it."""

from collections.abc import Callable, Iterator, Mapping
from textwrap import indent, wrap
from typing import Any

from generator.records import field, record
from generator.versions import Version

Values = Mapping[str, Any]


@record
class KnownChart:
    """The facts of a chart, as its `version` has them; `app` is the usual name of its app.

    `released` is the day of the tag in `source`. `by_minor` are the newest versions by the minor
    version of Kubernetes that each is made for, empty where one serves all.
    `values` is YAML, comments included. `ingress_class` says from values and the release's name
    which class the chart makes. `crds` names the value that installs the definitions; empty where
    they always come with the chart, or there are none.
    """

    name: str
    app: str
    purpose: str
    brings: str = ""
    repository: str
    version: str
    released: str
    source: str
    by_minor: Mapping[int, str] = field(factory=dict)
    namespace: str
    labels: Mapping[str, str] = field(factory=dict)
    wave: int
    values: str = ""
    kinds: tuple[str, ...] = ()
    server_side_apply: bool = False
    privileged: bool = False
    secrets: Mapping[str, tuple[str, ...]] = field(factory=dict)
    ingress_class: Callable[[Values, str], str] | None = None
    crds: tuple[str, ...] = ()
    crds_default: bool = True
    definitions: str
    random: str
    writes_back: str
    health: str
    restart: str
    cuts: bool = False
    survives: str

    def newest_for(self, kubernetes: Version) -> str:
        """The newest known version that is made for a Kubernetes version."""
        minor = kubernetes.numbers[1]
        fitting = [one for one in sorted(self.by_minor) if one <= minor]
        return self.by_minor[fitting[-1]] if fitting else self.version

    def installs_crds(self, values: Values) -> bool:
        """Whether the chart brings its definitions with these values."""
        node: Any = values
        for key in self.crds:
            node = node.get(key) if isinstance(node, Mapping) else None
        return bool(self.crds_default if node is None else node) if self.crds else True

    def block(self, version: str, cluster: str = "") -> str:
        """The entry of `apps` for it, as YAML with comments, without indentation.

        Only for one cluster where that is named.
        """
        return "\n".join(self._lines(version, cluster)) + "\n"

    def _lines(self, version: str, cluster: str) -> Iterator[str]:
        when = f"on {self.released}" if version == self.version else "for this Kubernetes"
        yield from _comment(f"{self.purpose} Newest known version {when}; source: {self.source}")
        yield f"{self.app}:"
        yield from (f"  {line}" for line in self._keys(version, cluster))

    def _keys(self, version: str, cluster: str) -> Iterator[str]:
        yield "scope: cluster"
        chart = f"name: {self.name}, repository: {self.repository}, version: {version}"
        yield f"chart: {{{chart}}}"
        yield f"namespace: {self.namespace}"
        if cluster:
            yield f"clusters: [{cluster}]"
        if self.labels:
            yield f"namespaceLabels: {_flow(self.labels)}"
        yield f"wave: {self.wave}"
        if self.values:
            yield "values:"
            yield from indent(self.values.strip("\n"), "  ").splitlines()
        if self.kinds:
            yield f"clusterKinds: [{', '.join(self.kinds)}]"
        if self.server_side_apply:
            yield "# Its definitions are too large for a client-side apply."
            yield "serverSideApply: true"
        if self.secrets:
            yield "# Placeholders until you seal them: hubops seal."
            listed = ", ".join(
                f"{name}: {{keys: [{', '.join(keys)}]}}" for name, keys in self.secrets.items()
            )
            yield f"secrets: {{{listed}}}"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in wrap(text, 90, break_on_hyphens=False))


def _flow(pairs: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{key}: {text}' for key, text in pairs.items())}}}"
