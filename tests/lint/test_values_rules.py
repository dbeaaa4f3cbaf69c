"""What `values` must not do to what hubops writes, and what KubeSpawner and Python make of them."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest

from generator.charts import CHARTS, UMBRELLA
from generator.charts.overrides import own_values
from generator.charts.spawner import KubeSpawner
from generator.credentials import is_secret_key
from generator.diagnostics import Report
from generator.io.resources import known_versions, site_schema
from generator.lint.load import load
from generator.merge import merge
from generator.site.model import Site
from generator.versions import Version
from tests.support import facts
from tests.support.sites import PROTOCOAST, ROOT, raw_protocoast, site_of
from tests.support.variants import GITHUB, VARIANTS, WORKING_PAIRS, login, pinned

GOLDEN = ROOT / "tests" / "golden"
Values = dict[str, Any]
Path = tuple[str, ...]

# Written by hubops, and free to be replaced: site.yaml has no word for them, and nothing rests on
# them that a person who replaces them would not see.
FREE: dict[str, set[Path]] = {
    "jupyterhub": {
        ("hub", "allowNamedServers"),
        ("hub", "db", "type"),
        ("hub", "db", "pvc", "accessModes"),
        ("hub", "services", "dask-gateway", "display"),
        ("ingress", "enabled"),
        ("ingress", "tls"),
        ("singleuser", "cloudMetadata", "blockWithIptables"),
        ("singleuser", "extraEnv", "DASK_GATEWAY__CLUSTER__OPTIONS__IMAGE"),
        ("singleuser", "image", "pullPolicy"),
        ("singleuser", "storage", "dynamic", "storageAccessModes"),
        ("singleuser", "storage", "type"),
    },
    "dask-gateway": {("gateway", "backend", "image", "pullPolicy")},
}


ON_EACH_CHART = pytest.mark.parametrize("chart", CHARTS)
EVERY_VARIANT = (*VARIANTS.values(), merge(GITHUB, login(allow={"everyone": True})))


def _leaves(node: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    else:
        yield path


@cache
def _written(chart: str) -> frozenset[Path]:
    """Every value that hubops writes for a chart, in any variant of ProtoCoast."""
    sites = [pinned(*pair, variant) for pair in WORKING_PAIRS for variant in EVERY_VARIANT]
    return _written_for(sites, chart)


def _written_for(sites: Sequence[Site], chart: str) -> frozenset[Path]:
    return frozenset(
        path
        for site in sites
        for environment in site.environments
        for path in _leaves(own_values(site, CHARTS[chart], environment.settings, environment))
    )


def _judged(chart: str) -> set[Path]:
    """The values that an override of is said."""
    rows, written = CHARTS[chart].rows, _written(chart)
    shown = {path[:end] for path in written for end in range(len(path) + 1)}
    passed = {row.path for row in rows if row.is_owned and row.spelled and row.path in shown}
    owned = {row.path for row in rows if row.is_owned and row.path in written}
    return {row.path for row in rows if row.is_protected} | owned | passed


def _rows(chart: str) -> set[Path]:
    return _judged(chart) | FREE[chart]


def _row(chart: str, path: Path) -> Path | None:
    """The row of a table, or the free value, that a value belongs to."""
    rows = _rows(chart)
    return next((path[:end] for end in range(len(path), 0, -1) if path[:end] in rows), None)


@ON_EACH_CHART
def test_every_value_that_is_written_is_owned_protected_or_free(chart: str) -> None:
    assert {path for path in _written(chart) if _row(chart, path) is None} == set()


@ON_EACH_CHART
def test_no_row_speaks_of_what_is_not_written(chart: str) -> None:
    golden = [site_of(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*/site.yaml"))]
    written = _written(chart) | _written_for(golden, chart)
    used = {path[:end] for path in written for end in range(1, len(path) + 1)}
    named = {row for row in _rows(chart) if "*" not in row}
    assert named - used <= set(_leaves(CHARTS[chart].defaults))


@ON_EACH_CHART
def test_no_free_value_is_judged(chart: str) -> None:
    assert not _judged(chart) & FREE[chart]


def _at(path: Path, value: Any) -> Values:
    for key in reversed(path):
        value = {key: value}
    assert isinstance(value, dict)
    return value


SECTIONS = {"jupyterhub": "jupyterhub", "dask-gateway": "daskGateway"}
PINS = {"jupyterhub": {"version": "3.3.8"}, "dask-gateway": {"version": "2022.6.1"}}


def _reported(part: Values) -> Report:
    """The report on ProtoCoast with a part laid over it; null removes a key."""
    raw = merge(raw_protocoast(), part)
    return load(
        json.dumps(raw, ensure_ascii=False).encode(), "site.yaml", site_schema(), known_versions()
    ).report


def _codes(part: Values) -> list[str]:
    return [found.code for found in _reported(part).diagnostics if found.code[1] in "37"]


def _with(chart: str, values: Values) -> Values:
    return {SECTIONS[chart]: {"values": values}}


def _cases(chart: str) -> list[Path]:
    given = _written(chart) | set(_leaves(CHARTS[chart].defaults))
    return [path for path in sorted(_judged(chart)) if path in given]


@cache
def _of_protocoast(chart: str) -> set[Path]:
    site = pinned("3.3.8", "2022.6.1")
    values = own_values(site, CHARTS[chart], site.shared, site.environments[0])
    return set(_leaves(merge(CHARTS[chart].defaults, values)))


@ON_EACH_CHART
def test_override_is_said_where_the_value_is_written_and_only_there(chart: str) -> None:
    assert {path for path in _cases(chart) if not _is_said_rightly(chart, path)} == set()


def _is_said_rightly(chart: str, path: Path) -> bool:
    found = _codes(_with(chart, _at(path, "changed")))
    expected = "C313" if CHARTS[chart].owner(path) else "C320"
    if is_secret_key(path[-1]) and "extraConfig" not in path:  # Python under any name is none
        return found == ["K701"]
    if path in _of_protocoast(chart):
        return expected in found
    return not {"C313", "C320"} & set(found)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"hub": {"baseUrl": "/"}}, []),
        ({"hub": {"existingSecret": "hub-secrets"}}, []),
        ({"fullnameOverride": ""}, []),
        ({"hub": {"annotations": {"team": "coast"}}}, []),
        ({"hub": {"annotations": "none"}}, ["C320"]),
        ({"hub": {"config": {"CryptKeeper": {"keys": ["see-existingSecret"]}}}}, []),
        ({"hub": {"config": {"CryptKeeper": {"keys": ["see-existingSecret", "x"]}}}}, ["C320"]),
        ({"hub": {"extraEnv": {"OAUTH_CLIENT_ID": "abc"}}}, ["C320"]),
        ({"singleuser": "none"}, ["C320"]),
        ({"singleuser": {"storage": {"type": "static"}}}, []),
        ({"singleuser": {}}, []),
        ({"proxy": {"chp": {"networkPolicy": {"egress": []}}}}, ["C320"]),
        ({"singleuser": {"storage": {"capacity": "50Gi"}}}, ["C313"]),
    ],
    ids=[
        *("default", "equal", "empty name", "other annotation", "text for a map", "equal list"),
        *("longer list", "text for a reference", "section gone", "free", "empty map"),
        *("emptied list", "equal but owned"),
    ],
)
def test_what_is_equal_or_beside_is_no_override(values: Values, codes: list[str]) -> None:
    assert _codes(_with("jupyterhub", values)) == codes


def test_what_several_environments_share_is_said_once_and_an_override_where_it_stands() -> None:
    shared = "  values: {singleuser: {storage: {capacity: 9Gi}}}\n\ndaskGateway:"
    own = "    jupyterhub:\n      values: {hub: {baseUrl: /hub}}\n"
    text = PROTOCOAST.read_text().replace("  values: {}\n\ndaskGateway:", shared)
    text = text.replace("    jupyterhub:\n", own)
    report = load(text.encode(), "site.yaml", site_schema(), known_versions()).report
    said = {found.code: found.at.line for found in report.diagnostics if found.code[0] == "C"}
    lines = text.splitlines()
    assert said == {
        "C320": lines.index(own.splitlines()[1]) + 1,
        "C313": lines.index(shared.splitlines()[0]) + 1,
    }
    assert len([one for one in report.diagnostics if one.code == "C313"]) == 1


def test_null_is_said_for_what_it_is() -> None:
    nulls = "  values: {hub: {existingSecret: null, extraEnv: null}}\n\ndaskGateway:"
    text = PROTOCOAST.read_text().replace("  values: {}\n\ndaskGateway:", nulls)
    report = load(text.encode(), "site.yaml", site_schema(), known_versions()).report
    codes = [found.code for found in report.diagnostics if found.code[0] == "C"]
    assert codes == ["C310", "C310"]


NUMBER_ONLY = ({"integer"}, {"number"}, {"integer", "null"}, {"number", "null"})


def _numbers(part: Any, path: Path = ()) -> Iterator[Path]:
    """Where a chart's schema wants a number and nothing else."""
    kinds = part.get("type", [])
    if ({kinds} if isinstance(kinds, str) else set(kinds)) in NUMBER_ONLY:
        yield path
    for key, child in part.get("properties", {}).items():
        yield from _numbers(child, (*path, key))
    for child in part.get("patternProperties", {}).values():
        yield from _numbers(child, (*path, "*"))


@pytest.mark.comparison(all(facts.versions(chart) for chart in CHARTS))
@ON_EACH_CHART
def test_the_charts_want_numbers_where_the_table_says(chart: str) -> None:
    versions = facts.versions(chart)
    wanted = {version: set(_numbers(facts.chart(chart, version).schema)) for version in versions}
    assert {
        version for version in versions if wanted[version] != set(CHARTS[chart].numbers)
    } == set()


@pytest.mark.parametrize(
    ("chart", "values", "codes"),
    [
        ("jupyterhub", {"cull": {"timeout": 7200}}, []),
        ("jupyterhub", {"cull": {"timeout": "never"}}, []),
        ("jupyterhub", {"hub": {"extraFiles": {"motd": {"mode": "420"}}}}, ["C318"]),
        ("jupyterhub", {"hub": {"pdb": {"minAvailable": "1"}}}, ["C318"]),
        ("dask-gateway", {"traefik": {"replicas": "2"}}, ["C318"]),
        ("dask-gateway", {"gateway": {"backend": {"worker": {"cores": {"limit": "2"}}}}}, []),
    ],
    ids=["number", "word", "any key", "nested", "Dask", "quantity"],
)
def test_number_in_quotes(chart: str, values: Values, codes: list[str]) -> None:
    assert _codes(_with(chart, values)) == codes


SIZES: dict[str | int | float, bool] = {
    **dict.fromkeys(("4G", "1.5T", "512M", "2048K", "1e3M", " 2 G", "+1G", "0.5G"), True),
    **dict.fromkeys(("4Gi", "4GB", "4 GiB", "512", "4g", "G", "", "four G", "4_G", "0x1G"), False),
    **dict.fromkeys((0, 2**20, 10**10, 1.5e9), True),
    **dict.fromkeys((1, 1.5, 4096, -1), False),
}


@pytest.mark.parametrize("size", SIZES, ids=repr)
def test_size_is_read_as_kubespawner_reads_it(size: str | int | float) -> None:
    values = {"singleuser": {"memory": {"limit": size}}}
    hub = {"values": values, "servers": {"memory": None}}
    part = {"jupyterhub": hub, "environments": {"staging": {"jupyterhub": None}}}
    assert _codes(part) == ([] if SIZES[size] else ["C317"])


def test_profiles_are_looked_into() -> None:
    chosen = {"kubespawner_override": {"mem_limit": "1Gi", "environment": {"A": "{a}"}}}
    profile = {
        "display_name": "x",
        "kubespawner_override": {"mem_guarantee": 4, "cpu_limit": "2", "extra_labels": {"a": "}"}},
        "profile_options": {"size": {"choices": {"small": chosen, "odd": "text"}, "x": 1}, "y": []},
    }
    values = {"singleuser": {"profileList": [profile, "odd", {"kubespawner_override": "odd"}]}}
    found = sorted(_codes(_with("jupyterhub", values)))
    assert found == ["C313", "C316", "C316", "C317", "C317", "C318"]


TEXTS = {
    "plain": ("none", True),
    "username": ("a{username}b", True),
    "safe name": ("{safe_user_server}", True),
    "index and attribute": ("{username[0]}{servername.x}", True),
    "conversion": ("{username!r:>10}", True),
    "doubled": ("{{x}}", True),
    "shell": ("${{HOME}} $(HOME)", True),
    "unknown": ("{x}", False),
    "unknown after a known": ("{username}{x}", False),
    "width": ("{username:{x}}", False),
    "shell's braces": ("${HOME:-/home}", False),
    "empty": ("{}", False),
    "number": ("{0}", False),
    "JSON": ('{"a": {"b": 1}}', False),
    "opened": ("{", False),
    "closed": ("}", False),
    "odd conversion": ("{username!x}", False),
    "deep": ("{" * 5001, False),
}


@pytest.mark.parametrize("case", TEXTS)
def test_braces_are_read_as_kubespawner_reads_them(case: str) -> None:
    text, is_read = TEXTS[case]
    values = {"singleuser": {"extraEnv": {"A": text, "B": {"value": "{username}"}}}}
    charts = {"charts": {"jupyterhub": {"version": "4.2.0"}}}
    found = [code for code in _codes(merge(_with("jupyterhub", values), charts)) if code == "C316"]
    assert found == ([] if is_read else ["C316"])


@pytest.mark.parametrize(
    "release", known_versions().releases("jupyterhub"), ids=lambda release: release.version
)
def test_names_in_braces_are_those_of_the_charts_kubespawner(release: Any) -> None:
    spawner = KubeSpawner.of(Version.parse(release.version), known_versions())
    assert spawner.version == release.kubespawner
    is_old = release.kubespawner.startswith("6.")
    assert ("legacy_escape_username" in spawner.names) is is_old
    assert ("user_server" in spawner.names) is not is_old


PYTHON = {
    "empty": ("", True),
    "comment": ("# {x}\n\n", True),
    "function": ("def f():\n    return c\nf()\n", True),
    "odd escape": ("a = '\\d'", True),
    "yet longer": ("a = 1\n" * 20_000, True),
    "too long to be judged": ("(" * 100_001, True),
    "indented": (" a = 1", False),
    "half an expression": ("a = (1", False),
    "null byte": ("a\0", False),
    "tabs": ("if 1:\n\ta\n        b", False),
    "deep brackets": ("(" * 90_000, False),
    "deep operators": ("a = " + "-" * 90_000 + "1", False),
    "deep attributes": ("a" + ".a" * 45_000, False),
    "deep calls": ("a" + "()" * 45_000, False),
    "deep choices": ("1 if 1 else " * 8_000 + "1", False),
    "deep blocks": ("".join(" " * n + "if 1:\n" for n in range(300)), False),
    "long number": ("1" * 5_000, False),
}


@pytest.mark.parametrize("case", PYTHON)
@ON_EACH_CHART
def test_python_is_read_and_never_run(chart: str, case: str) -> None:
    text, is_read = PYTHON[case]
    part = {"hub" if chart == "jupyterhub" else "gateway": {"extraConfig": {"x": text}}}
    assert _codes(_with(chart, part)) == ([] if is_read else ["C319"])


@pytest.mark.parametrize("found", [5, [], ["a ="], {"x": {"y": "a ="}}, {"x": 1}], ids=repr)
def test_what_is_no_python_text_is_not_read_as_one(found: Any) -> None:
    assert "C319" not in _codes(_with("jupyterhub", {"hub": {"extraConfig": found}}))


def test_nothing_is_said_of_python_in_words_that_hold_a_secret() -> None:
    text = "a = 1\nc.X.client_secret = hunter2-tides-and-currents'"
    report = _reported(_with("jupyterhub", {"hub": {"extraConfig": {"x": text}}}))
    assert "C319" in [found.code for found in report.diagnostics]
    assert "hunter2" not in repr(report)


@pytest.mark.parametrize("key", sorted(UMBRELLA))
@ON_EACH_CHART
def test_umbrella_is_seen_at_the_root_alone(chart: str, key: str) -> None:
    assert _codes(_with(chart, {key: {"a": 1}})) == ["C312"]
    assert _codes(_with(chart, {"global": {key: {"a": 1}}})) == []
