"""Python of the hub that sets what site.yaml says: named once, with the key to write."""

from typing import Any

import pytest

from generator.diagnostics import Severity
from generator.io.resources import known_versions, site_schema
from generator.lint.load import load
from tests.support.copies import protocoast
from tests.support.imports import hub_with, proposed
from tests.support.random_sites import as_text

PROFILES = "'jupyterhub.servers.profiles'"
SERVICES = "'jupyterhub.services'"


def found(code: Any, *, more: Any = None) -> dict[str, list[str]]:
    """The warnings and errors of a site with this Python: code -> message and help."""
    site: dict[str, Any] = protocoast()
    site["jupyterhub"] |= {"values": {"hub": {"extraConfig": code}}, **(more or {})}
    report = load(as_text(site).encode(), "site.yaml", site_schema(), known_versions()).report
    said: dict[str, list[str]] = {}
    for one in report.diagnostics:
        if one.code in ("C313", "C319", "C320", "C321", "C322", "C324"):
            assert one.severity is not Severity.INFO
            said.setdefault(one.code, []).append(f"{one.message}; {one.help}")
    return said


NAMED = {
    "profiles": ("c.KubeSpawner.profile_list = []", PROFILES),
    "profiles-of-the-base-class": ("c.Spawner.profile_list = profiles()", PROFILES),
    "profiles-added": ("c.KubeSpawner.profile_list += [{'display_name': 'a'}]", PROFILES),
    "profiles-appended": ("c.KubeSpawner.profile_list.append({})", PROFILES),
    "in-brackets": ("c['KubeSpawner']['profile_list'] = []", PROFILES),
    "two-targets": ("lists = c.KubeSpawner.profile_list = []", PROFILES),
    "services": ("c.JupyterHub.services = []", SERVICES),
    "services-appended": ("c.JupyterHub.services.append({'name': 'grader'})", SERVICES),
    "services-added": ("c.JupyterHub.services += [{'name': 'grader'}]", SERVICES),
    "services-extended": ("c.JupyterHub.services.extend(more)", SERVICES),
    "roles": ("c.JupyterHub.load_roles = []", "'jupyterhub.roles'"),
    "spawner": ("c.JupyterHub.spawner_class = 'wrapspawner.ProfilesSpawner'", "KubeSpawner"),
    "size": ("c.KubeSpawner.mem_limit = '4G'", "'jupyterhub.servers.memory.limit'"),
    "scopes": (
        "c.GenericOAuthenticator.scope = ['openid']",
        "'jupyterhub.authentication.scopes'",
    ),
    "address": ("c.JupyterHub.base_url = '/hub/'", "hubops' own"),
}


@pytest.mark.parametrize("name", NAMED)
def test_what_site_yaml_says_is_named_with_its_key(name: str) -> None:
    code, words = NAMED[name]
    said = found({"ours": code})
    assert said.keys() == {"C324"}
    assert words in said["C324"][0]


# What another rule names, by its code.
OTHERS = {
    "c.JupyterHub.authenticator_class = 'ours'": "C321",
    "c.JupyterHub.authenticator_class = 'dummy'": "C322",
    "c.JupyterHub.spawner_class = 'simple'": "C321",
    "c.GenericOAuthenticator.client_id = 'a'": "C321",
    "c.Authenticator.admin_users = {'eve'}": "C321",
    "c.KubeSpawner.profile_list = (": "C319",
}


@pytest.mark.parametrize("code", OTHERS)
def test_what_another_rule_names_is_said_once(code: str) -> None:
    assert found({"ours": code}).keys() == {OTHERS[code]}


FREE = (
    "c.KubeSpawner.http_timeout = 60",
    "c.KubeSpawner.start_timeout = 60",
    "c.Authenticator.admin_users.add('eve')",
    "c.JupyterHub.spawner_class = 'kubespawner.KubeSpawner'",
    "c.JupyterHub.tornado_settings = {'a': 1}",
    "# c.JupyterHub.services = []",
    "profiles = c.KubeSpawner.profile_list",
    "print(c.JupyterHub.services)",
    "other.KubeSpawner.profile_list = []",
    "def later(c):\n    c.KubeSpawner.profile_list = []",
    "c.KubeSpawner.profile_list.sort()",
    "c.x = " + "-" * 3000 + "1",
)


@pytest.mark.parametrize("code", FREE)
def test_what_site_yaml_does_not_say_is_free(code: str) -> None:
    assert "C324" not in found({"ours": code})


def test_each_trait_is_named_once_with_its_line() -> None:
    code = "import os\nc.KubeSpawner.profile_list = []\nc.KubeSpawner.profile_list += [1]\n"
    (one,) = found({"ours": code})["C324"]
    assert "in its line 2" in one


def test_hubops_own_python_is_not_judged() -> None:
    profile = {"name": "Coast", "image": "a/b:1", "groups": ["staff"], "default": True}
    assert found({}, more={"servers": {"profiles": [profile]}}) == {}


def test_an_import_carries_such_python_and_has_no_error() -> None:
    code = "c.KubeSpawner.profile_list = lambda spawner: []\nc.JupyterHub.services.append({})\n"
    proposal = proposed(jupyterhub=hub_with({"hub": {"extraConfig": {"ours": code}}}))
    assert "c.JupyterHub.services.append" in proposal.text
    assert proposal.site is not None
