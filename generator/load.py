"""Text -> Site and Report: reading, schema, parsing and the rules, each adding what it finds."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator import parse, schema
from generator.diagnostics import Diagnostic, Finding, Pointer, Report
from generator.model import SECTIONS, Environment, Site
from generator.rules import RULES
from generator.yaml_read import Document, read

# `# hubops: ignore[L412] reason`; the reason is required.
_IGNORE = re.compile(r"#\s*hubops:\s*ignore\[([A-Z]\d{3}(?:\s*,\s*[A-Z]\d{3})*)\]\s+\S")
# What can't be silenced: a text that is no clear YAML, or not of the schema's shape.
_ALWAYS_SAID = ("Y", "S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The site, or None where an error stands in the report; `lines` are the text's."""

    site: Site | None
    report: Report
    lines: tuple[str, ...]


def load(content: bytes, file: str, site_schema: Mapping[str, Any]) -> Loaded:
    """The site of one file with everything wrong in it. Never raises for what the text says."""
    document = read(content, file)
    if document.data is None and document.report.has_errors:
        return Loaded(site=None, report=document.report, lines=document.lines)
    findings = list(schema.findings(document.data, site_schema, document.spelling))
    site = None
    if isinstance(document.data, dict):
        raw = parse.without(document.data, (finding.at for finding in findings if finding.refuses))
        site = parse.site(raw)
        if site is not None:
            findings += _effective_findings(raw, site, site_schema, document)
            findings += [finding for rule in RULES for finding in rule.check(site)]
    report = _report(findings, document)
    return Loaded(site=None if report.has_errors else site, report=report, lines=document.lines)


def _effective_findings(
    raw: Mapping[str, Any], site: Site, site_schema: Mapping[str, Any], document: Document
) -> Iterable[Finding]:
    """What is wrong only once an environment's overrides are merged in, said where it stands."""
    for environment in site.environments:
        origin = environment.settings.origin
        if origin.environment is None:
            continue
        merged = parse.effective(origin.shared, origin.overrides)
        for section in SECTIONS:
            if section not in origin.overrides:
                continue
            yield from _section_findings(section, merged, environment, site_schema, document)


def _section_findings(
    section: str,
    merged: Mapping[str, Any],
    environment: Environment,
    site_schema: Mapping[str, Any],
    document: Document,
) -> Iterable[Finding]:
    origin = environment.settings.origin
    if section not in merged:
        if section in site_schema["required"]:
            yield schema.removed_section(("environments", environment.name, section))
        return

    def moved(at: Pointer) -> Pointer:
        return origin.at(section, *at)

    part = f"#/$defs/{section}"
    spelling = document.spelling
    for finding in schema.findings(
        merged[section], site_schema, lambda at: spelling(moved(at)), part=part
    ):
        yield finding.moved(moved(finding.at))


def _report(findings: Iterable[Finding], document: Document) -> Report:
    found = list(document.report.diagnostics)
    for finding in findings:
        span = document.places.span(finding.at, on_key=finding.on_key)
        diagnostic = Diagnostic(
            code=finding.code,
            severity=finding.severity,
            message=finding.message,
            at=span,
            help=finding.help,
        )
        if not _is_ignored(diagnostic, document.lines):
            found.append(diagnostic)
    return Report.of(found)


def _is_ignored(found: Diagnostic, lines: tuple[str, ...]) -> bool:
    """Whether the finding's own line carries a comment that names its code and gives a reason."""
    if found.code.startswith(_ALWAYS_SAID) or not 0 < found.at.line <= len(lines):
        return False
    codes = (
        code for match in _IGNORE.findall(lines[found.at.line - 1]) for code in match.split(",")
    )
    return found.code in {code.strip() for code in codes}
