"""An environment's JupyterHub is too old for the database of the one in the Git base.

The hub upgrades its database when it starts, and a database only moves forward: an older hub that
does not know its revision stops with "Can't locate revision identified by", and no one can log in.
JupyterHub 5 (chart 4.0.0) changed the database of JupyterHub 4; the releases of each so far left it
alone, and between those you can go back. Where a chart is not known, its number alone counts. If
the version in the base is not known, it may be one that does not exist and never ran: that is a
warning, with the commands that show whether it ran.

To go back, put a copy from before the upgrade in place: the one that the hub left beside the
database when it upgraded it (`jupyterhub.sqlite.<time>`), or a backup. Then say that this is
intentional: `# hubops: ignore[C308] reason`. The base is where the branch left the one that Argo CD
follows. `hubops diff` and `hubops bump` judge the same way.

Bad:
    charts: {jupyterhub: {version: 3.3.8}, dask-gateway: {version: 2024.1.0}}
Good:
    charts: {jupyterhub: {version: 4.1.0}, dask-gateway: {version: 2024.1.0}}

See https://jupyterhub.readthedocs.io/en/stable/howto/upgrading.html
"""

from generator.lint import history
from generator.lint.rules.base import Findings, Surroundings, errors, has_base
from generator.site.model import Site

finding = errors("C308")
can_judge = has_base


def check(site: Site, around: Surroundings) -> Findings:
    """A finding at each such version."""
    return history.findings(site, around.base, history.hub_went_back)
