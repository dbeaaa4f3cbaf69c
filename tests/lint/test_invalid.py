"""Every mistake at its place, in its words: a bad file, its exact report, and a good file.

`tests/invalid/<CODE>-<slug>.yaml`, `.expected` and `.good.yaml`; dropping in three files adds a
test, and a `.good.yaml` alone is a site that must not be complained of. A `.base.yaml` beside them
is the site of the Git base that both are held against; a `.charts.yaml` holds the schema and the
defaults of packaged charts, by `<chart>-<version>`.
`UPDATE_INVALID=1 pytest tests/lint/test_invalid.py` rewrites the reports: read each change.
"""

import os
from pathlib import Path

import pytest
import yaml

from generator.io import resources
from generator.lint import load
from generator.lint.rules.base import PackagedChart, Surroundings
from generator.report import text
from generator.report.formats import FORMATS
from generator.site.model import Site
from generator.yaml.read import MAX_BYTES

FOLDER = Path(__file__).parents[1] / "invalid"
GOOD = sorted(path.name.removesuffix(".good.yaml") for path in FOLDER.glob("*.good.yaml"))
BAD = sorted(
    path.name.removesuffix(".yaml") for path in FOLDER.glob("*.yaml") if "." not in path.stem
)
CHARTS = sorted(path.name.removesuffix(".charts.yaml") for path in FOLDER.glob("*.charts.yaml"))
# The rules that judge by a day.
BY_DAY = ("C340", "C341")
BASES = sorted(path.name.removesuffix(".base.yaml") for path in FOLDER.glob("*.base.yaml"))


def _base(name: str) -> Site | None:
    """The site of the Git base, for the files that have one."""
    if name not in BASES:
        return None
    before = load.load(
        (FOLDER / f"{name}.base.yaml").read_bytes(),
        "base.yaml",
        resources.site_schema(),
        resources.known_versions(),
    )
    assert not before.report.has_errors, _reported(before)
    return before.site


def _charts(name: str) -> dict[tuple[str, str], PackagedChart]:
    """The packaged charts at hand, for the files that have some."""
    if name not in CHARTS:
        return {}
    written = yaml.safe_load((FOLDER / f"{name}.charts.yaml").read_text("utf-8"))
    return {
        (chart, version): PackagedChart(schema=packed["schema"], defaults=packed["defaults"])
        for key, packed in written.items()
        for chart, _, version in [key.rpartition("-")]
    }


def _loaded(name: str) -> load.Loaded:
    case = name.partition(".")[0]
    day = "2026-10-01" if case.startswith(BY_DAY) else ""
    around = Surroundings(base=_base(case), charts=_charts(case), day=day)
    content = (FOLDER / name).read_bytes()
    return load.load(
        content, "site.yaml", resources.site_schema(), resources.known_versions(), lambda _: around
    )


def _reported(loaded: load.Loaded) -> str:
    return text.findings(loaded.report, loaded.lines)


@pytest.mark.parametrize("name", BAD)
def test_bad_site_is_reported_as_expected(name: str) -> None:
    found = _reported(_loaded(f"{name}.yaml"))
    expected = FOLDER / f"{name}.expected"
    if os.environ.get("UPDATE_INVALID"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BAD)
def test_one_mistake_is_one_finding(name: str) -> None:
    report = _loaded(f"{name}.yaml").report
    assert [found.code for found in report.diagnostics] == [name.partition("-")[0]]


@pytest.mark.parametrize("name", GOOD)
def test_good_site_has_no_finding(name: str) -> None:
    loaded = _loaded(f"{name}.good.yaml")
    assert _reported(loaded) == ""
    assert loaded.site is not None


def test_every_bad_file_has_its_report_and_its_good_file_and_nothing_is_left_over() -> None:
    wanted = {f"{name}{end}" for name in BAD for end in (".yaml", ".expected", ".good.yaml")}
    wanted |= {f"{name}.good.yaml" for name in GOOD}
    wanted |= {f"{name}.base.yaml" for name in BASES if name in GOOD}
    wanted |= {f"{name}.charts.yaml" for name in CHARTS if name in GOOD}
    assert {path.name for path in FOLDER.iterdir()} == wanted


def test_a_file_too_long_to_be_a_site_is_not_read() -> None:
    loaded = load.load(
        b"#" * (MAX_BYTES + 1), "site.yaml", resources.site_schema(), resources.known_versions()
    )
    assert _reported(loaded) == (
        f"site.yaml:1:1: error[Y012]: the file has more than {MAX_BYTES:,} bytes; "
        "check that this is the right file  docs/rules.md#y012\n"
    )


SECRET = "hunter2-tides-and-currents"
SITE = (FOLDER / "K701-key.good.yaml").read_text(encoding="utf-8")
PLANTED = {
    "unknown key": ("    provider: github", f"    provider: github\n    clientSecret: {SECRET}"),
    "key with a typo": ("    provider: github", f"    provider: github\n    api_token: [{SECRET}]"),
    "beside a mistake": ("    provider: github", f"    {{provider: githb, password: {SECRET}}}"),
    "URL": ("https://github.com", f"https://bot:{SECRET}@github.com"),
    "URL of a cluster": ("https://kubernetes", f"https://bot:{SECRET}@kubernetes"),
    "URL in values": ("https://api", f"https://bot:{SECRET}@api"),
    "text in values": ("API_URL: https://api.example.org", f"API_TOKEN: {SECRET}"),
    "quoted in values": ("API_URL: https://api.example.org", f"API_TOKEN: '{SECRET}'"),
    "list in values": ("API_URL: https://api.example.org", f"tokens: [{SECRET}, null]"),
    "variable in values": ("API_URL:", f"list: [{{name: PASSWORD, value: {SECRET}, x: null}}], a:"),
    "configuration": ("API_URL: https://api.example.org", f"a: \"c.X.client_secret = '{SECRET}'\""),
    "several lines": ("API_URL: https://api.example.org", f'API_TOKEN: "x\n  {SECRET}", b: null'),
    "wrong place": ("provider: github", f"provider: {{client_secret: {SECRET}}}"),
    "anchor": ("API_URL: https://api.example.org", f"API_TOKEN: &{SECRET} x"),
    "alias": ("API_URL: https://api.example.org", f"API_TOKEN: *{SECRET}"),
    "tag": ("API_URL: https://api.example.org", f"API_TOKEN: !{SECRET} x"),
    "unclosed quote": ("API_URL: https://api.example.org", f'API_TOKEN: "{SECRET}'),
    "unclosed bracket": ("API_URL: https://api.example.org", f"API_TOKEN: [{SECRET}"),
    "written twice": ("API_URL: https://api.example.org", f"API_TOKEN: a, API_TOKEN: {SECRET}"),
}


@pytest.mark.parametrize("place", PLANTED)
def test_no_report_repeats_a_secret(place: str) -> None:
    before, after = PLANTED[place]
    planted = SITE.replace(before, after, 1)
    assert SECRET in planted
    loaded = load.load(
        planted.encode(), "site.yaml", resources.site_schema(), resources.known_versions()
    )
    assert loaded.report.has_errors
    for form in FORMATS.values():
        assert "hunter2" not in form(loaded.report, loaded.lines)
    assert "hunter2" not in repr(loaded.report)
