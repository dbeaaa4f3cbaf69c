"""What a person must do for a whole change: one list, each step once."""

import pytest

from generator.change.plan import Commands, Owner, PlanStep, plan, where
from generator.lint.consequences import Act, When, after, before
from generator.records import replace
from generator.site.model import Cluster
from tests.support.sites import protocoast

CLUSTERS = protocoast().clusters


def owner(name: str, *acts: Act, cluster: str = "fedcloud") -> Owner:
    """An environment with what must be done for it."""
    return Owner(name=name, cluster=cluster, acts=acts)


def purposes(*owners: Owner) -> list[str]:
    """The steps of a plan, in order."""
    return [step.purpose for step in plan(owners, CLUSTERS)]


def test_the_same_step_is_said_once_with_a_command_for_each() -> None:
    both = (
        owner("production", before("seal", "hubops seal production")),
        owner("staging", before("seal", "hubops seal staging"), cluster="fedcloud-staging"),
    )
    lines = ("hubops seal production", "hubops seal staging")
    assert plan(both, CLUSTERS) == (
        PlanStep(
            when=When.BEFORE,
            purpose="seal",
            names=("production", "staging"),
            commands=(Commands(where="", lines=lines),),
            deletes=False,
        ),
    )


def test_commands_of_two_clusters_say_their_contexts() -> None:
    copy = before("copy", "kubectl -n hub cp a b")
    (step,) = plan(
        (owner("production", copy), owner("staging", copy, cluster="fedcloud-staging")), CLUSTERS
    )
    assert [one.where for one in step.commands] == [
        "with kubectl's context on fedcloud",
        "with kubectl's context on fedcloud-staging",
    ]


def test_a_command_that_two_acts_give_is_listed_once() -> None:
    seal = "hubops seal production"
    assert purposes(owner("production", before("seal a", seal), before("seal b", seal))) == [
        "seal a"
    ]


def test_a_step_that_differs_in_the_host_alone_is_said_once() -> None:
    hosts = {"production": "hub.example.org", "staging": "staging.hub.example.org"}
    owners = [
        Owner(
            name=name, cluster="fedcloud", acts=(before(f"register https://{host}/a"),), host=host
        )
        for name, host in hosts.items()
    ]
    assert purposes(*owners[:1]) == ["register https://hub.example.org/a"]
    assert purposes(*owners) == [
        "register https://HOST/a (HOST is hub.example.org, staging.hub.example.org)"
    ]


def test_before_the_merge_comes_first() -> None:
    assert purposes(owner("production", after("look"), before("copy"))) == ["copy", "look"]


def test_each_environment_keeps_its_order() -> None:
    acts = {name: after(name) for name in "abcd"}
    first = owner("production", acts["a"], acts["c"], acts["d"])
    second = owner("staging", acts["b"], acts["c"], acts["b"])
    assert purposes(first, second) == ["a", "b", "c", "d"]


def test_what_deletes_is_a_step_of_its_own() -> None:
    acts = (after("clean up", "kubectl get pvc"), after("clean up", "kubectl delete pvc a"))
    assert [step.deletes for step in plan((owner("production", *acts),), CLUSTERS)] == [False, True]


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("kubectl get pods", "with kubectl's context on fedcloud-staging"),
        ("kubectl delete application a", "with kubectl's context on the cluster of "),
        ("kubectl apply -k clusters/a/bootstrap", "with kubectl's context on the cluster of "),
        ("argocd app sync a", "logged in to the Argo CD of fedcloud-staging"),
        ("hubops seal staging", ""),
    ],
)
def test_where_a_command_runs(command: str, place: str) -> None:
    assert where(command, remote()).startswith(place)
    assert bool(where(command, remote())) == bool(place)


def remote() -> Cluster:
    """A cluster whose Argo CD runs elsewhere."""
    return replace(CLUSTERS["fedcloud-staging"], server="https://staging.example.org")
