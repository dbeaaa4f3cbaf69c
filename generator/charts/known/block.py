"""The block of site.yaml that follows from what is known of a chart."""

from collections.abc import Iterator, Mapping
from textwrap import indent, wrap

from generator.charts.known.chart import KnownChart


def block(chart: KnownChart, version: str, cluster: str = "") -> str:
    """The entry of `apps` for a chart, as YAML with comments, without indentation.

    Only for one cluster where that is named.
    """
    return "\n".join(_lines(chart, version, cluster)) + "\n"


def _lines(chart: KnownChart, version: str, cluster: str) -> Iterator[str]:
    when = f"on {chart.released}" if version == chart.version else "for this Kubernetes"
    yield from _comment(f"{chart.purpose} Newest known version {when}; source: {chart.source}")
    yield f"{chart.app}:"
    yield from (f"  {line}" for line in _keys(chart, version, cluster))


def _keys(chart: KnownChart, version: str, cluster: str) -> Iterator[str]:
    yield "scope: cluster"
    named = f"name: {chart.name}, repository: {chart.repository}, version: {version}"
    yield f"chart: {{{named}}}"
    yield f"namespace: {chart.namespace}"
    if cluster:
        yield f"clusters: [{cluster}]"
    if chart.labels:
        yield f"namespaceLabels: {_flow(chart.labels)}"
    yield f"wave: {chart.wave}"
    if chart.values:
        yield "values:"
        yield from indent(chart.values.strip("\n"), "  ").splitlines()
    if chart.kinds:
        yield f"clusterKinds: [{', '.join(chart.kinds)}]"
    if chart.server_side_apply:
        yield "# Its definitions are too large for a client-side apply."
        yield "serverSideApply: true"
    if chart.skips_crds:
        yield "installCRDs: false"
    if chart.secrets:
        yield "# Placeholders until you seal them: hubops seal."
        listed = ", ".join(
            f"{name}: {{keys: [{', '.join(keys)}]}}" for name, keys in chart.secrets.items()
        )
        yield f"secrets: {{{listed}}}"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in wrap(text, 90, break_on_hyphens=False))


def _flow(pairs: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{key}: {text}' for key, text in pairs.items())}}}"
