"""Plain data -> Site: defaults, overrides, and what is left where something was refused."""

from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import Pointer
from generator.io.resources import known_versions
from generator.site import parse
from generator.site.app import ChartPin
from generator.site.hub import Allow, Authentication, Bounds, Hub
from generator.site.model import (
    ChartSettings,
    Cluster,
    DaskGateway,
    Environment,
    Ingress,
    Limits,
    Option,
    Repository,
    Settings,
    Sync,
)
from generator.site.origin import Origin
from generator.site.profiles import Profile
from generator.versions import Version
from tests.support.sites import PROTOCOAST

Raw = dict[str, Any]

LEAST: Raw = {
    "schemaVersion": 1,
    "site": "reef",
    "repository": {"url": "https://git.example.org/reef.git"},
    "argocd": {"version": "3.1"},
    "charts": {"jupyterhub": {"version": "4.2.0"}},
    "clusters": {
        "main": {
            "name": "reef",
            "kubernetes": "1.31",
            "storageClass": "ssd",
            "ingress": {"className": "nginx"},
        }
    },
    "environments": {
        "production": {"cluster": "main", "namespace": "hub", "host": "hub.example.org"}
    },
    "jupyterhub": {
        "authentication": {"provider": "github", "organizations": ["reef"]},
        "servers": {"profiles": [{"name": "Python", "image": "a/b:1"}]},
    },
}


def _with(**changes: Any) -> Raw:
    return {**deepcopy(LEAST), **changes}


def test_what_is_left_out_gets_its_default() -> None:
    site = parse.site(LEAST, known_versions())
    keys = {
        "jupyterhub.authentication": {"provider": "github", "organizations": ["reef"]},
        "jupyterhub.authentication.provider": "github",
        "jupyterhub.authentication.organizations": ("reef",),
        "jupyterhub.servers": {"profiles": [{"name": "Python", "image": "a/b:1"}]},
        "jupyterhub.servers.profiles": ({"name": "Python", "image": "a/b:1"},),
        "jupyterhub.authentication.usernameClaim": "preferred_username",
        "jupyterhub.database.storage": "1Gi",
        "jupyterhub.home.capacity": "10Gi",
        "jupyterhub.nodePools.users.packing": False,
    }
    settings = Settings(
        charts={"jupyterhub": ChartPin(name="jupyterhub", text="4.2.0", version=_v("4.2.0"))},
        sync=Sync(automated=True, prune=True, self_heal=True),
        hub=Hub(
            authentication=Authentication(
                provider="github",
                username_claim="preferred_username",
                organizations=("reef",),
                allow=Allow(),
            ),
            database_storage="1Gi",
            home_capacity="10Gi",
            cpu=Bounds(),
            memory=Bounds(),
            ephemeral_storage=Bounds(),
            servers={
                "profiles": ({"name": "Python", "image": "a/b:1"},),
            },
            profiles=(Profile(name="Python", keys={"image": "a/b:1"}),),
            values={},
        ),
        dask=None,
        origin=Origin(),
        sections={
            "jupyterhub": ChartSettings(
                keys=keys, values={}, said=site.shared.sections["jupyterhub"].said
            )
        },
        keys=keys,
    )
    assert (site.name, site.argocd, site.argocd_namespace) == ("reef", _v("3.1"), "argocd")
    assert site.repository == Repository(
        url="https://git.example.org/reef.git", revision="refs/heads/main"
    )
    assert site.clusters == {
        "main": Cluster(
            name="main",
            server=None,
            registered_name="reef",
            kubernetes=_v("1.31"),
            storage_class="ssd",
            ingress=Ingress(class_name="nginx", cluster_issuer=None, as_annotation=False),
            gateway=None,
            sealing_certificate=None,
            argocd=_v("3.1"),
            argocd_at=("argocd", "version"),
            at=("clusters", "main"),
        )
    }
    assert site.shared == settings
    assert site.environments == (
        Environment(
            name="production",
            cluster="main",
            namespace="hub",
            host="hub.example.org",
            require_sealed=False,
            testing=False,
            sealing_scope="strict",
            settings=settings,
            at=("environments", "production"),
        ),
    )


def _v(text: str) -> Version:
    return Version.parse(text)


def test_defaults_of_the_schema_are_those_of_the_parser() -> None:
    from generator.io.resources import site_schema

    definitions = site_schema()["$defs"]
    hub = definitions["jupyterhub"]["properties"]
    login = definitions["authentication"]["properties"]
    dask = definitions["daskGateway"]["properties"]
    defaults = {
        "database": hub["database"]["properties"]["storage"]["default"],
        "home": hub["home"]["properties"]["capacity"]["default"],
        "claim": login["usernameClaim"]["default"],
        "scopes": tuple(login["scopes"]["default"]),
        "release": dask["releaseName"]["default"],
        "crds": dask["installCRDs"]["default"],
        "sync": {key: part["default"] for key, part in definitions["sync"]["properties"].items()},
    }
    login_data = {"provider": "generic-oauth"}
    raw = _with(jupyterhub={**LEAST["jupyterhub"], "authentication": login_data}, daskGateway={})
    parsed = parse.site(raw, known_versions()).shared
    assert parsed.hub is not None
    assert parsed.hub.authentication is not None
    assert parsed.dask is not None
    assert defaults == {
        "database": parsed.hub.database_storage,
        "home": parsed.hub.home_capacity,
        "claim": parsed.hub.authentication.username_claim,
        "scopes": parsed.hub.authentication.scopes,
        "release": parsed.dask.release_name,
        "crds": parsed.dask.install_crds,
        "sync": {
            "automated": parsed.sync.automated,
            "prune": parsed.sync.prune,
            "selfHeal": parsed.sync.self_heal,
        },
    }


REVISIONS = {
    "main": "refs/heads/main",
    "release/2026": "refs/heads/release/2026",
    "refs/heads/main": "refs/heads/main",
    "refs/tags/v4": "refs/tags/v4",
    "HEAD": "HEAD",
    "0123456789abcdef0123456789abcdef01234567": "0123456789abcdef0123456789abcdef01234567",
    "0123456789abcdef0123456789abcdef0123456": "refs/heads/0123456789abcdef0123456789abcdef0123456",
    "v1.2": "refs/heads/v1.2",
}


@pytest.mark.parametrize(("written", "full"), REVISIONS.items(), ids=REVISIONS)
def test_a_branch_becomes_a_full_ref(written: str, full: str) -> None:
    raw = _with(repository={"url": "https://a/b", "revision": written})
    assert parse.site(raw, known_versions()).repository.revision == full


PINS = {
    "4.2.0": True,
    "2022.6.1": True,
    "4.2.0-alpha.1": True,
    "4.2.0-0.dev.git.1": True,
    **dict.fromkeys(("4.2", "4", "v4.2.0", "4.x.0", "^4.2.0", ">=4.2.0", "latest"), False),
    **dict.fromkeys(("4.2.0+b1", "04.2.0", "4.2.0.1", "4.2.0 ", "4.2.0-", "*"), False),
    "\u0664.\u0662.\u0660": False,
}


@pytest.mark.parametrize(("text", "exact"), PINS.items(), ids=PINS)
def test_only_an_exact_version_is_a_version(text: str, exact: bool) -> None:
    pin = parse.site(
        _with(charts={"jupyterhub": {"version": text}}), known_versions()
    ).shared.charts["jupyterhub"]
    assert pin == ChartPin(
        name="jupyterhub", text=text, version=Version.parse(text) if exact else None
    )


def test_clusters_may_have_their_own_argo_cd() -> None:
    main = LEAST["clusters"]["main"]
    raw = _with(clusters={"main": main, "old": {**main, "argocd": {"version": "2.14"}}})
    versions = {
        name: cluster.argocd.text
        for name, cluster in parse.site(raw, known_versions()).clusters.items()
    }
    assert versions == {"main": "3.1", "old": "2.14"}


OPTIONS = {
    "whole": ({"default": 2, "min": 1, "max": 4}, Option(default=2, min=1, max=4)),
    "default-only": ({"default": "500m"}, Option(default="500m", min="500m", max="500m")),
    "open-end": ({"default": 2, "min": 1}, Option(default=2, min=1, max=2)),
    "without-default": ({"min": 1}, None),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("raw", "option"), OPTIONS.values(), ids=OPTIONS)
def test_range_of_an_option(raw: Raw, option: Option | None) -> None:
    dask = parse.site(_with(daskGateway={"worker": {"cores": raw}}), known_versions()).shared.dask
    assert dask == DaskGateway(
        release_name="dask-gateway",
        install_crds=True,
        limits=None,
        idle_timeout=None,
        worker_cores=option,
        worker_memory=None,
        worker_image=None,
        values={},
    )


def test_limits_count_only_when_they_are_complete() -> None:
    whole = {"cores": 4, "memory": "24Gi", "workers": 3}
    dask = parse.site(_with(daskGateway={"limits": whole}), known_versions()).shared.dask
    assert dask is not None
    assert dask.limits == Limits(cores=4, memory="24Gi", workers=3)
    for key in whole:
        part = {other: value for other, value in whole.items() if other != key}
        dask = parse.site(_with(daskGateway={"limits": part}), known_versions()).shared.dask
        assert dask is not None
        assert dask.limits is None


# Overrides of ProtoCoast's staging environment, and what then differs from the shared part.
def _staging(**overrides: Any) -> Environment:
    raw: Raw = yaml.safe_load(PROTOCOAST.read_text())
    environment = {key: raw["environments"]["staging"][key] for key in ("cluster", "namespace")}
    raw["environments"] = {"staging": {**environment, "host": "a.b", **overrides}}
    return parse.site(raw, known_versions()).environments[0]


def test_maps_merge_and_lists_replace() -> None:
    hub = _staging(
        jupyterhub={
            "home": {"capacity": "1Gi"},
            "servers": {
                "memory": {"limit": "3Gi"},
                "profiles": [{"name": "One", "image": "a:1"}],
            },
        }
    ).settings.hub
    assert hub is not None
    assert (hub.home_capacity, hub.database_storage) == ("1Gi", "1Gi")
    assert hub.memory == Bounds(guarantee="5Gi", limit="3Gi")
    assert hub.cpu == Bounds(guarantee=1, limit=2)
    assert hub.profiles == (Profile(name="One", keys={"image": "a:1"}),)


def test_null_removes() -> None:
    settings = _staging(
        jupyterhub={"servers": {"cpu": None, "memory": {"limit": None}}},
        daskGateway=None,
        sync={"prune": None},
    ).settings
    assert settings.hub is not None
    assert settings.hub.cpu == Bounds()
    assert settings.hub.memory == Bounds(guarantee="5Gi")
    assert settings.dask is None
    assert settings.sync == Sync()


def test_another_provider_inherits_nothing_of_the_shared_login() -> None:
    hub = _staging(jupyterhub={"authentication": {"provider": "dummy"}}).settings.hub
    assert hub is not None
    assert hub.authentication == Authentication(
        provider="dummy", username_claim="preferred_username", allow=Allow(everyone=True)
    )


def test_another_provider_does_not_inherit_scopes_that_mean_something_else() -> None:
    login = {"provider": "github", "organizations": ["reef"]}
    hub = _staging(jupyterhub={"authentication": login}).settings.hub
    assert hub is not None
    assert hub.authentication is not None
    assert hub.authentication.scopes == ()


def test_the_same_provider_inherits_the_rest() -> None:
    written = {"provider": "generic-oauth", "scopes": ["openid"], "admins": ["anna"]}
    hub = _staging(jupyterhub={"authentication": written}).settings.hub
    assert hub is not None
    assert hub.authentication is not None
    assert hub.authentication.scopes == ("openid",)
    assert hub.authentication.admins == ("anna",)
    assert hub.authentication.login_service == "EGI Check-In"


def test_what_the_environment_writes_for_its_provider_stays() -> None:
    written = {"provider": "github", "organizations": ["reef"], "scopes": ["read:org"]}
    hub = _staging(jupyterhub={"authentication": written}).settings.hub
    assert hub is not None
    assert hub.authentication is not None
    assert hub.authentication.authorize_url is None
    assert hub.authentication.scopes == ("read:org",)


def test_an_environment_without_overrides_shares_the_sites_settings() -> None:
    raw: Raw = yaml.safe_load(PROTOCOAST.read_text())
    site = parse.site(raw, known_versions())
    production, staging = site.environments
    assert production.settings is site.shared
    assert staging.settings is not site.shared
    assert [len(group) for _, group in site.variants] == [1, 1]


PLACES: dict[str, tuple[Pointer, Pointer]] = {
    "overridden": (
        ("jupyterhub", "servers", "memory", "limit"),
        ("environments", "staging", "jupyterhub", "servers", "memory", "limit"),
    ),
    "shared": (("jupyterhub", "home", "capacity"), ("jupyterhub", "home", "capacity")),
    "shared-beside-overridden": (
        ("jupyterhub", "servers", "cpu", "limit"),
        ("jupyterhub", "servers", "cpu", "limit"),
    ),
    "nowhere": (
        ("jupyterhub", "servers", "memory", "other"),
        ("environments", "staging", "jupyterhub", "servers", "memory", "other"),
    ),
    "in-a-replaced-list": (
        ("jupyterhub", "servers", "profiles", 0, "image"),
        ("environments", "staging", "jupyterhub", "servers", "profiles", 0, "image"),
    ),
    "another-section": (("daskGateway", "limits"), ("daskGateway", "limits")),
}


@pytest.mark.parametrize(("path", "place"), PLACES.values(), ids=PLACES)
def test_a_setting_stands_where_it_was_written(path: Pointer, place: Pointer) -> None:
    overrides = {"servers": {"memory": {"limit": "3Gi"}, "profiles": [{"image": "a:1"}]}}
    assert _staging(jupyterhub=overrides).settings.origin.at(*path) == place


WITHOUT: dict[str, tuple[Any, list[Pointer], Any]] = {
    "nothing": ({"a": 1}, [], {"a": 1}),
    "key": ({"a": 1, "b": 2}, [("a",)], {"b": 2}),
    "deep": ({"a": {"b": 1, "c": 2}}, [("a", "b")], {"a": {"c": 2}}),
    "entry-leaves-a-gap": ({"a": [1, 2, 3]}, [("a", 1)], {"a": [1, None, 3]}),
    "in-an-entry": ({"a": [{"b": 1}]}, [("a", 0, "b")], {"a": [{}]}),
    "absent": ({"a": 1}, [("b", "c")], {"a": 1}),
    "root-stays": ({"a": 1}, [()], {"a": 1}),
    "parent-and-child": ({"a": {"b": 1}}, [("a",), ("a", "b")], {}),
}


@pytest.mark.parametrize(("data", "refused", "left"), WITHOUT.values(), ids=WITHOUT)
def test_what_is_refused_is_left_out(data: Any, refused: list[Pointer], left: Any) -> None:
    before = deepcopy(data)
    assert parse.without(data, refused) == left
    assert data == before


def test_a_site_of_nothing_is_a_site() -> None:
    site = parse.site({}, known_versions())
    assert (site.name, site.repository.url, site.clusters, site.environments) == ("", "", {}, ())
    assert site.shared.hub is None


def _below(node: Any, at: Pointer = ()) -> list[Pointer]:
    children = node.items() if isinstance(node, dict) else enumerate(node)
    return [
        place
        for step, child in children
        for place in (
            (*at, step),
            *(_below(child, (*at, step)) if isinstance(child, dict | list) else ()),
        )
    ]


EVERYTHING: Raw = yaml.safe_load(PROTOCOAST.read_text())


@given(st.sets(st.sampled_from(_below(EVERYTHING)), max_size=12))
def test_a_site_is_made_whatever_was_refused(refused: set[Pointer]) -> None:
    raw = parse.without(EVERYTHING, refused)
    site = parse.site(raw, known_versions())
    assert [one.name for one in site.environments] == list(raw.get("environments", {}))
    assert list(site.clusters) == list(raw.get("clusters", {}))


def test_null_removes_one_entry_of_a_shared_map() -> None:
    raw = deepcopy(LEAST)
    raw["jupyterhub"]["hub"] = {"nodeSelector": {"pool": "core", "zone": "a"}}
    raw["environments"]["production"]["jupyterhub"] = {"hub": {"nodeSelector": {"zone": None}}}
    site = parse.site(raw, known_versions())
    own = site.environments[0].settings
    assert own.at("jupyterhub.hub.nodeSelector") == {"pool": "core"}
    assert site.shared.at("jupyterhub.hub.nodeSelector") == {"pool": "core", "zone": "a"}


PROFILES = [
    {"name": "Small one", "image": "a:1", "memory": {"guarantee": "1Gi", "limit": "2Gi"}},
    {"name": "Large", "slug": "large", "image": "b:1", "tolerations": [{"key": "a"}]},
    {"name": "Old", "slug": "old", "image": "c:1"},
]
CHANGES: Raw = {
    "small-one": None,
    "large": {"memory": {"limit": "3Gi"}, "tolerations": None, "image": "b:2"},
    "new": {"name": "New", "image": "d:1"},
}


def _changed(changes: Raw) -> Environment:
    raw = deepcopy(LEAST)
    raw["jupyterhub"]["servers"]["profiles"] = PROFILES
    raw["environments"]["production"]["jupyterhub"] = {"servers": {"profiles": changes}}
    [environment] = parse.site(raw, known_versions()).environments
    return environment


def test_an_environment_changes_adds_and_removes_profiles_by_slug() -> None:
    hub = _changed(CHANGES).settings.hub
    assert hub is not None
    assert [(one.name, one.id, one.image) for one in hub.profiles] == [
        ("Large", "large", "b:2"),
        ("Old", "old", "c:1"),
        ("New", "new", "d:1"),
    ]
    assert hub.profiles[0].keys == {
        "image": "b:2",
        "memory": {"limit": "3Gi"},
        "memory.limit": "3Gi",
    }


CHANGED_PLACES: dict[str, tuple[Pointer, Pointer]] = {
    "changed": ((0, "memory", "limit"), ("large", "memory", "limit")),
    "not changed": ((0, "name"), (1, "name")),
    "shared": ((1, "image"), (2, "image")),
    "added": ((2, "image"), ("new", "image")),
    "added, and not written": ((2, "memory"), ("new", "memory")),
}


@pytest.mark.parametrize("name", CHANGED_PLACES)
def test_a_place_in_changed_profiles_is_where_it_is_written(name: str) -> None:
    path, expected = CHANGED_PLACES[name]
    list_of = ("jupyterhub", "servers", "profiles")
    here = ("environments", "production") if isinstance(expected[0], str) else ()
    origin = _changed(CHANGES).settings.origin
    assert origin.at(*list_of, *path) == (*here, *list_of, *expected)
