"""The benchmark: its sites are right, its peers give the same, its verdicts follow its figures."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench import cases, equal, peers, phases, places, plot, sample, tables
from bench.__main__ import main
from bench.measure import CaseFailed, Figures, Results, Run, measured, once
from bench.sites import hubs, site_text
from bench.targets import TARGETS, Target, Verdict, verdicts
from generator.diagnostics import Report
from tests.support.kustomize import build as kustomize_build
from tests.support.programs import helm3, helm4, kubectl
from tests.support.sites import ROOT, load_text

# No more than this many times as long as `import click, yaml` for a site with one environment: far
# above what docs/performance.md shows, so that only a real loss of speed fails.
AT_MOST = 6.0
# Of each, the fastest of so many runs counts.
TRIES = 5


def figures(seconds: float, memory: float = 10.0) -> Figures:
    return Figures(
        seconds=seconds, fastest=seconds, cpu=seconds, memory=memory, written=1000, runs=5
    )


# Every target is met, with room.
GOOD: Results = {
    (cases.IMPORT_CLICK, 0): figures(0.05),
    (cases.IMPORT_BOTH, 0): figures(0.1),
    (cases.HELP, 0): figures(0.06),
    (cases.VERSION, 0): figures(0.06),
    (cases.FRESH, 1): figures(0.15),
    **{(name, 100): figures(0.2) for name in (cases.FRESH, cases.NO_CHANGE, cases.CHECK)},
    **{(name, 1000): figures(1.0) for name in (cases.FRESH, cases.NO_CHANGE, cases.CHECK)},
    (cases.HELM_3, 100): figures(2.0),
    (cases.HELM_4, 100): figures(1.0),
    (cases.HELM_3, 1000): figures(9.0),
    (cases.HELM_4, 1000): figures(8.0),
    (cases.KAPITAN, 100): figures(10.0),
}


@pytest.mark.parametrize("count", [1, 2, 10, 100, 1000])
def test_made_sites_have_nothing_to_complain_of(count: int) -> None:
    loaded = load_text(site_text(hubs(count)))
    assert loaded.report == Report.of(())
    assert loaded.site is not None
    assert len(loaded.site.environments) == count


def test_half_of_the_environments_set_something_of_their_own() -> None:
    made = hubs(1000)
    assert sum(1 for hub in made if hub.overrides) == 500
    assert len({hub.cluster for hub in made}) == 10
    assert sum(1 for hub in made if hub.first) == 10


def test_sites_are_the_same_every_time() -> None:
    assert site_text(hubs(50)) == site_text(hubs(50))


@pytest.mark.tools
def test_overlays_give_the_objects_that_the_benchmark_reads_from_them(tmp_path: Path) -> None:
    cases.generate(tmp_path, site_text(hubs(2)))
    for hub in hubs(2):
        held = peers.objects(tmp_path, hub)
        own, *apps = held["applications"]
        overlay = tmp_path / "overlays" / hub.name
        assert own["metadata"]["name"] == f"protocoast-{hub.name}"
        assert equal.differences(kustomize_build(overlay), apps) == []
        assert equal.differences(kustomize_build(overlay / "namespace"), held["namespace"]) == []
        assert [len(each) for each in held.values()] == [4, 4]


@pytest.mark.tools
@pytest.mark.parametrize(
    ("name", "program"), [("helm3", helm3), ("helm4", helm4), ("kustomize", kubectl)]
)
def test_tools_give_the_same_objects(name: str, program: Callable[[], str], tmp_path: Path) -> None:
    said: list[str] = []
    equal.check(tmp_path, {name: program()}, said.append)
    assert said


def _object(name: str, **more: Any) -> peers.Object:
    return {"kind": "Namespace", "metadata": {"name": name}, **more}


@pytest.mark.parametrize(
    ("given", "expected", "differing"),
    [
        ([_object("a"), _object("b")], [_object("b"), _object("a")], []),
        ([_object("a", skipCrds=False)], [_object("a")], []),
        ([_object("a", skipCrds=True)], [_object("a")], ["Namespace /a"]),
        ([_object("a", spec={"b": 1})], [_object("a", spec={"b": 2})], ["Namespace /a"]),
        ([_object("a")], [_object("b")], ["Namespace /a", "Namespace /b"]),
        ([_object("a")] * 2, [_object("a")], ["the number of objects"]),
        (
            [_object("a", spec={"hubops.io/content": "1"})],
            [_object("a", spec={"hubops.io/content": "2"})],
            [],
        ),
    ],
    ids=["order", "false-spelt-out", "true", "value", "name", "twice", "hash"],
)
def test_objects_differ_by_name(
    given: list[peers.Object], expected: list[peers.Object], differing: list[str]
) -> None:
    assert equal.differences(given, expected) == differing


def test_good_figures_meet_every_target() -> None:
    assert {verdict.word for verdict in verdicts(GOOD)} == {"met"}


@pytest.mark.parametrize(
    ("name", "size", "worse"),
    [
        (cases.HELP, 0, {"seconds": 0.066}),
        (cases.FRESH, 1, {"seconds": 0.19}),
        (cases.FRESH, 100, {"seconds": 0.501}),
        (cases.NO_CHANGE, 100, {"seconds": 0.51}),
        (cases.CHECK, 100, {"seconds": 0.51}),
        (cases.FRESH, 1000, {"seconds": 2.7}),
        (cases.NO_CHANGE, 1000, {"seconds": 2.7}),
        (cases.CHECK, 1000, {"seconds": 2.7}),
        (cases.CHECK, 100, {"memory": 40.5}),
        (cases.NO_CHANGE, 1000, {"memory": 201}),
    ],
)
def test_worse_figures_miss_their_target(name: str, size: int, worse: dict[str, float]) -> None:
    results = {**GOOD, (name, size): figures(**({"seconds": GOOD[name, size].seconds} | worse))}
    assert "not met" in {verdict.word for verdict in verdicts(results)}


def test_the_faster_helm_counts() -> None:
    results = {**GOOD, (cases.HELM_3, 100): figures(0.3)}
    judged = {verdict.target.text: verdict.found for verdict in verdicts(results)}
    assert judged["100 environments: `check`, faster than `helm template`"] == pytest.approx(1.5)


def test_what_was_not_run_is_not_judged() -> None:
    assert {verdict.word for verdict in verdicts({})} == {"not measured"}
    without = {key: value for key, value in GOOD.items() if key[0] != cases.KAPITAN}
    assert [verdict.target.text for verdict in verdicts(without) if verdict.met is None] == [
        "100 environments: fresh, faster than kapitan"
    ]


def test_every_target_has_one_bound_and_a_name_of_its_own() -> None:
    assert all((each.at_most is None) != (each.at_least is None) for each in TARGETS)
    assert len({each.text for each in TARGETS}) == len(TARGETS)


def test_table_of_targets() -> None:
    low = Target(text="low", number=lambda _: 1.25, at_most=1.3)
    high = Target(text="high", number=lambda _: 1.0, at_least=2, unit="MiB")
    rows = (
        Verdict(target=low, found=1.25),
        Verdict(target=high, found=1.0),
        Verdict(target=high, found=None),
    )
    assert tables.targets(rows) == (
        "| Target | Bound | Found | Verdict |\n"
        "| --- | --- | --- | --- |\n"
        "| low | at most 1.3 x | 1.25 x | met |\n"
        "| high | at least 2 MiB | 1.00 MiB | not met |\n"
        "| high | at least 2 MiB |  | not measured |\n"
    )


def test_table_of_figures() -> None:
    results = {
        (cases.HELM_4, 100): figures(0.5),
        (cases.FRESH, 100): figures(0.2),
        (cases.IMPORT_BOTH, 0): figures(0.1),
    }
    assert tables.figures(results) == (
        "| What | Environments | Wall | CPU | Peak memory | Written "
        "| to `import click, yaml` | to `helm template` | Runs |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| `import click, yaml` |  | 0.100 s | 0.100 s | 10.0 MiB | 1.0 kB | 1.0 x |  | 5 |\n"
        "| hubops generate, fresh | 100 | 0.200 s | 0.200 s | 10.0 MiB | 1.0 kB "
        "| 2.0 x | 0.40 x | 5 |\n"
        "| Helm 4 template | 100 | 0.500 s | 0.500 s | 10.0 MiB | 1.0 kB | 5.0 x | 1.00 x | 5 |\n"
    )


def test_a_median_is_of_all_runs() -> None:
    runs = [Run(seconds=each, cpu=each, peak=2**20) for each in (3.0, 1.0, 2.0)]
    assert Figures.of(runs, 7) == Figures(
        seconds=2.0, fastest=1.0, cpu=2.0, memory=1.0, written=7, runs=3
    )


def test_document_keeps_all_but_its_results() -> None:
    begin, end = "<!-- results: written by `make bench` -->", "<!-- end of results -->"
    new = tables.document(f"before\n{begin}\nold\n{end}\nafter\n", tables.RESULTS, "new\n")
    assert new == f"before\n{begin}\n\nnew\n\n{end}\nafter\n"
    assert tables.document(new, tables.RESULTS, "new\n") == new
    with pytest.raises(ValueError, match="no '<!-- results"):
        tables.document("no marks", tables.RESULTS, "new")


@pytest.mark.parametrize("part", [tables.RESULTS, tables.PROFILE])
def test_page_has_a_place_for_each_part(part: str) -> None:
    page = cases.PAGE.read_text()
    assert tables.document(page, part, "x") != page


def test_plot_is_a_picture_with_every_line_named() -> None:
    picture = ElementTree.fromstring(plot.svg(GOOD))
    words = {each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")}
    named = {cases.FRESH, cases.CHECK, cases.HELM_3, cases.HELM_4, cases.KAPITAN}
    assert named <= words
    assert {"1", "10", "100", "1,000", "0.1 s", "1 s", "10 s"} <= words
    assert plot.svg({}) == ""


def test_one_size_alone_can_be_plotted() -> None:
    ElementTree.fromstring(plot.svg({(cases.FRESH, 10): figures(0.3)}))


def test_runs_take_turns_after_one_that_does_not_count(tmp_path: Path) -> None:
    listed = [
        cases.Case(name=name, command=(sys.executable, "-c", f"print({name!r})"), folder=tmp_path)
        for name in ("one", "other")
    ]
    said: list[str] = []
    results = measured(listed, 2, said.append)
    assert said == [
        "warming up: one",
        "warming up: other",
        "round 1 of 2: one",
        "round 1 of 2: other",
        "round 2 of 2: one",
        "round 2 of 2: other",
    ]
    assert [(key, each.runs, each.written) for key, each in results.items()] == [
        (("one", 0), 2, 4),
        (("other", 0), 2, 6),
    ]


def test_a_run_costs_time_and_memory_of_its_own(tmp_path: Path) -> None:
    script = "held = bytearray(60 << 20); import time; time.sleep(0.2)"
    big = once(cases.Case(name="big", command=(sys.executable, "-c", script), folder=tmp_path))
    small = once(cases.Case(name="small", command=(sys.executable, "-c", ""), folder=tmp_path))
    assert big.seconds > 0.2 > big.cpu
    assert small.peak < 40 << 20 < 60 << 20 < big.peak


def test_each_run_begins_without_what_the_one_before_made(tmp_path: Path) -> None:
    making = "import os; os.mkdir('made'); open('made/file', 'w').write('x')"
    case = cases.Case(
        name="made", command=(sys.executable, "-c", making), folder=tmp_path, removed=("made",)
    )
    results = measured([case], 2, lambda text: None)
    assert results["made", 0].written == 1
    held = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("made/file"))
    aside = sorted(path.name for path in (tmp_path / ".before").iterdir())
    assert (held, aside) == ([Path("made/file")], ["0-made", "1-made"])


@pytest.mark.parametrize("in_memory", [True, False], ids=["room", "no-room"])
def test_it_works_in_memory_where_there_is_room(tmp_path: Path, in_memory: bool) -> None:
    with places.made(tmp_path, 1 if in_memory else sys.maxsize) as where:
        assert where.working.is_relative_to(tmp_path) == in_memory
        assert (where.disk is not None) == in_memory
        assert where.working.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_without_such_a_folder_it_works_on_the_disk(tmp_path: Path) -> None:
    with places.made(tmp_path / "none", 1) as where:
        assert (where.disk, where.told) == (None, "disk")


def test_a_program_that_fails_ends_the_benchmark_with_what_it_said(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('too bad')")
    with pytest.raises(CaseFailed, match="exit code 1\ntoo bad"):
        once(cases.Case(name="failing", command=command, folder=tmp_path))


def test_a_part_of_a_run_prints_and_leaves_the_page_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = cases.PAGE.read_bytes()
    assert main(["--sizes", "2", "--runs", "1", "--without", ",".join(cases.PEERS)]) == 0
    shown = capsys.readouterr()
    assert "| `--help` to `import click` | at most 1.3 x |" in shown.out
    assert "| hubops check | 2 |" in shown.out
    assert f"- Not in this run: {', '.join(cases.PEERS)}" in shown.out
    assert "bench: round 1 of 1: hubops check (environments: 2)" in shown.err
    assert cases.PAGE.read_bytes() == before


@pytest.mark.parametrize(
    "wrong", [["--sizes", "0"], ["--sizes", "few"], ["--without", "heml3"], ["--runs", "0"]]
)
def test_wrong_options_are_usage_errors(wrong: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(wrong)


def test_time_counts_for_the_phase_that_it_is_spent_in(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(site_text(hubs(30)))
    told = phases.ran(tmp_path, "generate")
    assert (
        {"imports", "read", "build", "write"} <= set(told) <= {*sample.PHASES, "imports", "other"}
    )
    assert "| imports |" in phases.table(told)
    assert (tmp_path / "overlays" / "hub-0029" / "kustomization.yaml").exists()


def test_phases_name_modules_that_exist() -> None:
    named = {module for modules in sample.PHASES.values() for module in modules}
    missing = {
        name
        for name in named
        if not (ROOT / "generator" / f"{name.replace('.', '/')}.py").exists()
        and not (ROOT / "generator" / name / "__init__.py").exists()
    }
    assert missing == set()


def test_one_environment_costs_few_times_what_its_imports_cost(tmp_path: Path) -> None:
    """A guard against a loss of speed, not a measurement: the bound is wide."""
    folder = tmp_path / "site"
    cases.generate(folder, site_text(hubs(1)))
    generate = cases.Case(name="generate", command=(*cases.HUBOPS, "generate"), folder=folder)
    both = cases.Case(
        name="import", command=(sys.executable, "-c", cases.IMPORT_BOTH), folder=folder
    )
    pairs = [(once(generate).cpu, once(both).cpu) for _ in range(TRIES)]
    assert min(own for own, _ in pairs) < AT_MOST * min(base for _, base in pairs)
