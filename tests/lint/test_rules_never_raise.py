"""Every single rule copes with whatever reader, schema and parser leave of a site.

What the schema refused is absent, and a refused entry of a list leaves a gap. What it lets pass may
be as large, small, long or odd as it allows.
"""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache, partial
from typing import Any

import pytest

from generator.diagnostics import Finding, Severity
from generator.io import resources
from generator.lint.rules import every_comparison, every_rule
from generator.lint.rules.base import Comparison, PackagedChart, Rule, Surroundings, every_settings
from generator.site import parse
from generator.site.model import Site
from generator.site.schema import SiteSchema
from generator.yaml.read import read
from tests.support import random_sites
from tests.support.random_values import examples
from tests.support.sites import ROOT

INVALID = ROOT / "tests" / "invalid"
SITES = 60
Check = Callable[[Site], Iterator[Finding]]

LETTERS = "a" * 63
HOST = ".".join(["a" * 63] * 3) + "." + "b" * 61
DEEP: Any = "deep"
for _ in range(16):
    DEEP = [{"k": DEEP}]
NAMES = (LETTERS, "a", "0", "1e3", "null", "x-" * 31 + "y", "kube-system", "argocd", "default")
QUANTITIES = (
    *("0.000001k", "1k", "999999999999.999999P", "999999999999Pi", "0.5Ki", "1536Mi", "00000001G"),
    *("0.999999Gi", "1.5Ti", "000001.10Mi"),
)
CORES = (0.001, 1e-9, 0.1, 1, 100000, 99999.999, "1m", "999999m", "0.001", "000001", "100000.999")
DURATIONS = ("0s", "00h", "1s", "59s", "999999h999999m999999s", "0h0m0s", "999999s")
IMAGES = (
    *(
        "a",
        "a:b",
        ":",
        "@",
        "a@sha256:",
        "a@sha256:" + "f" * 64,
        "https://a/b",
        "a:b:c:d",
        "/",
        ":a",
    ),
    *(
        "日本:e\u0301",
        "x" * 512,
        "a/b@c@d",
        "registry:5000/a",
        "[::1]:5000/a:b",
        "%",
        "a:\U0001f30a",
    ),
)
URLS = (
    *("a://b", "https://[", "https://[::1", "https://]", "https://a:b:c", "https://:0", "http://@"),
    *(
        "https://a:99999999/x",
        "https://a:x/",
        "https:///",
        "https://%zz",
        "https://u:p@h",
        "x://" + LETTERS,
    ),
    *(
        "https://日本.example",
        "https://xn--/",
        "https://a@b@c/",
        "ftp://a?#",
        "https://e\u0301",
        "ssh://-o",
    ),
)
TEXTS = (
    *(
        "",
        " ",
        "a",
        "{",
        "}",
        "{}",
        "{0}",
        "{a!r:{b}}",
        "{{x}}",
        "%s",
        "%(x)s",
        "$(X)",
        "$patch",
        "<<",
    ),
    *(
        "\u202e",
        "日本",
        "e\u0301",
        "\U0001f30a",
        "a\nb",
        "\n",
        "\t",
        "x" * 5000,
        "def f(:",
        "c.A.b = 1",
    ),
    *(
        "(" * 300,
        "[" * 300,
        "-" * 3000 + "1",
        "'''",
        "\\",
        "1" * 5000,
        "5Gi",
        "nan",
        "inf",
        "1e999",
    ),
    *(
        "https://a:b@c/",
        "-----BEGIN PRIVATE KEY-----",
        "a" * 64,
        "import os\n" * 50,
        "x = (yield)",
        "\0",
    ),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**18, -(10**18), 0.1, -0.5, 1e300, *TEXTS),
    *(
        [],
        {},
        [None],
        [[]],
        [{}],
        {"": ""},
        {"x": None},
        {"name": None},
        {"name": [], "value": {}},
        DEEP,
    ),
)
VERSIONS = (
    *(
        "3.3.8",
        "4.4.0",
        "2022.6.1",
        "2026.3.0",
        "0.0.0",
        "999999999.999999999.999999999",
        "1.2.3-a.b",
    ),
    *(
        "4.4.0-0.dev.git.6000.h1",
        "x",
        " ",
        "v4.4.0",
        "4",
        "4.x",
        ">=4",
        "4.4.0+g1",
        "1.2.3-" + "9" * 50,
    ),
)
# What the schema lets pass under these keys, wherever they stand.
EXTREMES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("namespace", "releaseName", "cluster", "slug", "name"), NAMES),
    **dict.fromkeys(("storage", "capacity"), QUANTITIES),
    **dict.fromkeys(("guarantee", "limit", "default", "min", "max", "memory"), QUANTITIES + CORES),
    **dict.fromkeys(("authorizeUrl", "tokenUrl", "userdataUrl", "url", "server"), URLS),
    **dict.fromkeys(("users", "admins", "groups", "scopes"), ([], ["a"], list(TEXTS[2:9]))),
    "cores": CORES,
    "workers": (1, 2, 1_000_000),
    "idleTimeout": DURATIONS,
    "image": IMAGES,
    "host": (HOST, "a", "0.0", LETTERS),
    "site": NAMES,
    "version": (*VERSIONS, "0.0", "9999.9999.9999"),
    "kubernetes": ("0.0", "9999.9999", "1.30.1"),
    "jupyterhub": ("0", "4.1.6", "x", "5.x", "9" * 60, "4.1.6-" + "a" * 40),
    "revision": ("HEAD", "refs/", "refs/heads/", "f" * 40, "é", "-x", "a" * 300),
    "organizations": ([], ["a"], ["a:b", "é:\U0001f30a"]),
    "groupsClaim": ("a", "a.b/c:d"),
    "usernameClaim": ("sub", "a.b/c"),
    "description": TEXTS,
    "loginService": TEXTS,
    "storageClass": TEXTS,
    "sealingCertificate": TEXTS,
}


def _raw(chance: random.Random, raw: dict[str, Any]) -> dict[str, Any]:
    """The data of a site as parts of it are refused, and others as odd as the schema allows."""
    raw = deepcopy(raw)
    for _ in range(chance.choice((0, 1, 3, 10))):
        _change(raw, chance, _exaggerated)
    schema = SiteSchema(written=resources.site_schema())
    refused = {found.at for found in schema.findings(raw, repr) if found.refuses}
    raw = parse.without(raw, refused)
    for _ in range(chance.choice((0, 1, 3, 10, 30))):
        _change(raw, chance, _gone)
    return raw


def _change(
    raw: dict[str, Any], chance: random.Random, change: Callable[[Any, Any, random.Random], None]
) -> None:
    """Changes one place of the data."""
    places = list(_places(raw))
    if places:
        change(*chance.choice(places), chance)


def _places(node: Any, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """Every entry of every map and list, with what holds it; the reader lets none be 64 deep."""
    steps: list[Any] = list(node) if isinstance(node, dict) else []
    steps = list(range(len(node))) if isinstance(node, list) else steps
    for step in steps if depth < 25 else ():
        yield node, step
        yield from _places(node[step], depth + 1)


def _gone(holder: Any, step: Any, _: random.Random) -> None:
    if isinstance(holder, dict):
        del holder[step]
    else:
        holder[step] = None


def _exaggerated(holder: Any, step: Any, chance: random.Random) -> None:
    if step == "values" or chance.random() < 0.1:
        odd: Any = {chance.choice(TEXTS): chance.choice(ODD), **_odd_values(chance)}
    else:
        odd = chance.choice(EXTREMES.get(step, ODD))
    holder[step] = deepcopy(odd)


# Keys of chart values that some rule reads.
KEYS = (
    *("hub", "singleuser", "proxy", "gateway", "traefik", "scheduling", "ingress", "rbac", "cull"),
    *("config", "extraConfig", "extraEnv", "extraFiles", "memory", "limit", "guarantee", "image"),
    *("Authenticator", "JupyterHub", "GenericOAuthenticator", "admin_users", "allowed_users"),
    *("backend", "scheduler", "worker", "cores", "auth", "userScheduler", "enabled", "create"),
    *("jupyterhub", "dask-gateway", "services", "env", "name", "value", "tag", "pullPolicy"),
    *(
        "cloudMetadata",
        "blockWithIptables",
        "networkPolicy",
        "serviceAccount",
        "storage",
        "profileList",
    ),
    *(
        "kubespawner_override",
        "cmd",
        "fullnameOverride",
        "nameOverride",
        "debug",
        "custom",
        "global",
    ),
)


def _odd_values(chance: random.Random) -> dict[str, Any]:
    """Chart values of any shape under keys that charts have."""

    def node(depth: int) -> Any:
        if depth == 0 or chance.random() < 0.2:
            return deepcopy(chance.choice(ODD))
        if chance.random() < 0.1:
            return [node(depth - 1) for _ in range(chance.randint(0, 3))]
        return {chance.choice(KEYS): node(depth - 1) for _ in range(chance.randint(1, 4))}

    return {key: node(4) for key in chance.sample(KEYS, chance.randint(0, 6))}


@cache
def _partial_sites() -> tuple[Site, ...]:
    """Sites as they are parsed from texts that the schema found fault with.

    They begin with random ones, and with those that show the mistake of each rule.
    """
    chance = random.Random("partial")
    shown = [read(path.read_bytes(), path.name).data for path in sorted(INVALID.glob("*.yaml"))]
    found = [
        *examples(random_sites.sites(), SITES),
        *(raw for raw in shown if isinstance(raw, dict)),
    ]
    return tuple(parse.site(_raw(chance, raw), resources.known_versions()) for raw in found)


def _beside(site: Site, chance: random.Random) -> Surroundings:
    """Another of the sites as the Git base, and odd packages of the pinned charts."""
    pins = {pin for settings in every_settings(site) for pin in settings.charts.values()}
    charts = {
        (pin.name, pin.text): PackagedChart(
            schema=chance.choice(({}, {"type": "object", "additionalProperties": False})),
            defaults=_odd_values(chance),
        )
        for pin in sorted(pins, key=repr)
    }
    base = chance.choice((None, site, *_partial_sites()))
    return Surroundings(base=base, charts=charts, day="2026-10-01")


def _compared(rule: Comparison, site: Site) -> Iterator[Finding]:
    around = _beside(site, random.Random(rule.finding.code))
    assert rule.can_judge(site, around) in (True, False)
    return rule.check(site, around)


JUDGES: dict[str, tuple[Rule | Comparison, Check]] = {
    **{rule.finding.code: (rule, rule.check) for rule in every_rule()},
    **{rule.finding.code: (rule, partial(_compared, rule)) for rule in every_comparison()},
}


@pytest.mark.parametrize("code", sorted(JUDGES))
def test_rule_judges_whatever_is_left_of_a_site(code: str) -> None:
    rule, check = JUDGES[code]
    for site in _partial_sites():
        for found in check(site):
            assert found.code == code
            # A rule may say of a milder case that it weighs less.
            assert list(Severity).index(found.severity) >= list(Severity).index(
                rule.finding.severity
            )
            assert all(isinstance(step, str | int) for step in found.at)
            assert found.message.strip()
            assert found.help.strip()


def test_the_sites_are_of_all_kinds() -> None:
    sizes = {len(site.environments) for site in _partial_sites()}
    assert max(sizes) - min(sizes) >= 2
    found = {
        code for code, (_, check) in JUDGES.items() if any(map(_any, map(check, _partial_sites())))
    }
    assert len(found) > len(JUDGES) * 0.6


def _any(found: Iterator[Finding]) -> bool:
    return next(found, None) is not None
