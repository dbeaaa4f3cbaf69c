"""Random sites, valid by construction: plain data, the text of a site.yaml, or the loaded Site.

They cover every part that an environment may override, every supported chart version, and strings
that YAML readers disagree about. JSON is YAML, so the text is JSON.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from generator.io.resources import known_versions
from generator.site.model import Site
from generator.versions import Version
from tests.support.random_logins import authentication
from tests.support.random_values import examples, lines, maps
from tests.support.sites import load_text

Raw = dict[str, Any]

JUPYTERHUB = ("3.0.3", "3.2.1", "3.3.8", "4.0.0", "4.2.0", "4.4.0")
DASK_GATEWAY = ("2022.6.1", "2022.10.0", "2023.9.0", "2024.1.0", "2025.4.0", "2026.3.0")
ARGO_CD = tuple(
    f"{major}.{minor}" for major, minors in ((2, range(8, 15)), (3, range(6))) for minor in minors
)
KUBERNETES = ("1.25", "1.28", "1.30", "1.31", "1.33")

# Names that Kubernetes accepts and that YAML readers take for something else.
CLUSTERS = ("fedcloud", "west-2", "1e2", "no", "0x1f", "off")
ENVIRONMENTS = ("production", "staging", "on", "null", "12e4", "0o17", "2022-06-01", "y")
NAMESPACES = ("daskhub", "hub-2", "1e3", "n", "08", "true", "2001-1-1", "no")
SITES = ("protocoast", "a", "0", "1e1", "null-site", "yes")

# Written raw by json.dumps, and refused raw by YAML readers.
_RAW = re.compile("[\u2028\u2029\ufeff]")

_PROFILE_IMAGES = (
    "quay.io/globalcoast/protocoast-notebook:main",
    "quay.io:443/x/y:1e3",
    f"registry.example.org/notebook@sha256:{'0123456789abcdef' * 4}",
)
_DASK_LIMITS: tuple[Raw, ...] = (
    {"cores": 4, "memory": "24Gi", "workers": 3},
    {"cores": 40, "memory": "160Gi", "workers": 16},
    {"cores": "16000m", "memory": "65536Mi", "workers": 1},
)
_DASK_WORKERS: tuple[Raw, ...] = (
    {},
    {"cores": {"default": 1, "min": 1, "max": 2}, "memory": {"default": "4Gi", "max": "6Gi"}},
    {"cores": {"default": 0.5, "min": "500m", "max": 2}, "image": "quay.io/dask/dask:0x1"},
    {"memory": {"default": "1536Mi", "min": "1Gi", "max": "8Gi"}},
)


_SECRETS: tuple[Raw, ...] = (
    {"1e3": {"keys": ["AWS_ACCESS_KEY_ID", "y"], "usedBy": {"servers": "environment"}}},
    {
        "no": {"keys": ["off", "0x1f", "1e3"], "usedBy": {"servers": {"mount": "/etc/ocean"}}},
        "mail": {"keys": ["SMTP"], "usedBy": {"hub": "environment", "servers": "environment"}},
    },
)


def as_text(site: Mapping[str, Any]) -> str:
    """Plain data as the text of a site.yaml."""
    text = json.dumps(site, ensure_ascii=False, indent=1)
    return _RAW.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def sites() -> st.SearchStrategy[Raw]:
    """Random valid sites as plain data."""
    return _site()


def loaded_sites() -> st.SearchStrategy[Site]:
    """Random sites as the program knows them."""
    return sites().map(load_site)


def load_site(raw: Mapping[str, Any]) -> Site:
    """The site of plain data; an example that some rule refuses is not used."""
    loaded = load_text(as_text(raw))
    assume(loaded.site is not None)
    assert loaded.site is not None
    return loaded.site


@cache
def sample(count: int) -> tuple[str, ...]:
    """The texts of some random sites, the same ones in every run, for tests that cost much each."""
    return tuple(as_text(raw) for raw in examples(sites().filter(_loads), count))


def _loads(raw: Raw) -> bool:
    return load_text(as_text(raw)).site is not None


@st.composite
def _site(draw: Callable[..., Any]) -> Raw:
    provider = draw(st.sampled_from(("generic-oauth", "generic-oauth", "github", "dummy")))
    shared_dask = draw(st.booleans())
    names = draw(st.permutations(ENVIRONMENTS))[: draw(st.sampled_from((2, 3, 4, 1)))]
    clusters = draw(st.permutations(CLUSTERS))[: draw(st.integers(1, min(3, len(names))))]
    placed = {name: clusters[min(i, len(clusters) - 1)] for i, name in enumerate(names)}
    namespaces = draw(st.permutations(NAMESPACES))
    raw: Raw = {
        "schemaVersion": 1,
        "site": draw(st.sampled_from(SITES)),
        "repository": draw(_repository()),
        "argocd": {"version": draw(st.sampled_from(ARGO_CD))},
        "charts": {"jupyterhub": draw(_pin(JUPYTERHUB))},
        "jupyterhub": draw(_jupyterhub(provider)),
        "environments": {
            name: {
                "cluster": placed[name],
                "namespace": namespaces[i],
                "host": f"{name}.example.org",
                **draw(_environment(provider, shared_dask=shared_dask)),
            }
            for i, name in enumerate(names)
        },
    }
    if shared_dask or draw(st.booleans()):
        raw["charts"]["dask-gateway"] = draw(_pin(DASK_GATEWAY))
    if shared_dask:
        raw["daskGateway"] = draw(_dask_gateway())
    optional = {"sync": _sync(), "secrets": st.sampled_from(_SECRETS)}
    raw |= draw(st.fixed_dictionaries({}, optional=optional))
    draw(_monitoring(raw))
    _make_consistent(raw)
    raw["clusters"] = {
        name: draw(_cluster(raw, index, name)) for index, name in enumerate(clusters)
    }
    return raw


@st.composite
def _monitoring(draw: Callable[..., Any], raw: Raw) -> None:
    """Monitoring for all, for some, or for none; Prometheus reads a hub in one of two ways."""
    way = draw(st.sampled_from(("", "serviceMonitors", "annotations")))
    if not way:
        return
    keys = {one: st.booleans() for one in (way, "alerts")}
    shared = st.fixed_dictionaries({}, optional=keys)
    nulls = {one: st.one_of(st.none(), part) for one, part in keys.items()}
    own = st.one_of(st.none(), st.fixed_dictionaries({}, optional=nulls))
    if draw(st.booleans()):
        raw["monitoring"] = draw(shared)
    for environment in raw["environments"].values():
        if draw(st.booleans()):
            environment["monitoring"] = draw(own if "monitoring" in raw else shared)


def _monitored(raw: Raw) -> bool:
    return "monitoring" in raw or any("monitoring" in one for one in raw["environments"].values())


@cache
def _prometheus() -> st.SearchStrategy[Raw]:
    labels = st.sampled_from(({}, {"release": "1e3", "y": "on"}))
    return st.fixed_dictionaries(
        {
            "prometheus": st.fixed_dictionaries(
                {"namespace": st.sampled_from(("monitoring", "12e3"))}, optional={"labels": labels}
            ),
            "provided": st.just(["prometheus-operator"]),
        },
        optional={"dashboards": st.just({"jupyterhub": "https://git.example.org/hub.json"})},
    )


@cache
def _repository() -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {"url": st.sampled_from(("https://git.example.org/hub.git", "git@example.org:x/hub.git"))},
        optional={"revision": st.sampled_from(("main", "1e3", "refs/tags/12e4", "HEAD", "y"))},
    )


@st.composite
def _cluster(draw: Callable[..., Any], raw: Raw, index: int, name: str) -> Raw:
    oldest = max(Version.parse("1.25"), *_needed_kubernetes(raw, name))
    fitting = [version for version in KUBERNETES if Version.parse(version) >= oldest]
    where = draw(
        st.sampled_from(
            (
                {"server": "https://kubernetes.default.svc" if index == 0 else _server(name)},
                {"server": _server(name)},
                {"name": f"registered-{name}"},
                {"name": f"{index}e{index}"},
            )
        )
    )
    ingress = st.fixed_dictionaries(
        {"className": st.sampled_from(("nginx", "1e3", "on"))},
        optional={"clusterIssuer": st.just("letsencrypt"), "annotation": st.booleans()},
    )
    optional = {"argocd": st.fixed_dictionaries({"version": st.sampled_from(ARGO_CD)})}
    return {
        **where,
        "kubernetes": draw(st.sampled_from(fitting)),
        "storageClass": draw(st.sampled_from(("csi-cinder-sc-delete", "0x1f", "no"))),
        "ingress": draw(ingress),
        **draw(st.fixed_dictionaries({}, optional=optional)),
        **(draw(_prometheus()) if _monitored(raw) else {}),
    }


def _server(name: str) -> str:
    return f"https://{name}.example.org:6443"


@cache
def _pin(versions: tuple[str, ...]) -> st.SearchStrategy[Raw]:
    addresses = ("https://charts.example.org/", "oci://registry.example.org/charts")
    return st.fixed_dictionaries(
        {"version": st.sampled_from(versions)},
        optional={"repository": st.sampled_from(addresses)},
    )


@cache
def _sync() -> st.SearchStrategy[Raw]:
    switches = ("automated", "prune", "selfHeal")
    return st.fixed_dictionaries({}, optional={switch: st.booleans() for switch in switches})


@cache
def _jupyterhub(provider: str) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {
            "authentication": authentication(provider),
            "servers": st.fixed_dictionaries(
                {"profiles": _profiles()}, optional=_server_resources(removing=False)
            ),
            "values": _chart_values("jupyterhub"),
        },
        optional={
            "database": st.fixed_dictionaries({}, optional={"storage": st.just("2Gi")}),
            "home": st.fixed_dictionaries({"capacity": st.sampled_from(("10Gi", "1.5Ti"))}),
        },
    )


@st.composite
def _profiles(draw: Callable[..., Any]) -> list[Raw]:
    described = st.fixed_dictionaries(
        {"name": lines()},
        optional={"description": lines()},
    )
    drawn = draw(st.lists(described, min_size=1, max_size=3, unique_by=lambda p: p["name"]))
    chosen = draw(st.integers(0, len(drawn) - 1))
    return [
        {
            **profile,
            "slug": ("main", "1e3", "on")[i],
            "image": draw(st.sampled_from(_PROFILE_IMAGES)),
            **({"default": True} if i == chosen else {}),
        }
        for i, profile in enumerate(drawn)
    ]


def _server_resources(*, removing: bool) -> dict[str, st.SearchStrategy[Any]]:
    """Guarantees that lie below every limit, so that any override of any of them is valid."""
    ranges: dict[str, tuple[list[Any], list[Any]]] = {
        "cpu": ([1, 0.5, "250m"], [2, "3500m", 2.5]),
        "memory": (["512Mi", "1Gi", "1.5Gi"], ["4Gi", "10G", "4294967297k"]),
        "ephemeralStorage": (["1Gi"], ["8Gi", "20G"]),
    }
    nothing = [None] if removing else []
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for name, (low, high) in ranges.items():
        bounds = st.fixed_dictionaries(
            {},
            optional={
                "guarantee": st.sampled_from(low + nothing),
                "limit": st.sampled_from(high + nothing),
            },
        )
        parts[name] = st.one_of(st.none(), bounds) if removing else bounds
    return parts


@cache
def _chart_values(chart: str, *, removing: bool = False) -> st.SearchStrategy[Raw]:
    """Raw values under keys that the charts leave free, and beside computed ones."""
    free: dict[str, st.SearchStrategy[Any]] = {}
    if chart == "jupyterhub":
        free["custom"] = maps(removing=removing)
        free["cull"] = st.sampled_from(({"timeout": 3600}, {"every": 60, "users": True}))
        hub = {"labels": {"y": "on"}, "extraConfig": {"10-a": "c.A.b = 1\n", "1e3": "# {x}\n\n"}}
        free["hub"] = st.just(hub)
    else:
        env = [{"name": "1e3", "value": "on"}]
        free["gateway"] = st.sampled_from(({"replicas": 2}, {"env": env}, {"loglevel": "DEBUG"}))
    if removing:
        free = {key: st.one_of(st.none(), part) for key, part in free.items()}
    return st.fixed_dictionaries({"global": maps(removing=removing)}, optional=free)


@cache
def _dask_gateway() -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {"limits": st.sampled_from(_DASK_LIMITS)},
        optional={
            "idleTimeout": st.sampled_from(("20m", "1h30m", "45s")),
            "worker": st.sampled_from(_DASK_WORKERS),
            "values": _chart_values("dask-gateway"),
        },
    )


@st.composite
def _environment(draw: Callable[..., Any], provider: str, *, shared_dask: bool) -> Raw:
    optional: dict[str, st.SearchStrategy[Any]] = {
        "requireSealed": st.booleans(),
        "sealingScope": st.sampled_from(("strict", "namespace-wide", "cluster-wide")),
        "sync": st.one_of(st.none(), _sync()),
        "daskGateway": _dask_override() if shared_dask else _dask_gateway(),
    }
    if draw(st.sampled_from((True, True, True, False))):
        often = {"jupyterhub": _jupyterhub_override(), "charts": _charts_override()}
        drawn: Raw = draw(st.fixed_dictionaries(often, optional=optional))
        if draw(st.sampled_from(range(5))) == 1:
            drawn["jupyterhub"]["values"] = None
    else:
        drawn = {}
    login = draw(st.sampled_from((None, None, "github", "dummy")))
    if login is not None and login != provider:
        written = draw(authentication(login))
        written["allow"] = {
            **dict.fromkeys(("everyone", "users", "groups", "groupsClaim")),
            **written.get("allow", {"everyone": True}),
        }
        drawn["jupyterhub"] = {**drawn.get("jupyterhub", {}), "authentication": written}
    if "dummy" in (login, provider):
        drawn["testing"] = True
    return drawn


@cache
def _jupyterhub_override() -> st.SearchStrategy[Raw]:
    servers = st.fixed_dictionaries(
        {}, optional={**_server_resources(removing=True), "profiles": _profiles()}
    )
    return st.fixed_dictionaries(
        {"values": _chart_values("jupyterhub", removing=True)},
        optional={
            "database": st.sampled_from((None, {"storage": "3Gi"}, {"storage": None})),
            "home": st.sampled_from((None, {"capacity": "1.5Gi"}, {"capacity": None})),
            "servers": servers,
        },
    )


@cache
def _charts_override() -> st.SearchStrategy[Raw]:
    hub = _pin(JUPYTERHUB)
    return st.fixed_dictionaries(
        {"jupyterhub": st.one_of(hub, hub, st.just({"repository": None}))},
        optional={"dask-gateway": _pin(DASK_GATEWAY)},
    )


@cache
def _dask_override() -> st.SearchStrategy[Raw | None]:
    part = st.fixed_dictionaries(
        {},
        optional={
            "limits": st.sampled_from(_DASK_LIMITS),
            "idleTimeout": st.sampled_from((None, "5m")),
            "worker": st.none(),
            "values": st.one_of(st.none(), _chart_values("dask-gateway", removing=True)),
        },
    )
    return st.one_of(st.none(), part)


def _make_consistent(raw: Raw) -> None:
    """One owner of the CRDs and distinct releases in each cluster; a pin wherever Dask runs."""
    owners: dict[str, Raw] = {}
    for index, environment in enumerate(raw["environments"].values()):
        if not _runs_dask(raw, environment):
            continue
        if "dask-gateway" not in raw["charts"]:
            charts = environment.setdefault("charts", {})
            charts.setdefault("dask-gateway", {"version": DASK_GATEWAY[index]})
        owner = owners.setdefault(environment["cluster"], environment)
        if owner is not environment:
            # No newer than the CRDs, which the owner's chart brings.
            environment.setdefault("charts", {})["dask-gateway"] = {"version": _pinned(raw, owner)}
            own = {"releaseName": f"dask-{index}", "installCRDs": False}
            environment["daskGateway"] = {**environment.get("daskGateway", {}), **own}


def _pinned(raw: Raw, environment: Raw) -> str:
    """The version of Dask Gateway that an environment runs."""
    own = environment.get("charts", {}).get("dask-gateway", {})
    return str({**raw["charts"].get("dask-gateway", {}), **own}["version"])


def _runs_dask(raw: Raw, environment: Raw) -> bool:
    return environment.get("daskGateway", raw.get("daskGateway")) is not None


def _needed_kubernetes(raw: Raw, cluster: str) -> list[Version]:
    """The oldest Kubernetes for each chart that an environment of the cluster pins."""
    needed = []
    for environment in raw["environments"].values():
        if environment["cluster"] != cluster:
            continue
        for name in ("jupyterhub", "dask-gateway"):
            own = environment.get("charts", {}).get(name, {})
            pin = {**raw["charts"].get(name, {}), **own}
            if "version" in pin:
                version = Version.parse(pin["version"])
                needed.append(known_versions().needed_kubernetes(name, version))
    return needed
