"""`hubops apps`: lists what is known, and writes a block of site.yaml that keeps all the rest."""

from functools import partial
from pathlib import Path

import pytest
import yaml

from generator.charts import known
from generator.cli import apps
from generator.yaml.edit import NotEditable, insert
from tests.support import copies
from tests.support.copies import Run

# As people write it: comments, their own indentation, flow maps, no line end.
HAND = """\
# ours
a: {b: 1}   # kept

apps:
    # the first
    one:
        scope: cluster   # kept too
    # the second
    two: {scope: cluster}
# of c
c: 1"""
NEW = "# why\nthree:\n  scope: cluster\n\n  values:\n    # inside\n    a: 1\n"


def add(folder: Path, name: str, *, app: str | None = None, cluster: str | None = None) -> Run:
    return copies.running(
        partial(_add, name=name, app=app, cluster=cluster, site_path=folder / "site.yaml")
    )


def _add(terminal: object, **options: object) -> int:
    return apps.add(terminal=terminal, **options)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(copies.one_hub()))
    return tmp_path


def data(folder: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((folder / "site.yaml").read_text("utf-8"))
    return found


def test_entry_comes_below_the_others_and_nothing_else_changes() -> None:
    edited = insert(HAND, "apps", NEW)
    assert [line for line in edited.splitlines() if line not in HAND.splitlines() and line] == [
        "    # why",
        "    three:",
        "      scope: cluster",
        "      values:",
        "        # inside",
        "        a: 1",
    ]
    assert [line for line in HAND.splitlines() if line not in edited.splitlines()] == []
    assert edited.index("two:") < edited.index("three:") < edited.index("# of c")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_missing_map_is_made_at_the_end_with_the_line_ends_of_the_text(
    ends: str, last: bool
) -> None:
    text = f"a: 1{ends}b: 2{ends if last else ''}"
    edited = insert(text, "apps", NEW)
    assert edited.startswith(f"a: 1{ends}b: 2{ends}{ends}apps:{ends}  # why{ends}  three:{ends}")
    assert edited.count("\n") == edited.count(ends)


ENTRIES = {
    "a block of text": "apps:\n  one:\n    values:\n      text: |\n        a\n\n# next\nb: 1\n",
    "a list at the end": "apps:\n  one:\n    kinds:\n    - a\n    - b: c\n# next\nb: 1\n",
    "the last line without an end": "b: 1\n# next\napps:\n  one: {a: 1}",
    "a byte order mark": "\ufeffapps:\n  one: {a: 1}\n# next\nb: 1\n",
}


@pytest.mark.parametrize("text", ENTRIES.values(), ids=ENTRIES)
def test_entry_comes_below_the_others_whatever_they_end_in(text: str) -> None:
    lines, before = insert(text, "apps", NEW).splitlines(), text.splitlines()
    first, last = lines.index("  # why"), lines.index("      a: 1")
    assert lines[:first] + lines[last + 1 :] == before
    rest = [line for line in lines[last + 1 :] if line]
    assert rest in ([], before[before.index("# next") :])


@pytest.mark.parametrize("held", ["{three: {}}", "{one: {scope: cluster}}", "[]", "word"])
def test_what_can_not_be_added_alone_is_left_to_a_person(held: str) -> None:
    with pytest.raises(NotEditable):
        insert(f"apps: {held}\n", "apps", NEW)


@pytest.mark.parametrize("name", known.NAMES)
def test_block_is_written_and_site_generates_with_it(folder: Path, name: str) -> None:
    before = data(folder)
    run = add(folder, name)
    assert run.code == 0, run.said
    chart = known.of(name)
    assert chart is not None
    after = data(folder)
    written = after.pop("apps")
    assert after == before
    assert isinstance(written, dict)
    assert list(written) == [chart.app]
    assert copies.generate(folder).code == 0
    assert (folder / f"clusters/fedcloud/app-{chart.app}.yaml").exists()


def test_second_one_of_a_chart_has_its_own_name_and_cluster(folder: Path) -> None:
    assert add(folder, "jupyterhub-home-nfs").code == 0
    assert add(folder, "jupyterhub-home-nfs").code == 2
    add(folder, "cert-manager", app="certificates", cluster="fedcloud")
    written = data(folder)["apps"]
    assert isinstance(written, dict)
    assert written["certificates"]["clusters"] == ["fedcloud"]


@pytest.mark.parametrize(
    ("name", "cluster"), [("redis", None), ("cert-manager", "fedclod"), ("../x", None)]
)
def test_unknown_chart_or_cluster_writes_nothing(
    folder: Path, name: str, cluster: str | None
) -> None:
    before = copies.files(folder)
    assert add(folder, name, cluster=cluster).code == 2
    assert copies.files(folder) == before


def test_name_that_lint_refuses_writes_nothing(folder: Path) -> None:
    before = copies.files(folder)
    assert add(folder, "cert-manager", app="jupyterhub").code == 1
    assert add(folder, "cert-manager", app="a: b").code == 2
    assert copies.files(folder) == before


def test_block_that_can_not_be_added_is_printed(folder: Path) -> None:
    copies.write_site(folder, copies.one_hub())  # in braces
    run = add(folder, "cert-manager")
    assert run.code == 3
    assert "cert-manager:\n  scope: cluster\n" in run.out


def test_list_and_facts_name_every_chart() -> None:
    said = copies.running(lambda terminal: apps.listing(terminal)).out
    assert [line.split()[0] for line in said.splitlines()] == list(known.NAMES)
    for name in known.NAMES:
        shown = copies.running(partial(apps.show, name)).out
        assert f"hubops apps add {name}" in shown
