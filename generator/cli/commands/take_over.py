"""`hubops import`: values of live releases -> a site.yaml, with a proof that it says the same.

Nothing is written unless the proposal loads; secrets go from the files into ciphertexts, or stay.
"""

import shlex
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from stat import S_ISREG

from generator.adopt import applications, report, secrets, sources
from generator.adopt.base import Facts, Taken
from generator.adopt.proposal import Proposal, propose
from generator.adopt.sources import Given, Text
from generator.cli import generate, seal
from generator.cli.commands.site import FOUND, Terminal
from generator.diagnostics import GeneratorError, Severity, UsageError
from generator.io import resources, worktree, writer
from generator.names import HUB_SECRET
from generator.packaged import cache as packages
from generator.records import field, record, replace
from generator.report import text
from generator.report.formats import FORMATS
from generator.secrets import certificates
from generator.secrets import keys as secret_keys
from generator.secrets.asking import Sources
from generator.secrets.plaintext import Plaintext
from generator.secrets.targets import SealRequest

STANDARD_OUTPUT = Path("-")
_SITE = Path("site.yaml")
_MAX_CERTIFICATE = certificates.MAX_BYTES + 1


@record
class Files:
    """The files that a command line names, by what they are."""

    jupyterhub: tuple[Path, ...] = ()
    dask_gateway: tuple[Path, ...] = ()
    secrets: tuple[Path, ...] = ()
    meta: tuple[Path, ...] = ()
    applications: tuple[Path, ...] = ()

    def all(self) -> tuple[tuple[Path, ...], ...]:
        """The files of each kind."""
        return self.jupyterhub, self.dask_gateway, self.secrets, self.meta, self.applications

    def named(self) -> dict[str, tuple[str, ...]]:
        """The names of the files by what they are, as the report tells them."""
        kinds = {
            "jupyterhub": self.jupyterhub,
            "dask-gateway": self.dask_gateway,
            "daskhub": self.meta,
            "application": self.applications,
            "secrets": self.secrets,
        }
        return {kind: tuple(map(str, paths)) for kind, paths in kinds.items() if paths}


@record
class Wanted:
    """What is to come of it: where site.yaml goes, and whether secrets are sealed."""

    output: Path
    force: bool = False
    seals: bool = False
    certificate: Path | None = None
    facts: Facts = field(factory=Facts)


def run(files: Files, wanted: Wanted, terminal: Terminal, *, now: datetime) -> int:
    """0 when site.yaml is written; 1 when lint refuses the proposal or the proof has a gap.

    GeneratorError and UsageError, and nothing written, for a file that holds no values, and for
    an output that is there already.
    """
    _refuse_output(wanted, files)
    proposal = _proposed(files, wanted)
    if proposal.site is None:
        return _refused(proposal, wanted, terminal)
    certificate = _certificate(proposal, wanted, now) if wanted.seals else None
    sealable = _sealable(proposal, terminal) if wanted.seals else {}
    if wanted.output == STANDARD_OUTPUT:
        terminal.out(proposal.text)
        terminal.note(report.text(proposal))
    else:
        _write(proposal, wanted, certificate)
        terminal.out(report.text(proposal))
    _conclude(proposal, wanted, terminal)
    is_sealed = _seal(proposal, wanted, terminal, sealable, now) if wanted.seals else True
    return 0 if proposal.is_proven and is_sealed else FOUND


def _refuse_output(wanted: Wanted, files: Files) -> None:
    """UsageError for an output that would be overwritten, or that nothing can be sealed beside."""
    output = wanted.output
    if wanted.seals and output == STANDARD_OUTPUT:
        raise UsageError(
            "--seal needs a folder that the sealed values go into", "give --output DIR/site.yaml"
        )
    if wanted.certificate is not None and not wanted.seals:
        raise UsageError("--certificate is for --seal", "add --seal, or leave it out")
    if output == STANDARD_OUTPUT:
        return
    if output.is_dir():
        raise UsageError(f"{output}: a folder", f"give a file: --output {output / 'site.yaml'}")
    if any(output.resolve() == path.resolve() for kind in files.all() for path in kind):
        raise UsageError(
            f"{output} is one of the files with values; nothing was written",
            "write the proposal elsewhere, for nothing else may hold what that file says",
        )
    if (output.exists() or output.is_symlink()) and not wanted.force:
        raise UsageError(
            f"{output} is there already; nothing was written",
            "look at the proposal with --output -, write it elsewhere, or replace it with --force",
        )


def _proposed(files: Files, wanted: Wanted) -> Proposal:
    names = _short(files)
    given = Given(
        jupyterhub=_texts(files.jupyterhub, names),
        dask_gateway=_texts(files.dask_gateway, names),
        secrets=_texts(files.secrets, names),
        meta=_texts(files.meta, names),
        applications=_texts(files.applications, names),
    )
    root = Path() if wanted.output == STANDARD_OUTPUT else wanted.output.parent
    return propose(
        _taken(given),
        wanted.facts,
        resources.site_schema(),
        resources.known_versions(),
        lambda chart, version: packages.defaults(root, chart, version),
        files.named(),
    )


def _taken(given: Given) -> Taken:
    found = sources.taken(given)
    if not given.applications:
        return found
    return applications.taken(given.applications, given.secrets, found)


def _short(files: Files) -> Mapping[Path, str]:
    """What places call each file: its name alone, unless two files share it."""
    paths = [path for kind in files.all() for path in kind]
    names = Counter(path.name for path in set(paths))
    return {path: path.name if names[path.name] == 1 else str(path) for path in paths}


def _texts(paths: tuple[Path, ...], names: Mapping[Path, str]) -> tuple[Text, ...]:
    return tuple(Text(name=names[path], content=_content(path)) for path in paths)


def _content(path: Path) -> bytes:
    """A file's bytes; of one that is too large no more than tells so."""
    help = "give the path of a values file; - is none"
    try:
        if not S_ISREG(path.stat().st_mode):
            raise GeneratorError(f"{path}: not a regular file; nothing was written", help)
        with path.open("rb") as file:
            return file.read(sources.MAX_BYTES + 1)
    except OSError as error:
        raise GeneratorError.refused(path, error, help) from None
    except ValueError:
        raise GeneratorError("a path with a NUL byte; nothing was written", help) from None


def _refused(proposal: Proposal, wanted: Wanted, terminal: Terminal) -> int:
    """Says what lint finds in a proposal that is not written."""
    report, lines = proposal.loaded.report, proposal.loaded.lines
    terminal.note("what would be written has errors, at these lines of it:\n")
    terminal.out(FORMATS[terminal.format](report, lines, color=terminal.color))
    help = "nothing was written; mend the values, or answer with a flag (hubops import --help)"
    terminal.note(text.count(report, "", help) + "\n")
    return FOUND


def _certificate(proposal: Proposal, wanted: Wanted, now: datetime) -> bytes | None:
    """The certificate to install; None where one of use is there. GeneratorError without one."""
    assert proposal.site is not None
    cluster = next(iter(proposal.site.clusters.values()))
    path = str(cluster.sealing_certificate)
    if wanted.certificate is None:
        content = worktree.read_certificate(wanted.output.parent, path)
        name = path
    else:
        name = str(wanted.certificate)
        try:
            with wanted.certificate.open("rb") as opened:
                content = opened.read(_MAX_CERTIFICATE)
        except OSError as error:
            help = "give the path of the controller's public certificate"
            raise GeneratorError.refused(name, error, help) from None
    file = certificates.read(content)
    if file.is_missing or file.problem:
        raise GeneratorError(
            f"{name}: {file.problem or 'missing'}; nothing was written",
            "--seal needs the controller's public certificate: kubeseal --fetch-cert > "
            f"{cluster.name}.pem, then --certificate {cluster.name}.pem",
        )
    certificates.usable(name, file, now)
    return certificates.pem(file.certificates) if wanted.certificate is not None else None


def _sealable(proposal: Proposal, terminal: Terminal) -> dict[str, Plaintext]:
    """The values that can be sealed; one that its reader would refuse is said and left out."""
    assert proposal.site is not None
    settings = proposal.site.environments[0].settings
    found = {}
    for key, value in secrets.to_seal(proposal.secrets).items():
        form = secret_keys.form(settings, HUB_SECRET, key)
        complaint = secret_keys.complaint(form, value.reveal())
        if complaint:
            terminal.note(f"not sealed: the value for {key} {complaint}\n")
        else:
            found[key] = value
    return found


def _write(proposal: Proposal, wanted: Wanted, certificate: bytes | None) -> None:
    assert proposal.site is not None
    root = wanted.output.parent
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GeneratorError.refused(root, error, "give a folder that can be written") from None
    with writer.lock(root):
        if wanted.output.exists() and not wanted.force:
            raise UsageError(f"{wanted.output} is there already", "replace it with --force")
        if certificate is not None:
            path = next(iter(proposal.site.clusters.values())).sealing_certificate
            writer.put(root, str(path), certificate, writer.CERTIFICATE)
        writer.put(root, wanted.output.name, proposal.text.encode(), writer.SITE)


def _conclude(proposal: Proposal, wanted: Wanted, terminal: Terminal) -> None:
    """What was written, what lint says of it, and the next step."""
    report = proposal.loaded.report
    if report.diagnostics:
        lint = "hubops lint" + _site_option(wanted.output)
        terminal.note(f"\n{text.count(report, f'{lint} shows what', '')}\n")
    if not proposal.is_proven:
        terminal.note("the proof has a gap: what is NOT EXPLAINED above is a mistake of hubops\n")
    if wanted.output == STANDARD_OUTPUT:
        terminal.note("\nnothing was written\n")
        return
    terminal.out(f"\nwritten   {wanted.output}\n")
    if report.count(Severity.ERROR) == 0 and not wanted.seals:
        terminal.note(f"next: decide what is marked ASK in it, then {_next(wanted.output)}\n")


def _site_option(output: Path) -> str:
    return "" if output in (STANDARD_OUTPUT, _SITE) else f" --site {shlex.quote(str(output))}"


def _next(output: Path) -> str:
    """The commands that go on from the file: hubops' own file name is where they look for it."""
    if output == _SITE:
        return "hubops lint and hubops generate"
    return f"hubops init DIR --from {shlex.quote(str(output))}"


def _seal(
    proposal: Proposal,
    wanted: Wanted,
    terminal: Terminal,
    sealable: Mapping[str, Plaintext],
    now: datetime,
) -> bool:
    """Seals the values straight from their files, then generates; whether all went well."""
    quiet = replace(terminal, out=partial(_only_sealed, terminal), note=lambda text: None)
    codes = []
    for key, value in sealable.items():
        request = SealRequest(environment=proposal.environment, key=f"{HUB_SECRET}/{key}")
        handed_over = Sources(read_input=partial(_handed_over, value))
        try:
            codes.append(seal.run(wanted.output, request, handed_over, quiet, now=now))
        except UsageError as error:
            terminal.note(f"{error.message}\n  help: {error.help}\n")
            codes.append(FOUND)
    codes.append(generate.run(wanted.output, terminal))
    return not any(codes)


def _handed_over(value: Plaintext) -> Plaintext:
    return value


def _only_sealed(terminal: Terminal, text: str) -> None:
    """Passes on the lines that tell what was sealed; the tree is told of once, at the end."""
    lines = text.splitlines(keepends=True)
    terminal.out("".join(line for line in lines if line.startswith("sealed ")))
