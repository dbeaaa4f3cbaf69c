"""Working copies for tests: a folder with a site.yaml, what generating in it says and leaves."""

import base64
import contextlib
import functools
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from click.exceptions import Exit

from generator.cli import certificate as certificate_command
from generator.cli import check as check_command
from generator.cli import generate as generate_command
from generator.cli import lint as lint_command
from generator.cli import seal as seal_command
from generator.cli import secrets as secrets_command
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError
from generator.records import replace
from generator.secrets.asking import Sources
from generator.secrets.plaintext import Plaintext
from generator.secrets.targets import SealMode, SealRequest
from tests.support.certificates import NOW
from tests.support.sites import ROOT, raw_protocoast
from tests.support.unsealing import private_key, unsealed

Site = dict[str, Any]
Owner = tuple[str, str, str, str]
# Headline -> the lines below it.
Items = dict[str, list[str]]

KEYS = (
    "oauth.client_id",
    "oauth.client_secret",
    "hub.config.JupyterHub.cookie_secret",
    "hub.config.CryptKeeper.keys",
    "hub.services.dask-gateway.apiToken",
)


def data(content: bytes) -> Any:
    """A YAML document as data; libyaml, where it is there, is quick about long values."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(content, Loader=loader)  # noqa: S506 - both are safe


def protocoast() -> Site:
    """ProtoCoast's site.yaml as data, to be changed."""
    return raw_protocoast()


def one_hub() -> Site:
    """The smallest site: one environment `production` without Dask; lint has nothing to say."""
    site = protocoast()
    del site["clusters"]["fedcloud-staging"], site["environments"]["staging"], site["daskGateway"]
    del site["charts"]["dask-gateway"], site["environments"]["production"]["requireSealed"]
    login = site["jupyterhub"]["authentication"]
    site["jupyterhub"]["authentication"] = {
        key: said.replace("aai-demo.egi.eu", "aai.example.org") if isinstance(said, str) else said
        for key, said in login.items()
    } | {"admins": ["ada"]}
    return site


def with_staging(site: Site, **changes: Any) -> Site:
    """The site with a second environment, whose cluster is production's."""
    staging = {"cluster": "fedcloud", "namespace": "staging", "host": "staging.example.org"}
    site["environments"]["staging"] = staging | changes
    return site


def write_site(root: Path, site: Site) -> None:
    """Writes site.yaml; JSON is YAML."""
    (root / "site.yaml").write_text(json.dumps(site, indent=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a command said and how it ended; `error` is empty where it did not fail."""

    code: int
    out: str = ""
    notes: str = ""
    error: str = ""
    details: tuple[str, ...] = ()
    help: str = ""

    @property
    def said(self) -> str:
        """All of its words."""
        return "\n".join((self.out, self.notes, self.error, *self.details, self.help))


@dataclass(slots=True)
class _Ears:
    out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def running(command: Callable[[Terminal], int]) -> Run:
    """What any command says and how it ends, in this process."""
    return _run(command)


def silent() -> Terminal:
    """A terminal that nobody looks at."""
    return Terminal(out=lambda text: None, note=lambda text: None)


def _run(command: Callable[[Terminal], int]) -> Run:
    ears = _Ears()
    try:
        code = command(Terminal(out=ears.out.append, note=ears.notes.append))
    except Exit as end:
        code = end.exit_code
    except GeneratorError as error:
        return Run(
            code=error.exit_code,
            out="".join(ears.out),
            notes="".join(ears.notes),
            error=error.message,
            details=error.details,
            help=error.help,
        )
    return Run(code=code, out="".join(ears.out), notes="".join(ears.notes))


def generate(
    root: Path, *, discard_sealed: bool = False, patience: float = 30.0, site: str = "site.yaml"
) -> Run:
    """`hubops generate` in this process."""
    return _run(
        lambda terminal: generate_command.run(
            root / site, terminal, discard_sealed=discard_sealed, patience=patience
        )
    )


def check(root: Path) -> Run:
    """`hubops check` in this process."""
    return _run(lambda terminal: check_command.run(root / "site.yaml", terminal))


def lint(root: Path, *, base: str | None = None) -> Run:
    """`hubops lint` in this process."""
    return _run(lambda terminal: lint_command.run(root / "site.yaml", terminal, base=base))


@dataclass(slots=True)
class Person:
    """Somebody at a terminal: answers by the key that is asked for, Enter where there is none."""

    answers: Mapping[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, prompt: str) -> Plaintext:
        self.asked.append(prompt)
        found = (value for key, value in self.answers.items() if key in prompt)
        return Plaintext(next(found, b""))


def seal(
    root: Path,
    environment: str = "production",
    key: str | None = None,
    *,
    mode: SealMode = SealMode.MISSING,
    person: Person | None = None,
    given: bytes = b"",
    now: datetime = NOW,
    patience: float = 30.0,
    **sources: Any,
) -> Run:
    """`hubops seal` in this process; `given` is what stands on standard input."""
    handed = Sources(
        ask=person.answer if person is not None else None,
        read_input=lambda: Plaintext(given),
        **sources,
    )
    request = SealRequest(environment=environment, key=key, mode=mode)
    return _run(
        lambda terminal: seal_command.run(
            root / "site.yaml", request, handed, terminal, now=now, patience=patience
        )
    )


def secrets(root: Path, format: str = "text", now: datetime = NOW) -> Run:
    """`hubops secrets` in this process."""
    return _run(
        lambda terminal: secrets_command.run(
            root / "site.yaml", replace(terminal, format=format), now=now
        )
    )


def certificate(
    root: Path,
    cluster: str = "fedcloud",
    file: Path | None = None,
    *,
    given: bytes = b"",
    now: datetime = NOW,
    **options: bool,
) -> Run:
    """`hubops certificate` in this process."""
    return _run(
        lambda terminal: certificate_command.run(
            root / "site.yaml",
            cluster,
            file,
            terminal,
            now=now,
            read_input=lambda: Plaintext(given),
            **options,
        )
    )


def opened(root: Path, environment: str = "production") -> dict[str, bytes]:
    """What the controller with the test key makes of an environment: SECRET/KEY -> value."""
    key, found = private_key(), {}
    for path in sorted(root.glob(f"overlays/{environment}/namespace/sealed-*.yaml")):
        document = data(path.read_bytes())
        metadata = document["metadata"]
        notes = metadata.get("annotations", {})
        label = f"{metadata['namespace']}/{metadata['name']}"
        if notes.get("sealedsecrets.bitnami.com/namespace-wide") == "true":
            label = metadata["namespace"]
        if notes.get("sealedsecrets.bitnami.com/cluster-wide") == "true":
            label = ""
        for name, value in document["spec"]["encryptedData"].items():
            if not base64.b64decode(value).startswith(b"PLACEHOLDER:"):
                found[f"{metadata['name']}/{name}"] = unsealed(value, label.encode(), key)
    return found


def made(root: Path, site: Site) -> dict[str, bytes]:
    """Writes a site and generates, which must succeed; returns every file that is there then."""
    write_site(root, site)
    run = generate(root)
    assert run.code == 0, run.said
    return files(root)


def todos(root: Path, site: Site, *, discard_sealed: bool = False) -> tuple[Items, Items]:
    """The items before and after the merge, each headline with its lines, of one generation."""
    write_site(root, site)
    run = generate(root, discard_sealed=discard_sealed)
    assert run.code == 0, run.said
    before, _, after = run.out.partition("\nAfter the merge\n")
    return items(before.partition("\nBefore you merge\n")[2]), items(after)


def items(text: str) -> Items:
    parts = [part.splitlines() for part in re.split(r"^- ", text, flags=re.MULTILINE)[1:]]
    return {lines[0]: [line[4:] for line in lines[1:] if line] for lines in parts}


def files(root: Path) -> dict[str, bytes]:
    """Every regular file below a folder but site.yaml, with its content."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink() and path != root / "site.yaml"
    }


def hubops(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(env or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def command(*arguments: str) -> list[str]:
    """The command line that starts hubops with this Python."""
    return [sys.executable, "-m", "generator", *arguments]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that finds the package from any folder.

    In a GitHub workflow, where findings are printed in another form, it is not known to be in one.
    """
    workflow = {"GITHUB_ACTIONS": "", "GITHUB_WORKSPACE": ""}
    return {**os.environ, **workflow, "PYTHONPATH": str(ROOT), **more}


def ciphertext(seed: int, session_key: int = 512) -> str:
    """A value of the form that kubeseal makes; no key in the world decrypts it."""
    body = random.Random(seed).randbytes(session_key + 64 + 16)
    return base64.b64encode(session_key.to_bytes(2, "big") + body).decode()


def sealed_file(root: Path, environment: str) -> Path:
    """An environment's SealedSecret."""
    return root / f"overlays/{environment}/namespace/sealed-hub-secrets.yaml"


def put(root: Path, environment: str, key: str, value: str) -> None:
    """Puts a value in a key's place, as a person does with an editor."""
    path = sealed_file(root, environment)
    place = re.compile(rf"^(    {re.escape(key)}:) .*$", re.MULTILINE)
    text, count = place.subn(lambda match: f"{match[1]} {json.dumps(value)}", path.read_text())
    assert count == 1, key
    path.write_text(text)


def put_all(root: Path, environment: str, seed: int = 0) -> dict[str, str]:
    """Seals every key that the file has; returns the values."""
    keys = list(data(sealed_file(root, environment).read_bytes())["spec"]["encryptedData"])
    values = {key: ciphertext(seed + number) for number, key in enumerate(keys)}
    for key, value in values.items():
        put(root, environment, key, value)
    return values


# Files of sealed values in their places, not in a hidden folder of an interrupted run.
IN_PLACE = "overlays/[!.]*/namespace/sealed-*.yaml"


def sealed(root: Path) -> dict[Owner, str]:
    """All values that are sealed or at least no placeholder, by environment, namespace and key."""
    found: dict[Owner, str] = {}
    for path in root.glob(IN_PLACE):
        document = data(path.read_bytes())
        metadata = document["metadata"]
        for key, value in document["spec"]["encryptedData"].items():
            if value != base64.b64encode(f"PLACEHOLDER:{key}".encode()).decode():
                owner = (path.parts[-3], metadata["namespace"], metadata["name"], key)
                found[owner] = value
    return found


def sealed_values_of(tree: Mapping[str, bytes]) -> list[str]:
    """Everything in a tree that looks like a sealed value."""
    found = (re.findall(rb"Ag[A-Za-z0-9+/=]{100,}", content) for content in tree.values())
    return [value.decode() for values in found for value in values]


def by_kubeseal(content: bytes, *, as_json: bool = False) -> bytes:
    """A SealedSecret as `kubeseal --merge-into` writes it back: no header, other order, nulls."""
    document = data(content)
    document["metadata"] = {"creationTimestamp": None, **document["metadata"]}
    document["metadata"].pop("labels", None)
    document["spec"]["template"]["metadata"]["creationTimestamp"] = None
    if as_json:
        return json.dumps(dict(sorted(document.items())), indent=2).encode() + b"\n"
    text: str = yaml.safe_dump(document, width=10**6)
    return f"---\n{text}".encode()


class Killed(BaseException):
    """Stands for SIGKILL: from here on the run changes nothing any more."""


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_listeners: list[Callable[[str], None]] = []


@contextlib.contextmanager
def listening(root: Path, listener: Callable[[str], None]) -> Iterator[None]:
    """Calls the listener before each step of this process that changes something in a folder.

    A step is told as `open PATH`, `rename FROM TO` and so on, with paths from the folder.
    """
    _install()

    def heard(step: str) -> None:
        if str(root) in step:
            listener(step.replace(f"{root}/", ""))

    _listeners.append(heard)
    try:
        yield
    finally:
        _listeners.remove(heard)


@functools.cache
def _install() -> None:
    """Audit hooks stay for the rest of the process: one is enough."""
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listeners:
        return
    changes = {"os.rename": 2, "os.remove": 1, "os.mkdir": 1, "os.rmdir": 1, "os.link": 2}
    if event == "open" and arguments[2] & _WRITING:
        # A number is a pipe to another program.
        paths = () if isinstance(arguments[0], int) else arguments[:1]
    else:
        paths = arguments[: changes.get(event, 0)]
    for listener in tuple(_listeners) if paths else ():
        step = event.removeprefix("os.")
        named = (os.fsdecode(path) for path in paths if not isinstance(path, int))
        listener(" ".join([step, *named]))
