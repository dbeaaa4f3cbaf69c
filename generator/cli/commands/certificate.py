"""`hubops certificate`: how to fetch a cluster's public sealing certificate, and what one holds."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from pathlib import Path

from generator.change.prerequisites import fetch_command
from generator.cli import writing
from generator.cli.commands import standing
from generator.cli.commands.site import FOUND, Terminal, site_or_said
from generator.diagnostics import GeneratorError, UsageError
from generator.io import worktree, writer
from generator.secrets import certificates
from generator.secrets.inventory import OLD
from generator.site.model import Certificate, CertificateFile, Cluster, Site
from generator.suggest import did_you_mean

STANDARD_INPUT = Path("-")


class Mode(Enum):
    """What is done with a file: checked, added before the known ones, put in their place."""

    CHECK = "check"
    INSTALL = "install"
    REPLACE = "replace"


def run(
    site_path: Path,
    cluster: str,
    file: Path | None,
    mode: Mode,
    terminal: Terminal,
    *,
    now: datetime,
    read_input: Callable[[], bytes] = lambda: b"",
    patience: float = writer.LOCK_PATIENCE,
) -> int:
    """1 when the file, or without one the cluster's own, is of no use to seal for; else 0."""
    if file is None and mode is not Mode.CHECK:
        raise UsageError("no file was given that could be installed", "give its path, or '-'")
    content = worktree.read_site(site_path)
    site = site_or_said(content, site_path, terminal)
    if site is None:
        return FOUND
    found = _cluster(site, cluster)
    if file is None:
        return _show(site_path.parent, found, terminal, now)
    given = _read(file, read_input)
    if not _told(_name(file), given, terminal, now):
        return FOUND
    if mode is Mode.CHECK:
        return 0

    def act(site: Site) -> int:
        _install(site_path.parent, _cluster(site, cluster), given, mode, terminal)
        return 0

    return writing.under_lock(site_path, content, site, terminal, patience, act)


def _cluster(site: Site, name: str) -> Cluster:
    if name not in site.clusters:
        help = did_you_mean(name, site.clusters)
        raise UsageError("site.yaml has no cluster of that name", help)
    return site.clusters[name]


def _name(file: Path) -> str:
    return "standard input" if file == STANDARD_INPUT else str(file)


def _read(file: Path, read_input: Callable[[], bytes]) -> CertificateFile:
    if file == STANDARD_INPUT:
        return certificates.read(read_input())
    try:
        with file.open("rb") as opened:
            return certificates.read(opened.read(certificates.MAX_BYTES + 1))
    except OSError as error:
        raise GeneratorError.refused(file, error, "give the path of a certificate") from None


def _show(root: Path, cluster: Cluster, terminal: Terminal, now: datetime) -> int:
    """Prints how to fetch the certificate, and what the cluster has now."""
    path = _path(cluster)
    terminal.out(f"with kubectl's context on {cluster.name}:\n")
    terminal.out("".join(f"{line}\n" for line in fetch_command(path)))
    terminal.out(
        f"to keep the one before, pipe it into:  hubops certificate {cluster.name} - --install\n\n"
    )
    file = standing.certificate_file(root, cluster)
    if cluster.sealing_certificate is None:
        terminal.note(_unnamed(cluster))
        return 0
    if file.is_missing:
        terminal.note(f"{path}: {file.problem} yet\n")
        return 0
    return 0 if _told(path, file, terminal, now) else FOUND


def _path(cluster: Cluster) -> str:
    return cluster.sealing_certificate or f"certificates/{cluster.name}.pem"


def _unnamed(cluster: Cluster) -> str:
    line = f"sealingCertificate: {_path(cluster)}"
    return f"write  {line}  under cluster {cluster.name} in site.yaml\n"


def _told(name: str, file: CertificateFile, terminal: Terminal, now: datetime) -> bool:
    """Whether a file is of use to seal for; what it holds, or what is wrong with it, is said."""
    if file.problem:
        terminal.out(f"{name}: {file.problem}\n")
        terminal.note(f"  help: {file.help}\n")
        return False
    for one in file.certificates:
        terminal.out(f"{name}: {_described(one, now)}\n")
    newest = file.certificates[0]
    if certificates.is_expired(newest, now):
        terminal.note("  help: kubeseal refuses it too; fetch the newest\n")
        return False
    if now - newest.begins > OLD:
        terminal.note("the controller renews its key every 30 days: fetch the newest\n")
    return True


def _described(one: Certificate, now: datetime) -> str:
    days = (now - one.begins).days
    age = "expired" if certificates.is_expired(one, now) else f"{days} days old"
    if days < 0:
        age = "not valid yet: is this machine's clock right?"
    valid = f"valid from {one.begins:%Y-%m-%d} to {one.ends:%Y-%m-%d}"
    return f"{one.fingerprint}, RSA {one.bits} bits, {valid}, {age}"


def _install(
    root: Path, cluster: Cluster, given: CertificateFile, mode: Mode, terminal: Terminal
) -> None:
    """Writes the certificate file; those before stay behind the newest, unless replaced."""
    path = _path(cluster)
    known = certificates.read(worktree.read_certificate(root, path))
    if known.problem and not known.is_missing and mode is Mode.INSTALL:
        help = "mend or remove the file, or put the new one in its place with --replace"
        raise GeneratorError(f"{path}: {known.problem}; nothing was written", help)
    kept = known.certificates if mode is Mode.INSTALL else ()
    together = {one.fingerprint: one for one in (*kept, *given.certificates)}
    ordered = tuple(sorted(together.values(), key=lambda one: one.begins, reverse=True))
    writer.replace(root, path, certificates.pem(ordered))
    terminal.out(f"written   {path}, {len(ordered)} certificate{'s' if len(ordered) > 1 else ''}\n")
    if cluster.sealing_certificate is None:
        terminal.note(_unnamed(cluster))
    terminal.note("next: commit it; hubops secrets tells which values it makes void\n")
