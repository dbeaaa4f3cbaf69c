"""Profiles as chart values, and the pods that the real KubeSpawner makes of them for a user."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from generator.charts import CHARTS
from generator.charts.origins import origin
from generator.charts.overrides import own_values
from generator.charts.profile_traits import TRAITS, override, read_back, volumes_back
from generator.charts.profile_values import images
from generator.merge import merge
from generator.site.profiles import listed, plain
from tests.support import programs
from tests.support.sites import site_of

Raw = dict[str, Any]

SITE = """\
schemaVersion: 1
site: reef
repository: {url: https://git.example.org/reef.git}
argocd: {version: "3.1"}
charts:
  jupyterhub: {version: %s}
clusters:
  main: {name: reef, kubernetes: "1.31", storageClass: ssd, ingress: {className: nginx}}
environments:
  production: {cluster: main, namespace: hub, host: hub.example.org}
secrets:
  bucket: {keys: [KEY], usedBy: {servers: {mount: /etc/bucket}}}
jupyterhub:
  authentication: {provider: github, organizations: [reef]}
  servers:
"""
SERVERS = """\
    cpu: {guarantee: 0.5, limit: 2}
    memory: {guarantee: 2Gi, limit: 4Gi}
    ephemeralStorage: {guarantee: 1Gi, limit: 8Gi}
    image: quay.io/reef/base:1
    environment: {SCRATCH: "s3://scratch/{username}", LEVEL: common}
    nodeSelector: {pool: users}
    tolerations: [{key: users, operator: Exists}]
    volumes:
      - {name: shared, claim: shared-data, mount: /shared, readOnly: true}
      - name: scratch
        nfs: {server: nfs.example.org, path: /export}
        mount: /scratch
        subPath: "{username}"
"""
PROFILES = """\
    profiles:
      - {name: Small, slug: small, default: true, cpu: {limit: none}}
      - name: GPU
        slug: gpu
        image: quay.io/reef/gpu:1
        cpu: {guarantee: 4, limit: 8}
        memory: {guarantee: 16Gi, limit: 32Gi}
        gpu: {count: 1}
        nodeSelector: {gpu: a100}
        tolerations: [{key: nvidia.com/gpu, operator: Exists}]
        environment: {LEVEL: gpu, CUDA: "12"}
        defaultUrl: /lab/tree
        volumes: [{name: models, claim: models, mount: /models, readOnly: true}]
        groups: [gpu-users]
      - name: Any size
        slug: sized
        ownImage: {name: Your image, pattern: "^quay.io/.+:.+$", message: Ours}
        options:
          - name: Size
            slug: size
            choices:
              - {name: Small, slug: small, default: true, memory: {guarantee: 1Gi, limit: 1Gi}}
              - name: Big
                slug: big
                image: quay.io/reef/big:1
                memory: {limit: 8Gi}
                ephemeralStorage: {limit: 20Gi}
                gpu: {count: 2, resource: amd.com/gpu}
                nodeSelector: {pool: big}
                tolerations: [{key: big, operator: Exists}]
                environment: {LEVEL: big}
                volumes: [{name: more, claim: "more-{username}", mount: /more}]
"""
# The parts of the chart's own jupyterhub_config.py that matter here. It keeps volumes in lists
# before chart 4.3.0 and in maps since, and adds servers' tolerations to some of its own.
CONFIG = """\
from z2jh import get_config as value, set_config_if_not_none as set_if
c = get_config()
for trait, key in (
    ("uid", "uid"), ("fs_gid", "fsGid"), ("node_selector", "nodeSelector"),
    ("mem_limit", "memory.limit"), ("mem_guarantee", "memory.guarantee"),
    ("cpu_limit", "cpu.limit"), ("cpu_guarantee", "cpu.guarantee"),
    ("extra_resource_limits", "extraResource.limits"),
    ("extra_resource_guarantees", "extraResource.guarantees"),
    ("environment", "extraEnv"), ("profile_list", "profileList"),
):
    set_if(c.KubeSpawner, trait, "singleuser." + key)
image = value("singleuser.image")
c.KubeSpawner.image = image["name"] + ":" + image["tag"]
c.KubeSpawner.tolerations = [{"key": "dedicated"}] + value("singleuser.extraTolerations", [])
storage = value("singleuser.storage")
volumes = [{"name": "home", "persistentVolumeClaim": {"claimName": "claim"}}]
volumes += storage.get("extraVolumes", [])
mounts = [{"name": "home", "mountPath": "/home/jovyan"}, *storage.get("extraVolumeMounts", [])]
if AS_MAPS:
    volumes = {one["name"]: one for one in volumes}
    mounts = {f"{index}-{one['name']}": one for index, one in enumerate(mounts)}
c.KubeSpawner.volumes, c.KubeSpawner.volume_mounts = volumes, mounts
set_if(c.Spawner, "default_url", "singleuser.defaultUrl")
for key, python in sorted(value("hub.extraConfig", {}).items()):
    exec(python)
"""
HUBS = {
    "3.3.8": ("jupyterhub-4.1.6", "AS_MAPS = False\n"),
    "4.2.0": ("jupyterhub-5.5.0", "AS_MAPS = False\n"),
    "4.4.0": ("jupyterhub-5.5.0", "AS_MAPS = True\n"),
}
SIZED = "profile-option-sized--"
CHOICES: dict[str, tuple[list[str], Raw]] = {
    "nothing": ([], {}),
    "a GPU": (["other", "gpu-users"], {"profile": "gpu"}),
    "a profile of another group": (["other"], {"profile": "gpu"}),
    "a profile and nothing more": ([], {"profile": "sized"}),
    "a size": ([], {"profile": "sized", f"{SIZED}size": "big"}),
    "a size and an own image": (
        [],
        {
            "profile": "sized",
            f"{SIZED}size": "big",
            f"{SIZED}image--unlisted-choice": "quay.io/ada/own:1",
        },
    ),
    "an image that is not allowed": (
        [],
        {"profile": "sized", f"{SIZED}image--unlisted-choice": "docker.io/ada/own:1"},
    ),
}
GI = 2**30
COMMON: Raw = {
    "image": "quay.io/reef/base:1",
    "requests": {"cpu": 0.5, "memory": 2 * GI, "ephemeral-storage": "1Gi"},
    "limits": {"cpu": 2.0, "memory": 4 * GI, "ephemeral-storage": "8Gi"},
    "nodes": {"pool": "users"},
    "taints": ["dedicated", "users"],
    "variables": {"SCRATCH": "s3://scratch/ada", "LEVEL": "common"},
    "volumes": {
        "home": ("claim", "/home/jovyan", None, None),
        "secret-bucket": ("bucket", "/etc/bucket", None, True),
        "shared": ("shared-data", "/shared", None, True),
        "scratch": ("/export", "/scratch", "ada", None),
    },
    "url": "",
}
BIG: Raw = {
    "image": "quay.io/reef/big:1",
    "limits": {
        "memory": 8 * GI,
        "ephemeral-storage": "20Gi",
        "amd.com/gpu": "2",
    },
    "nodes": {"pool": "big"},
    "taints": ["dedicated", "users", "big"],
    "variables": {"LEVEL": "big"},
    "volumes": {"more": ("more-ada", "/more", None, None)},
}
PODS: dict[str, Raw | str] = {
    "nothing": {**COMMON, "limits": {"memory": 4 * GI, "ephemeral-storage": "8Gi"}},
    "a GPU": merge(
        COMMON,
        {
            "image": "quay.io/reef/gpu:1",
            "requests": {"cpu": 4.0, "memory": 16 * GI},
            "limits": {"cpu": 8.0, "memory": 32 * GI, "nvidia.com/gpu": "1"},
            "nodes": {"gpu": "a100"},
            "taints": ["dedicated", "users", "nvidia.com/gpu"],
            "variables": {"LEVEL": "gpu", "CUDA": "12"},
            "volumes": {"models": ("models", "/models", None, True)},
            "url": "/lab/tree",
        },
    ),
    "a profile of another group": "No such profile: gpu",
    "a profile and nothing more": merge(
        COMMON, {"requests": {"memory": GI}, "limits": {"memory": GI}}
    ),
    "a size": merge(COMMON, BIG),
    "a size and an own image": merge(COMMON, {**BIG, "image": "quay.io/ada/own:1"}),
    "an image that is not allowed": "failed validation regex",
}


def values_of(text: str) -> Mapping[str, Any]:
    """What hubops writes for the hub, in the order in which Helm writes maps."""
    site = site_of(text)
    [environment] = site.environments
    values = own_values(site, CHARTS["jupyterhub"], environment.settings, environment)
    sorted_maps: Mapping[str, Any] = json.loads(json.dumps(values, sort_keys=True))
    return sorted_maps


def made(text: str, chart: str, choices: list[tuple[list[str], Raw]]) -> list[Raw]:
    python, form = HUBS[chart]
    asked = {"config": form + CONFIG, "values": values_of(text), "choices": choices}
    answers: list[Raw] = programs.probe("profile_probe.py", python, asked)
    return answers


@cache
def chosen(chart: str) -> Mapping[str, Raw]:
    text = SITE % chart + SERVERS + PROFILES
    return dict(zip(CHOICES, made(text, chart, list(CHOICES.values())), strict=True))


def told(answer: Raw) -> Raw:
    """What the tests say of a pod."""
    spec, [notebook, *_] = answer["spec"], answer["spec"]["containers"]
    sources = {one["name"]: one for one in spec["volumes"]}
    return {
        "image": notebook["image"],
        **notebook["resources"],
        "nodes": spec["nodeSelector"],
        "taints": [one["key"] for one in spec["tolerations"]],
        "variables": {
            one["name"]: one["value"]
            for one in notebook["env"]
            if one["name"] in ("SCRATCH", "LEVEL", "CUDA")
        },
        "volumes": {
            mount["name"]: (
                _source(sources[mount["name"]]),
                mount["mountPath"],
                mount.get("subPath"),
                mount.get("readOnly"),
            )
            for mount in notebook["volumeMounts"]
        },
        "url": answer["url"],
    }


def _source(volume: Raw) -> str:
    kinds = ("persistentVolumeClaim", "claimName"), ("secret", "secretName"), ("nfs", "path")
    [source] = [str(volume[kind][key]) for kind, key in kinds if kind in volume]
    return source


@pytest.mark.tools
@pytest.mark.parametrize("chart", HUBS)
@pytest.mark.parametrize("name", PODS)
def test_a_user_gets_the_pod_that_the_site_says(chart: str, name: str) -> None:
    answer, expected = chosen(chart)[name], PODS[name]
    if isinstance(expected, str):
        assert expected in answer["error"]
    else:
        assert told(answer) == expected


@pytest.mark.tools
@pytest.mark.parametrize("chart", HUBS)
def test_the_page_offers_what_a_users_groups_may_choose_in_the_sites_order(chart: str) -> None:
    pages = {name: answer.get("page", "") for name, answer in chosen(chart).items()}
    assert "profile-item-gpu" in pages["a GPU"]
    assert "profile-item-gpu" not in pages["nothing"]
    assert pages["nothing"].index("Small") < pages["nothing"].index("Big")


@pytest.mark.tools
@pytest.mark.parametrize("chart", HUBS)
def test_who_is_in_no_group_of_any_profile_starts_nothing(chart: str) -> None:
    text = SITE % chart + '    profiles: [{name: A, image: "a/b:1", groups: [few]}]\n'
    [few, none] = made(text, chart, [(["few"], {}), (["many"], {})])
    assert few["spec"]["containers"][0]["image"] == "a/b:1"
    assert none["error"].startswith("HTTPError: HTTP 403: Forbidden (No profile is open to your")


@pytest.mark.tools
@pytest.mark.parametrize("chart", HUBS)
def test_what_a_single_profile_says_is_what_everyone_gets(chart: str) -> None:
    single = PROFILES.split("      - name: Any size")[0].split("      - name: GPU")
    text = SITE % chart + SERVERS + "    profiles:\n      - name: GPU"
    text += single[1].replace("        groups: [gpu-users]\n", "")
    [answer] = made(text, chart, [([], {})])
    assert answer["page"] == ""
    assert told(answer) == PODS["a GPU"]


ORIGINS = {
    "cpu of a profile": ("gpu", "kubespawner_override", "cpu_limit"),
    "image of all": ("small", "kubespawner_override", "image"),
    "a variable": ("gpu", "kubespawner_override", "environment", "CUDA"),
    "a GPU": ("gpu", "kubespawner_override", "extra_resource_limits", "nvidia.com/gpu"),
    "a taint": ("gpu", "adds", "tolerations", 0, "key"),
    "a mount": ("gpu", "adds", "volume_mounts", 0, "name"),
    "a group": ("gpu", "groups", 0),
    "a name": ("gpu", "display_name"),
    "a choice": (
        *("sized", "profile_options", "size", "choices", "big"),
        *("kubespawner_override", "mem_limit"),
    ),
    "an own image": ("sized", "profile_options", "image", "unlisted_choice", "display_name"),
}
EXPECTED_ORIGINS = {
    "cpu of a profile": (1, "cpu", "limit"),
    "image of all": "image",
    "a variable": (1, "environment", "CUDA"),
    "a GPU": (1, "gpu"),
    "a taint": (1, "tolerations", 0),
    "a mount": (1, "volumes", 0),
    "a group": (1, "groups", 0),
    "a name": (1, "name"),
    "a choice": (2, "options", 0, "choices", 1, "memory", "limit"),
    "an own image": (2, "ownImage"),
}


@pytest.mark.parametrize("name", ORIGINS)
def test_a_value_of_a_profile_follows_from_its_key(name: str) -> None:
    [environment] = site_of(SITE % "4.4.0" + SERVERS + PROFILES).environments
    slug, *rest = ORIGINS[name]
    path = ("singleuser", "profileList", ["small", "gpu", "sized"].index(str(slug)), *rest)
    expected = EXPECTED_ORIGINS[name]
    below = (expected,) if isinstance(expected, str) else ("profiles", *expected)
    assert origin(environment, "jupyterhub", path) == ("jupyterhub", "servers", *below)


def test_every_image_that_users_may_run_is_known() -> None:
    hub = site_of(SITE % "4.4.0" + SERVERS + PROFILES).shared.hub
    assert hub is not None
    assert set(images(hub)) == {f"quay.io/reef/{name}:1" for name in ("base", "gpu", "big")}


def test_what_a_profile_says_is_read_back() -> None:
    said = {
        "image": "a/b:1",
        "cpu": {"guarantee": 0.5, "limit": "none"},
        "memory": {"guarantee": "1Gi", "limit": "none"},
        "ephemeralStorage": {"guarantee": "1Gi", "limit": "2Gi"},
        "defaultUrl": "/lab",
        "nodeSelector": {"a": "b"},
        "environment": {"A": "b"},
        "gpu": {"count": 2, "resource": "amd.com/gpu"},
    }
    [profile] = listed([{"name": "A", **said}])
    written = override(profile.keys, {})
    assert read_back({**written, "working_dir": "/x"}) == (said, {"working_dir": "/x"})
    assert {trait.key for trait in TRAITS} <= dict(plain(said)).keys()


def test_no_bound_is_read_from_null_as_kubespawner_takes_it() -> None:
    assert read_back({"mem_limit": None, "cpu_limit": 0}) == (
        {"memory": {"limit": "none"}, "cpu": {"limit": "none"}},
        {},
    )


VOLUMES: dict[str, tuple[Any, Any, Any]] = {
    "a map of charts since 4.3.0": (
        {"v": {"name": "v", "persistentVolumeClaim": {"claimName": "c"}}},
        {"0": {"name": "v", "mountPath": "/v", "readOnly": False}},
        [{"name": "v", "claim": "c", "mount": "/v"}],
    ),
    "another kind": ([{"name": "v", "emptyDir": {}}], [{"name": "v", "mountPath": "/v"}], None),
    "two mounts of one": (
        [{"name": "v", "persistentVolumeClaim": {"claimName": "c"}}],
        [{"name": "v", "mountPath": "/v"}, {"name": "v", "mountPath": "/w"}],
        None,
    ),
    "none": (None, None, None),
}


@pytest.mark.parametrize("name", VOLUMES)
def test_volumes_are_read_back_where_site_yaml_can_say_all_of_them(name: str) -> None:
    found, mounts, said = VOLUMES[name]
    assert volumes_back(found, mounts) == said
