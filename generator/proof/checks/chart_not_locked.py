"""A chart was rendered that charts.lock does not name.

It came from the cache by its name alone, so it may differ from the one that Argo CD will fetch.
`hubops charts fetch` locks it.
"""

from generator.charts.origins import pin
from generator.lint.rules.base import Findings, warnings
from generator.proof.rendering import Rendering

finding = warnings("M902")


def check(rendering: Rendering) -> Findings:
    """One finding for each pin without a digest."""
    for release in rendering.releases:
        chart = release.chart
        if chart is not None and chart.failure is None and not chart.is_locked:
            yield finding(
                pin(release.environment, release.app),
                f"{chart.name} {chart.version} is not in charts.lock",
                "run 'hubops charts fetch' and commit charts.lock",
            )
