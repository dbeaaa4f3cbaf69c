"""A site's picture as Mermaid, which GitHub draws in Markdown."""

from collections.abc import Iterable, Iterator, Mapping

from generator import names
from generator.change.architecture import (
    SecretNode,
    apps,
    platform,
    platform_secrets,
    revision,
    secrets,
)
from generator.credentials import printable
from generator.site.model import Environment, Site


def graph(site: Site) -> str:
    """The flowchart: repository, roots, Applications in the order of their waves, Secrets."""
    return "".join(f"{line}\n" for line in _lines(site))


def _lines(site: Site) -> Iterator[str]:
    yield "flowchart LR"
    yield f'  git[("{_label(site.repository.url, revision(site))}")]'
    for number, cluster in enumerate(site.clusters.values()):
        key, environments = f"c{number}", site.environments_of(cluster.name)
        title = f"cluster {cluster.name}, Kubernetes {cluster.kubernetes}"
        yield f'  subgraph {key}["{_label(title)}"]'
        yield f'    {key}root["{_label(names.cluster_root(site.name, cluster.name))}"]'
        previous, keys = f"{key}root", {}
        for place, node in enumerate(platform(site, cluster)):
            label = _label(node.app, node.detail, f"wave {node.wave}")
            yield f'    {key}p{place}["{label}"]'
            yield f"    {previous} --> {key}p{place}"
            previous = keys[node.app] = f"{key}p{place}"
        held = platform_secrets(site, cluster)
        yield from (f"    {line}" for line in _secrets(f"{key}s", held, keys))
        for place, environment in enumerate(environments):
            yield from _environment(f"{key}e{place}", site, environment)
        yield "  end"
        yield f"  git --> {key}root"
        yield from (f"  {previous} --> {key}e{place}root" for place in range(len(environments)))
    yield "  classDef secret stroke-dasharray: 4 3"


def _environment(key: str, site: Site, environment: Environment) -> Iterator[str]:
    address = f"{environment.host}{environment.path}"
    yield f'    subgraph {key}["{_label(f"{environment.name}: {address}")}"]'
    yield f'      {key}root["{_label(names.environment_root(site.name, environment.name))}"]'
    previous = f"{key}root"
    keys = {}
    for number, app in enumerate(apps(environment)):
        label = _label(app.app, app.detail, f"wave {app.wave}")
        yield f'      {key}a{number}["{label}"]'
        yield f"      {previous} --> {key}a{number}"
        previous = keys[app.app] = f"{key}a{number}"
    held = secrets(environment)
    yield from (f"      {line}" for line in _secrets(f"{key}s", held, keys))
    yield "    end"


def _secrets(key: str, held: Iterable[SecretNode], keys: Mapping[str, str]) -> Iterator[str]:
    """The Secrets of one place, with who reads each."""
    for number, secret in enumerate(held):
        yield f'{key}{number}("{_label(secret.name, secret.count)}"):::secret'
        for reader in secret.readers:
            yield f'{key}{number} -.->|"{_label(reader.who)}"| {keys[reader.app]}'


def _label(*lines: str) -> str:
    """A text inside quotes; what Mermaid would read as syntax or HTML is written as a code."""
    return "<br>".join(printable(line).translate(_CODES) for line in lines)


_CODES = {ord(sign): f"#{ord(sign)};" for sign in '#&"<>`'}
