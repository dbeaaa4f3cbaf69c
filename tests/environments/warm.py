"""Answers one question after another, each in a fork of a process that has loaded the packages.

A question is a line of JSON: a script of this folder, what it reads from standard input, and its
environment variables. Importing a real JupyterHub takes a second, a fork some milliseconds.
"""

import ast
import gc
import importlib
import io
import json
import os
import runpy
import sys
import tempfile
import traceback
from pathlib import Path


def main():
    for line in sys.stdin:
        question = json.loads(line)
        import_what_it_imports(question["script"])
        gc.freeze()  # a child's collection of garbage writes into every page that it finds
        print(json.dumps(answer(**question)), flush=True)  # noqa: T201


def import_what_it_imports(script):
    for node in ast.parse(Path(script).read_text("utf-8")).body:
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            importlib.import_module(name)


def answer(script, asked, variables):
    """The exit code of the script, its standard output and its standard error."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os._exit(run(script, asked, variables))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return [status, text(out), text(err)]


def run(script, asked, variables):
    os.environ.clear()
    os.environ.update(variables)
    sys.stdin = io.StringIO(json.dumps(asked))
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def text(file):
    file.seek(0)
    return file.read().decode()


main()
