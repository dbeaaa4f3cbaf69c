"""`helm pull`: a chart from its repository or registry, with the logins of the user's own Helm.

A chart server is a stranger. Helm works in a scratch folder, with its time and memory bounded. It
gets the user's registry login, repositories, certificates and HTTPS proxy, but no plugins and no
other variable. Plain HTTP is for repositories on this machine only. What Helm brings is checked by
the caller.
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
from generator.packaged import helm
from generator.packaged.archive import MAX_PACKED
from generator.packaged.lock import Pin
from generator.records import record
from generator.suggest import nearest
from generator.yaml.stream import Unreadable, items

SCHEME = "oci://"
# Bytes. An index of 3,000 versions has 2 MB; Helm takes about 40 times its size to read it.
MAX_INDEX = 32 * 2**20
MAX_MEMORY = 2 * 2**30
# The name of a repository that the user's Helm does not know, in the scratch folder.
_NAME = "hubops"
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


def pull(pin: Pin, download: Download, root: Path) -> Pulled:
    """The chart of a pin; GeneratorError when it can't be had, ToolError without a Helm."""
    plain_http = _require_safe(pin.repository)
    program = helm.found(root, download.helm)
    with TemporaryDirectory(prefix="hubops-") as scratch:
        pulling = _Pulling(pin, download, program.path, Path(scratch).resolve())
        if pin.repository.startswith(SCHEME):
            flags = ("--plain-http",) if plain_http else ()
            reference = f"{pin.repository.rstrip('/')}/{pin.name}"
            content = pulling.chart(reference, *flags)
            return Pulled(content=content, source=reference, index_sha256="")
        return pulling.from_repository()


class _Pulling:
    """One chart on its way, in a scratch folder."""

    def __init__(self, pin: Pin, download: Download, program: str, scratch: Path) -> None:
        self.pin, self.download, self.program, self.scratch = pin, download, program, scratch
        self.end = time.monotonic() + download.patience
        self.environment = _environment(scratch)
        self.shown = _shown(pin.repository)

    def from_repository(self) -> Pulled:
        """The chart that the index of a repository names."""
        pin = self.pin
        base = f"{pin.repository.rstrip('/')}/"
        name = self._known_repository()
        if name is None:
            name = _NAME
            self.environment["HELM_REPOSITORY_CONFIG"] = str(self.scratch / "repositories.yaml")
            self._helm("repo", "add", name, pin.repository)
        else:
            self._helm("repo", "update", name)
        index = self.scratch / "cache" / f"{name}-index.yaml"
        entry = _entry(pin, _content(index, MAX_INDEX, f"{base}index.yaml"), f"{base}index.yaml")
        address = _address(base, entry)
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

    def _known_repository(self) -> str | None:
        """The name under which the user's Helm knows the repository, with its login."""
        outcome = self._run("repo", "list", "--output=json")
        repositories = json.loads(outcome.out) if outcome.code == 0 else []
        wanted = self.pin.repository.rstrip("/")
        return next((one["name"] for one in repositories if one["url"].rstrip("/") == wanted), None)

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
            is_late = time.monotonic() >= self.end
            late = f"nothing came within {self.download.patience:g} seconds, and Helm was stopped"
            reason = late if is_late else error.message
            raise GeneratorError(f"{self.shown}: {reason}", _HELP) from None

    def _failed(self, complaint: str) -> GeneratorError:
        """What Helm says of its failure, in a line; its warnings are left out."""
        lines = [line.strip() for line in complaint.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("Error: ")]
        line = (errors or lines or ["no reason given"])[0].removeprefix("Error: ")
        reason = printable(masked(line[:400]))
        if _LOGIN.search(line):
            host = urllib.parse.urlsplit(self.pin.repository).netloc.rpartition("@")[2]
            is_registry = self.pin.repository.startswith(SCHEME)
            add = f"helm repo add NAME {self.shown} --username USER"
            help = f"log in once: '{f'helm registry login {host}' if is_registry else add}'"
            return GeneratorError(f"{self.shown}: the server wants a login", help, (reason,))
        address, refused, _ = reason.partition(f": proxyconnect tcp: dial tcp {_NOTHING}")
        if refused:
            reason = f"{address}: plain HTTP is refused"
        elif "out of memory" in line or "cannot allocate memory" in line:
            reason = f"what came takes more than {MAX_MEMORY / 2**30:g} GiB of memory"
        return GeneratorError(f"{self.shown}: helm: {reason}", _HELP)


def _environment(scratch: Path) -> dict[str, str]:
    """What Helm needs of the user's variables; everything that it writes goes to the scratch."""
    names = [*_PASSED, *(_NO_PROXY if any(name in os.environ for name in _PROXY) else ())]
    passed = {name: os.environ[name] for name in names if name in os.environ}
    own = {
        "HELM_CACHE_HOME": str(scratch / "home"),
        "HELM_DATA_HOME": str(scratch / "data"),
        "HELM_PLUGINS": str(scratch / "plugins"),
        "HELM_REPOSITORY_CACHE": str(scratch / "cache"),
        "HELM_DEBUG": "false",
        "KUBECONFIG": os.devnull,
    }
    return passed | own | _NO_PLAIN_HTTP


def _require_safe(url: str) -> bool:
    """Whether Helm asks a repository by plain HTTP, which is for this machine alone.

    GeneratorError when an address is neither HTTPS, nor a registry, nor on this machine.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        is_here = parts.hostname in _LOOPBACK
        is_safe = bool(parts.hostname) and (
            parts.scheme in ("https", "oci") or (parts.scheme == "http" and is_here)
        )
    except ValueError:
        is_safe = is_here = False
    if not is_safe:
        raise GeneratorError(
            f"{_shown(url)}: not an https:// or oci:// address",
            "charts come over HTTPS, or by hand: 'hubops charts add FILE.tgz'",
        )
    return is_here and parts.scheme != "https"


def _address(base: str, entry: Mapping[str, Any]) -> str:
    """Where an index's entry leads to; GeneratorError when Helm must not go there."""
    urls = entry.get("urls")
    first = urls[0] if isinstance(urls, list) and urls else None
    if not isinstance(first, str):
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


def _entry(pin: Pin, content: bytes, index: str) -> dict[str, Any]:
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
