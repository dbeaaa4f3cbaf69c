"""`hubops lint --as-of DATE`: the same site on two days; nothing fails because a day has passed.

`UPDATE_INVALID=1 pytest tests/lint/test_as_of.py` rewrites `as_of/`: read each change.
"""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from generator.io import resources
from generator.site.support import Support
from tests.support.copies import hubops

FOLDER = Path(__file__).parent / "as_of"
SITE = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git}
argocd: {version: "3.2"}
charts:
  jupyterhub: {version: 3.3.8}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: "1.34"
    storageClass: csi-cinder
    ingress: {className: nginx}
  lab:
    server: https://lab.example.org:6443
    kubernetes: "1.31"
    argocd: {version: "2.14"}
    storageClass: longhorn
    ingress: {className: traefik}
environments:
  production:
    cluster: fedcloud
    namespace: hub
    host: hub.example.org
  staging:
    cluster: lab
    namespace: hub
    host: staging.example.org
    charts: {jupyterhub: {version: 4.4.0}}
jupyterhub:
  authentication:
    provider: github
    admins: [ada]
    organizations: [coast-lab]
  servers:
    profiles:
      - {name: Coast, image: "quay.io/coast/notebook:2026.1"}
"""


def lint(root: Path, *arguments: str) -> tuple[int, str, str]:
    (root / "site.yaml").write_text(SITE, "utf-8")
    run = hubops("lint", *arguments, cwd=root, env={"HUBOPS_CACHE": str(root / "none")})
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("day", ["2026-01-01", "2027-01-01"])
def test_a_day_gives_one_answer(day: str, tmp_path: Path) -> None:
    code, out, _ = lint(tmp_path, "--as-of", day)
    expected = FOLDER / f"{day}.expected"
    if os.environ.get("UPDATE_INVALID"):
        expected.write_text(out, encoding="utf-8", newline="\n")
    assert (code, out) == (0, expected.read_text("utf-8"))


def test_today_is_the_day_that_is_not_named(tmp_path: Path) -> None:
    assert lint(tmp_path)[1] == lint(tmp_path, "--as-of", str(date.today()))[1]


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "1 March 2026", ""])
def test_what_is_no_day_is_wrong_usage(day: str, tmp_path: Path) -> None:
    code, out, said = lint(tmp_path, "--as-of", day)
    assert (code, out) == (2, "")
    assert f"'{day}' is not a day" in said


@pytest.mark.parametrize("day", ["1999-01-01", "2026-01-01", "2100-01-01"])
def test_only_a_known_fix_is_a_warning_and_none_fails(day: str, tmp_path: Path) -> None:
    code, out, _ = lint(tmp_path, "--as-of", day)
    assert code == 0
    assert "error[" not in out
    assert all("C341" in line for line in out.splitlines() if "warning[" in line)


def test_the_table_has_dates_in_order_and_sources() -> None:
    support = resources.known_versions().support
    assert isinstance(support, Support)
    for rows in support.rows.values():
        for row in rows.values():
            days = [day for day in (row.released, row.until) if day]
            assert days == sorted(days)
            assert [str(date.fromisoformat(day)) for day in days] == days
            assert row.released <= support.of
    for releases in resources.known_versions().charts.values():
        assert all(date.fromisoformat(one.released) for one in releases)


@pytest.mark.parametrize(
    ("day", "in_vain"), [("2024-08-01", False), ("2026-01-01", False), ("2027-01-01", True)]
)
def test_on_a_day_before_the_table_no_comment_is_in_vain(
    day: str, in_vain: bool, tmp_path: Path
) -> None:
    silenced = SITE.replace('"3.2"}', '"3.5"}  # hubops: ignore[C340] ours')
    silenced = silenced.replace("3.3.8}", "4.4.0}  # hubops: ignore[C341] looked into")
    (tmp_path / "site.yaml").write_text(silenced, "utf-8")
    out = hubops("lint", "--as-of", day, cwd=tmp_path).stdout
    assert ("Y016" in out) == in_vain


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2.8", "2.8 is older than all that hubops knows, and Argo CD 2.12 gets no more fixes"),
        ("3.3", ""),
        ("3.9", ""),
    ],
)
def test_a_version_without_a_row(version: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE.replace('"3.2"', f'"{version}"', 1), "utf-8")
    out = hubops("lint", "--as-of", "2026-10-01", "--format", "json", cwd=tmp_path).stdout
    found = [one["message"] for one in json.loads(out)["findings"] if one["line"] == 4]
    assert [said in one for one in found if "fixes" in one] == ([True] if said else [])


def test_an_upgrade_leads_to_newer_versions_only(tmp_path: Path) -> None:
    rows = 'versions: {support: {kubernetes: {"1.36": {until: "2026-02-01"}}}}\n'
    text = SITE.replace('"1.34"', '"1.36"') + rows
    (tmp_path / "site.yaml").write_text(text, "utf-8")
    out = hubops("lint", "--as-of", "2026-10-01", cwd=tmp_path).stdout
    (help,) = [line for line in out.splitlines() if '{"1.36": {until' in line]
    assert "a version that does: see its releases;" in help


def test_a_site_adds_a_fixed_jupyterhub(tmp_path: Path) -> None:
    rows = "versions: {support: {jupyterhub: {5.5.2: {security: [CVE-2026-12345]}}}}\n"
    (tmp_path / "site.yaml").write_text(SITE + rows, "utf-8")
    out = hubops("lint", "--as-of", "2026-10-01", cwd=tmp_path).stdout
    assert "no chart carries 5.5.2 yet, which fixes CVE-2026-12345" in out
