"""A site's picture as Mermaid, which GitHub draws in Markdown."""

from collections.abc import Iterator

from generator.change.architecture import Architecture, ClusterNode, EnvironmentNode


def graph(found: Architecture) -> str:
    """The flowchart: repository, roots, Applications in the order of their waves, Secrets."""
    return "\n".join(["flowchart LR", *_lines(found)]) + "\n"


def _lines(found: Architecture) -> Iterator[str]:
    yield f'  git[("{_label(found.repository, found.revision)}")]'
    for number, cluster in enumerate(found.clusters):
        yield from _cluster(f"c{number}", cluster)
    yield "  classDef secret stroke-dasharray: 4 3"


def _cluster(key: str, cluster: ClusterNode) -> Iterator[str]:
    title = f"cluster {cluster.name}, Kubernetes {cluster.kubernetes}"
    yield f'  subgraph {key}["{_label(title)}"]'
    yield f'    {key}root["{_label(cluster.root)}"]'
    for number, environment in enumerate(cluster.environments):
        yield from _environment(f"{key}e{number}", environment)
    yield "  end"
    yield f"  git --> {key}root"
    for number, _ in enumerate(cluster.environments):
        yield f"  {key}root --> {key}e{number}root"


def _environment(key: str, environment: EnvironmentNode) -> Iterator[str]:
    yield f'    subgraph {key}["{_label(f"{environment.name}: {environment.host}")}"]'
    yield f'      {key}root["{_label(environment.root)}"]'
    previous = f"{key}root"
    for number, app in enumerate(environment.apps):
        label = _label(app.app, app.detail, f"wave {app.wave}")
        yield f'      {key}a{number}["{label}"]'
        yield f"      {previous} --> {key}a{number}"
        previous = f"{key}a{number}"
    apps = {app.app: f"{key}a{number}" for number, app in enumerate(environment.apps)}
    for number, secret in enumerate(environment.secrets):
        yield f'      {key}s{number}("{_label(secret.name, secret.count)}"):::secret'
        for reader in secret.readers:
            yield f'      {key}s{number} -.->|"{_label(reader.who)}"| {apps[reader.app]}'
    yield "    end"


def _label(*lines: str) -> str:
    """A text inside quotes; what Mermaid would read as syntax or HTML is written as a code."""
    return "<br>".join(line.translate(_CODES) for line in lines)


_CODES = {ord(sign): f"#{ord(sign)};" for sign in '#&"<>`'}
