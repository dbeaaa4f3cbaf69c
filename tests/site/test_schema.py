"""The schema of site.yaml, and every kind of mistake in the words that people read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from generator.diagnostics import Severity
from generator.io import resources
from tests.support.schema_overrides import overridable
from tests.support.sites import PROTOCOAST, ROOT, load_text

PATH = ROOT / "schema" / "site.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
DEFINITIONS: dict[str, Any] = SCHEMA["$defs"]
PROVIDERS = " or ".join(DEFINITIONS["authentication"]["properties"]["provider"]["enum"])
OVERRIDES = sorted(name for name in DEFINITIONS if name.endswith("Override"))

Part = Mapping[str, Any]
Named = tuple[str, Part]


def _parts(part: Part, at: str) -> Iterator[Named]:
    """A part of the schema and every part below it that describes a key, an entry or a map."""
    yield at, part
    for key, child in part.get("properties", {}).items():
        yield from _parts(child, f"{at}.{key}")
    for keyword in ("items", "additionalProperties", "propertyNames"):
        if isinstance(part.get(keyword), Mapping):
            yield from _parts(part[keyword], f"{at}.{keyword}")


def _all() -> list[Named]:
    roots = {"site": SCHEMA} | DEFINITIONS
    return [named for name, root in roots.items() for named in _parts(root, name)]


def _followed(part: Part) -> dict[str, Any]:
    """A part with what it refers to; its own words win."""
    if "$ref" not in part:
        return dict(part)
    referred = DEFINITIONS[part["$ref"].removeprefix("#/$defs/")]
    return {**_followed(referred), **{key: part[key] for key in part if key != "$ref"}}


def _types(part: Part) -> list[str]:
    named = part.get("type", [])
    return [named] if isinstance(named, str) else list(named)


ALL = _all()
# Maps whose keys are not names of Kubernetes objects: what their keys are.
KEYS = {
    "site.secrets": "secretName",
    "app.secrets": "secretName",
    "site.apps": "appName",
    "cluster.apps": "appName",
    "nodeSelector": "label",
    "variables": "variable",
    "jupyterhub.hub.environment": "variable",
    "cluster.ingress.annotations": "label",
    "cluster.prometheus.labels": "label",
    "jupyterhub.servers.files": "secretKey",
    "jupyterhub.services": "serviceName",
    "jupyterhub.roles": "roleName",
    "authentication.googleGroups": "domain",
    "authentication.identityProviders": "entityId",
    "authentication.config": "authenticatorClass",
}
# Names of maps (`clusters.*`) are described by the definition that they refer to.
DESCRIBED = [(at, part) for at, part in ALL if at != "site"]
MAPS = [(at, part) for at, part in ALL if "object" in _types(part)]


def _by(named: Iterable[Named]) -> pytest.MarkDecorator:
    named = list(named)
    return pytest.mark.parametrize(("at", "part"), named, ids=[at for at, _ in named])


def test_schema_is_a_valid_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_is_part_of_the_package() -> None:
    assert resources.site_schema() == SCHEMA


@_by(DESCRIBED)
def test_every_key_is_described(at: str, part: Part) -> None:
    whole = _followed(part)
    assert whole["title"]
    assert whole["description"].endswith(".")
    assert whole["examples"]


@_by(MAPS)
def test_map_is_closed_unless_it_holds_raw_values(at: str, part: Part) -> None:
    raw = ("values", "traits", "solver", "jupyterhub.custom")
    if at.removesuffix("Override") in raw or at.endswith("Override.custom"):
        assert "additionalProperties" not in part
    elif "properties" in part:
        assert part["additionalProperties"] is False
    else:
        assert part["additionalProperties"].keys() == {"$ref"}
        kind = KEYS.get(at.replace("Override", ""), "name")
        kind = "release" if at.startswith("versions.") else kind
        minors = ("versions.support.kubernetes", "versions.support.argocd")
        kind = "minor" if at in minors else "name" if "support.ingress" in at else kind
        assert part["propertyNames"] == {"$ref": f"#/$defs/{kind}"}


@_by([(at, part) for at, part in DESCRIBED if "examples" in part])
def test_every_example_is_valid(at: str, part: Part) -> None:
    validator = Draft202012Validator({"$defs": DEFINITIONS, **part})
    for example in part["examples"]:
        assert [error.message for error in validator.iter_errors(example)] == []


@_by([(at, part) for at, part in DESCRIBED if "default" in part])
def test_every_default_is_valid(at: str, part: Part) -> None:
    validator = Draft202012Validator({"$defs": DEFINITIONS, **part})
    assert [error.message for error in validator.iter_errors(part["default"])] == []


@_by([(at, part) for at, part in ALL if "pattern" in part])
def test_every_pattern_covers_the_whole_text(at: str, part: Part) -> None:
    # `$` is read as the end of the text, and only the last one is.
    assert part["pattern"].startswith("^")
    assert part["pattern"].endswith("$")


def test_every_definition_is_referred_to() -> None:
    text = json.dumps(SCHEMA)
    assert [name for name in DEFINITIONS if f'"#/$defs/{name}"' not in text] == []


def test_overrides_follow_from_what_they_override(update_golden: bool) -> None:
    shared = [name.removesuffix("Override") for name in OVERRIDES]
    expected = overridable((name, DEFINITIONS[name]) for name in shared)
    if update_golden:
        text = json.dumps({**SCHEMA, "$defs": {**DEFINITIONS, **expected}}, indent=2)
        PATH.write_text(f"{text}\n", "utf-8")
        return
    assert {name: DEFINITIONS[name] for name in OVERRIDES} == expected


def test_the_file_is_written_as_the_refresh_writes_it() -> None:
    assert PATH.read_text("utf-8") == json.dumps(SCHEMA, indent=2) + "\n"


RELAXED: dict[str, tuple[Part, Part]] = {
    "scalar": (
        {"type": "string", "pattern": "^a$"},
        {"type": ["string", "null"], "pattern": "^a$"},
    ),
    "several-types": ({"type": ["number", "string"]}, {"type": ["number", "string", "null"]}),
    "words": ({"enum": ["a", "b"]}, {"enum": ["a", "b", None]}),
    "reference": ({"$ref": "#/$defs/a", "title": "t"}, {"$ref": "#/$defs/aOverride", "title": "t"}),
    "default": ({"type": "boolean", "default": True}, {"type": ["boolean", "null"]}),
    "map": (
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        {"type": ["object", "null"], "properties": {"a": {"type": ["string", "null"]}}},
    ),
    "map-of-any-names": (
        {"type": "object", "additionalProperties": {"$ref": "#/$defs/a"}},
        {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/aOverride"}},
    ),
    "condition": ({"type": "object", "allOf": [{}]}, {"type": ["object", "null"]}),
    # A list replaces the shared one as a whole: its entries are complete.
    "list": (
        {"type": "array", "items": {"type": "object", "required": ["a"]}, "minItems": 1},
        {"type": ["array", "null"], "items": {"type": "object", "required": ["a"]}, "minItems": 1},
    ),
}


@pytest.mark.parametrize(("shared", "relaxed"), RELAXED.values(), ids=RELAXED)
def test_an_override_requires_nothing_and_may_remove(shared: Part, relaxed: Part) -> None:
    assert overridable([("a", shared)]) == {"aOverride": relaxed}


# What is changed in ProtoCoast's site.yaml -> every finding, as line:column code, message, help.
Said = tuple[str, str, str]
QUANTITY = "bytes with a unit: Ki, Mi, Gi, Ti (powers of 1024) or k, M, G, T (powers of 1000)"
NAME = "lower-case letters, digits and '-', at most 63 characters (RFC 1123 label)"
FOREIGN = "remove it, or choose the provider that it belongs to"
TOP = (
    "known: apps, argocd, charts, clusters, daskGateway, environments, jupyterhub, monitoring, "
    "repository, schemaVersion, secrets, site, sync, versions"
)
STAGING = "      servers:\n        memory: {guarantee: 1Gi, limit: 2Gi}\n"
WORDING: dict[str, tuple[str, str, list[Said]]] = {
    "unknown-near": (
        "    namespace: daskhub",
        "    namespce: daskhub",
        [("34:5 S101", "unknown key 'namespce'", "did you mean 'namespace'?")],
    ),
    "unknown-far": (
        "\nsite: protocoast",
        "\nsite: protocoast\nfoo: 1",
        [("5:1 S101", "unknown key 'foo'", TOP)],
    ),
    "unknown-in-snake-case": (
        "idleTimeout",
        "idle_timeout",
        [("81:3 S101", "unknown key 'idle_timeout'", "did you mean 'idleTimeout'?")],
    ),
    "one-level-too-high": (
        "  home: {capacity: 50Gi}",
        "  capacity: 50Gi",
        [("60:3 S101", "unknown key 'capacity'", "'capacity' belongs under 'home'")],
    ),
    "the-sites-own": (
        "    testing: true",
        "    testing: true\n    repository: {}",
        [
            (
                "42:5 S101",
                "unknown key 'repository'",
                "'repository' belongs at the top level of the file",
            )
        ],
    ),
    "credential": (
        "    admins: []",
        "    admins: []\n    client_secret: x",
        [
            (
                "59:5 S101",
                "unknown key 'client_secret'",
                "remove it: never write a credential in this file, seal it into 'hub-secrets'",
            )
        ],
    ),
    "missing-at-the-top": (
        "\nsite: protocoast\n",
        "\n",
        [("3:1 S102", "the site has no key 'site'", "add it, for example  site: protocoast")],
    ),
    "missing-in-a-map": (
        '  version: "3.1"\n',
        "",
        [("10:1 S102", "'argocd' has no key 'version'", 'add it, for example  version: "3.1"')],
    ),
    "missing-in-an-entry": (
        "      - name: ProtoCoast - main\n        slug",
        "      - slug",
        [
            (
                "66:9 S102",
                "entry 1 of 'profiles' has no key 'name'",
                'add it, for example  name: "ProtoCoast - main"',
            )
        ],
    ),
    "missing-of-the-provider": (
        "    tokenUrl: https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/token\n",
        "",
        [
            (
                "49:3 S102",
                "'authentication' has no key 'tokenUrl'",
                "add it, for example  tokenUrl: "
                "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/token",
            )
        ],
    ),
    "removed-by-an-environment": (
        STAGING,
        "      servers: null\n",
        [
            (
                "43:16 S102",
                "'servers' is removed, and 'jupyterhub' needs it",
                "remove this line: an environment shares what it does not override",
            )
        ],
    ),
    "section-removed-by-an-environment": (
        f"    jupyterhub:\n{STAGING}",
        "    jupyterhub: null\n",
        [
            (
                "42:17 S102",
                "'jupyterhub' is removed, and every environment needs it",
                "remove this line: an environment shares what it does not override",
            )
        ],
    ),
    "bare-version": (
        'kubernetes: "1.30"',
        "kubernetes: 1.30",
        [
            (
                "21:17 S103",
                "'kubernetes' is the number 1.3, not a version in quotes",
                'put it in quotes: "1.30"',
            )
        ],
    ),
    "bare-chart-version": (
        "jupyterhub: {version: 3.3.8}",
        "jupyterhub: {version: 4.0}",
        [
            (
                "15:25 S103",
                "'version' is the number 4, not an exact chart version",
                'three numbers, as the chart\'s index spells them; write for example  "3.3.8"',
            )
        ],
    ),
    "map-for-text": (
        "\nsite: protocoast",
        "\nsite: {a: b}",
        [("4:7 S103", "'site' is a map, not text", "write for example  protocoast")],
    ),
    "nothing-for-text": (
        "\nsite: protocoast",
        "\nsite:",
        [("4:6 S103", "'site' is empty, not text", "write for example  protocoast")],
    ),
    "boolean-for-text": (
        "\nsite: protocoast",
        "\nsite: true",
        [("4:7 S103", "'site' is true, not text", "write for example  protocoast")],
    ),
    "text-for-map": (
        "  home: {capacity: 50Gi}",
        "  home: 50Gi",
        [("60:9 S103", "'home' is '50Gi', not a map", 'write for example  {capacity: "50Gi"}')],
    ),
    "list-for-map": (
        "  home: {capacity: 50Gi}",
        "  home: [50Gi]",
        [("60:9 S103", "'home' is a list, not a map", 'write for example  {capacity: "50Gi"}')],
    ),
    "text-for-list": (
        "admins: []",
        "admins: anna",
        [("58:13 S103", "'admins' is 'anna', not a list of words", "write a list:  [anna]")],
    ),
    "map-for-list": (
        "admins: []",
        "admins: {a: b}",
        [("58:13 S103", "'admins' is a map, not a list of words", "write for example  [anna]")],
    ),
    "number-in-list": (
        "admins: []",
        "admins: [anna, 12]",
        [
            (
                "58:20 S103",
                "entry 2 of 'admins' is the number 12, not a word",
                'put it in quotes: "12"',
            )
        ],
    ),
    "quoted-boolean": (
        "testing: true",
        'testing: "true"',
        [("41:14 S103", "'testing' is 'true', not true or false", "remove the quotes")],
    ),
    "quoted-number": (
        "workers: 3",
        "workers: '3'",
        [("80:45 S103", "'workers' is '3', not a whole number", "remove the quotes")],
    ),
    "part-of-a-number": (
        "workers: 3",
        "workers: 2.5",
        [
            (
                "80:45 S103",
                "'workers' is the number 2.5, not a whole number",
                "write for example  3",
            )
        ],
    ),
    "number-for-quantity": (
        "capacity: 50Gi",
        "capacity: 50",
        [
            (
                "60:20 S103",
                "'capacity' is the number 50, not a Kubernetes quantity with its unit",
                f'{QUANTITY}; write for example  "50Gi"',
            )
        ],
    ),
    "foreign-unit": (
        "capacity: 50Gi",
        "capacity: 50GB",
        [
            (
                "60:20 S104",
                "'capacity' is '50GB', not a Kubernetes quantity with its unit",
                f'{QUANTITY}; write for example  "50Gi"',
            )
        ],
    ),
    "duration-in-words": (
        "idleTimeout: 20m",
        "idleTimeout: 20 minutes",
        [
            (
                "81:16 S104",
                "'idleTimeout' is '20 minutes', not a duration",
                'hours, minutes and seconds; write for example  "20m"',
            )
        ],
    ),
    "capitals-in-a-map-key": (
        "  production:\n",
        "  Production:\n",
        [("32:3 S104", "'Production' is not a name that Kubernetes accepts", NAME)],
    ),
    "underscore-in-a-name": (
        "namespace: daskhub\n    host: proto",
        "namespace: dask_hub\n    host: proto",
        [
            (
                "34:16 S104",
                "'namespace' is 'dask_hub', not a Kubernetes name",
                f"{NAME}; write for example  daskhub",
            )
        ],
    ),
    "line-end-behind-a-name": (
        "\nsite: protocoast\n",
        "\nsite: |\n  protocoast\n",
        [
            (
                "4:7 S104",
                "'site' is 'protocoast\\n', not a valid site name",
                "write for example  protocoast",
            )
        ],
    ),
    "url-for-a-host": (
        "host: protocoast.vm.fedcloud.eu",
        "host: https://a.eu/",
        [
            (
                "35:11 S104",
                "'host' is 'https://a.eu/', not a valid host",
                "write for example  protocoast.vm.fedcloud.eu",
            )
        ],
    ),
    "long-text": (
        "\nsite: protocoast",
        f"\nsite: {'x y ' * 50}",
        [
            (
                "4:7 S104",
                f"'site' is '{'x y ' * 10}...', not a valid site name",
                "write for example  protocoast",
            )
        ],
    ),
    "random-text": (
        "\nsite: protocoast",
        "\nsite: bBk9Tn3xQ7wLrZ5uVd2sYc8m",
        [
            (
                "4:7 S104",
                "'site' is '********', not a valid site name",
                "write for example  protocoast",
            )
        ],
    ),
    "word-near": (
        "provider: generic-oauth",
        "provider: generic_oauth",
        [
            (
                "50:15 S105",
                f"'provider' is 'generic_oauth', not {PROVIDERS}",
                "did you mean 'generic-oauth'?",
            )
        ],
    ),
    "word-far": (
        "provider: generic-oauth",
        "provider: ldap",
        [
            (
                "50:15 S105",
                f"'provider' is 'ldap', not {PROVIDERS}",
                "known: cilogon, dummy, egi-check-in, generic-oauth, github, google, other",
            )
        ],
    ),
    "other-version-of-the-schema": (
        "schemaVersion: 1",
        "schemaVersion: 2",
        [("3:16 S105", "'schemaVersion' is the number 2, not 1", "write  1")],
    ),
    "too-little": (
        "workers: 3",
        "workers: 0",
        [("80:45 S106", "'workers' is the number 0, not 1 or more", "write for example  3")],
    ),
    "too-much": (
        "workers: 3",
        "workers: 10000000",
        [
            (
                "80:45 S106",
                "'workers' is the number 10000000, not 1000000 or less",
                "write for example  3",
            )
        ],
    ),
    "nothing-of-a-thing": (
        "limits: {cores: 4",
        "limits: {cores: 0",
        [("80:19 S106", "'cores' is the number 0, not more than 0", "write for example  4")],
    ),
    "entry-twice": (
        "scopes: [openid, profile, email, entitlements]",
        "scopes: [openid, email, openid]",
        [("55:13 S106", "'scopes' has an entry twice", "keep one of the two")],
    ),
    "foreign-to-the-provider": (
        "    admins: []",
        "    admins: []\n    organizations: [a]",
        [("59:5 S107", "'organizations' does not belong to this provider", FOREIGN)],
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), WORDING.values(), ids=WORDING)
def test_mistake_is_told_in_these_words(old: str, new: str, said: list[Said]) -> None:
    text = PROTOCOAST.read_text()
    assert old in text
    report = load_text(text.replace(old, new, 1)).report
    assert [
        (f"{found.at.line}:{found.at.column} {found.code}", found.message, found.help)
        for found in report.diagnostics
        if found.severity is not Severity.INFO
    ] == said


def test_every_mistake_is_said_at_once() -> None:
    text = PROTOCOAST.read_text()
    for old, new in (
        ("\nsite: protocoast", "\nsite: ProtoCoast"),
        ('version: "3.1"', "version: 3.1"),
        ("testing: true", "testing: 1\n    foo: 1"),
        ("capacity: 50Gi", "capacity: 50"),
        ("workers: 3", "workers: three"),
    ):
        text = text.replace(old, new, 1)
    codes = [
        (found.at.line, found.code)
        for found in load_text(text).report.diagnostics
        if found.severity is not Severity.INFO
    ]
    assert codes == [
        (4, "S104"),
        (11, "S103"),
        (41, "S103"),
        (42, "S101"),
        (61, "S103"),
        (81, "S103"),
    ]


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "tests" / "golden").glob("*/site.yaml")),
    ids=lambda path: path.parent.name,
)
def test_an_editor_finds_no_fault_with_a_good_site(path: Path) -> None:

    data = yaml.safe_load(path.read_text())
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)] == []
