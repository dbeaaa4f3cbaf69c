"""Argo CD Applications as input, and the umbrella chart's values."""

import json
from typing import Any

import pytest

from generator.adopt.proposal import Proposal
from generator.diagnostics import GeneratorError, UsageError
from tests.support.imports import FACTS, HUB, asked, hub_with, left, proposed


def application(name: str = "hub", **source: Any) -> dict[str, Any]:
    """An Application with one source."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "gitops"},
        "spec": {
            "source": {
                "repoURL": "https://hub.jupyter.org/helm-chart/",
                "chart": "jupyterhub",
                "targetRevision": "4.2.0",
                **source,
            },
            "destination": {"name": "west", "namespace": "science"},
            "syncPolicy": {"automated": {"prune": True}},
        },
    }


def taken(*documents: Any, **more: Any) -> Proposal:
    """The proposal for a file of these documents, without a flag."""
    text = "---\n".join(f"{json.dumps(document)}\n" for document in documents)
    return proposed(FACTS.__class__(), applications=text, **more)


def test_application_tells_where_it_is_and_how_it_syncs() -> None:
    site = taken(application(helm={"valuesObject": HUB})).site
    assert site is not None
    [cluster], [environment] = site.clusters.values(), site.environments
    assert (cluster.registered_name, cluster.server) == ("west", None)
    assert (environment.namespace, site.name, site.argocd_namespace) == ("science", "hub", "gitops")
    sync = site.shared.sync
    assert (sync.automated, sync.prune, sync.self_heal) == (True, True, False)
    assert site.shared.charts["jupyterhub"].text == "4.2.0"


FORMS = {
    "text": {"values": json.dumps(HUB)},
    "object": {"valuesObject": HUB},
}


@pytest.mark.parametrize("form", ["text", "object"])
def test_values_as_text_and_as_object_give_the_same(form: str) -> None:
    proposal = taken(application(helm=FORMS[form]))
    assert proposal.site == taken(application(helm={"valuesObject": HUB})).site
    assert proposal.is_proven


def test_parameters_win_over_values() -> None:
    parameters = [
        {"name": "cull.timeout", "value": "600"},
        {"name": "cull.users", "value": "true"},
        {"name": "custom.a\\.b/c", "value": "7", "forceString": True},
        {"name": "custom.list[0]", "value": "x"},
    ]
    values = hub_with({"cull": {"timeout": 60}})
    proposal = taken(application(helm={"values": json.dumps(values), "parameters": parameters}))
    assert proposal.site is not None
    assert proposal.site.shared.hub is not None
    carried = proposal.site.shared.hub.values
    assert proposal.site.shared.at("jupyterhub.cull.idle") == "10m"
    assert carried["cull"] == {"users": True}
    assert proposal.site.shared.at("jupyterhub.custom") == {"a.b/c": "7"}
    assert left(proposal)["spec.source.helm.parameters.3"] == (
        "a parameter into a list, or without a name"
    )


def test_object_beside_text_wins_as_in_argo_cd() -> None:
    proposal = taken(application(helm={"valuesObject": HUB, "values": "debug: {enabled: true}"}))
    assert left(proposal) == {
        "spec.source.helm.values": "Argo CD reads valuesObject, which is beside it"
    }


def test_several_sources_and_several_applications() -> None:
    both = application()
    chart = both["spec"].pop("source")
    helm = {"valuesObject": HUB}
    both["spec"]["sources"] = [{**chart, "helm": helm}, {"repoURL": "https://x", "ref": "values"}]
    dask = application(
        "science-dask",
        repoURL="https://helm.dask.org",
        chart="dask-gateway",
        targetRevision="v2025.4.0",
    )
    proposal = taken(both, dask, {"kind": "ConfigMap"})
    assert proposal.site is not None
    assert proposal.site.shared.dask is not None
    assert proposal.site.shared.dask.release_name == "science-dask"
    assert proposal.pins == {"jupyterhub": "4.2.0", "dask-gateway": "2025.4.0"}
    assert {path: reason.split(":")[0] for path, reason in left(proposal).items()} == {
        "spec.sources.1": "the repository with the files of values; hubops needs none",
        "kind ConfigMap": "not an Application",
    }


def test_old_home_of_the_chart_is_kept_and_asked_about() -> None:
    old = "https://jupyterhub.github.io/helm-chart/"
    proposal = taken(application(repoURL=old, helm={"valuesObject": HUB}))
    assert proposal.site is not None
    assert proposal.site.shared.charts["jupyterhub"].repository == old
    assert "is the old repository of the chart" in asked(proposal)


def test_range_of_versions_is_asked_about() -> None:
    proposal = taken(application(targetRevision="4.x", helm={"valuesObject": HUB}))
    assert "'4.x' is not an exact version of jupyterhub" in asked(proposal)
    assert proposal.pins == {"jupyterhub": "4.4.0"}


def test_umbrella_chart_in_an_application() -> None:
    values = {"jupyterhub": HUB, "dask-gateway": {"gateway": {"loglevel": "DEBUG"}}}
    proposal = taken(
        application(chart="daskhub", targetRevision="2024.1.1", helm={"valuesObject": values})
    )
    assert proposal.pins == {"jupyterhub": "3.2.1", "dask-gateway": "2024.1.0"}
    assert proposal.is_proven


def test_umbrella_values() -> None:
    meta = {"rbac": {"enabled": True}, "jupyterhub": HUB, "dask-gateway": {}, "other": 1}
    proposal = proposed(meta=meta)
    assert sorted(left(proposal)) == ["other", "rbac"]
    assert proposal.site is not None
    assert proposal.site.shared.dask is not None


def test_application_of_a_folder_is_refused() -> None:
    with pytest.raises(GeneratorError, match="no Application of a packaged chart"):
        taken(application(chart=None, path="charts/nginx"))


def test_other_charts_alone_are_no_site() -> None:
    with pytest.raises(UsageError, match="only Applications of other charts were given"):
        taken(application(chart="nginx"))


def test_secrets_stand_over_an_applications_values() -> None:
    secret = {"hub": {"config": {"GitHubOAuthenticator": {"client_secret": "not-a-real-one"}}}}
    proposal = taken(application(helm={"valuesObject": HUB}), secrets=secret)
    assert [(one.key, one.place) for one in proposal.secrets] == [
        ("oauth.client_secret", "secrets.yaml:5")
    ]
