"""Random sites: what they build, taken over as values files, builds the same again."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings

from generator.adopt.base import alike
from generator.build.repository import apps_in
from generator.charts import CHARTS
from generator.site.model import Environment, Site
from generator.yaml.write import emit
from tests.support.imports import facts_of, proposed, values_of
from tests.support.random_sites import loaded_sites
from tests.support.sites import PROTOCOAST, protocoast, site_of

_KINDS = {"jupyterhub": "jupyterhub", "dask-gateway": "dask_gateway"}


def taken_over(site: Site, environment: Environment) -> None:
    """Imports the values of an environment, and compares what the new site builds."""
    charts = [app for app in apps_in(environment) if app in CHARTS]
    values = {chart: values_of(site, environment, chart) for chart in charts}
    files = {_KINDS[chart]: emit(values[chart]) for chart in charts}
    proposal = proposed(facts_of(site, environment), **files)
    assert proposal.site is not None, proposal.loaded.report
    [new] = proposal.site.environments
    for chart in charts:
        assert alike(values_of(proposal.site, new, chart), values[chart])
    said = [proof for proof in proposal.proofs if proof.on_purpose or proof.unexplained]
    assert (said, proposal.left, proposal.secrets) == ([], (), ())


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(loaded_sites())
def test_values_of_a_random_site_come_back(site: Site) -> None:
    for environment in site.environments:
        taken_over(site, environment)


def test_values_of_protocoast_come_back() -> None:
    site = protocoast()
    for environment in site.environments:
        taken_over(site, environment)


def test_values_of_the_golden_sites_come_back() -> None:
    folder = Path(__file__).parents[1] / "golden"
    for path in sorted(folder.glob("*/site.yaml")):
        site = site_of(path.read_text("utf-8"))
        for environment in site.environments:
            taken_over(site, environment)
    assert PROTOCOAST.exists()
