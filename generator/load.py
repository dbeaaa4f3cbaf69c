"""Text -> Site and Report: reading, schema, parsing and the rules, each adding what it finds."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator import parse, schema
from generator.diagnostics import Diagnostic, Finding, Pointer, Report
from generator.model import SECTIONS, Environment, Site
from generator.rules import RULES
from generator.secrecy import is_secret_key
from generator.yaml_read import Document, read

# `# hubops: ignore[L412] reason`; the reason is required.
_IGNORE = re.compile(r"#\s*hubops:\s*ignore\[([A-Z]\d{3}(?:\s*,\s*[A-Z]\d{3})*)\]\s+\S")
# What can't be silenced: a text that is no clear YAML or not of the schema's shape, a cluster that
# is nowhere described or has no one address, a chart without a version that values can be made for,
# a null or an instruction to Kustomize among the values. No tree could be built, or a wrong one.
_ALWAYS_SAID = ("Y", "S", "R201", "R209", "C301", "C302", "C307", "C310", "C311")


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
    site, findings = _judged(document, site_schema)
    report = _report(findings, document)
    return Loaded(site=None if report.has_errors else site, report=report, lines=document.lines)


def _judged(
    document: Document, site_schema: Mapping[str, Any]
) -> tuple[Site | None, list[Finding]]:
    """The site, as far as its text has a meaning, and what schema and rules find in it."""
    unread = _unread(document)
    shape = schema.findings(document.data, site_schema, document.spelling)
    findings = [finding for finding in shape if finding.at not in unread]
    if not isinstance(document.data, dict):
        return None, findings
    refused = {finding.at for finding in findings if finding.refuses} | unread
    raw = parse.without(document.data, refused)
    site = parse.site(raw)
    merged = _effective_findings(raw, site, site_schema, document)
    findings += _Doubt.about(findings, unread).clear(merged)
    rules = (finding for rule in RULES for finding in rule.check(site))
    return site, [*findings, *_Doubt.about(findings, unread).clear(rules)]


def _unread(document: Document) -> set[Pointer]:
    """The keys and values that the reader has already complained of."""
    spans = {found.at for found in document.report.diagnostics}
    places = (document.places.keys, document.places.values)
    return {at for spanned in places for at, span in spanned.items() if span in spans}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    """The places that reader and schema have something to say of, and all places above them."""

    places: frozenset[Pointer]
    above: frozenset[Pointer]

    @classmethod
    def about(cls, findings: Iterable[Finding], unread: Iterable[Pointer]) -> "_Doubt":
        """What the findings name, and what they say a misspelt key was meant for."""
        named = {place for found in findings for place in (found.at, found.meant)}
        places = frozenset(place for place in (*named, *unread) if place is not None)
        above = frozenset(place[:depth] for place in places for depth in range(len(place)))
        return cls(places=places, above=above)

    def clear(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those of the findings that rely on nothing doubtful."""
        return [finding for finding in findings if not any(map(self._touches, finding.relies_on))]

    def _touches(self, at: Pointer) -> bool:
        """Whether a place is doubtful, as a whole or in part."""
        held = any(at[:depth] in self.places for depth in range(len(at) + 1))
        return held or at in self.above


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
        at = (section, *finding.at)
        yield replace(finding, at=origin.at(*at), relies_on=(at, origin.at(*at)))


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
            conceals=_conceals(finding),
        )
        if not _is_ignored(diagnostic, document.lines):
            found.append(diagnostic)
    return Report.of(found)


def _conceals(finding: Finding) -> bool:
    """Whether the finding is about a credential, or about what stands under a credential's key."""
    under = finding.at[:-1] if finding.on_key else finding.at
    is_secret = any(is_secret_key(step) for step in under if isinstance(step, str))
    return is_secret or finding.code.startswith("K")


def _is_ignored(found: Diagnostic, lines: tuple[str, ...]) -> bool:
    """Whether the finding's own line carries a comment that names its code and gives a reason."""
    if found.code.startswith(_ALWAYS_SAID) or not 0 < found.at.line <= len(lines):
        return False
    codes = (
        code for match in _IGNORE.findall(lines[found.at.line - 1]) for code in match.split(",")
    )
    return found.code in {code.strip() for code in codes}


def located(findings: Iterable[Finding], document: Document) -> Report:
    """What was found later of a text without errors, at its places, less what it silences."""
    return _report(findings, document)
