"""How the secret values of a working copy stand, for the commands that tell and change it."""

from collections.abc import Iterable
from pathlib import Path

from generator.cli.commands.site import Built
from generator.io import git, worktree
from generator.records import replace
from generator.secrets import certificates, kept
from generator.secrets.inventory import Entry, Found, Standing, entries
from generator.site.model import CertificateFile, Cluster, Site

_SEALED_FILES = "overlays/*/namespace/sealed-*.yaml"
_SHORTEST = 340


def certificate_file(root: Path, cluster: Cluster) -> CertificateFile:
    """What the certificate file of a cluster holds, or what is wrong with it."""
    return certificates.read(worktree.read_certificate(root, cluster.sealing_certificate))


def found(site: Site, root: Path, result: Built) -> Found:
    """What the working copy holds, with the certificates of all clusters."""
    files = {name: certificate_file(root, cluster) for name, cluster in site.clusters.items()}
    return Found(
        values=result.values,
        sealed=result.sealed,
        certificates=result.certificates,
        files=files,
    )


def found_before(site: Site, root: Path, result: Built) -> Found:
    """What the working copy held before new values took their places."""
    sealed = kept.store(result.found, kept.own_keys(site))
    known = kept.certificates(result.found, sealed)
    now = found(site, root, result)
    return replace(now, values=result.found, sealed=sealed, certificates=known)


def all_entries(site: Site, root: Path, result: Built) -> tuple[Entry, ...]:
    """Every value of a site, how it stands, and in which line of which file."""
    files = result.copy.files
    lines = {path: files[path].splitlines() for path in kept.own_keys(site) if path in files}
    return tuple(
        replace(entry, line=_line(lines.get(entry.path, []), entry.key))
        for entry in entries(site, found(site, root, result))
    )


def _line(lines: list[bytes], key: str) -> int:
    starts = tuple(f"{quote}{key}{quote}:".encode() for quote in ("", '"', "'"))
    places = (number for number, line in enumerate(lines, 1) if line.strip().startswith(starts))
    return next(places, 1)


def dated(root: Path, listed: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with the date of the commit that brought each ciphertext.

    Empty where it is not committed; None where Git is not there or does not know. Git is asked
    once for all of them.
    """
    listed = tuple(listed)
    wanted = {_compact(entry.ciphertext) for entry in listed if _is_sealed(entry)}
    if not wanted or not git.is_repository(root) or git.is_shallow(root):
        return listed
    since: dict[str, str] = {}
    for date, line in git.additions(root, _SEALED_FILES):
        if len(line) >= _SHORTEST:
            for word in line.decode("utf-8", "replace").replace('"', " ").split():
                if word in wanted:
                    since.setdefault(word, date)
    return tuple(
        replace(entry, since=since.get(_compact(entry.ciphertext), ""))
        if _is_sealed(entry)
        else entry
        for entry in listed
    )


def _is_sealed(entry: Entry) -> bool:
    return entry.standing in (Standing.SEALED, Standing.VOID)


def _compact(ciphertext: str) -> str:
    return "".join(ciphertext.split())
