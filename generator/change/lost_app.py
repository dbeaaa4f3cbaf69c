"""What stays in a cluster when a further chart is removed, and how to delete it. Pure."""

from generator.lint.consequences import Act, Consequence, Weight, after, before
from generator.records import replace


def lost_app(name: str, cluster: str, namespace: str, folder: str = "") -> Consequence:
    """What an app leaves behind that is removed; `namespace` is empty where that is not its own.

    `folder` is the Application that brought its namespace and secrets. After the merge its
    AppProject no longer allows what it deployed, and what that does not allow Argo CD does not
    delete (controller/appcontroller.go, getPermittedAppLiveObjects), nor any definition of a kind.
    """
    listed = f"{name}.yaml"
    acts = [
        replace(
            before(
                "before the merge, write down what it deployed: after it Argo CD may no longer "
                "delete that",
                f"argocd app manifests {name} --source live > {listed}",
            ),
            cluster=cluster,
        ),
        *lost_applications(tuple(filter(None, (name, folder))), cluster),
        after(
            "delete what it deployed when nothing needs it; first take out of the list what must "
            "stay, such as definitions: with one goes every object of its kind",
            f"kubectl delete -f {listed}",
            cluster,
        ),
    ]
    if namespace:
        acts.append(
            after(
                f"delete its namespace in {cluster} when no one needs what is in it",
                f"kubectl delete namespace {namespace}",
                cluster,
            )
        )
    return Weight.CUT.of("removed; it runs on, without updates, until you delete it", *acts)


def lost_applications(applications: tuple[str, ...], cluster: str) -> tuple[Act, ...]:
    """How to delete Applications that are removed, and nothing of what they deployed."""
    return (
        after(
            f"delete its Applications where the Argo CD of {cluster} runs (the pods keep running)",
            f"argocd app delete {' '.join(applications)} --cascade=false",
            cluster,
        ),
    )
