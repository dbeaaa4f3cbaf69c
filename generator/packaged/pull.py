"""`helm pull`: a chart from its repository or registry, with the logins of the user's own Helm.

A chart server is not trusted. Helm works in a scratch folder, with its time and memory bounded. It
gets the user's registry login, repositories, certificates and HTTPS proxy, but no plugins and no
other variable. Plain HTTP is for repositories on this machine only. The caller checks what
Helm brings.
"""

import json
import os
import re
import time
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator.credentials import masked, printable
from generator.diagnostics import GeneratorError, ToolError
from generator.io.tools import Outcome, run
from generator.packaged import challenge, helm
from generator.packaged.archive import MAX_PACKED
from generator.packaged.lock import PinnedChart
from generator.records import record
from generator.suggest import nearest
from generator.yaml.stream import Unreadable, items

SCHEME = "oci://"
# Bytes. An index of 3,000 versions has 2 MB; Helm takes about 40 times its size to read it.
MAX_INDEX = 32 * 2**20
MAX_MEMORY = 2 * 2**30
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
# Go proxies nothing on this machine, and other plain HTTP, such as a redirect to it, must fail:
# nothing listens on the discard port.
_NOTHING = "127.0.0.1:9"
_NO_PLAIN_HTTP = dict.fromkeys(("HTTP_PROXY", "http_proxy"), f"http://{_NOTHING}")
_PROXY, _NO_PROXY = ("HTTPS_PROXY", "https_proxy"), ("NO_PROXY", "no_proxy")
_PASSED = (
    *("DOCKER_CONFIG", "SSL_CERT_FILE", "SSL_CERT_DIR", "DBUS_SESSION_BUS_ADDRESS", *_PROXY),
    *("HELM_CONFIG_HOME", "HELM_REGISTRY_CONFIG", "HELM_REPOSITORY_CONFIG"),
)
_PASSING = re.compile(r"\b(?:408|425|429|50[0234])\b|\bEOF\b|reset by peer", re.ASCII)
_LOGIN = re.compile(r"\b40[13]\b|unauthorized|basic credential not found", re.ASCII | re.IGNORECASE)
_HELP = (
    "check the address, the proxy (https_proxy, no_proxy) and the login; or carry the chart in by "
    "hand: 'hubops charts add FILE.tgz'"
)


@record
class Download:
    """How charts are fetched: by which Helm, how long, and how often; times in seconds.

    `patience` bounds one chart as a whole; `pause` is the first wait before another try and doubles
    each time.
    """

    helm: str | None = None
    patience: float = 300.0
    tries: int = 4
    pause: float = 1.0


@record
class Pulled:
    """A chart as Helm brought it, where it came from, and the SHA-256 in the index, or ''."""

    content: bytes
    source: str
    index_sha256: str


def pull(pin: PinnedChart, download: Download) -> Pulled:
    """The chart of a pin; GeneratorError when it can't be had, ToolError without a Helm."""
    plain_http = _require_safe(pin.repository)
    program = helm.with_version(helm.path_of(download.helm, "helm3", "helm4", "helm"))
    with TemporaryDirectory(prefix="hubops-") as scratch:
        pulling = _Pulling(pin, download, program.path, Path(scratch).resolve())
        if pin.repository.startswith(SCHEME):
            flags = ("--plain-http",) if plain_http else ()
            reference = f"{pin.repository.rstrip('/')}/{pin.name}"
            challenge.require_own_realm(
                _manifest(reference, pin.version, is_plain=plain_http),
                is_plain=plain_http,
                patience=min(challenge.PATIENCE, download.patience),
            )
            content = pulling.chart(reference, *flags)
            return Pulled(content=content, source=reference, index_sha256="")
        return pulling.from_repository()


def _manifest(reference: str, version: str, *, is_plain: bool) -> str:
    """The address that Helm asks a registry for first; a tag has no `+`."""
    host, _, path = reference.removeprefix(SCHEME).partition("/")
    scheme = "http" if is_plain else "https"
    return f"{scheme}://{host}/v2/{path}/manifests/{version.replace('+', '_')}"


class _Pulling:
    """One chart on its way, in a scratch folder."""

    def __init__(self, pin: PinnedChart, download: Download, program: str, scratch: Path) -> None:
        self.pin, self.download, self.program, self.scratch = pin, download, program, scratch
        self.end = time.monotonic() + download.patience
        names = [*_PASSED, *(_NO_PROXY if any(name in os.environ for name in _PROXY) else ())]
        self.environment = {name: os.environ[name] for name in names if name in os.environ}
        self.environment |= helm.scratch_environment(scratch) | _NO_PLAIN_HTTP
        self.shown = _shown(pin.repository)

    def from_repository(self) -> Pulled:
        """The chart that the index of a repository names."""
        pin = self.pin
        outcome = self._run("repo", "list", "--output=json")
        try:
            repositories = json.loads(outcome.out) if outcome.code == 0 else []
        except ValueError:
            raise ToolError(f"{self.program} prints no JSON: is it Helm?", helm.HELP) from None
        wanted = pin.repository.rstrip("/")
        # The name under which the user's Helm knows the repository, with its login.
        name = next((one["name"] for one in repositories if one["url"].rstrip("/") == wanted), None)
        if name is None:
            name = "hubops"
            self.environment["HELM_REPOSITORY_CONFIG"] = str(self.scratch / "repositories.yaml")
            self._helm("repo", "add", name, pin.repository)
        else:
            self._helm("repo", "update", name)
        source = f"{wanted}/index.yaml"
        index = Path(self.environment["HELM_REPOSITORY_CACHE"], f"{name}-index.yaml")
        entry = _entry(pin, _content(index, MAX_INDEX, source), source)
        address = _address(f"{wanted}/", entry)
        digest = entry.get("digest")
        return Pulled(
            content=self.chart(f"{name}/{pin.name}"),
            source=address,
            index_sha256=digest.removeprefix("sha256:") if isinstance(digest, str) else "",
        )

    def chart(self, reference: str, *flags: str) -> bytes:
        """The archive that `helm pull` brings."""
        folder = self.scratch / "charts"
        folder.mkdir()
        version, place = f"--version={self.pin.version}", f"--destination={folder}"
        self._helm("pull", reference, version, place, *flags)
        files = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
        if len(files) != 1:
            raise GeneratorError(f"{self.pin}: helm pull brought no chart", _HELP)
        return _content(files[0], MAX_PACKED, str(self.pin))

    def _helm(self, *arguments: str) -> None:
        """Runs Helm, again where another try may help; GeneratorError when it fails."""
        pause = self.download.pause
        for left in reversed(range(self.download.tries)):
            outcome = self._run(*arguments)
            if outcome.code == 0:
                return
            is_late = time.monotonic() + pause > self.end
            if not left or is_late or not _PASSING.search(outcome.complaint):
                raise self._failed(outcome.complaint)
            time.sleep(pause)
            pause *= 2

    def _run(self, *arguments: str) -> Outcome:
        try:
            return run(
                (self.program, *arguments),
                folder=Path.cwd(),
                patience=max(0.1, self.end - time.monotonic()),
                environment=self.environment,
                memory=MAX_MEMORY,
            )
        except ToolError as error:
            late = f"nothing came within {self.download.patience:g} seconds, and Helm was stopped"
            reason = late if time.monotonic() >= self.end else error.message
            raise GeneratorError(f"{self.shown}: {reason}", _HELP) from None

    def _failed(self, complaint: str) -> GeneratorError:
        """What Helm says of its failure, in a line; its warnings are left out."""
        lines = [line.strip() for line in complaint.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("Error: ")]
        line = (errors or lines or ["no reason given"])[0].removeprefix("Error: ")
        reason = printable(masked(line[:400]))
        if _LOGIN.search(line):
            host = urllib.parse.urlsplit(self.pin.repository).netloc.rpartition("@")[2]
            command = f"repo add NAME {self.shown} --username USER"
            if self.pin.repository.startswith(SCHEME):
                command = f"registry login {host}"
            help = f"log in once: 'helm {command}'"
            return GeneratorError(f"{self.shown}: the server wants a login", help, (reason,))
        address, refused, _ = reason.partition(f": proxyconnect tcp: dial tcp {_NOTHING}")
        if refused:
            reason = f"{address}: plain HTTP is refused"
        elif "out of memory" in line or "cannot allocate memory" in line:
            reason = f"what came takes more than {MAX_MEMORY / 2**30:g} GiB of memory"
        return GeneratorError(f"{self.shown}: helm: {reason}", _HELP)


def _require_safe(url: str) -> bool:
    """Whether Helm asks a repository by plain HTTP, which is for this machine alone.

    GeneratorError when an address is neither HTTPS, nor a registry, nor on this machine.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        scheme, host = parts.scheme, parts.hostname
    except ValueError:
        scheme, host = "", None
    is_here = host in _LOOPBACK
    if not host or not (scheme in ("https", "oci") or (scheme == "http" and is_here)):
        raise GeneratorError(
            f"{_shown(url)}: not an https:// or oci:// address",
            "charts come over HTTPS, or by hand: 'hubops charts add FILE.tgz'",
        )
    return is_here and scheme != "https"


def _address(base: str, entry: Mapping[str, Any]) -> str:
    """Where an index's entry leads to; GeneratorError when Helm must not go there."""
    match entry.get("urls"):
        case [str(first), *_]:
            pass
        case _:
            raise GeneratorError(f"{base}index.yaml: no address for this version", _HELP)
    try:
        address = urllib.parse.urljoin(base, first)
    except ValueError:
        address = first
    if _require_safe(address) > _require_safe(base):
        raise GeneratorError(
            f"{_shown(base)}index.yaml: leads to {_shown(address)} by plain HTTP", _HELP
        )
    return address


def _entry(pin: PinnedChart, content: bytes, index: str) -> dict[str, Any]:
    """The index's entry of the pin's version; GeneratorError, with near ones, when it has none."""
    versions: list[str] = []
    try:
        for entry in items(content.decode("utf-8"), "entries", pin.name):
            version = entry.get("version") if isinstance(entry, dict) else None
            if version == pin.version:
                return dict(entry)
            versions += [version] if isinstance(version, str) else []
    except (UnicodeDecodeError, Unreadable) as error:
        raise GeneratorError(f"{index}: not an index of charts ({error})", "") from None
    if not versions:
        raise GeneratorError(f"{index}: no chart '{pin.name}' there", "check 'repository'")
    near = nearest(pin.version, versions)
    raise GeneratorError(
        f"{index}: no version {pin.version} of {pin.name}",
        f"{f'did you mean {near}? ' if near else ''}the newest are {', '.join(versions[:3])}",
    )


def _content(path: Path, most: int, called: str) -> bytes:
    """What Helm wrote; GeneratorError when it is more than a server here ever has to give."""
    size = path.stat().st_size
    if size > most:
        raise GeneratorError(f"{_shown(called)}: {size:,} bytes, more than {most:,}", _HELP)
    return path.read_bytes()


def _shown(url: str) -> str:
    return printable(masked(url.partition("?")[0]))
