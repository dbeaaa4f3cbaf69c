"""A packaged chart is read without trusting it."""

import gzip
import tarfile
from hashlib import sha256

import pytest

from generator.diagnostics import GeneratorError
from generator.packaged import archive as chart_archive
from generator.packaged.lock import LockEntry, PinnedChart
from tests.support import charts


def link(path: str, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member


def device(path: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.type = tarfile.CHRTYPE
    return member


def test_archive_says_what_its_chart_is() -> None:
    content = charts.pack()
    assert chart_archive.opened(content, "it.tgz") == LockEntry(
        pin=PinnedChart(name="jupyterhub", repository="", version="4.4.0"),
        app_version="9.0.1",
        kube_version=">=1.25.0-0",
        sha256=sha256(content).hexdigest(),
        size=len(content),
    )


GOOD = charts.files()
BAD = {
    "path upwards": ({**GOOD, "jupyterhub/../../etc/passwd": b"x"}, "leads out of the chart"),
    "absolute path": ({**GOOD, "/etc/passwd": b"x"}, "leads out of the chart"),
    "backslashes": ({**GOOD, "jupyterhub\\..\\x": b"x"}, "leads out of the chart"),
    "link": ({**GOOD, "l": link("jupyterhub/l", "/etc/passwd")}, "a link or a device"),
    "device": ({**GOOD, "d": device("jupyterhub/d")}, "a link or a device"),
    "no Chart.yaml": ({"jupyterhub/values.yaml": b"{}"}, "no Chart.yaml"),
    "only a chart within": ({"a/charts/b/Chart.yaml": b"name: b\nversion: 1"}, "no Chart.yaml"),
    "no version": ({"a/Chart.yaml": b"name: a"}, "names no chart and version"),
    "no YAML": ({"a/Chart.yaml": b"{"}, "is not valid YAML"),
    "deep YAML": ({"a/Chart.yaml": b"[" * 5000}, "is not valid YAML"),
    "no text": ({"a/Chart.yaml": b"\xff\xfe"}, "not a complete .tgz"),
    "many files": ({f"a/{n}": b"" for n in range(10_001)}, "more than 10,000 files"),
}


@pytest.mark.parametrize(("entries", "told"), BAD.values(), ids=BAD)
def test_archive_that_is_no_clean_chart_is_refused(entries: charts.Entries, told: str) -> None:
    with pytest.raises(GeneratorError, match=r"^it\.tgz: not a packaged chart") as raised:
        chart_archive.opened(charts.packed(entries), "it.tgz")
    assert told in raised.value.message


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", charts.pack()[:200], gzip.compress(b"no tar"), gzip.compress(b"")],
    ids=["empty", "text", "cut", "no tar", "nothing packed"],
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(GeneratorError, match="not a packaged chart"):
        chart_archive.opened(content, "it.tgz")


def test_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_archive, "MAX_UNPACKED", 5_000_000)
    bomb = charts.packed({**GOOD, "jupyterhub/zeros": bytes(6_000_000)})
    assert len(bomb) < 50_000
    with pytest.raises(GeneratorError, match="5,000,000 bytes when unpacked"):
        chart_archive.opened(bomb, "it.tgz")


def test_archive_of_too_many_bytes_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_archive, "MAX_PACKED", 1000)
    with pytest.raises(GeneratorError, match="more than 1,000 bytes"):
        chart_archive.opened(bytes(1001), "it.tgz")
