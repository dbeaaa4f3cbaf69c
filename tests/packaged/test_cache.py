"""What is read of packaged charts in the cache, and what is no package to be read."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.charts.jupyterhub import CHART
from generator.lint.rules.base import PackagedChart
from generator.packaged import lock as chart_lock
from generator.packaged.lock import LockEntry, PinnedChart
from generator.packaged.store import at_hand, defaults, opened, strangers
from tests.support.copies import lint
from tests.support.sites import PROTOCOAST, protocoast

SCHEMA = {"type": "object", "properties": {"hub": {"type": "object"}}}
VALUES = "hub: {}\n# a comment\ncull: {timeout: 3600, every: null}\n"
FILES = {
    "jupyterhub/Chart.yaml": b"name: jupyterhub\n",
    "jupyterhub/values.schema.json": json.dumps(SCHEMA).encode(),
    "jupyterhub/values.yaml": VALUES.encode(),
    "jupyterhub/templates/hub.yaml": b"{{ .Values }}",
}
READ = PackagedChart(schema=SCHEMA, defaults={"hub": {}, "cull": {"timeout": 3600, "every": None}})
NAME = "jupyterhub-3.3.8.tgz"


def packed(files: dict[str, bytes], *odd: tarfile.TarInfo) -> bytes:
    """A packaged chart of these files, with odd members before them."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as package:
        for member in odd:
            package.addfile(member)
        for path, text in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(text)
            package.addfile(info, io.BytesIO(text))
    return content.getvalue()


def odd_member(path: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A member that is no plain file."""
    info = tarfile.TarInfo(path)
    info.type, info.linkname = kind, target
    return info


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """The default cache beside a site.yaml."""
    folder = tmp_path / ".cache" / "charts"
    folder.mkdir(parents=True)
    return folder


def test_packaged_chart_is_read_from_beside_site_yaml(tmp_path: Path, cache: Path) -> None:
    (cache / NAME).write_bytes(packed(FILES))
    assert at_hand(tmp_path, protocoast()) == {("jupyterhub", "3.3.8"): READ}


def test_cache_is_where_the_environment_says(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cache / NAME).write_bytes(b"not this one")
    other = tmp_path / "other"
    other.mkdir()
    (other / NAME).write_bytes(packed(FILES))
    monkeypatch.setenv("HUBOPS_CACHE", str(other))
    assert opened(tmp_path).cache == other
    assert at_hand(tmp_path, protocoast()) == {("jupyterhub", "3.3.8"): READ}


def test_empty_variable_names_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBOPS_CACHE", "")
    assert opened(tmp_path).cache == tmp_path / ".cache" / "charts"


def test_no_cache_is_no_chart(tmp_path: Path) -> None:
    assert at_hand(tmp_path, protocoast()) == {}


def test_another_version_is_not_the_pinned_one(tmp_path: Path, cache: Path) -> None:
    (cache / "jupyterhub-4.4.0.tgz").write_bytes(packed(FILES))
    assert at_hand(tmp_path, protocoast()) == {}


def _without(path: str) -> dict[str, bytes]:
    return {name: text for name, text in FILES.items() if name != path}


def _with(path: str, text: bytes) -> dict[str, bytes]:
    return {**FILES, path: text}


SCHEMA_FILE, VALUES_FILE = "jupyterhub/values.schema.json", "jupyterhub/values.yaml"
HUGE = b'{"type": "object", "x": "' + b"a" * 3 * 2**20 + b'"}'
ELSEWHERE = b'{"$ref" : "https://schemas.example.org/values.json"}'
UNUSABLE: dict[str, Callable[[], bytes]] = {
    "empty file": lambda: b"",
    "no archive": lambda: b"hub: {}\n" * 100,
    "no archive, packed": lambda: gzip.compress(b"hub: {}\n" * 100),
    "half of it": lambda: packed(FILES)[:200],
    "broken inside": lambda: packed(FILES)[:60] + b"\xff" * 40 + packed(FILES)[100:],
    "not packed": lambda: gzip.decompress(packed(FILES)),
    "no files": lambda: packed({}),
    "no schema": lambda: packed(_without(SCHEMA_FILE)),
    "no values": lambda: packed(_without(VALUES_FILE)),
    "another chart": lambda: packed(
        {path.replace("jupyterhub", "hub"): text for path, text in FILES.items()}
    ),
    "schema is no JSON": lambda: packed(_with(SCHEMA_FILE, b"{type: object}")),
    "schema is no map": lambda: packed(_with(SCHEMA_FILE, b"[]")),
    "schema is not text": lambda: packed(_with(SCHEMA_FILE, b"\xff\xfe{\x00")),
    "schema is nested": lambda: packed(_with(SCHEMA_FILE, b'{"a":' * 50_000)),
    "schema is huge": lambda: packed(_with(SCHEMA_FILE, HUGE)),
    "schema is elsewhere": lambda: packed(_with(SCHEMA_FILE, ELSEWHERE)),
    "values are no YAML": lambda: packed(_with(VALUES_FILE, b"hub: {")),
    "values are no map": lambda: packed(_with(VALUES_FILE, b"[]")),
    "values are unclear": lambda: packed(_with(VALUES_FILE, b"hub: {}\nhub: {}\n")),
    "schema is a link out": lambda: packed(
        _without(SCHEMA_FILE), odd_member(SCHEMA_FILE, tarfile.SYMTYPE, "/etc/hostname")
    ),
    "schema is a link to itself": lambda: packed(
        _without(SCHEMA_FILE), odd_member(SCHEMA_FILE, tarfile.LNKTYPE, SCHEMA_FILE)
    ),
    "schema is a device": lambda: packed(
        _without(SCHEMA_FILE), odd_member(SCHEMA_FILE, tarfile.CHRTYPE)
    ),
    "schema is a pipe": lambda: packed(
        _without(SCHEMA_FILE), odd_member(SCHEMA_FILE, tarfile.FIFOTYPE)
    ),
    "a bomb": lambda: gzip.compress(b"\x00" * 40 * 2**20),
    "a file larger than it is": lambda: _lying(2**40),
}


def _lying(size: int) -> bytes:
    """A package whose schema says of itself that it is much longer than the package."""
    info = tarfile.TarInfo(SCHEMA_FILE)
    info.size = size
    return gzip.compress(info.tobuf() + b"{}")


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_is_no_whole_package_is_not_at_hand(case: str, tmp_path: Path, cache: Path) -> None:
    (cache / NAME).write_bytes(UNUSABLE[case]())
    assert at_hand(tmp_path, protocoast()) == {}


def test_members_that_are_no_files_are_passed_over(tmp_path: Path, cache: Path) -> None:
    members = [
        odd_member("jupyterhub", tarfile.DIRTYPE),
        odd_member("../../outside", tarfile.SYMTYPE, "/etc"),
        odd_member(SCHEMA_FILE, tarfile.SYMTYPE, "../../../etc/hostname"),
        odd_member("jupyterhub/disk", tarfile.BLKTYPE),
    ]
    (cache / NAME).write_bytes(packed(FILES, *members))
    assert at_hand(tmp_path, protocoast()) == {("jupyterhub", "3.3.8"): READ}
    assert sorted(tmp_path.rglob("*")) == [tmp_path / ".cache", cache, cache / NAME]


def test_folder_or_pipe_in_place_of_a_package_is_none(tmp_path: Path, cache: Path) -> None:
    (cache / NAME).mkdir()
    os.mkfifo(cache / "dask-gateway-2022.6.1.tgz")
    assert at_hand(tmp_path, protocoast()) == {}


def test_package_that_may_not_be_read_is_none(tmp_path: Path, cache: Path) -> None:
    (cache / NAME).write_bytes(packed(FILES))
    site, is_root = protocoast(), os.geteuid() == 0
    cache.chmod(0)
    if is_root:
        os.seteuid(65534)
    try:
        assert at_hand(tmp_path, site) == {}
    finally:
        if is_root:
            os.seteuid(0)
        cache.chmod(0o755)


def test_lint_judges_by_the_package_in_the_cache(tmp_path: Path, cache: Path) -> None:
    text = PROTOCOAST.read_text().replace(
        "  values: {}\n\ndaskGateway:", "  values: {hub: {concurrentSpawnLimit: x}}\n\ndaskGateway:"
    )
    (tmp_path / "site.yaml").write_text(text)
    before = lint(tmp_path)
    limit = {"properties": {"concurrentSpawnLimit": {"type": "integer"}}}
    strict = json.dumps({"properties": {"hub": limit}}).encode()
    (cache / NAME).write_bytes(packed(_with(SCHEMA_FILE, strict)))
    after = lint(tmp_path)
    assert (before.code, after.code) == (0, 1)
    assert "C314" not in before.out
    assert "error[C314]: 'hub.concurrentSpawnLimit' is 'x', and chart jupyterhub 3.3.8" in after.out


def locked(*pins: tuple[str, str, bytes]) -> bytes:
    """A charts.lock with the digests of these charts, each by its repository and version."""
    return chart_lock.emitted(
        LockEntry(
            pin=PinnedChart(name="jupyterhub", repository=repository, version=version),
            app_version="",
            kube_version="",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
        for repository, version, content in pins
    )


OURS = CHART.repository
OTHER = packed(_with(SCHEMA_FILE, b'{"properties": {"hub": {"type": "integer"}}}'))


def test_chart_in_the_cache_that_is_not_the_locked_one_counts_as_not_there(
    tmp_path: Path, cache: Path
) -> None:
    (tmp_path / "site.yaml").write_text(PROTOCOAST.read_text())
    clean = lint(tmp_path)
    (tmp_path / "charts.lock").write_bytes(locked((OURS, "3.3.8", packed(FILES))))
    (cache / NAME).write_bytes(OTHER)
    run = lint(tmp_path)
    assert (run.code, run.out) == (0, clean.out)
    assert run.notes.replace(clean.notes, "") == (
        f"{cache / NAME} is not the chart in charts.lock and is ignored; "
        "'hubops charts fetch' replaces it\n"
    )
    assert at_hand(tmp_path, protocoast()) == {}
    assert defaults(tmp_path, "jupyterhub", "3.3.8") is None


def test_locked_chart_is_read_by_its_digest_beside_another_of_its_name(
    tmp_path: Path, cache: Path
) -> None:
    content = packed(FILES)
    (tmp_path / "charts.lock").write_bytes(locked((OURS, "3.3.8", content)))
    (cache / NAME).write_bytes(OTHER)
    digest = hashlib.sha256(content).hexdigest()
    (cache / f"jupyterhub-3.3.8.{digest[:16]}.tgz").write_bytes(content)
    assert at_hand(tmp_path, protocoast()) == {("jupyterhub", "3.3.8"): READ}
    assert strangers(tmp_path, protocoast()) == ()
    assert defaults(tmp_path, "jupyterhub", "3.3.8") == READ.defaults


def test_chart_that_is_locked_for_another_repository_is_not_taken(
    tmp_path: Path, cache: Path
) -> None:
    elsewhere = "https://charts.example.org/"
    (tmp_path / "charts.lock").write_bytes(locked((elsewhere, "3.3.8", packed(FILES))))
    (cache / NAME).write_bytes(packed(FILES))
    assert at_hand(tmp_path, protocoast()) == {}


def test_broken_lock_leaves_lint_without_charts(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "site.yaml").write_text(PROTOCOAST.read_text())
    (tmp_path / "charts.lock").write_text("charts: 5")
    (cache / NAME).write_bytes(OTHER)
    assert lint(tmp_path).code == 0
    assert at_hand(tmp_path, protocoast()) == {}
