"""Argo CD is not at the commit that Git has.

The followed branch has newer commits, as far as this clone knows. Argo CD asks Git every few
minutes; a webhook makes it faster. Run `git fetch` first: doctor compares with what was fetched.
"""

from generator.doctor.checks.base import INFO, WARNING, Diagnoses, count
from generator.doctor.look import CLUSTER_ROOT, ROOT, Look
from generator.doctor.reading import text

CODE = "D114"


def check(look: Look) -> Diagnoses:
    """One for each Application that reads Git."""
    followed = look.snapshot.followed
    for app in look.apps:
        live = text(app.live, "status.sync.revision")
        if app.chart or not live or not followed or live == followed:
            continue
        behind = look.snapshot.behind.get(live, -1)
        if behind == 0:
            continue
        if behind < 0:
            message = f"'{app.name}' is at {live[:10]}, which this clone does not have"
            severity, help, commands = INFO, "fetch, and ask again", ("git fetch",)
        else:
            message = (
                f"'{app.name}' is at {live[:10]}; Git has {followed[:10]}, "
                f"{count(behind, 'commit')} newer"
            )
            severity, help = WARNING, "wait three minutes, or refresh it"
            commands = (f"argocd app get {app.name} --refresh",)
        above = {ROOT: (CLUSTER_ROOT,), "namespace": (ROOT, CLUSTER_ROOT)}.get(app.role, ())
        yield app.found(
            CODE,
            severity,
            message,
            help,
            commands=commands,
            about=f"commit of {app.role}",
            follows=(*(f"commit of {one}" for one in above), "argocd", app.role),
            at=("repository", "revision"),
        )
