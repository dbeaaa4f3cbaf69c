"""Moving chart pins: the one scalar, the tree, the lock, and the words about what follows."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.tree import Changes
from generator.cli import bump as command
from generator.diagnostics import GeneratorError
from generator.io import writer
from generator.io.resources import known_versions
from generator.packaged import lock as chart_lock
from generator.packaged.pull import Download
from tests.support import chart_server, charts, copies, programs
from tests.support.sites import PROTOCOAST

GOLDEN = Path(__file__).parent / "upgrades"
BOTH = ("jupyterhub", "4.4.0", "dask-gateway", "2026.3.0")


def bump(
    root: Path,
    *words: str,
    environment: str | None = None,
    dry_run: bool = False,
    download: Download | None = None,
) -> copies.Run:
    return copies.running(
        lambda terminal: command.run(
            root / "site.yaml",
            words,
            terminal,
            environment=environment,
            dry_run=dry_run,
            download=download,
        )
    )


def table(root: Path) -> copies.Run:
    return copies.running(lambda terminal: command.print_releases(root / "site.yaml", terminal))


def written(root: Path) -> str:
    return (root / "site.yaml").read_text()


def edit(root: Path, *changes: tuple[str, str]) -> None:
    text = written(root)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (root / "site.yaml").write_text(text)


def line_of(root: Path, text: str, *, after: str = "") -> int:
    """The line that a text stands in, behind another text."""
    whole = written(root)
    return whole.count("\n", 0, whole.index(text, whole.index(after))) + 1


def everything(root: Path) -> dict[str, bytes]:
    return {**copies.files(root), "site.yaml": (root / "site.yaml").read_bytes()}


@pytest.fixture
def site(protocoast_folder: Path) -> Path:
    """ProtoCoast's folder, generated."""
    assert copies.generate(protocoast_folder).code == 0
    return protocoast_folder


def test_protocoast_goes_to_jupyterhub_5(site: Path, update_golden: bool) -> None:
    run = bump(site, *BOTH)
    assert (run.code, run.error) == (0, "")
    expected = GOLDEN / "protocoast.txt"
    said = run.out.partition("\nBefore you merge")[0]
    if update_golden:
        expected.write_text(said, encoding="utf-8", newline="\n")
    assert said == expected.read_text(encoding="utf-8")


def test_the_tree_is_what_a_fresh_site_with_these_pins_gives(site: Path, tmp_path: Path) -> None:
    pinned = PROTOCOAST.read_text().replace("{version: 3.3.8}", "{version: 4.4.0}")
    pinned = pinned.replace("{version: 2022.6.1}", "{version: 2026.3.0}")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "site.yaml").write_text(pinned)
    assert copies.generate(fresh).code == 0
    assert bump(site, *BOTH).code == 0
    assert everything(site) == everything(fresh)
    assert copies.check(site).code == 0


def test_two_charts_in_turn_end_where_both_at_once_end(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "site.yaml").write_text(PROTOCOAST.read_text())
    assert bump(other, *BOTH).code == 0
    assert bump(site, *BOTH[2:]).code == 0
    assert bump(site, *BOTH[:2]).code == 0
    assert everything(site) == everything(other)


def test_a_pin_for_one_environment_is_added_or_changed_there(site: Path) -> None:
    assert bump(site, *BOTH, environment="staging").code == 0
    added = (
        "        memory: {guarantee: 1Gi, limit: 2Gi}\n"
        "    charts: {jupyterhub: {version: 4.3.5}, dask-gateway: {version: 2026.3.0}}\n"
    )
    assert bump(site, "jupyterhub", "4.3.5", environment="staging").code == 0
    before, after = "        memory: {guarantee: 1Gi, limit: 2Gi}\n", added
    assert written(site) == PROTOCOAST.read_text().replace(before, after)
    run = bump(site, "jupyterhub", "3.3.7")
    assert run.code == 0
    assert (
        "note: staging keeps its own jupyterhub 4.3.5: "
        "hubops bump jupyterhub 3.3.7 --environment staging\n" in run.out
    )
    assert "production: chart jupyterhub 3.3.8 -> 3.3.7\n" in run.out


def with_app(root: Path, **cluster: object) -> None:
    raw = copies.one_hub()
    chart = {"name": "cert", "repository": "https://charts.example.org/", "version": "v1.19.1"}
    app = {"scope": "cluster", "chart": chart, "namespace": "cert"}
    raw["apps"] = {"cert": app, "nfs": {"scope": "environment", "chart": chart | {"name": "nfs"}}}
    raw["clusters"]["fedcloud"]["apps"] = {"cert": cluster} if cluster else {}
    copies.made(root, raw)


def test_an_app_has_one_version_that_a_cluster_may_override(tmp_path: Path) -> None:
    with_app(tmp_path)
    assert bump(tmp_path, "cert", "v1.19.2").code == 0
    assert bump(tmp_path, "cert", "v1.20.0", environment="fedcloud/cert").code == 0
    raw = copies.data(written(tmp_path).encode())
    assert raw["apps"]["cert"]["chart"]["version"] == "v1.19.2"
    assert raw["clusters"]["fedcloud"]["apps"]["cert"]["chart"] == {"version": "v1.20.0"}
    run = bump(tmp_path, "cert", "v1.20.1")
    assert (
        "note: cluster fedcloud keeps its own cert v1.20.0: "
        "hubops bump cert v1.20.1 --environment fedcloud/cert\n" in run.out
    )
    assert bump(tmp_path, "cert", "v1.20.1", environment="fedcloud/cert").code == 0
    held = copies.data((tmp_path / "clusters/fedcloud/app-cert.yaml").read_bytes())
    assert held["spec"]["source"]["targetRevision"] == "v1.20.1"


@pytest.mark.parametrize(
    ("chart", "environment", "help"),
    [
        ("cert", "production", "leave --environment out, or name a cluster's: <cluster>/cert"),
        ("nfs", "production", "leave --environment out"),
        ("nfs", "fedcloud/cert", "leave --environment out"),
        ("jupyterhub", "fedcloud/cert", "name an environment that does"),
        ("cert", "cert", "write  fedcloud/cert"),
    ],
)
def test_a_place_that_has_no_version_of_its_own_is_told(
    tmp_path: Path, chart: str, environment: str, help: str
) -> None:
    with_app(tmp_path)
    run = bump(tmp_path, chart, "4.4.0", environment=environment)
    assert (run.code, run.help) == (2, help)


def test_the_same_version_again_changes_nothing(site: Path) -> None:
    before = everything(site)
    run = bump(site, "jupyterhub", "3.3.8", "dask-gateway", "2022.6.1")
    assert (run.code, run.out) == (
        0,
        "nothing to change: jupyterhub is 3.3.8 and dask-gateway is 2022.6.1 already\n",
    )
    assert everything(site) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(site: Path) -> None:
    before = everything(site)
    dry = bump(site, *BOTH, dry_run=True)
    assert everything(site) == before
    assert dry.code == 0
    assert dry.notes.endswith("this was a dry run: nothing was written\n")
    assert bump(site, *BOTH).out.startswith(dry.out)


def test_a_finding_refuses_and_two_charts_at_once_may_pass(site: Path) -> None:
    edit(site, ('kubernetes: "1.30"', 'kubernetes: "1.29"'))
    before = everything(site)
    run = bump(site, *BOTH)
    assert run.code == 1
    assert "C304" in run.out
    assert "needs 1.30" in run.out
    assert run.notes.endswith("nothing was written; site.yaml is as it was\n")
    assert everything(site) == before


def test_a_version_that_lint_refuses_can_be_fixed(site: Path) -> None:
    edit(site, ("{version: 3.3.8}", "{version: 2.0.0}"))
    assert copies.generate(site).code == 1
    assert bump(site, "jupyterhub", "3.3.8").code == 0
    assert written(site) == PROTOCOAST.read_text()


def test_a_hub_does_not_go_back_behind_its_database(site: Path) -> None:
    assert bump(site, *BOTH).code == 0
    before = everything(site)
    run = bump(site, "jupyterhub", "3.3.8")
    assert run.code == 1
    assert (
        "error[C308]: environments 'production' and 'staging': chart jupyterhub 4.4.0 -> 3.3.8: "
        "JupyterHub 5.5.0 has upgraded the database, and 4.1.6 can't read it" in run.out
    )
    assert "help: keep chart jupyterhub 4.4.0, or have a copy of the database" in run.out
    assert everything(site) == before
    # Within JupyterHub 5 the database keeps its form.
    again = bump(site, "jupyterhub", "4.3.5")
    assert again.code == 0
    assert "database        the database keeps its form, so both versions can read it" in again.out


def test_values_that_mean_something_else_are_named_with_their_line(site: Path) -> None:
    values = """\
  values:
    hub:
      allowNamedServers: true
      config: {GenericOAuthenticator: {claim_groups_key: groups}}
    singleuser:
      extraEnv: {HOME_OF: "{username}", AS_IT_IS: "{{username}}"}
"""
    edit(site, ("  values: {}\n", values))
    run = bump(site, *BOTH)
    assert run.code == 0
    lines = written(site).splitlines()
    told = [line.strip() for line in run.out.splitlines() if "jupyterhub.values" in line]
    named = {
        line.removeprefix("values").strip().split(": ")[1]: lines[
            int(line.split("site.yaml:")[1].split(":")[0]) - 1
        ].strip()
        for line in told
    }
    assert named == {
        "jupyterhub.values.hub.allowNamedServers": "allowNamedServers: true",
        "jupyterhub.values.hub.config.GenericOAuthenticator.claim_groups_key": (
            "config: {GenericOAuthenticator: {claim_groups_key: groups}}"
        ),
        "jupyterhub.values.singleuser.extraEnv.HOME_OF": (
            'extraEnv: {HOME_OF: "{username}", AS_IT_IS: "{{username}}"}'
        ),
    }


def test_an_image_that_says_what_it_carries_is_named_with_its_line(site: Path) -> None:
    edit(site, ("        default: true\n", "        default: true\n        jupyterhub: 4.1.6\n"))
    run = bump(site, *BOTH)
    line = line_of(site, "jupyterhub: 4.1.6")
    assert (
        "main: quay.io/globalcoast/protocoast-notebook:main; "
        f"then change 'jupyterhub: 4.1.6' at site.yaml:{line}\n" in run.out
    )


def test_an_unknown_version_is_allowed_and_said(site: Path) -> None:
    run = bump(site, "jupyterhub", "4.99.0", "dask-gateway", "2026.3.0")
    assert run.code == 0
    newest = known_versions().releases("jupyterhub")[-1].version
    told = f"not known       jupyterhub 4.99.0 is not known: what follows is about {newest}"
    assert told in run.out
    assert "database        the newer JupyterHub upgrades the database" in run.out
    assert "1 warning" in run.notes
    further = bump(site, "jupyterhub", "4.99.1")
    assert "database        the newer JupyterHub may upgrade the database" in further.out
    back = bump(site, "jupyterhub", "4.99.0")
    assert back.code == 0
    assert "hubops does not know 4.99.1. If its hub ever ran: the newer JupyterHub may" in back.out


WRONG = {
    "no chart": ((), None, "no chart is named"),
    "another chart": (("jupiterhub", "4.4.0"), None, "there is no chart 'jupiterhub'"),
    "no version": (("jupyterhub",), None, "chart 'jupyterhub' has no version beside it"),
    "a range": (("jupyterhub", "4.x"), None, "'4.x' is not one exact version"),
    "a leading v": (("jupyterhub", "v4.4.0"), None, "'v4.4.0' is not one exact version"),
    "twice": (
        ("jupyterhub", "4.4.0", "jupyterhub", "4.3.5"),
        None,
        "chart 'jupyterhub' is named twice",
    ),
    "environment": (BOTH, "stagin", "there is no environment 'stagin'"),
}


@pytest.mark.parametrize(("words", "environment", "error"), WRONG.values(), ids=WRONG)
def test_wrong_usage_writes_nothing(
    words: tuple[str, ...], environment: str | None, error: str, protocoast_folder: Path
) -> None:
    run = bump(protocoast_folder, *words, environment=environment)
    assert (run.code, run.error, run.out) == (2, error, "")
    assert run.help
    assert copies.files(protocoast_folder) == {}


def test_a_text_that_can_t_be_edited_in_place_is_left_with_its_line(site: Path) -> None:
    edit(site, ("{version: 3.3.8}", "\n    version: >-\n      3.3.8"))
    before = everything(site)
    run = bump(site, "jupyterhub", "4.4.0")
    assert run.code == 3
    assert run.error == "line 16: the value here is a block of text"
    assert run.help == "edit it by hand: charts.jupyterhub.version: 4.4.0"
    assert everything(site) == before


def test_sealed_values_at_risk_leave_site_yaml_as_it_is(settled: Path) -> None:
    raw = json.loads(written(settled))
    raw["environments"]["production"]["namespace"] = "elsewhere"
    copies.write_site(settled, raw)
    before = everything(settled)
    run = bump(settled, "jupyterhub", "4.3.5")
    assert run.code == 3
    assert "would be lost; nothing was written" in run.error
    assert everything(settled) == before


def test_site_yaml_is_put_back_when_the_tree_can_t_be_written(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(site)

    def full(root: Path, changes: Changes, **_: object) -> None:
        assert "4.4.0" in written(site)
        raise GeneratorError("no space left on device")

    monkeypatch.setattr(writer, "apply", full)
    run = bump(site, *BOTH)
    assert (run.code, run.error) == (3, "no space left on device")
    assert everything(site) == before


def test_the_lock_follows_where_the_chart_can_be_fetched(tmp_path: Path) -> None:
    with chart_server.running() as server:
        server.serve(charts.pack())
        raw = charts.site(server.repository)
        raw["charts"]["jupyterhub"]["version"] = "4.3.5"
        copies.write_site(tmp_path, raw)
        (tmp_path / chart_lock.NAME).write_bytes(chart_lock.emitted([]))
        run = bump(tmp_path, "jupyterhub", "4.4.0", download=Download(helm=programs.helm3()))
        assert run.code == 0, run.said
        assert "locked    jupyterhub 4.4.0" in run.out
    lock = (tmp_path / chart_lock.NAME).read_text()
    assert "4.4.0" in lock


def test_without_a_network_the_lock_stays_and_the_command_for_later_is_named(site: Path) -> None:
    lock = chart_lock.emitted([])
    (site / chart_lock.NAME).write_bytes(lock)
    run = bump(site, *BOTH)
    assert run.code == 0
    assert "charts.lock stays as it was: " in run.notes
    assert "run 'hubops charts fetch' where there is a network" in run.notes
    assert (site / chart_lock.NAME).read_bytes() == lock


def test_the_table_tells_releases_pairs_and_who_runs_them(site: Path) -> None:
    assert bump(site, *BOTH, environment="staging").code == 0
    run = table(site)
    assert run.code == 0
    lines = run.out.splitlines()
    new = next(line for line in lines if line.startswith("4.4.0 "))
    assert new.split() == [
        *("4.4.0", "5.5.0", "7.0.0", "17.4.0", "1.28", "2026.3.0"),
        *("*", "CVE-2026-54338", "<-", "staging"),
    ]
    old = next(line for line in lines if line.startswith("3.3.8 "))
    assert old.endswith("<- production (3 newer with fixed vulnerabilities)")
    assert [line.split()[0] for line in lines[1:24]] == sorted(
        (line.split()[0] for line in lines[1:24]), reverse=True
    )


NO_SITE: dict[str, Callable[[Path], object]] = {
    "none": lambda path: None,
    "unreadable": lambda path: path.write_text("a: ["),
}


@pytest.mark.parametrize("made", NO_SITE.values(), ids=NO_SITE)
def test_the_table_needs_no_site(made: Callable[[Path], object], tmp_path: Path) -> None:
    made(tmp_path / "site.yaml")
    run = table(tmp_path)
    assert run.code == 0
    assert "these are the releases that hubops knows" in run.notes
    assert "<-" not in run.out


def test_the_command_line(site: Path) -> None:
    run = copies.hubops("bump", *BOTH, "--environment", "staging", "--offline", cwd=site)
    assert run.returncode == 0, run.stderr
    assert "staging: chart jupyterhub 3.3.8 -> 4.4.0" in run.stdout
    listed = copies.hubops("bump", "--list", cwd=site)
    assert "<- staging" in listed.stdout
