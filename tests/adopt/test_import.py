"""Values as operators write them: what an import proposes, says and proves.

A case is a folder: `given/` as the operator has it, `site.yaml` and `report.txt` as the import
writes them. `make golden` rewrites these two: read the difference before you commit it.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import facts
from tests.support.copies import hubops

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
    "umbrella": (
        *("--meta", "common.yaml", "--meta", "hub.yaml", "--secrets", "login.enc.yaml"),
        *("--jupyterhub-version", "4.2.0", "--namespace", "hub", "--kubernetes", "1.32"),
        *("--repository", "https://git.example.org/coast/hub.git"),
    ),
}
# What lint has to say of each: moving tags, few workers of the largest size, no admin.
INFOS = {
    "split": ["I604", "I604", "L407", "I604"],
    "daskhub": [],
    "application": [],
    "older": ["A509"],
    "umbrella": [],
}
# The charts that each case runs, of which a real one is compared with.
CHARTS = {
    "split": [("jupyterhub", "3.3.8"), ("dask-gateway", "2022.6.1")],
    "daskhub": [("dask-gateway", "2024.1.0")],
    "application": [("jupyterhub", "4.2.0")],
    "umbrella": [("jupyterhub", "4.2.0")],
}


def run(
    case: str, folder: Path, *more: str, charts: list[facts.Pin] | None = None
) -> subprocess.CompletedProcess[str]:
    """The import of a case in a folder of its own, with real charts in its cache."""
    for path in sorted((FOLDER / case / "given").iterdir()):
        shutil.copy(path, folder)
    facts.pack(folder / "charts", *(charts or ()))
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


def judged(printed: str) -> list[str]:
    """The codes of the findings, but for those on what has grown old: these change with the day."""
    codes: list[str] = re.findall(r"(?:error|warning|info)\[(\w+)\]", printed)
    return [code for code in codes if code not in ("C340", "C341")]


@pytest.mark.parametrize("case", CASES)
def test_site_lints_generates_and_is_proven(case: str, tmp_path: Path) -> None:
    done = run(case, tmp_path)
    cache = {"HUBOPS_CACHE": str(tmp_path / "none")}
    linted = hubops("lint", cwd=tmp_path, env=cache)
    assert linted.returncode == 0
    assert judged(linted.stdout) == INFOS[case]
    assert hubops("generate", cwd=tmp_path, env=cache).returncode == 0
    assert hubops("check", cwd=tmp_path, env=cache).returncode == 0
    assert "NOT EXPLAINED" not in done.stdout


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=facts.charts(*CHARTS[case])) for case in CHARTS]
)
def test_case_is_proven_over_real_defaults(case: str, tmp_path: Path, update_golden: bool) -> None:
    done = run(case, tmp_path, charts=CHARTS[case])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site.yaml").read_text("utf-8") == (FOLDER / case / "site.yaml").read_text(
        "utf-8"
    )
    proof = done.stdout[done.stdout.index("Proof:") :]
    expected = FOLDER / case / "proof.txt"
    if update_golden:
        expected.write_text(proof, "utf-8")
    assert proof == expected.read_text("utf-8")
    assert proof.count("compared with the chart's defaults") == len(CHARTS[case])
    linted = hubops("lint", cwd=tmp_path, env={"HUBOPS_CACHE": str(tmp_path / "charts")})
    assert not [
        line
        for line in linted.stdout.splitlines()
        if re.search(r" (error|warning)\[(?!C341)", line)
    ]


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
        for path in (FOLDER / case / "given").iterdir()
        for value in secret.findall(path.read_text("utf-8"))
        # Names that stand for something else too.
        if value not in ("science-hub",)
    }
    assert values or case in ("application", "umbrella")
    written = (tmp_path / "site.yaml").read_text("utf-8") + done.stdout + done.stderr
    assert [value for value in sorted(values) if value in written] == []
