"""What docs/doctor.md and docs/operations.md have from the code and the test data of `doctor`.

`python -m tests.support.doctor_docs` writes it; `make docs` does it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from generator.doctor import checks, rights
from generator.report import markdown
from tests.support import live
from tests.support.modules import ROOT

DOCTOR = ROOT / "docs" / "doctor.md"
OPERATIONS = ROOT / "docs" / "operations.md"


def pages() -> str:
    """The page of every code."""
    return "\n".join(markdown.note(code, checks.PAGES[code]) for code in sorted(checks.PAGES))


def faults() -> str:
    """The faults that were planted, and what doctor named first."""
    rows = [_row(path) for path in live.FAULTS]
    head = "| planted | first cause | versions, date |\n|---|---|---|\n"
    return head + "".join(sorted(rows, key=lambda row: row.partition("[")[2]))


def _row(path: Path) -> str:
    fault, document = live.planted(path)
    found = live.judged(document, fault.get("site", "")).found
    first = next(one for one in found if one.code == fault["code"])
    versions = f"Argo CD {fault['argocd']}, Kubernetes {fault['kubernetes'].lstrip('v')}"
    message = first.message.replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")
    code = f"[{first.code}](#{first.code.lower()})"
    return f"| {fault['what']} | {code} {message} | {versions}, {fault['date']} |\n"


def roles() -> str:
    """The rights, and what each is for."""
    written = rights.manifests("daskhub", "argocd", "kube-system", "ocean-bucket")
    return f"```yaml\n{written}```\n\n{rights.reasons()}"


PARTS: Mapping[Path, Mapping[str, Callable[[], str]]] = {
    DOCTOR: {"faults": faults, "pages": pages},
    OPERATIONS: {"rights": roles},
}


def filled(path: Path, document: str) -> str:
    """The document with each part between its two marks."""
    for name, part in PARTS[path].items():
        begin, end = f"<!-- {name}: made by `make docs` -->\n", f"<!-- /{name} -->\n"
        before, _, rest = document.partition(begin)
        _, _, after = rest.partition(end)
        assert rest, f"{path} has no mark for {name}"
        document = f"{before}{begin}\n{part()}\n{end}{after}"
    return document


if __name__ == "__main__":
    for path in PARTS:
        path.write_text(filled(path, path.read_text("utf-8")), "utf-8")
