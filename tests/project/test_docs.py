"""What the documents say is what the program does."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from click import Context
from click.testing import CliRunner

from generator.build.repository import Inputs, build
from generator.change import prerequisites
from generator.cli.main import ABOUT, hubops
from generator.cli.main import command as command_of
from generator.lint.rules.servers import guarantee_above_limit
from tests.support.sites import ROOT, protocoast, site_of

README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "tests/README.md"])
ON_EVERY_DOCUMENT = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)


def test_the_short_site_makes_the_tree_beside_it() -> None:
    example = blocks(README, "yaml")[0]
    shown = README.partition("\n```\napps/")[2].partition("```")[0]
    assert example.count("\n") == 10
    tree = build(site_of(example), Inputs())
    assert [line.split()[0] for line in f"apps/{shown}".splitlines()] == list(tree)


def test_help_is_what_the_readme_shows() -> None:
    shown = CliRunner().invoke(hubops, ["--help"], prog_name="hubops").output
    assert any(shown.startswith(block.split("\n", 1)[1]) for block in blocks(README, "console"))


def test_bootstrap_is_two_commands_verbatim() -> None:
    commands = prerequisites.bootstrap_commands(protocoast().argocd_namespace, "fedcloud")
    assert list(commands) == [
        "kubectl patch configmap argocd-cm -n argocd --type merge "
        "--patch-file clusters/fedcloud/bootstrap/argocd-cm.patch.yaml",
        "kubectl apply -k clusters/fedcloud/bootstrap",
    ]
    assert all(f"$ {command}\n" in README for command in commands)


@ON_EVERY_DOCUMENT
def test_every_command_and_option_named_exists(document: Path) -> None:
    named = re.findall(r"(?:`|\$ )hubops ([a-z]+)(?: (--[a-z-]+))?", document.read_text())
    for command, option in named:
        assert command in hubops.commands
        asked = command_of(command)
        parameters = asked.get_params(Context(asked))
        known = {name for parameter in parameters for name in parameter.opts}
        assert not option or option in known


@ON_EVERY_DOCUMENT
def test_every_target_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|\$ )make ([a-z]+)", document.read_text()))
    assert named <= targets


@ON_EVERY_DOCUMENT
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_readme_and_help_list_every_command_in_one_order() -> None:
    assert re.findall(r"^\| `hubops ([a-z]+)` \|", README, re.MULTILINE) == list(ABOUT)


def test_every_command_shows_examples_before_its_options() -> None:
    for name in hubops.commands:
        shown = CliRunner().invoke(hubops, [name, "--help"]).output
        assert 0 < shown.find("Examples:") < shown.find("Options:"), name


def test_every_document_is_linked_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(([^)#:]+)\)", README))
    names = {path.relative_to(ROOT).as_posix() for path in DOCUMENTS}
    assert names - linked == {"README.md"}


def test_contributing_shows_a_rule_as_it_is() -> None:
    shown = dedent("".join(blocks((ROOT / "CONTRIBUTING.md").read_text(), "python")))
    assert shown.startswith(f'"""{guarantee_above_limit.__doc__}"""')
