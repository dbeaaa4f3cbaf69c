"""Composed names: what they are, that none collide, and what Kubernetes accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import names
from generator.charts import APPS

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)

# These names are live state: whoever changes one here makes every site's objects anew.
COMPOSED = {
    "cluster-root": (names.cluster_root("protocoast", "fedcloud"), "protocoast-cluster-fedcloud"),
    "workload-project": (names.workload_project("protocoast", "fedcloud"), "protocoast-fedcloud"),
    "namespaces-project": (
        names.namespaces_project("protocoast", "fedcloud"),
        "protocoast-fedcloud-namespaces",
    ),
    "bootstrap-project": (
        names.bootstrap_project("protocoast", "fedcloud"),
        "protocoast-fedcloud-bootstrap",
    ),
    "environment-root": (
        names.environment_root("protocoast", "production"),
        "protocoast-production",
    ),
    "base": (names.base_application("protocoast", "jupyterhub"), "protocoast-jupyterhub"),
    "application": (
        names.application("protocoast", "dask-gateway", "production"),
        "protocoast-dask-gateway-production",
    ),
    "secret": (names.HUB_SECRET, "hub-secrets"),
    "annotation": (names.CONTENT_ANNOTATION, "hubops.io/content"),
    "label": (names.PART_OF_LABEL, "app.kubernetes.io/part-of"),
    "traefik": (names.traefik_service("dask-gateway"), "traefik-dask-gateway"),
    "traefik-of-another-release": (
        names.traefik_service("dask-gateway-staging"),
        "traefik-dask-gateway-staging",
    ),
    "traefik-of-a-free-release-name": (
        names.traefik_service("staging"),
        "traefik-staging-dask-gateway",
    ),
    "chart-cuts-at-63": (names.dask_fullname("a" * 60), f"{'a' * 60}-da"),
    "chart-drops-a-hyphen-at-its-end": (names.dask_fullname("a" * 62), "a" * 62),
}


@pytest.mark.parametrize(("name", "expected"), COMPOSED.values(), ids=COMPOSED)
def test_name_is_composed(name: str, expected: str) -> None:
    assert name == expected


def test_base_and_suffix_make_the_applications_name() -> None:
    base = names.base_application("protocoast", "namespace")
    assert f"{base}-production" == names.application("protocoast", "namespace", "production")


IS_LABEL = {
    **dict.fromkeys(("a", "0", "daskhub", "a-b", "a--b", "1e3", "a" * 63), True),
    **dict.fromkeys(("", "-a", "a-", "A", "a.b", "a_b", "a b"), False),
    **dict.fromkeys(("a" * 64, "a\n", "é", "\u0661"), False),
}


@pytest.mark.parametrize(("name", "accepted"), IS_LABEL.items(), ids=map(repr, IS_LABEL))
def test_what_kubernetes_takes_as_a_name(name: str, accepted: bool) -> None:
    assert names.is_label(name) is accepted


SLUGS = {
    "ProtoCoast - main": "protocoast-main",
    "R (4.4) & Julia!": "r-4-4-julia",
    "  a  ": "a",
    "---": "---",
    "日本": "日本",
    "Café": "Café",
}


@pytest.mark.parametrize(("name", "slug"), SLUGS.items(), ids=SLUGS)
def test_profile_without_a_slug_gets_one(name: str, slug: str) -> None:
    assert names.profile_slug(name) == slug


@given(LABELS, LABELS, st.sets(LABELS, min_size=2, max_size=5))
def test_no_two_environments_share_an_applications_name(
    site: str, cluster: str, environments: set[str]
) -> None:
    made = [names.application(site, app, one) for app in APPS for one in sorted(environments)]
    roots = [names.environment_root(site, one) for one in sorted(environments)]
    assert len({*roots}) == len(environments)
    # `<app>-x` beside `x` is the one way to collide, and a finding.
    if not any(one.startswith(APPS) for one in environments):
        assert len({*made, *roots}) == len(made) + len(roots)


@given(LABELS, LABELS)
def test_composed_names_are_labels_while_they_are_short_enough(site: str, other: str) -> None:
    composed = [
        names.cluster_root(site, other),
        names.bootstrap_project(site, other),
        names.namespaces_project(site, other),
        names.environment_root(site, other),
        *(names.application(site, app, other) for app in APPS),
    ]
    assert [name for name in composed if len(name) <= names.LABEL_LENGTH] == [
        name for name in composed if names.is_label(name)
    ]


@given(st.from_regex(r"[a-z]([a-z0-9-]{0,49}[a-z0-9])?", fullmatch=True))
def test_objects_of_any_release_name_stay_labels(release: str) -> None:
    assert names.is_label(names.dask_fullname(release))
