"""`hubops lint --as-of DATE`: the same site on two days; nothing fails because a day has passed.

`UPDATE_INVALID=1 pytest tests/lint/test_as_of.py` rewrites `as_of/`: read each change.
"""

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
