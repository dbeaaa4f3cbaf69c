"""Every option that takes a path, with odd paths: `python -m` this SHARE FOLDER=UID...

Of a share of 3 each option gets every third path, another third than the option before it. It makes
the odd places in each folder, becomes the user, and prints a JSON list for each: of every case the
arguments, the exit code, and what was said. A case that does not end is code 124.
"""

import gc
import io
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from generator.cli import main, options

SECONDS = 20
# What a command needs beside the path, so that it comes to read or write it.
_MORE: dict[tuple[str, ...], tuple[str, ...]] = {
    ("init",): ("--yes",),
    ("seal",): ("production", "--key", "oauth.client_id"),
    ("certificate",): ("fedcloud",),
    ("values",): ("production", "jupyterhub"),
    ("bump",): ("--list",),
    ("promote",): ("production", "staging", "--offline"),
    ("import", "--certificate"): ("--jupyterhub", "values.yaml", "--seal"),
    ("import", "--output"): ("--jupyterhub", "values.yaml"),
    ("render", "--output"): ("--offline",),
}


def places(root: Path) -> Iterator[str]:
    """Odd paths: what is there is made first, by whoever may."""
    made = root / "odd"
    made.mkdir(mode=0o777)
    (made / "loop").symlink_to("loop")
    (made / "one").symlink_to("two")
    (made / "two").symlink_to("one")
    (made / "nowhere").symlink_to("gone/site.yaml")
    (made / "home").symlink_to("..")
    (made / "file").write_bytes(b"\xff\xfe\x00 no text")
    (made / "text.yaml").write_text("site: 7\n")
    (made / "folder.yaml").mkdir()
    with socket.socket(socket.AF_UNIX) as bound:
        here = Path.cwd()
        os.chdir(made)
        bound.bind("socket")
        os.chdir(here)
    os.mkfifo(made / "pipe")
    for name, mode in {"locked": 0o000, "unsearched": 0o444, "unwritable": 0o555}.items():
        (made / name).mkdir()
        (made / name / "site.yaml").write_text("site: 7\n")
        (made / name).chmod(mode)
    (made / "unreadable").write_text("site: 7\n")
    (made / "unreadable").chmod(0)
    (made / "own").mkdir()
    for name in ("loop", "one", "file", "locked", "unsearched", "unwritable", "pipe", "home/odd"):
        yield from (f"odd/{name}", f"odd/{name}/x", f"odd/{name}/x/site.yaml", f"odd/{name}/")
        yield f"odd/{name}/../site.yaml"
    yield from ("odd/nowhere", "odd/text.yaml", "odd/folder.yaml", "odd/socket", "odd/unreadable")
    yield from ("odd/locked/site.yaml", "odd/unsearched/site.yaml", "odd/unwritable/site.yaml")
    yield from ("n" * 255, "n" * 256, "n" * 5000, "d/" * 2040 + "x", "d/" * 3000, "../" * 2000)
    yield from ("", ".", "..", "/", "//", "-", "--", "-x", "~", "~/x", "*", "%s", "{}", "{0.x}")
    yield from (" ", "a b", "a\nb", "a\tb", "a\x1b[31mb", "a\rb", "\x01", "\x7f", "\u202eb", "é")
    yield from ("\udcff", "\udcff\udcfe/x", "\U0001f600", "'", '"', "$HOME")
    yield from ("/dev/null", "/dev/full", "/dev/null/x", "/dev/stdin", "/dev/fd/99", "/dev/tty")
    yield from ("/proc/self/mem", "/proc/self/cwd", "/proc/self/fd/99/x", "/proc/x/y", "/root/x")
    yield from ("/proc/self/exe", "/nonexistent/a/b", "/etc", "/etc/passwd", "/etc/shadow")
    yield from ("odd/own/a\udcff.yaml", "odd/own/b\n/site.yaml", "odd/own/./c", "odd/own//d/e")


def path_options() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every option and argument that takes a path: the command, and the flag, "" for none."""
    for name in main.ABOUT:
        command = main.command(name)
        below = command.commands if isinstance(command, click.Group) else {"": command}
        for word, described in below.items():
            for one in described.params:
                if isinstance(one.type, options.FilePath):
                    flag = one.opts[0] if isinstance(one, click.Option) else ""
                    yield tuple(filter(None, (name, word))), flag


def cases(odd: list[str], share: int) -> Iterator[list[str]]:
    """The arguments of each run."""
    for number, (words, flag) in enumerate(path_options()):
        for path in odd[number % share :: share]:
            # A pipe is a source of values; nobody writes into this one.
            if flag == "--from-file" and path.startswith(("odd/pipe", "/dev/tty")):
                continue
            more = _MORE.get((*words, flag), _MORE.get(words, ()))
            given = ["--", path] if not flag else [f"{flag}={path}"]
            yield [*words, *more, *given]


def _late(*_: object) -> None:
    raise TimeoutError("late")


def ran(arguments: list[str]) -> tuple[int, str]:
    """The exit code of one run in this process, and its words."""
    said = io.BytesIO()
    before = sys.stdin, sys.stdout, sys.stderr, sys.argv
    sys.stdin = io.TextIOWrapper(io.BytesIO(b"n\n" * 50))
    stream = io.TextIOWrapper(said, encoding="utf-8", write_through=True)
    sys.stdout = sys.stderr = stream
    sys.argv = ["hubops", *arguments]
    signal.alarm(SECONDS)
    try:
        code = main.run()
    except TimeoutError:
        code = 124
    finally:
        signal.alarm(0)
        sys.stdin, sys.stdout, sys.stderr, sys.argv = before
    stream.flush()
    return code, said.getvalue().decode("utf-8", "replace")


def _ran_all(folder: Path, user: int, share: int) -> list[tuple[list[str], int, str]]:
    os.chdir(folder)
    os.environ |= {"HELM": "/bin/false", "KUSTOMIZE": "/bin/false", "HOME": str(folder)}
    runs = list(cases(list(dict.fromkeys(places(folder))), share))
    if user != os.getuid():
        own = [path for path in folder.rglob("*") if "/odd/" not in str(path)]
        for path in (folder, *own, folder / "odd/own"):
            os.chown(path, user, user)
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    return [(arguments, *ran(arguments)) for arguments in runs]


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _late)
    gc.set_threshold(100_000)
    # The first user's runs load every module: the second may not be able to read them.
    asked = [argument.split("=") for argument in sys.argv[2:]]
    seen = [_ran_all(Path(folder), int(user), int(sys.argv[1])) for folder, user in asked]
    json.dump(seen, sys.stdout)
