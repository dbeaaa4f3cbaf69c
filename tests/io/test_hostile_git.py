"""A checkout that can be anyone's: no program that its Git configuration names is run.

For each of TRAPS plain Git runs the program, which shows that the trap works; hubops does not.
"""

import os
import pty
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.change.formats import REVIEWS
from generator.cli import diff as diff_command
from generator.diagnostics import GeneratorError
from generator.io import git
from tests.io.test_git import committed, run_git
from tests.support import copies
from tests.support.copies import Run, one_hub

# A partial clone: Git fetches an object that it lacks when it is asked for it.
PARTIAL = (
    *("core.repositoryFormatVersion=1", "extensions.partialClone=origin"),
    "remote.origin.promisor=true",
)
NOWHERE = "remote.origin.url={outside}/nowhere"
ASKED = "protocol=https\nhost=git.example.org\n\n"


@dataclass(frozen=True, kw_only=True)
class Trap:
    """Settings that name the program `{ran}`, what it would have done, and who starts it."""

    kind: str
    would: str
    settings: tuple[str, ...]
    starts: tuple[str, ...]
    fed: str = ""


TRAPS = (
    Trap(
        kind="lazy fetch",
        would="run when Git misses an object of a partial clone, in place of the remote's program",
        settings=(*PARTIAL, NOWHERE, "remote.origin.uploadpack={ran}"),
        starts=("cat-file", "blob", "main:site.yaml"),
    ),
    Trap(
        kind="lazy fetch over ssh",
        would="run as the ssh that fetches a missing object, and see its keys",
        settings=(*PARTIAL, "remote.origin.url=ssh://example.org/a", "core.sshCommand={ran}"),
        starts=("cat-file", "blob", "main:site.yaml"),
    ),
    Trap(
        kind="lazy fetch that the checkout allows",
        would="run as a remote of its own protocol, which the checkout itself allows",
        settings=(
            *(*PARTIAL, "remote.origin.url=ext::{ran}"),
            *("protocol.allow=always", "protocol.ext.allow=always"),
        ),
        starts=("cat-file", "blob", "main:site.yaml"),
    ),
    Trap(
        kind="git proxy",
        would="run as the proxy of a git:// address",
        settings=(*PARTIAL, "remote.origin.url=git://example.org/a", "core.gitProxy={ran}"),
        starts=("cat-file", "blob", "main:site.yaml"),
    ),
    Trap(
        kind="fsmonitor",
        would="run whenever Git reads the index",
        settings=("core.fsmonitor={ran}",),
        starts=("status",),
    ),
    Trap(
        kind="included configuration",
        would="bring all of the others from a file of the checkout",
        settings=("include.path=../docs/included",),
        starts=("status",),
    ),
    Trap(
        kind="hooks",
        would="run before and after a branch or the index changes",
        settings=("core.hooksPath={hooks}",),
        starts=("update-ref", "refs/heads/other", "HEAD"),
    ),
    Trap(
        kind="external diff",
        would="run for each file that differs",
        settings=("diff.external={ran}",),
        starts=("diff", "HEAD~1", "HEAD"),
    ),
    Trap(
        kind="diff driver",
        would="run for each file of a name that differs",
        settings=("diff.evil.command={ran}",),
        starts=("diff", "HEAD~1", "HEAD"),
    ),
    Trap(
        kind="textconv",
        would="run for each file of a name whose lines are shown",
        settings=("diff.evil.textconv={ran}",),
        starts=("log", "--patch"),
    ),
    Trap(
        kind="clean filter",
        would="run for each file that Git reads from the folder",
        settings=("filter.evil.clean={ran}",),
        starts=("hash-object", "site.yaml"),
    ),
    Trap(
        kind="smudge filter",
        would="run for each file that Git writes into the folder",
        settings=("filter.evil.smudge={ran}",),
        starts=("cat-file", "--filters", "HEAD:site.yaml"),
    ),
    Trap(
        kind="pager",
        would="run where Git prints to a terminal",
        settings=("core.pager={ran}",),
        starts=("log", "-1"),
    ),
    Trap(
        kind="pager of a command",
        would="run where this command prints to a terminal",
        settings=("pager.log={ran}",),
        starts=("log", "-1"),
    ),
    Trap(
        kind="signing program",
        would="run to check the signature of each commit that is shown",
        settings=("log.showSignature=true", "gpg.program={ran}"),
        starts=("log", "signed"),
    ),
    Trap(
        kind="signing program for ssh keys",
        would="run to check the signature of each commit that is shown",
        settings=(
            *("log.showSignature=true", "gpg.format=ssh", "gpg.ssh.program={ran}"),
            "gpg.ssh.allowedSignersFile=/dev/null",
        ),
        starts=("log", "signed-by-ssh"),
    ),
    Trap(
        kind="alias",
        would="run in place of a command that Git does not have",
        settings=("alias.other=!{ran}",),
        starts=("other",),
    ),
    Trap(
        kind="ssh command",
        would="run for each fetch from an ssh address",
        settings=("core.sshCommand={ran}",),
        starts=("ls-remote", "ssh://example.org/a"),
    ),
    Trap(
        kind="credential helper",
        would="run when a server wants a login, and see it",
        settings=("credential.helper={ran}",),
        starts=("credential", "fill"),
        fed=ASKED,
    ),
    Trap(
        kind="password prompt",
        would="run to ask for a password",
        settings=("core.askPass={ran}",),
        starts=("credential", "fill"),
        fed=ASKED,
    ),
    Trap(
        kind="editor",
        would="run to write a message",
        settings=("core.editor={ran}",),
        starts=("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--allow-empty"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A clone of a stranger's repository, and where a program that ran leaves its traces."""

    root: Path
    outside: Path

    def set_up(self, trap: Trap) -> None:
        """Writes the settings of a trap into the configuration of the checkout."""
        places = {name: self.outside / name for name in ("ran", "hooks")}
        for setting in trap.settings:
            name, _, value = setting.format(outside=self.outside, **places).partition("=")
            run_git(self.root, "config", "--add", name, value)
        if trap.starts[:2] == ("cat-file", "blob"):
            name = run_git(self.root, "rev-parse", "main:site.yaml")
            (self.root / ".git/objects" / name[:2] / name[2:]).unlink()

    def traces(self) -> list[str]:
        """What ran since the last question."""
        trace = self.outside / "trace"
        lines = trace.read_text().splitlines() if trace.exists() else []
        trace.unlink(missing_ok=True)
        return lines


def asked(checkout: Checkout, trap: Trap) -> None:
    """Plain Git, on a terminal, as a person asks it."""
    main, terminal = pty.openpty()
    variables = {"TERM": "xterm", "GIT_TERMINAL_PROMPT": "0"}
    own = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    try:
        subprocess.run(
            ("git", *trap.starts),
            cwd=checkout.root,
            input=trap.fed.encode(),
            stdout=terminal,
            stderr=subprocess.DEVNULL,
            env={**own, **variables},
            check=False,
            timeout=30,
        )
    finally:
        os.close(terminal)
        os.close(main)


def everything(root: Path) -> list[Run]:
    """What the commands say that ask Git."""

    def diff(base: str | None) -> Run:
        return copies.running(
            lambda terminal: diff_command.run(
                root / "site.yaml", terminal, base=base, format=next(iter(REVIEWS))
            )
        )

    commands: tuple[Callable[[], Run], ...] = (
        lambda: copies.lint(root),
        lambda: copies.lint(root, base="HEAD"),
        lambda: copies.lint(root, base="main"),
        lambda: copies.check(root),
        lambda: copies.generate(root),
        lambda: copies.secrets(root),
        lambda: diff(None),
        lambda: diff("HEAD~1"),
    )
    return [command() for command in commands]


SIGNED = "-----BEGIN {0} SIGNATURE-----\n\n{1}\n-----END {0} SIGNATURE-----"


def signed(root: Path, kind: str, name: str) -> None:
    """A branch with a commit whose signature no one made."""
    commit = run_git(root, "cat-file", "commit", "HEAD")
    head, _, message = commit.partition("\n\n")
    signature = "\n ".join(SIGNED.format(kind, "AAAA").splitlines())
    content = f"{head}\ngpgsig {signature}\n\n{message}\n"
    made = subprocess.run(
        ("git", "hash-object", "-t", "commit", "-w", "--stdin"),
        cwd=root,
        input=content.encode(),
        check=True,
        capture_output=True,
    )
    run_git(root, "update-ref", f"refs/heads/{name}", made.stdout.decode().strip())


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    root, outside = tmp_path / "site", tmp_path / "outside"
    for folder in (root, outside / "hooks"):
        folder.mkdir(parents=True)
    ran = outside / "ran"
    ran.write_text(f"#!/bin/sh\necho \"$0\" >> '{outside}/trace'\nexit 1\n")
    ran.chmod(0o755)
    for hook in ("reference-transaction", "post-index-change", "post-checkout", "pre-commit"):
        (outside / "hooks" / hook).symlink_to(ran)
    (root / "docs").mkdir()
    (root / "docs/included").write_text(f"[core]\n\tfsmonitor = {ran}\n")
    run_git(root, "init", "-q", "-b", "main")
    copies.made(root, one_hub())
    committed(root, "*.yaml diff=evil filter=evil\n", ".gitattributes")
    run_git(root, "switch", "-q", "-c", "topic")
    copies.put_all(root, "production")
    site = one_hub()
    site["jupyterhub"]["servers"]["memory"] = {"guarantee": "1Gi", "limit": "3Gi"}
    copies.made(root, site)
    run_git(root, "add", "-A")
    run_git(root, "commit", "-q", "-m", "sealed")
    signed(root, "PGP", "signed")
    signed(root, "SSH", "signed-by-ssh")
    return Checkout(root=root, outside=outside)


@pytest.mark.parametrize("trap", TRAPS, ids=[trap.kind for trap in TRAPS])
def test_no_program_of_the_checkout_runs(checkout: Checkout, trap: Trap) -> None:
    checkout.set_up(trap)
    asked(checkout, trap)
    assert checkout.traces(), f"plain Git does not {trap.would}"
    runs = everything(checkout.root)
    assert checkout.traces() == []
    assert {run.code for run in runs} <= {0, 1, 3}
    assert all(run.error or run.code < 3 for run in runs)


def test_none_of_them_runs_together(checkout: Checkout) -> None:
    for trap in TRAPS:
        if trap.starts[:2] != ("cat-file", "blob"):
            checkout.set_up(trap)
    assert {run.code for run in everything(checkout.root)} == {0}
    assert checkout.traces() == []


def test_settings_of_the_environment_are_off_too(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = str(checkout.outside / "ran")
    settings = {"core.fsmonitor": ran, "diff.external": ran, "core.hooksPath": f"{ran}/../hooks"}
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (name, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_ASKPASS", "GIT_SSH_COMMAND", "GIT_EDITOR"):
        monkeypatch.setenv(name, ran)
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file:ext:ssh")
    assert {run.code for run in everything(checkout.root)} == {0}
    assert checkout.traces() == []


@pytest.mark.parametrize("trap", TRAPS[:4], ids=[trap.kind for trap in TRAPS[:4]])
def test_without_the_switch_of_newer_versions_nothing_is_fetched(
    checkout: Checkout, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.set_up(trap)
    monkeypatch.delitem(git.VARIABLES, "GIT_NO_LAZY_FETCH")
    everything(checkout.root)
    assert checkout.traces() == []


def test_missing_object_is_said_with_what_to_do(checkout: Checkout) -> None:
    checkout.set_up(TRAPS[0])
    run = copies.lint(checkout.root)
    assert run.code == 0
    assert (
        "site.yaml is not compared with its Git base: Git can't read this repository" in run.notes
    )
    assert "git fetch --refetch --no-filter" in run.notes
    named = copies.lint(checkout.root, base="main")
    assert (named.code, named.out) == (3, "")
    assert named.details


def test_git_of_the_site_folder_is_not_run(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout.root / "git").symlink_to(checkout.outside / "ran")
    monkeypatch.setenv("PATH", f".::{checkout.root.name}:{os.environ['PATH']}")
    monkeypatch.chdir(checkout.root.parent)
    assert {run.code for run in everything(checkout.root)} == {0}
    assert checkout.traces() == []


# --- a repository that is part of a checkout


@pytest.fixture
def embedded(checkout: Checkout) -> Path:
    """A folder of plain files that Git takes for a repository, in a checkout."""
    folder = checkout.root / "sites" / "evil"
    folder.mkdir(parents=True)
    run_git(folder, "init", "-q", "--bare", "-b", "main", ".")
    copies.write_site(folder, one_hub())
    here = ("--git-dir=.", "--work-tree=.")
    run_git(folder, *here, "add", "-f", "site.yaml")
    run_git(folder, *here, "commit", "-q", "-m", "one")
    name = run_git(folder, *here, "rev-parse", "main:site.yaml")
    (folder / "objects" / name[:2] / name[2:]).unlink()
    for setting in (*PARTIAL, NOWHERE, "core.bare=false", "core.worktree=."):
        key, _, value = setting.format(outside=checkout.outside).partition("=")
        run_git(folder, *here, "config", key, value)
    for key in ("remote.origin.uploadpack", "core.fsmonitor", "diff.external", "gpg.program"):
        run_git(folder, *here, "config", key, str(checkout.outside / "ran"))
    site = one_hub()
    site["jupyterhub"]["authentication"]["admins"] = ["eve"]
    copies.write_site(folder, site)
    return folder


def test_repository_within_a_checkout_is_not_asked(checkout: Checkout, embedded: Path) -> None:
    plain = ("git", "cat-file", "blob", "main:site.yaml")
    subprocess.run(plain, cwd=embedded, capture_output=True, check=False)
    assert checkout.traces()
    for folder in (embedded, embedded / "hooks"):
        copies.write_site(folder, one_hub())
        run = copies.lint(folder)
        assert (run.code, run.out) == (0, "")
        assert f"{embedded} looks like a bare repository" in run.notes
        everything(folder)
    assert checkout.traces() == []


def test_git_itself_refuses_it_too(embedded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_BARE", (("no such file",),))
    with pytest.raises(GeneratorError) as raised:
        git.main_base(embedded, "main")
    assert "safe.bareRepository" in "".join(raised.value.details)
    assert "move it away" in raised.value.help


@pytest.mark.parametrize("setting", ["core.worktree=/", "core.worktree={other}", "core.bare=true"])
def test_working_copy_elsewhere_is_said(checkout: Checkout, setting: str) -> None:
    (checkout.outside / "other").mkdir()
    name, _, value = setting.format(other=checkout.outside / "other").partition("=")
    run_git(checkout.root, "config", name, value)
    run = copies.running(lambda terminal: diff_command.run(checkout.root / "site.yaml", terminal))
    assert (run.code, run.out) == (3, "")
    named = copies.lint(checkout.root, base="main")
    assert (named.code, named.out) == (3, "")
