"""What `hubops import` says: every key of the values, the secrets, the questions, the proof."""

import textwrap
from collections.abc import Iterable, Iterator

from generator.adopt.base import Row, dotted
from generator.adopt.draft import sentence
from generator.adopt.proof import Proof
from generator.adopt.proposal import Proposal
from generator.adopt.secrets import Secret
from generator.credentials import printable, shown
from generator.names import HUB_SECRET

_WIDTH = 100
_FROM_TODAY = {
    "hub.config.JupyterHub.cookie_secret": "everybody logs in again",
    "hub.config.CryptKeeper.keys": "what the hub keeps of logins is void, and made anew",
    "hub.services.dask-gateway.apiToken": "hub and gateway learn it together",
}


def text(proposal: Proposal) -> str:
    """The whole report."""
    parts = (
        _sources(proposal),
        _table("Expressed in site.yaml's own words", proposal.expressed, "-> "),
        _table("The same in other words", proposal.notes, ""),
        _table("Carried verbatim, under `values`", proposal.carried, ""),
        _reasons("Not carried", proposal.left),
        _secrets(proposal),
        _questions(proposal),
        *map(_proof, proposal.proofs),
    )
    return "\n".join(part for part in parts if part)


def _sources(proposal: Proposal) -> str:
    lines = ["Read\n"]
    for kind, names in proposal.files.items():
        lines += [f"  {kind:<14} {printable(name)}\n" for name in names]
    pins = ", ".join(f"{chart} {version}" for chart, version in proposal.pins.items())
    lines.append(f"  for            {pins}\n")
    return "".join(lines)


def _name(row: Row) -> str:
    """A row's chart and path, as far as they may be shown."""
    path = printable(dotted(row.path))
    return f"{row.chart} {path}" if row.chart else path


def _table(title: str, rows: Iterable[Row], lead: str) -> str:
    listed = list(rows)
    if not listed:
        return ""
    lines = [f"{title} ({len(listed)})\n"]
    for row in listed:
        said = f"{lead}{printable(row.text)}" if row.text else ""
        place = f"  [{printable(row.place)}]" if row.place else ""
        lines.append(f"  {_name(row)}{place}\n")
        lines += _wrapped(said, "      ")
    return "".join(lines)


def _wrapped(said: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(said, _WIDTH - len(indent), break_on_hyphens=False):
        yield f"{indent}{line}\n"


def _reasons(title: str, rows: Iterable[Row]) -> str:
    """Rows by their reasons, each reason once."""
    listed = list(rows)
    if not listed:
        return ""
    return f"{title} ({len(listed)})\n" + "".join(_by_reason(listed))


def _by_reason(rows: Iterable[Row]) -> Iterator[str]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.text, []).append(row)
    for reason, group in grouped.items():
        yield from _wrapped(f"{sentence(printable(reason))}", "  ")
        for row in group:
            place = f"  [{printable(row.place)}]" if row.place else ""
            yield f"      {_name(row)}{place}\n"


def _secrets(proposal: Proposal) -> str:
    """The secrets by name, and the command for each value that is to be sealed."""
    lines = []
    if proposal.secrets:
        lines.append(f"Secrets in the values ({len(proposal.secrets)}), named and never copied\n")
    for secret in proposal.secrets:
        lines.append(f"  {_secret_name(secret)}\n")
        lines += _wrapped(_advice(secret, proposal), "      ")
    if proposal.missing and proposal.site is not None:
        lines.append("Left to seal, for no file has a value\n")
        for key in proposal.missing:
            told = _FROM_TODAY.get(key)
            lines.append(f"  {HUB_SECRET}/{key}\n")
            lines.append(f"      hubops seal {proposal.environment} {HUB_SECRET}/{key}\n")
            if told is not None:
                lines += _wrapped(
                    f"(a new one with --generate: {told}; today's stands in the Secret 'hub', as "
                    f"{key})",
                    "      ",
                )
    return "".join(lines)


def _secret_name(secret: Secret) -> str:
    path = printable(dotted(secret.path))
    return f"{secret.chart} {path}  [{printable(secret.place)}]"


def _advice(secret: Secret, proposal: Proposal) -> str:
    if secret.key is None:
        return secret.advice
    seal = f"hubops seal {proposal.environment} {HUB_SECRET}/{secret.key}"
    if secret.held_by is not None:
        name, key = map(shown, secret.held_by)
        assert proposal.site is not None
        namespace = proposal.site.environments[0].namespace
        return (
            f"it stands in the Secret '{name}' as '{key}', and hubops reads 'hub-secrets': kubectl "
            f"get secret {name} -n {namespace} "
            f"-o go-template='{{{{index .data \"{key}\" | base64decode}}}}' | "
            f"{seal}"
        )
    if secret.is_placeholder:
        return f"a placeholder, no value: {seal}"
    return f"{seal}  (or --seal)"


def _questions(proposal: Proposal) -> str:
    if not proposal.questions:
        return ""
    lines = [f"To decide ({len(proposal.questions)}); ASK in site.yaml marks the places\n"]
    for question in proposal.questions:
        place = ".".join(map(str, question.at))
        lead = f"{place}: " if place else ""
        lines += [
            f"  {'-' if first else ' '} {line.strip()}\n"
            for first, line in _numbered(_wrapped(f"{lead}{sentence(question.text)}", "    "))
        ]
    return printable_lines(lines)


def printable_lines(lines: Iterable[str]) -> str:
    """Lines as a terminal may show them."""
    return "".join(f"{printable(line[:-1])}\n" for line in lines)


def _numbered(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    for number, line in enumerate(lines):
        yield number == 0, line


def _proof(proof: Proof) -> str:
    """How many values are equal, and every difference with its reason."""
    differ = len(proof.on_purpose)
    over = (
        "over the chart's defaults"
        if proof.against_defaults
        else ("without the chart's defaults: no packaged chart in the cache (hubops charts fetch)")
    )
    lines = [
        f"Proof: {proof.chart} {proof.version}, {proof.equal} values equal, {differ} differ on "
        "purpose\n",
        f"  compared {over}\n",
        *_by_reason([_bare(row) for row in proof.on_purpose]),
    ]
    if proof.unexplained:
        lines.append(f"  NOT EXPLAINED ({len(proof.unexplained)})\n")
        lines += _by_reason([_bare(row) for row in proof.unexplained])
    return "".join(lines)


def _bare(row: Row) -> Row:
    return Row(chart="", path=row.path, text=row.text)
