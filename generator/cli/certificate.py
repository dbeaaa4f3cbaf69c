"""`hubops certificate`: how to fetch a cluster's public sealing certificate, and what one holds."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.change.prerequisites import fetch_command
from generator.cli import writing
from generator.cli.loading import FINDINGS, named, site_of
from generator.cli.options import FilePath, command, site_option
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError, UsageError
from generator.io import worktree, writer
from generator.secrets import asking, certificates
from generator.secrets.asking import STANDARD_INPUT
from generator.secrets.findings import OLD
from generator.secrets.plaintext import Plaintext
from generator.site.model import Cluster, Site
from generator.site.sealed import Certificate, CertificateFile


@click.argument("cluster")
@click.argument("file", required=False, type=FilePath())
@click.option("--install", is_flag=True, help="Add it to the cluster's certificates.")
@click.option("--replace", is_flag=True, help="Replace the cluster's certificates with it.")
@site_option
def run(
    site_path: Path,
    cluster: str,
    file: Path | None,
    terminal: Terminal,
    *,
    install: bool = False,
    replace: bool = False,
    now: datetime | None = None,
    read_input: Callable[[], Plaintext] = asking.from_standard_input,
    patience: float = writer.LOCK_PATIENCE,
) -> int:
    """Fetch, check and install a cluster's sealing certificate.

    \b
    Examples:
      hubops certificate fedcloud              # the command that fetches it; the current one
      hubops certificate fedcloud new.pem      # what a file holds
      kubeseal --fetch-cert | hubops certificate fedcloud - --install

    Exit 1 when the certificate can't be used to seal values.
    """
    if file is None and (install or replace):
        raise UsageError("no file was given to install", "give its path, or '-'")
    content, now = worktree.read_site(site_path), now or datetime.now(UTC)
    before = site_of(site_path, terminal, content)
    known = named("cluster", cluster, before.clusters)
    if file is None:
        return _show(site_path.parent, before, known, terminal, now)
    is_input = file == STANDARD_INPUT
    given = certificates.read(read_input().reveal()) if is_input else _read(file)
    name = "standard input" if is_input else str(file)
    if not _is_useful(name, given, terminal, now):
        return FINDINGS
    if install or replace:
        with writing.locked(site_path, content, before, terminal, patience) as site:
            known = named("cluster", cluster, site.clusters)
            _install(site_path.parent, known, given, terminal, keeps=not replace)
    return 0


COMMAND = command("certificate", run)


def _read(file: Path) -> CertificateFile:
    try:
        with file.open("rb") as opened:
            return certificates.read(opened.read(certificates.MAX_BYTES + 1))
    except OSError as error:
        raise GeneratorError.refused(file, error, "give the path of a certificate") from None


def _show(root: Path, site: Site, cluster: Cluster, terminal: Terminal, now: datetime) -> int:
    """Prints how to fetch the certificate, and what the cluster has now."""
    path, file = _path(cluster), certificates.of_cluster(root, cluster)
    terminal.out(f"with kubectl's context on {cluster.name}:\n")
    terminal.out("".join(f"{line}\n" for line in fetch_command(site, cluster, path)))
    terminal.out(
        "to keep the current one too, pipe it into:  "
        f"hubops certificate {cluster.name} - --install\n\n"
    )
    if cluster.sealing_certificate is None:
        terminal.note(_unnamed(cluster))
    elif file.is_missing:
        terminal.note(f"{path}: {file.problem} yet\n")
    elif not _is_useful(path, file, terminal, now):
        return FINDINGS
    return 0


def _path(cluster: Cluster) -> str:
    return cluster.sealing_certificate or f"certificates/{cluster.name}.pem"


def _unnamed(cluster: Cluster) -> str:
    line = f"sealingCertificate: {_path(cluster)}"
    return f"write  {line}  under cluster {cluster.name} in site.yaml\n"


def _is_useful(name: str, file: CertificateFile, terminal: Terminal, now: datetime) -> bool:
    """Whether a file can be used to seal values; prints what it holds, or what is wrong."""
    if file.problem:
        terminal.out(f"{name}: {file.problem}\n")
        terminal.note(f"  help: {file.help}\n")
        return False
    for each in file.certificates:
        terminal.out(f"{name}: {_described(each, now)}\n")
    newest = file.certificates[0]
    if certificates.is_expired(newest, now):
        terminal.note("  help: kubeseal refuses it too; fetch the newest\n")
        return False
    if now - newest.begins > OLD:
        terminal.note("the controller renews its key every 30 days: fetch the newest\n")
    return True


def _described(certificate: Certificate, now: datetime) -> str:
    days = (now - certificate.begins).days
    age = "expired" if certificates.is_expired(certificate, now) else f"{days} days old"
    if days < 0:
        age = "not valid yet: is this machine's clock right?"
    valid = f"valid from {certificate.begins:%Y-%m-%d} to {certificate.ends:%Y-%m-%d}"
    return f"{certificate.fingerprint}, RSA {certificate.bits} bits, {valid}, {age}"


def _install(
    root: Path, cluster: Cluster, given: CertificateFile, terminal: Terminal, *, keeps: bool
) -> None:
    """Writes the certificate file, the newest first; `keeps` what it holds already."""
    path, known = _path(cluster), CertificateFile(is_missing=True)
    if keeps:
        known = certificates.read(worktree.read_certificate(root, path))
    if known.problem and not known.is_missing:
        help = "fix or remove the file, or replace it: --replace"
        raise GeneratorError(f"{path}: {known.problem}; nothing was written", help)
    ordered = certificates.newest_first((*known.certificates, *given.certificates))
    writer.put(root, path, certificates.pem(ordered), writer.CERTIFICATE)
    terminal.out(f"written   {path}, {len(ordered)} certificate{'s' if len(ordered) > 1 else ''}\n")
    if cluster.sealing_certificate is None:
        terminal.note(_unnamed(cluster))
    terminal.note("next: commit it; hubops secrets shows which values it makes void\n")
