"""Text -> Site and Report: reading, schema, parsing and the rules, each adding what it finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from generator.charts.overrides import reached
from generator.credentials import is_secret_key, printable
from generator.diagnostics import Diagnostic, Finding, Pointer, Report
from generator.lint import rules
from generator.lint.rules.base import Surroundings
from generator.records import record, replace
from generator.site import parse
from generator.site.model import Site
from generator.site.origin import Origin
from generator.site.releases import Versions
from generator.site.schema import SiteSchema
from generator.yaml.places import SourceMap
from generator.yaml.read import Document, read

# What is known besides a site; asked once the site is known.
Around = Callable[[Site], Surroundings]

# Findings under `secrets` that are about the names of Secrets and keys, and not about values.
_ABOUT_NAMES = ("K702", "K703", "K704", "K705")


@record
class Loaded:
    """The site, or None where the report has an error; lines and places are the text's."""

    site: Site | None
    report: Report
    lines: tuple[str, ...]
    places: SourceMap


def load(
    content: bytes,
    file: str,
    site_schema: Mapping[str, Any],
    known: Versions,
    around: Around = lambda _: Surroundings(),
) -> Loaded:
    """The site of one file with everything wrong in it. Never raises for what the text says.

    `known` are the chart releases that hubops itself knows.
    """
    document = read(content, file)
    loaded = partial(Loaded, lines=document.lines, places=document.places)
    if document.data is None and document.report.has_errors:
        return loaded(site=None, report=document.report)
    reading = _Draft.of(document, site_schema, known)
    surroundings = around(reading.site) if reading.site is not None else Surroundings()
    findings = [*reading.findings, *reading.judged_by_rules(surroundings)]

    def judged() -> frozenset[str]:
        return frozenset() if document.report.has_errors else reading.judged(surroundings)

    report = Report.of(_unsilenced(_diagnostics(findings, document), document, judged))
    return loaded(site=None if report.has_errors else reading.site, report=report)


def as_far_as_read(content: bytes, site_schema: Mapping[str, Any], known: Versions) -> Site | None:
    """The site of a text that need not be free of errors; None where there is none to be seen."""
    return in_part(content, "", site_schema, known).site


@record
class InPart:
    """The site of a text as far as it can be read, and the errors that kept the rest from it."""

    site: Site | None
    unread: tuple[Diagnostic, ...]


def in_part(content: bytes, file: str, site_schema: Mapping[str, Any], known: Versions) -> InPart:
    """What can be read of a text that need not be free of errors."""
    document = read(content, file)
    errors = document.report.errors
    if document.data is None and errors:
        return InPart(site=None, unread=errors)
    draft = _Draft.of(document, site_schema, known)
    refused = _placed((one for one in draft.findings if one.refuses), document)
    return InPart(site=draft.site, unread=(*errors, *refused))


@record
class _Draft:
    """The site as far as its text has a meaning, what the schema finds, and the doubtful places."""

    site: Site | None
    findings: tuple[Finding, ...]
    doubt: "_Doubt"

    @classmethod
    def of(cls, document: Document, site_schema: Mapping[str, Any], known: Versions) -> "_Draft":
        """The reading of one text."""
        unread = _unread(document)
        schema = SiteSchema.of(site_schema)
        shape = schema.findings(document.data, document.spelling)
        findings = [finding for finding in shape if finding.at not in unread]
        if not isinstance(document.data, dict):
            return cls(site=None, findings=tuple(findings), doubt=_Doubt.about((), ()))
        refused = {finding.at for finding in findings if finding.refuses} | unread
        site = parse.site(parse.without(document.data, refused), known)
        findings += _Doubt.about(findings, unread).clear(_effective_findings(site, schema))
        return cls(site=site, findings=tuple(findings), doubt=_Doubt.about(findings, unread))

    def judged_by_rules(self, around: Surroundings) -> list[Finding]:
        """What the rules find, without what relies on a place that already has a finding."""
        return [] if self.site is None else self.doubt.clear(rules.findings(self.site, around))

    def judged(self, around: Surroundings) -> frozenset[str]:
        """The codes that were checked everywhere: none while any place is in doubt."""
        if self.site is None or self.doubt.places:
            return frozenset()
        return rules.judged(self.site, around)


def _unread(document: Document) -> set[Pointer]:
    """The keys and values that the reader already reports."""
    spans = {found.at for found in document.report.diagnostics}
    if not spans:
        return set()
    places = (document.places.keys, document.places.values)
    return {at for spanned in places for at, span in spanned.items() if span in spans}


@record
class _Doubt:
    """The places that the reader or the schema reports, and all places above them."""

    places: frozenset[Pointer]
    above: frozenset[Pointer]

    @classmethod
    def about(cls, findings: Iterable[Finding], unread: Iterable[Pointer]) -> "_Doubt":
        """The places of findings, and of the keys that misspelt ones were intended for."""
        named = {place for found in findings for place in (found.at, found.intended)}
        places = frozenset(place for place in (*named, *unread) if place is not None)
        above = frozenset(place[:depth] for place in places for depth in range(len(place)))
        return cls(places=places, above=above)

    def clear(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those of the findings that rely on nothing doubtful."""
        return [finding for finding in findings if not any(map(self._touches, finding.relies_on))]

    def _touches(self, at: Pointer) -> bool:
        """Whether a place, or a part of it, is doubtful."""
        held = any(at[:depth] in self.places for depth in range(len(at) + 1))
        return held or at in self.above


def _effective_findings(site: Site, schema: SiteSchema) -> Iterator[Finding]:
    """What is wrong only once an environment's overrides are merged in, where it is written."""
    clear: set[tuple[str, bytes]] = set()  # what most of those that override something have
    for environment in site.environments:
        origin, sections = environment.settings.origin, environment.settings.sections
        if origin.environment is None:
            continue
        said = {name: sections[name].said if name in sections else b"" for name in origin.overrides}
        doubtful = [section for section in said.items() if section not in clear]
        merged = parse.effective(origin.shared, origin.overrides) if doubtful else {}
        for section, known in doubtful:
            if section in merged:
                found = tuple(_section_findings(section, merged[section], origin, schema))
                yield from found
                clear |= {(section, known)} if known and not found else set()
            elif section in schema.written["required"]:
                from generator.site.schema_words import removed  # nearly always an error

                yield removed(("environments", environment.name, section))


def _section_findings(
    section: str, merged: Any, origin: Origin, schema: SiteSchema
) -> Iterator[Finding]:
    for finding in schema.findings_of_merged(section, merged):
        from generator.site.schema_words import removed

        at = (section, *finding.at)
        here = origin.at(*at)
        is_null = reached(origin.overrides, at) == (len(at), None)
        placed = removed(here) if is_null else replace(finding, at=here)
        yield replace(placed, relies_on=(at, here))


def _diagnostics(findings: Iterable[Finding], document: Document) -> Iterator[Diagnostic]:
    """The findings at their places, after what the reader found."""
    yield from document.report.diagnostics
    yield from _placed(findings, document)


def _placed(findings: Iterable[Finding], document: Document) -> Iterator[Diagnostic]:
    for finding in findings:
        yield Diagnostic(
            code=finding.code,
            severity=finding.severity,
            message=printable(finding.message),
            at=document.places.span(finding.at, on_key=finding.on_key),
            help=printable(finding.help),
            conceals=_conceals(finding),
        )


def _conceals(finding: Finding) -> bool:
    """Whether the finding is about a credential, or about a value under a credential's key."""
    if finding.code in _ABOUT_NAMES:
        return False
    under = finding.at[:-1] if finding.on_key else finding.at
    is_secret = any(
        isinstance(step, str) and is_secret_key(step) and not _is_named(finding.at, index)
        for index, step in enumerate(under)
    )
    return is_secret or finding.code.startswith("K")


def _is_named(at: Pointer, index: int) -> bool:
    """Whether a step of a place is a name that people chose, with keys below it: no key itself."""
    if not isinstance(at[index + 1] if index + 1 < len(at) else None, str):
        return False
    if index == 1:
        return at[0] in ("apps", "clusters", "environments")
    return index == 3 and at[0] == "clusters" and at[2] in ("apps", "issuers")


def located(findings: Iterable[Finding], document: Document) -> Report:
    """Later findings about a text without errors, at their places, without the silenced ones."""
    return Report.of(_unsilenced(_diagnostics(findings, document), document, frozenset))


def _unsilenced(
    diagnostics: Iterator[Diagnostic], document: Document, judged: Callable[[], frozenset[str]]
) -> Iterator[Diagnostic]:
    """What no comment in the text silences, and the comments that silence nothing."""
    if not any("hubops" in line.casefold() for line in document.lines):
        return diagnostics
    from generator.lint.ignores import ignores, silenced  # most sites silence nothing
    from generator.lint.pages import codes

    comments = ignores(document, codes)
    return silenced(diagnostics, comments, judged() if comments else frozenset())
