"""docs/doctor.md and the rights in docs/operations.md: what the code says."""

import re
from pathlib import Path

import pytest
import yaml

from generator.doctor import checks, rights
from generator.doctor.questions import QUESTIONS
from generator.lint import pages
from tests.support import doctor_docs
from tests.support.sites import ROOT

ROLES = list(yaml.safe_load_all(rights.manifests("hub", "argocd", "kube-system", "bucket")))


@pytest.mark.parametrize("path", doctor_docs.PARTS, ids=lambda path: path.stem)
def test_document_is_what_the_code_says(path: Path) -> None:
    document = path.read_text("utf-8")
    assert document == doctor_docs.filled(path, document), "run: make docs"


def test_make_docs_writes_them() -> None:
    assert "python -m tests.support.doctor_docs\n" in (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("code", checks.PAGES)
def test_link_of_a_code_leads_to_its_page(code: str) -> None:
    path, anchor = pages.link(code).split("#")
    headings = re.findall(r"^### (D\d+)$", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    assert anchor in [heading.lower() for heading in headings]


@pytest.mark.parametrize("code", checks.PAGES)
def test_page_has_a_title_and_says_more(code: str) -> None:
    title, _, rest = checks.PAGES[code].strip().partition("\n\n")
    assert title.endswith((".", ")."))
    assert rest.strip()


def test_codes_are_unique_and_of_the_family() -> None:
    codes = [check.CODE for check in checks.CHECKS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"D1\d\d", code) for code in codes)


def test_the_roles_allow_get_and_list_alone() -> None:
    verbs = {verb for role in ROLES for rule in role["rules"] for verb in rule["verbs"]}
    assert verbs == {"get", "list"}


def test_the_roles_cover_every_question_and_nothing_else() -> None:
    given = {
        (group, resource)
        for role in ROLES
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    assert given == {(one.group.partition("/")[0], one.resource) for one in QUESTIONS}


def test_no_role_lists_every_secret_or_setting() -> None:
    rules = [rule for role in ROLES for rule in role["rules"]]
    named = [rule for rule in rules if {"secrets", "configmaps"} & set(rule["resources"])]
    assert len(named) == 2
    assert all(rule["resourceNames"] for rule in named)
