"""All users would have one home.

In a shared volume the path of the home tells users apart: it needs one of KubeSpawner's names in
braces, such as `{username}`. Without one every user's server has the same folder: each reads,
changes and deletes what the others save.

Bad:
    jupyterhub:
      home: {shared: {claim: home-nfs, path: homes}}
Good:
    jupyterhub:
      home: {shared: {claim: home-nfs, path: "homes/{username}"}}

See https://z2jh.jupyter.org/en/stable/jupyterhub/customizing/user-storage.html
"""

from generator.lint.rules.base import Findings, errors, hubs
from generator.site.model import Site

finding = errors("L412")


def check(site: Site) -> Findings:
    """A finding at each such path."""
    for settings, _, _ in hubs(site):
        path = settings.at("jupyterhub.home.shared.path")
        if path is not None and "{" not in path.replace("{{", ""):
            yield finding(
                settings.origin.at("jupyterhub", "home", "shared", "path"),
                f"the path '{path}' is the same for every user, so all have one home",
                "write a name of KubeSpawner's into it, for example  {username}",
            )
