"""What alerts and monitors count on, in the real JupyterHub."""

import pytest

from generator.charts.monitoring import SCOPE
from tests.support import programs

pytestmark = pytest.mark.tools
HUBS = ("jupyterhub-4.1.6", "jupyterhub-5.5.0")


@pytest.mark.parametrize("hub", HUBS)
def test_starts_are_counted_by_status_from_the_hubs_start_on(hub: str) -> None:
    read = programs.probe("metrics_probe.py", hub, {})["metrics"].splitlines()
    counted = "jupyterhub_server_spawn_duration_seconds_count"
    assert f'{counted}{{status="failure"}} 0.0' in read
    assert f'{counted}{{status="success"}} 0.0' in read


@pytest.mark.parametrize("hub", HUBS)
def test_the_hub_has_the_scope_of_the_metrics(hub: str) -> None:
    assert SCOPE in programs.probe("metrics_probe.py", hub, {})["scopes"]
