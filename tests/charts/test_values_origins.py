"""Each chart value is traced to the setting that it follows from."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.charts.origins import origin
from generator.cli import values as command
from generator.proof.checks.base import leaves
from generator.site.model import Environment, Site
from tests.support import copies, variants
from tests.support.releases import chart_values
from tests.support.sites import load_text

Pointer = tuple[str | int, ...]
SITES = {name: change for name, change in variants.VARIANTS.items() if name != "least"}
# Values that show up with a section and say nothing of what stands in it.
_HASHES = ("hub", "annotations"), ("gateway", "annotations")


def production(site: Site) -> Environment:
    return next(env for env in site.environments if env.name == "production")


def changed_settings(raw: Any) -> Iterator[tuple[Pointer, Any]]:
    """The site with each text and number that can be changed freely, changed."""
    free = {
        *("authorizeUrl", "tokenUrl", "userdataUrl", "usernameClaim", "loginService", "host"),
        *("description", "storageClass", "clusterIssuer", "className", "capacity", "storage"),
        *("slug", "name", "image", "groupsClaim", "namespace"),
    }
    for at, value in leaves(raw):
        is_section = at[0] in ("jupyterhub", "daskGateway", "clusters", "environments")
        if is_section and at[-1] in free and isinstance(value, str) and "values" not in at:
            changed = copy.deepcopy(raw)
            node = changed
            for step in at[:-1]:
                node = node[step]
            node[at[-1]] = another(str(at[-1]), value)
            yield at, changed


def another(key: str, value: str) -> str:
    if key in ("capacity", "storage"):
        return "77Gi"
    if key == "image":
        return "quay.io/other/image:other"
    return f"{value}x" if "://" not in value else f"{value}/x"


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("app", ["jupyterhub", "dask-gateway"])
def test_what_a_setting_changes_has_its_origin_there(name: str, app: str) -> None:
    site = variants.pinned("4.4.0", "2026.3.0", SITES[name])
    if app == "dask-gateway" and site.shared.dask is None:
        return
    raw = json.loads(json.dumps(copies.data(text_of(name))))
    before = dict(leaves(chart_values(site, "production", app)))
    traced = 0
    for at, changed in changed_settings(raw):
        loaded = load_text(json.dumps(changed))
        if loaded.site is None:
            continue
        after = dict(leaves(chart_values(loaded.site, "production", app)))
        for path in (path for path in before if after.get(path) != before[path]):
            if path[:2] in _HASHES:
                continue
            found = origin(production(site), app, path)
            assert found is not None, (at, path)
            assert at[: len(found)] == found or found[: len(at)] == at or shared(at, found), (
                at,
                path,
            )
            traced += 1
    assert traced > 0


def shared(at: Pointer, found: Pointer) -> bool:
    """Settings that come to one value: a profile and the worker's image, a name of two parts."""
    return {at[-1], found[-1]} <= {"image", "profiles", "namespace", "daskGateway"} or (
        at[-1] == "image" and found == ("daskGateway", "worker")
    )


def text_of(name: str) -> bytes:
    from generator.merge import merge
    from tests.support.sites import PROTOCOAST

    pins = {"charts": {"jupyterhub": {"version": "4.4.0"}, "dask-gateway": {"version": "2026.3.0"}}}
    raw = merge(merge(copies.data(PROTOCOAST.read_bytes()), pins), SITES[name])
    return json.dumps(raw).encode()


def printed(root: Path, *arguments: str, origins: bool) -> copies.Run:
    return copies.running(
        lambda terminal: command.run(root / "site.yaml", terminal, *arguments, origins=origins)
    )


def test_values_are_what_the_chart_gets(protocoast_folder: Path) -> None:
    run = printed(protocoast_folder, "staging", "jupyterhub", origins=False)
    site = load_text((protocoast_folder / "site.yaml").read_text()).site
    assert site is not None
    assert copies.data(run.out.encode()) == chart_values(site, "staging", "jupyterhub")


def test_origin_is_the_line_that_says_it(protocoast_folder: Path) -> None:
    run = printed(protocoast_folder, "staging", "jupyterhub", origins=True)
    lines = dict(line.split("  # ") for line in run.out.splitlines())
    text = (protocoast_folder / "site.yaml").read_text().splitlines()
    memory = lines['singleuser.memory.limit: "2G"']
    assert memory.endswith(" environments.staging.jupyterhub.servers.memory.limit")
    assert "limit: 2Gi" in text[int(memory.split(":")[1]) - 1]
    assert lines["prePuller.hook.enabled: false"] == "set by hubops"


def test_origin_of_a_default_says_so(tmp_path: Path) -> None:
    raw = copies.one_hub()
    del raw["jupyterhub"]["home"]
    copies.write_site(tmp_path, raw)
    run = printed(tmp_path, "production", "jupyterhub", origins=True)
    [line] = [one for one in run.out.splitlines() if one.startswith("singleuser.storage.capacity")]
    assert line.endswith("jupyterhub.home.capacity (default)")


def test_origin_of_a_raw_value_is_its_own_line(tmp_path: Path) -> None:
    raw = copies.one_hub()
    raw["jupyterhub"]["values"] = {"cull": {"timeout": 7200}}
    copies.write_site(tmp_path, raw)
    run = printed(tmp_path, "production", "jupyterhub", origins=True)
    [line] = [one for one in run.out.splitlines() if one.startswith("cull.timeout: 7200")]
    assert line.endswith("jupyterhub.values.cull.timeout")


@pytest.mark.parametrize("asked", [("prodction", "jupyterhub"), ("production", "jupyterhb")])
def test_unknown_name_is_said_with_the_nearest(
    protocoast_folder: Path, asked: tuple[str, str]
) -> None:
    run = printed(protocoast_folder, *asked, origins=False)
    assert run.code == 2
    assert run.help.startswith("did you mean")


def test_a_secret_of_the_sites_own_is_the_origin_of_what_hands_it_on() -> None:
    raw = copies.one_hub()
    raw["secrets"] = {
        "mail": {"keys": ["SMTP"], "usedBy": {"hub": "environment", "servers": "environment"}},
        "ocean": {"keys": ["ID"], "usedBy": {"servers": {"mount": "/etc/ocean"}}},
    }
    loaded = load_text(json.dumps(raw))
    assert loaded.site is not None
    environment = production(loaded.site)
    places: dict[Pointer, Pointer] = {
        ("hub", "extraEnv", "SMTP", "valueFrom", "secretKeyRef", "name"): ("secrets", "mail"),
        ("singleuser", "extraEnv", "SMTP"): ("secrets", "mail"),
        ("singleuser", "storage", "extraVolumes", 0, "name"): ("secrets", "ocean"),
        ("singleuser", "storage", "extraVolumeMounts", 0, "mountPath"): ("secrets", "ocean"),
    }
    assert {path: origin(environment, "jupyterhub", path) for path in places} == places
    login = origin(environment, "jupyterhub", ("hub", "extraEnv", "OAUTH_CLIENT_ID"))
    assert login == ("jupyterhub", "authentication", "provider")
