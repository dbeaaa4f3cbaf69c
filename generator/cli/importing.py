"""`hubops import`: values of running releases -> a site.yaml, with a proof that it says the same.

Nothing is written unless the proposal loads. Secrets in the files are sealed or left out.
"""

import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from generator.adopt import report, secrets
from generator.adopt.base import CHARTS, Facts
from generator.adopt.logins import LOGIN
from generator.adopt.proposal import Proposal
from generator.cli import generate, import_apps, import_drafts, import_files, seal
from generator.cli.import_drafts import STANDARD_OUTPUT, ImportRequest
from generator.cli.loading import FINDINGS
from generator.cli.options import FilePath
from generator.cli.terminal import Terminal, terminal
from generator.credentials import printable
from generator.diagnostics import GeneratorError, Severity, UsageError
from generator.io import worktree, writer
from generator.records import replace
from generator.report import text
from generator.report.formats import FORMATS
from generator.secrets import certificates
from generator.secrets import keys as secret_keys
from generator.secrets.asking import Sources
from generator.secrets.plaintext import Plaintext
from generator.secrets.targets import SealRequest
from generator.site.model import Site

_SITE = Path("site.yaml")
_FILES = (
    ("--jupyterhub", "jupyterhub", "Values of the jupyterhub release; repeat in Helm's order."),
    ("--dask-gateway", "dask_gateway", "Values of the dask-gateway release, in the same way."),
    ("--secrets", "secrets", "Values with secrets, of one chart or both; never copied."),
    ("--meta", "meta", "Values of an umbrella chart such as daskhub; repeat."),
    ("--application", "applications", "Argo CD Applications and ApplicationSets, of any chart."),
)
_FACTS = (
    ("site", "NAME", "The site's name. Default: the Application's, or the host's first part."),
    ("repository", "URL", "The Git repository that Argo CD follows."),
    ("cluster", "NAME", "The cluster's name in site.yaml. Default: main."),
    ("server", "URL", "The cluster's API server. Default: the cluster that Argo CD runs in."),
    ("kubernetes", "VERSION", "The cluster's Kubernetes version."),
    ("namespace", "NAME", "The namespace of the releases."),
    ("environment", "NAME", "The environment's name in site.yaml. Default: production."),
    ("host", "NAME", "The host name that users open."),
    ("storage_class", "NAME", "The storage class of the volumes."),
    ("ingress_class", "NAME", "The ingress class."),
    ("provider", "NAME", "How people log in, where no value says it: dummy takes any password."),
    ("jupyterhub_release", "NAME", "The name of the jupyterhub release, as helm list shows it."),
    ("dask_gateway_release", "NAME", "The name of the dask-gateway release."),
    ("jupyterhub_version", "VERSION", "The chart version of the jupyterhub release."),
    ("dask_gateway_version", "VERSION", "The chart version of the dask-gateway release."),
)


_OPTIONS: list[click.Parameter] = [
    *(
        click.Option([flag, kind], type=FilePath(), multiple=True, metavar="FILE", help=help)
        for flag, kind, help in _FILES
    ),
    *(
        click.Option([f"--{name.replace('_', '-')}"], metavar=metavar, help=help)
        for name, metavar, help in _FACTS
    ),
    click.Option(
        ["--level"],
        metavar="KEY",
        help="The key of an umbrella chart's values that 'jupyterhub' is below; '.' is the root.",
    ),
    click.Option(
        ["--values-from"],
        multiple=True,
        metavar="[REF=]DIR",
        help="A checkout with the files that an Application names as $REF/PATH.",
    ),
    click.Option(
        ["--output"],
        type=FilePath(),
        default="site.yaml",
        show_default=True,
        metavar="FILE",
        help="The site.yaml to write; '-' prints it, with the report on standard error.",
    ),
    click.Option(
        ["--force"],
        is_flag=True,
        help="Replace an existing site.yaml; entries of apps alone are added to it.",
    ),
    click.Option(["--seal", "seals"], is_flag=True, help="Seal the secrets in the given files."),
    click.Option(
        ["--certificate"],
        type=FilePath(),
        metavar="FILE",
        help="The cluster's public sealing certificate, for --seal.",
    ),
]


@click.command(name="import", params=_OPTIONS)
def import_(**asked: Any) -> int:
    """Draft a site.yaml from your running Helm releases.

    \b
    Examples:
      hubops import --jupyterhub jhub.yaml --dask-gateway dask.yaml --secrets secrets.yaml
      hubops import --meta daskhub.yaml --namespace hub --output -
      hubops import --application app.yaml --seal --certificate fedcloud.pem
      hubops import --application cert-manager.yaml            # prints its entry of apps

    Each value becomes a setting of site.yaml, goes under `values`, or is listed with a reason.
    The proof builds the new site and compares all values. Lines marked ASK need your decision.
    No secret is copied: what only a file of --secrets has is sealed or left out. Exit 1 when lint
    finds an error in the draft, when the proof finds an unexplained difference, when a value has no
    place or could not be sealed, or when nothing tells the version or the namespace of an app.
    """
    paths = {kind: asked.pop(kind) for kind in import_drafts.LABELS}
    versions, releases = (
        {chart: text for chart in CHARTS if (text := asked.pop(f"{_option(chart)}_{fact}"))}
        for fact in ("version", "release")
    )
    known = {name: asked.pop(name) for name, *_ in _FACTS if name in asked}
    facts = Facts(**known, versions=versions, releases=releases)
    checkouts = (one.rpartition("=") for one in asked.pop("values_from"))
    folders = {ref: Path(folder) for ref, _, folder in checkouts}
    wanted = ImportRequest(paths=paths, facts=facts, values_from=folders, **asked)
    return run(wanted, terminal(), now=datetime.now(UTC))


COMMAND = import_


def _option(chart: str) -> str:
    return chart.replace("-", "_")


def run(wanted: ImportRequest, terminal: Terminal, *, now: datetime) -> int:
    """0 when site.yaml is written; 1 when lint refuses it, or the proof or a secret has a gap."""
    if (found := import_apps.alone(wanted)) is not None:
        _refuse_idle(wanted)
        return import_apps.run(wanted, found, terminal)
    _refuse_output(wanted)
    proposals = import_drafts.proposals(wanted)
    whole = import_drafts.whole(wanted, proposals) if all(one.site for one in proposals) else None
    if whole is None or whole.site is None:
        return _refused(next((one for one in proposals if one.site is None), whole), terminal)
    certificate = _certificate(whole.site, wanted, now) if wanted.seals else None
    sealable = [_sealable(one, terminal) if wanted.seals else {} for one in proposals]
    said = import_drafts.said(proposals)
    if wanted.output == STANDARD_OUTPUT:
        terminal.out(whole.text)
        terminal.note(said)
    else:
        _write(whole, whole.site, wanted, certificate)
        terminal.out(said)
    _conclude(whole, wanted, terminal)
    is_fine = not whole.loaded.report.has_errors and whole.is_proven and not whole.lost
    for one, values in zip(proposals, sealable, strict=True) if wanted.seals else ():
        is_fine = _seal(one, wanted, terminal, values, now) and is_fine
    return 0 if is_fine else FINDINGS


def _refuse_idle(wanted: ImportRequest) -> None:
    """UsageError for an option that says something of another one, which is missing."""
    idle = {
        ("--certificate", "--seal"): wanted.certificate is not None and not wanted.seals,
        ("--values-from", "--application"): wanted.values_from and not wanted.paths["applications"],
        ("--level", "--meta"): wanted.level is not None and not wanted.paths["meta"],
    }
    for (option, missing), is_idle in idle.items():
        if is_idle:
            raise UsageError(f"{option} is for {missing}", f"add {missing}, or leave it out")


def _refuse_output(wanted: ImportRequest) -> None:
    """UsageError for an output that exists, and for one beside which nothing can be sealed."""
    output = wanted.output
    if wanted.seals and output == STANDARD_OUTPUT:
        help = "give --output DIR/site.yaml"
        raise UsageError("--seal needs a folder for the sealed values", help)
    _refuse_idle(wanted)
    paths = {kind: {path.resolve() for path in wanted.paths[kind]} for kind in wanted.paths}
    others = (given for kind, given in paths.items() if kind != "secrets")
    if paths.get("secrets", set()) & set().union(*others):
        raise UsageError(
            "a file of --secrets is also given as a file of values; nothing was written",
            "give it only with --secrets",
        )
    if output == STANDARD_OUTPUT:
        return
    if output.is_dir():
        raise UsageError(f"{output}: a folder", f"give a file: --output {output / 'site.yaml'}")
    if output.resolve() in set().union(*paths.values()):
        raise UsageError(
            f"{output} is one of the files with values; nothing was written",
            "write the proposal to another file, so that you keep these values",
        )
    if (output.exists() or output.is_symlink()) and not wanted.force:
        raise UsageError(
            f"{output} exists; nothing was written",
            "print the proposal with --output -, write it to another file, or use --force",
        )


def _refused(proposal: Proposal | None, terminal: Terminal) -> int:
    """Shows what lint finds in a proposal that is not written."""
    assert proposal is not None
    found = proposal.loaded.report
    terminal.note("the draft has errors, at these lines of it:\n")
    terminal.out(FORMATS[terminal.format](found, proposal.loaded.lines, color=terminal.color))
    help = "nothing was written; fix the values, or give an option (hubops import --help)"
    terminal.note(text.count(found, "", help) + "\n")
    for question in proposal.questions:
        if question.at == LOGIN:
            terminal.note(f"{question.text}\n")
    terminal.note(report.lost(proposal))
    return FINDINGS


def _certificate(site: Site, wanted: ImportRequest, now: datetime) -> bytes | None:
    """The certificate to install; None where there is a valid one. GeneratorError without one."""
    cluster = next(iter(site.clusters.values()))
    if wanted.certificate is None:
        name = str(cluster.sealing_certificate)
        content = worktree.read_certificate(wanted.output.parent, name)
    else:
        name = str(wanted.certificate)
        content = import_files.content(
            wanted.certificate, "give the path of the controller's certificate"
        )
    file = certificates.read(content)
    if file.problem:
        raise GeneratorError(
            f"{name}: {file.problem}; nothing was written",
            "--seal needs the controller's public certificate: kubeseal --fetch-cert > "
            f"{cluster.name}.pem, then --certificate {cluster.name}.pem",
        )
    certificates.usable(name, file, now)
    return certificates.pem(file.certificates) if wanted.certificate is not None else None


def _sealable(proposal: Proposal, terminal: Terminal) -> dict[str, Plaintext]:
    """The values to seal, by SECRET/KEY; a note tells of one that its reader would refuse."""
    assert proposal.site is not None
    settings, sealable = proposal.site.environments[0].settings, {}
    for name, value in secrets.to_seal(proposal.secrets).items():
        secret, _, key = name.partition("/")
        form = secret_keys.form(settings, secret, key)
        if complaint := secret_keys.complaint(form, value.reveal()):
            terminal.note(f"not sealed: the value for {key} {complaint}\n")
        else:
            sealable[name] = value
    return sealable


def _write(proposal: Proposal, site: Site, wanted: ImportRequest, pem: bytes | None) -> None:
    root = wanted.output.parent
    writer.refuse_git_folder(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GeneratorError.refused(root, error, "give a folder that you can write to") from None
    with writer.lock(root):
        if wanted.output.exists() and not wanted.force:
            raise UsageError(f"{wanted.output} exists", "replace it with --force")
        writer.present(root, wanted.output.name, writer.SITE)  # refuses before anything is written
        if pem is not None:
            path = next(iter(site.clusters.values())).sealing_certificate
            writer.put(root, str(path), pem, writer.CERTIFICATE)
        writer.put(root, wanted.output.name, proposal.text.encode(), writer.SITE)


def _conclude(proposal: Proposal, wanted: ImportRequest, terminal: Terminal) -> None:
    """Says what was written, what lint finds in it, and the next step."""
    findings, output = proposal.loaded.report, wanted.output
    site = f" --site {shlex.quote(str(output))}"
    if findings.diagnostics:
        lint = "hubops lint" + ("" if output in (STANDARD_OUTPUT, _SITE) else site)
        terminal.note(f"\n{text.count(findings, f'{lint} shows what', '')}\n")
    absent = [proof for proof in proposal.proofs if not proof.against_defaults]
    if absent:
        charts = ", ".join(dict.fromkeys(f"{proof.chart} {proof.version}" for proof in absent))
        terminal.note(
            f"not checked against the charts' schemas: {charts} (hubops charts fetch, then lint)\n"
        )
    if not proposal.is_explained:
        terminal.note("the proof has a gap: differences that are NOT EXPLAINED are a hubops bug\n")
    terminal.note(report.lost(proposal))
    if output == STANDARD_OUTPUT:
        terminal.note("\nnothing was written\n")
        return
    terminal.out(f"\nwritten   {output}\n")
    if findings.count(Severity.ERROR) == 0 and not wanted.seals:
        # Every command looks for hubops' own file name.
        init = f"hubops init DIR --from {shlex.quote(str(output))}"
        step = "hubops lint and hubops generate" if output == _SITE else init
        terminal.note(f"next: decide what is marked ASK in it, then {step}\n")


def _seal(
    proposal: Proposal,
    wanted: ImportRequest,
    terminal: Terminal,
    sealable: Mapping[str, Plaintext],
    now: datetime,
) -> bool:
    """Seals the values straight from their files, then generates; whether all went well."""

    def only_sealed(text: str) -> None:
        """`generate` reports on the tree at the end."""
        lines = text.splitlines(keepends=True)
        terminal.out("".join(line for line in lines if line.startswith("sealed ")))

    def unchanged(value: Plaintext) -> Plaintext:
        return value

    quiet = replace(terminal, out=only_sealed, note=lambda text: None)
    codes = []
    for name, value in sealable.items():
        request = SealRequest(environment=proposal.environment, key=name)
        handed_over = Sources(read_input=partial(unchanged, value))
        try:
            codes.append(seal.run(wanted.output, request, handed_over, quiet, now=now))
        except click.exceptions.Exit as end:  # site.yaml has an error, which `generate` shows
            codes.append(end.exit_code)
        except UsageError as error:
            terminal.note(f"{printable(error.message)}\n  help: {printable(error.help)}\n")
            codes.append(FINDINGS)
    codes.append(generate.run(wanted.output, terminal))
    return not any(codes)
