"""What `render` and `validate` begin with: the site, its tree, the programs and the charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import chart_store, worktree
from generator.build import EXTRA_ENTRY
from generator.commands.site import Built, Terminal, built, site_or_said
from generator.diagnostics import GeneratorError
from generator.model import Environment, Site
from generator.registries.http import Courtesy
from generator.rendering import programs
from generator.rendering.helm import PATIENCE
from generator.rendering.site import Workshop
from generator.suggest import did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the user gives: a Helm, a time limit for one rendering, whether there is a network."""

    helm: str | None = None
    patience: float = PATIENCE
    courtesy: Courtesy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A site that is free of errors, with all that rendering it needs."""

    content: bytes
    site: Site
    built: Built
    workshop: Workshop


def prepared(site_path: Path, terminal: Terminal, means: Means) -> Prepared | None:
    """All that rendering needs; None, and every finding is said, when site.yaml is wrong."""
    content = worktree.read_site(site_path)
    site = site_or_said(content, site_path, terminal)
    if site is None:
        return None
    root = site_path.parent
    argocds = frozenset(cluster.argocd for cluster in site.clusters.values())
    workshop = Workshop(
        programs=programs.found(root, argocds, means.helm),
        store=chart_store.opened(root),
        courtesy=means.courtesy,
        patience=means.patience,
        progress=terminal.progress,
    )
    return Prepared(content=content, site=site, built=built(site, root), workshop=workshop)


def meant(prepared: Prepared) -> dict[str, bytes]:
    """The tree that site.yaml gives, with the users' own folders."""
    return {**prepared.built.tree, **_extras(prepared)}


def present(prepared: Prepared) -> dict[str, bytes]:
    """The tree as it stands on disk: hubops' own files, edited or not, and the users' folders."""
    return {**prepared.built.files, **_extras(prepared)}


def _extras(prepared: Prepared) -> Mapping[str, bytes]:
    return {
        f"overlays/{environment}/namespace/extra/{path}": content
        for environment, files in prepared.built.copy.extras.items()
        if EXTRA_ENTRY in files
        for path, content in files.items()
        if path
    }


def environment_of(site: Site, name: str) -> Environment:
    """An environment by its name; GeneratorError, with the nearest, when there is none."""
    for environment in site.environments:
        if environment.name == name:
            return environment
    known = [environment.name for environment in site.environments]
    raise GeneratorError(f"no environment '{name}' in site.yaml", did_you_mean(name, known))
