"""What `hubops import` prints: every key of the values, the secrets, the questions, the proof."""

from generator.adopt import app_report
from generator.adopt.base import JUPYTERHUB, Row
from generator.adopt.proof import Proof
from generator.adopt.proposal import Proposal
from generator.adopt.secrets import Secret
from generator.adopt.site_text import sentence
from generator.adopt.tables import by_reason, named, wrapped
from generator.adopt.takeover import Deletion
from generator.charts.hub_services import is_token_key
from generator.credentials import printable, quoted, shown
from generator.names import HUB_SECRET

# What a new value of a key means for users.
_EFFECT_OF_NEW = {
    "hub.config.JupyterHub.cookie_secret": "everyone has to log in again",
    "hub.config.CryptKeeper.keys": "the hub discards the login tokens that it stored",
    "hub.services.dask-gateway.apiToken": "hub and gateway get it at the same time",
}
_OF_SERVICE = "the service needs it too"
_ABOUT_LOST = (
    "help: move what is not a secret to a file of values; declare the rest under 'secrets' in "
    "site.yaml, as variables or files, seal it, and let what reads it take it from there"
)


def text(proposal: Proposal) -> str:
    """The whole report."""
    parts = (
        _sources(proposal),
        _table("Became settings of site.yaml", proposal.expressed, "-> "),
        _table("Spelled differently, with the same meaning", proposal.notes),
        _table("Carried under `values`", proposal.carried),
        by_reason(f"Not carried ({len(proposal.left)})\n", proposal.left),
        _secrets(proposal),
        _questions(proposal),
        *map(_proof, proposal.proofs),
        app_report.text(proposal.apps, proposal.app_proofs),
        _takeover(proposal),
    )
    return "\n".join(part for part in parts if part)


def _sources(proposal: Proposal) -> str:
    pins = ", ".join(f"{chart} {version}" for chart, version in proposal.pins.items())
    files = ((kind, name) for kind, names in proposal.files.items() for name in names)
    rows = (*files, ("for", pins))
    return "Read\n" + "".join(f"  {kind:<14} {printable(name)}\n" for kind, name in rows)


def _table(title: str, rows: tuple[Row, ...], lead: str = "") -> str:
    lines = [
        f"  {named(row)}\n" + (wrapped(f"{lead}{row.text}", " " * 6) if row.text else "")
        for row in rows
    ]
    return "".join([f"{title} ({len(rows)})\n", *lines]) if rows else ""


def _secrets(proposal: Proposal) -> str:
    count = len(proposal.secrets)
    lines = [f"Secrets in the values ({count}), never copied\n"] if count else []
    for secret in proposal.secrets:
        lines += [f"  {named(secret)}\n", wrapped(_advice(secret, proposal), " " * 6)]
    if proposal.missing and proposal.site is not None:
        lines.append("Still to seal: no file has a value\n")
        held = {one.name: one.held_by for one in proposal.secrets if one.held_by is not None}
        for key in proposal.missing:
            name = f"{HUB_SECRET}/{key}"
            lines += [f"  {name}\n", f"      {_seal(proposal, name)}\n"]
            if effect := _EFFECT_OF_NEW.get(key) or (_OF_SERVICE if is_token_key(key) else ""):
                where, under = map(shown, held.get(name, ("hub", key)))
                text = f"(--generate makes a new value: {effect}; today's is in the Secret "
                lines.append(wrapped(f"{text}'{where}', under {under})", " " * 6))
    return "".join(lines)


def lost(proposal: Proposal) -> str:
    """What only a file of secrets has and the site has no place for; nothing without any."""
    title = f"No place in site.yaml ({len(proposal.lost)}): only a file of secrets has these\n"
    rows = [f"  {named(secret)}\n" for secret in proposal.lost]
    return "".join(["\n", title, *rows, wrapped(_ABOUT_LOST, "  ")]) if rows else ""


def _seal(proposal: Proposal, name: str) -> str:
    return f"hubops seal {proposal.environment} {name}"


def _advice(secret: Secret, proposal: Proposal) -> str:
    if secret.key is None:
        return secret.advice
    seal = _seal(proposal, secret.name)
    if secret.held_by is not None:
        name, key = map(shown, secret.held_by)
        assert proposal.site is not None
        template = f'{{{{index .data "{key}" | base64decode}}}}'
        namespace = proposal.site.environments[0].namespace
        return (
            f"it is in the Secret '{name}' under '{key}', and hubops reads '{HUB_SECRET}': kubectl "
            f"get secret {quoted(name)} -n {namespace} -o go-template={quoted(template)} | {seal}"
        )
    if secret.is_encrypted:
        file = secret.place.rpartition(":")[0]
        steps = "".join(f'["{step}"]' for step in (*secret.above, *secret.path))
        command = f"sops decrypt --extract {quoted(steps)} {quoted(file)}"
        return f"SOPS encrypted it, and hubops does not decrypt: {command} | {seal}"
    if secret.is_placeholder:
        return f"a placeholder, not a value: {seal}"
    return f"{seal}  (or --seal)"


def _questions(proposal: Proposal) -> str:
    lines = [f"To decide ({len(proposal.questions)}): ASK marks the places in site.yaml\n"]
    for question in proposal.questions:
        lead = ".".join(map(str, question.at)) + ": " if question.at else ""
        lines.append(wrapped(f"{lead}{sentence(question.text)}", " " * 4, "  - "))
    return "".join(lines) if proposal.questions else ""


def _proof(proof: Proof) -> str:
    over = "compared with the chart's defaults"
    if not proof.against_defaults:
        why = "the chart is not in the cache (hubops charts fetch)"
        over = f"compared without the chart's defaults: {why}"
    title = (
        f"Proof: {proof.chart} {proof.version}, {proof.equal} values equal, "
        f"{len(proof.on_purpose)} differ on purpose"
        f"{f', {len(proof.lost)} LOST' if proof.lost else ''}\n  {over}\n"
    )
    lost = f"  LOST ({len(proof.lost)}): the new site has nothing in their place\n"
    gap = f"  NOT EXPLAINED ({len(proof.unexplained)})\n"
    rows = ((gap, proof.unexplained), (lost, proof.lost))
    return (by_reason(title, proof.on_purpose) or title) + "".join(
        by_reason(of, found) for of, found in rows
    )


def _takeover(proposal: Proposal) -> str:
    """What to delete right before the first sync of each release, and why."""
    lines = ["To delete, right before the first sync\n"] if proposal.deletions else []
    for one in proposal.deletions:
        lines += [wrapped(f"{one.chart}: {_reason(one)}", " " * 6, "  ")]
        lines += [f"      {one.command}\n"]
    return "".join(lines)


def _reason(one: Deletion) -> str:
    optional = "this only drops the fields that Helm wrote and the new values lack"
    if one.running is not None:
        return f"the release stays '{one.release}', so no sync fails without it; {optional}"
    if one.chart != JUPYTERHUB:
        return f"if `helm list` shows '{one.release}', no sync fails without it; {optional}"
    return (
        f"no file names the release. If `helm list` shows '{one.release}', no sync fails without "
        f"it; {optional}. Under any other name give it with --jupyterhub-release, and the site "
        "keeps it as jupyterhub.releaseName. Otherwise selectors hold another name and can't "
        "change: without this the sync fails, or waits for ever at the PodDisruptionBudget"
    )
