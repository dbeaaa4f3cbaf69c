"""Values as operators write them: what an import proposes, says and proves.

`make golden` rewrites tests/adopt/cases/: read the difference before you commit it.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.copies import hubops
from tests.support.imports import pack_shared
from tests.support.shared import need

FOLDER = Path(__file__).parent / "cases"

# The files of each case with what no file tells.
CASES = {
    "split": (
        *("--jupyterhub", "jhub-values.yaml", "--dask-gateway", "dask-gateway-values.yaml"),
        *("--secrets", "values-secrets.yaml", "--dask-gateway-version", "2022.6.1"),
        *("--kubernetes", "1.30", "--cluster", "fedcloud"),
        *("--repository", "https://github.com/protocoast/gitops.git"),
    ),
    "daskhub": ("--meta", "values.yaml", "--namespace", "tides", "--storage-class", "standard"),
    "application": ("--application", "jupyterhub-application.yaml"),
    "older": ("--jupyterhub", "jhub-values.yaml"),
}
# What lint has to say of each: moving tags, few workers of the largest size, no admin.
INFOS = {
    "split": ["I604", "I604", "L407", "I604"],
    "daskhub": [],
    "application": [],
    "older": ["A509"],
}
PROVEN_WITH_DEFAULTS = {"split": 2, "daskhub": 1, "application": 1, "older": 0}


def run(case: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The import of a case in a folder of its own, beside the packaged charts."""
    for path in sorted(need("adopt", case).glob("*.yaml")):
        shutil.copy(path, folder)
    pack_shared(folder / "charts")
    cache = {"HUBOPS_CACHE": str(folder / "charts")}
    return hubops("import", *CASES[case], *more, cwd=folder, env=cache)


@pytest.mark.parametrize("case", CASES)
def test_case_gives_the_site_and_the_report(case: str, tmp_path: Path, update_golden: bool) -> None:
    done = run(case, tmp_path)
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "site.yaml").read_text("utf-8")
    if update_golden:
        (FOLDER / case).mkdir(parents=True, exist_ok=True)
        (FOLDER / case / "site.yaml").write_text(written, "utf-8")
        (FOLDER / case / "report.txt").write_text(done.stdout, "utf-8")
    assert written == (FOLDER / case / "site.yaml").read_text("utf-8")
    assert done.stdout == (FOLDER / case / "report.txt").read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_site_lints_generates_and_is_proven(case: str, tmp_path: Path) -> None:
    done = run(case, tmp_path)
    cache = {"HUBOPS_CACHE": str(tmp_path / "none")}
    linted = hubops("lint", "--strict", cwd=tmp_path, env=cache)
    assert linted.returncode == 0
    assert re.findall(r"info\[(\w+)\]", linted.stdout) == INFOS[case]
    assert hubops("generate", cwd=tmp_path, env=cache).returncode == 0
    assert hubops("check", cwd=tmp_path, env=cache).returncode == 0
    assert "NOT EXPLAINED" not in done.stdout
    assert done.stdout.count("compared over the chart's defaults") == PROVEN_WITH_DEFAULTS[case]


@pytest.mark.parametrize("case", CASES)
def test_site_fits_the_charts_own_schemas(case: str, tmp_path: Path) -> None:
    run(case, tmp_path)
    linted = hubops("lint", cwd=tmp_path, env={"HUBOPS_CACHE": str(tmp_path / "charts")})
    assert re.findall(r"(?:error|warning)\[(\w+)\]", linted.stdout) == []


@pytest.mark.parametrize("case", CASES)
def test_what_is_printed_is_what_is_written(case: str, tmp_path: Path) -> None:
    done = run(case, tmp_path, "--output", "-")
    assert not (tmp_path / "site.yaml").exists()
    assert done.stdout == (FOLDER / case / "site.yaml").read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_no_secret_of_the_files_is_anywhere(case: str, tmp_path: Path) -> None:
    done = run(case, tmp_path)
    secret = re.compile(r"(?:client_id|client_secret|apiToken|secretToken): *\"?([^\s\"]+)")
    values = {
        value
        for path in need("adopt", case).glob("*.yaml")
        for value in secret.findall(path.read_text("utf-8"))
        # Names that stand for something else too.
        if value not in ("science-hub",)
    }
    assert values or case == "application"
    written = (tmp_path / "site.yaml").read_text("utf-8") + done.stdout + done.stderr
    assert [value for value in sorted(values) if value in written] == []
