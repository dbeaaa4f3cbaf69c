"""What is known of one further chart."""

from collections.abc import Callable, Mapping
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
    they always come with the chart, or there are none. `skips_crds` where hubs do not need those
    in its crds folder, and another chart of the cluster has them too.
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
    skips_crds: bool = False
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
