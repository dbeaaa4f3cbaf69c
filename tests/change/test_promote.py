"""What one environment runs comes to another one, value by value, or not at all."""

from pathlib import Path

import pytest

from generator.cli import promote as command
from tests.change.test_bump import edit, everything, line_of, written
from tests.support import copies
from tests.support.sites import PROTOCOAST

STAGING = "        memory: {guarantee: 1Gi, limit: 2Gi}\n"
# A list of profiles of staging's own, with newer images.
PROFILES = """\
        profiles:
          - {name: Main, slug: main, image: "quay.io/globalcoast/notebook:2026.9", default: true}
          - name: ProtoCoast - develop
            slug: develop
            image: quay.io/globalcoast/protocoast-notebook:develop
"""
CHARTS = "    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2026.3.0}}\n"


def promote(
    root: Path, source: str = "staging", target: str = "production", *, dry_run: bool = False
) -> copies.Run:
    return copies.running(
        lambda terminal: command.run(root / "site.yaml", source, target, terminal, dry_run=dry_run)
    )


@pytest.fixture
def site(protocoast_folder: Path) -> Path:
    assert copies.generate(protocoast_folder).code == 0
    return protocoast_folder


def test_equal_environments_have_nothing_to_promote(site: Path) -> None:
    before = everything(site)
    run = promote(site)
    assert (run.code, run.out) == (
        0,
        "nothing to promote: production runs the charts and images of staging\n",
    )
    assert everything(site) == before


def test_pins_and_images_are_copied_each_told_with_its_line(site: Path) -> None:
    worker = "    daskGateway: {worker: {image: quay.io/globalcoast/notebook:2026.9}}\n"
    edit(site, (STAGING, STAGING + PROFILES + CHARTS + worker))
    run = promote(site)
    assert run.code == 0, run.said
    # Nobody but production counts on the shared part: it is changed where it stands.
    shared = "\njupyterhub:\n"
    profile = line_of(site, "image: quay.io/globalcoast/notebook:2026.9", after=shared)
    workers = line_of(site, "image: quay.io/globalcoast/notebook:2026.9", after="\ndaskGateway:")
    assert run.out.startswith(
        "site.yaml:15: charts.jupyterhub.version: 3.3.8 -> 4.4.0\n"
        "site.yaml:16: charts.dask-gateway.version: 2022.6.1 -> 2026.3.0\n"
        f"site.yaml:{profile}: jupyterhub.servers.profiles.0.image: "
        "quay.io/globalcoast/protocoast-notebook:main -> quay.io/globalcoast/notebook:2026.9\n"
        f"site.yaml:{workers}: daskGateway.worker.image: "
        "quay.io/globalcoast/protocoast-notebook:main -> quay.io/globalcoast/notebook:2026.9\n"
        "\nproduction: chart jupyterhub 3.3.8 -> 4.4.0\n"
    )
    assert "E018 profile main: image" in run.out
    expected = PROTOCOAST.read_text().replace(STAGING, STAGING + PROFILES + CHARTS + worker)
    for old, new in (
        ("{version: 3.3.8}", "{version: 4.4.0}"),
        ("{version: 2022.6.1}", "{version: 2026.3.0}"),
        (
            "        image: quay.io/globalcoast/protocoast-notebook:main\n",
            "        image: quay.io/globalcoast/notebook:2026.9\n",
        ),
        (
            "    image: quay.io/globalcoast/protocoast-notebook:main\n  values",
            "    image: quay.io/globalcoast/notebook:2026.9\n  values",
        ),
    ):
        assert old in expected
        expected = expected.replace(old, new, 1)
    assert written(site) == expected
    assert copies.check(site).code == 0
    assert promote(site).out.startswith("nothing to promote")


THIRD = """\
  training:
    cluster: fedcloud-staging
    namespace: training
    host: training.protocoast.vm.fedcloud.eu
    daskGateway: {releaseName: dask-gateway-training, installCRDs: false}

sync:"""


def test_a_pin_that_others_share_becomes_the_target_s_own(site: Path) -> None:
    edit(site, (STAGING, STAGING + CHARTS), ("\nsync:", THIRD))
    run = promote(site)
    assert run.code == 0, run.said
    assert "environments.production.charts.jupyterhub.version: 4.4.0 (new)" in run.out
    expected = PROTOCOAST.read_text().replace(STAGING, STAGING + CHARTS)
    expected = expected.replace("\nsync:", THIRD, 1)
    expected = expected.replace("    requireSealed: true\n", "    requireSealed: true\n" + CHARTS)
    assert written(site) == expected


def test_a_shared_list_that_others_use_is_refused_with_its_line(site: Path) -> None:
    edit(site, (STAGING, STAGING + PROFILES), ("\nsync:", THIRD))
    before = everything(site)
    line = line_of(site, "image: quay.io/globalcoast/protocoast", after="\njupyterhub:\n")
    run = promote(site)
    assert (run.code, run.out) == (
        1,
        f"line {line}: production shares this list of profiles with training. Write image: "
        "quay.io/globalcoast/notebook:2026.9 there for all of them, or under production: "
        'jupyterhub: {servers: {profiles: {main: {image: "quay.io/globalcoast/notebook:2026.9"}}}}'
        "\n",
    )
    assert run.notes == "nothing was written; site.yaml is as it was\n"
    assert everything(site) == before


def test_another_repository_is_refused(site: Path) -> None:
    own = "    charts: {jupyterhub: {version: 4.4.0, repository: oci://a.example.org/charts}}\n"
    edit(site, (STAGING, STAGING + own))
    run = promote(site)
    assert run.code == 1
    line = line_of(site, "repository: oci")
    assert run.out == (
        f"staging has jupyterhub from another repository than production: compare line {line} with "
        "line 15, and edit by hand\n"
    )


def test_a_profile_of_one_environment_alone_stays_there_and_is_named(site: Path) -> None:
    own = PROFILES.replace("slug: develop", "slug: lab")
    edit(site, (STAGING, STAGING + own + CHARTS))
    run = promote(site, dry_run=True)
    assert run.code == 0
    line = line_of(site, "slug: lab") - 1
    assert f"note: only staging has profile lab (line {line}): it is not" in run.out
    assert run.notes.endswith("this was a dry run: nothing was written\n")


def test_what_an_image_carries_goes_with_it(site: Path) -> None:
    carries = PROFILES.replace("default: true", "default: true, jupyterhub: 5.5.0")
    edit(site, (STAGING, STAGING + carries + CHARTS))
    run = promote(site)
    assert run.code == 0, run.said
    assert "jupyterhub.servers.profiles.0.jupyterhub: 5.5.0 (new)" in run.out
    assert "        default: true\n        jupyterhub: 5.5.0\n" in written(site)
    # What is declared with the image is not asked for again, and of the other profile nothing is.
    images = run.out.partition("rebuild with jupyterhub 5.5.0:\n")[2].partition("partner")[0]
    assert images.strip() == "develop: quay.io/globalcoast/protocoast-notebook:develop"


def test_an_image_of_which_nothing_is_said_any_more_is_refused(site: Path) -> None:
    edit(
        site,
        (STAGING, STAGING + PROFILES),
        ("        default: true\n", "        default: true\n        jupyterhub: 4.1.6\n"),
    )
    run = promote(site)
    assert run.code == 1
    line = line_of(site, "jupyterhub: 4.1.6")
    assert run.out.startswith(f"line {line}: jupyterhub: 4.1.6 describes the older image")


def test_a_database_does_not_go_back(site: Path) -> None:
    edit(site, ("    requireSealed: true\n", "    requireSealed: true\n" + CHARTS))
    assert copies.generate(site).code == 0
    before = everything(site)
    run = promote(site)
    assert run.code == 1
    assert "environment 'production': chart jupyterhub 4.4.0 -> 3.3.8" in run.out
    assert everything(site) == before


WRONG = {
    "from": ("stagin", "production", "there is no environment 'stagin'"),
    "to": ("staging", "prod", "there is no environment 'prod'"),
    "itself": ("staging", "staging", "'staging' is named twice"),
}


@pytest.mark.parametrize(("source", "target", "error"), WRONG.values(), ids=WRONG)
def test_wrong_usage(source: str, target: str, error: str, protocoast_folder: Path) -> None:
    run = promote(protocoast_folder, source, target)
    assert (run.code, run.error) == (2, error)


def test_the_command_line(site: Path) -> None:
    run = copies.hubops("promote", "staging", "production", "--offline", cwd=site)
    assert (run.returncode, run.stdout) == (
        0,
        "nothing to promote: production runs the charts and images of staging\n",
    )
