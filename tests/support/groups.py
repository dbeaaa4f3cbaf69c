"""Which files' tests one process runs, because what they share is costly to make or to start.

pytest 9.2 lets `xdist_group` marks go unheard: pytest-xdist 3.8 writes a name that is not read.
"""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

_GROUPS = {
    "architecture": ("project/test_architecture.py",),
    "Chromium": ("change/test_review_html.py",),
    "copies of the program": ("project/test_recipes.py",),
    "objects": ("build/test_schemas.py",),
    "partial sites": ("lint/test_rules_never_raise.py",),
    "real servers": (
        "charts/test_check_in.py",
        "charts/test_dask_clusters.py",
        "charts/test_dask_gateway_server.py",
        "charts/test_dask_sizes.py",
        "charts/test_homes_of_running_servers.py",
        "charts/test_hub_config_file.py",
        "charts/test_hub_roles.py",
        "charts/test_hub_secrets.py",
        "charts/test_jupyterhub_login.py",
        "charts/test_profiles.py",
        "proof/test_user_pods.py",
    ),
    "schema edits": ("change/test_schema_edits.py",),
    "shared parts": ("lint/test_shared_parts.py",),
    "subjects": ("lint/test_subjects.py",),
    "values": ("lint/test_values_rules.py",),
}
GROUP_OF = {f"tests/{file}": group for group, files in _GROUPS.items() for file in files}


class Grouped(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out groups as a whole, and all other tests one by one."""

    def _split_scope(self, nodeid: str) -> str:
        return GROUP_OF.get(nodeid.partition("::")[0], nodeid)
