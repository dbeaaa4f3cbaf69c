"""Overlays made together are those that each environment would have by itself, to the byte."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generator.build import applications, kustomize, repository
from generator.build.alike import Form, opened, read
from generator.build.sealed_secrets import owner
from generator.charts import CHARTS
from generator.charts.chart import json_text, sorted_json
from generator.merge import patches
from generator.records import replace
from generator.site.model import Environment, Release, Site
from generator.yaml.write import HEADER, emit, emit_patch, scalar
from tests.support import random_sites
from tests.support.random_values import NASTY, examples, maps
from tests.support.sites import protocoast

ONE_LINE = tuple(text for text in NASTY if "\n" not in text and text.isprintable())


def plain_overlay(
    site: Site, environment: Environment, inputs: repository.Inputs, digest: str
) -> bytes:
    """What stands in an overlay, with nothing shared and no text left open."""
    encrypted = repository.ciphertexts(environment, inputs.sealed)
    inline: list[str] = []
    for app in repository.apps_in(environment):
        cluster = site.clusters[environment.cluster]
        release = Release(site=site, app=app, environment=environment, cluster=cluster)
        values = repository.base_values(site.shared, app) if app in CHARTS else {}
        own: dict[str, Any] = {
            "path": f"overlays/{environment.name}/namespace",
            "kustomize": {"commonAnnotations": {"hubops.io/content": digest}},
        }
        if app in CHARTS:
            own = {"helm": {"valuesObject": repository.release_values(release, encrypted)}}
        base = applications.base_application(
            site, app, {"helm": {"valuesObject": values}} if values else {}
        )
        inline.extend(
            kustomize.inline_patches(base, applications.effective_application(release, own))
        )
    apps = [f"../../apps/{app}" for app in repository.apps_in(environment)]
    return (HEADER + emit(kustomize.overlay(environment.name, apps, inline))).encode()


def digest_in(overlay: bytes) -> str:
    """The hash of the namespace's folder, which is no matter of these tests."""
    after = overlay.partition(b"hubops.io/content: ")[2]
    return after.partition(b"\n")[0].decode().strip('"')


def assert_each_is_plain(site: Site, inputs: repository.Inputs) -> None:
    tree = repository.build(site, inputs)
    for environment in site.environments:
        overlay = tree[f"overlays/{environment.name}/kustomization.yaml"]
        assert overlay == plain_overlay(site, environment, inputs, digest_in(overlay))


def likes(environment: Environment) -> Iterator[Environment]:
    """An environment and others of its kind, with names that readers take for something else."""
    yield environment
    for name in ("on", "1e3", "hub-2"):
        settings = environment.settings
        dask = settings.dask and replace(settings.dask, release_name=name)
        yield replace(
            environment,
            name=f"{environment.name}-{name}",
            namespace=name,
            host=f"{name}.example.org",
            settings=replace(settings, dask=dask),
        )


@pytest.mark.parametrize("part", range(4))
def test_overlays_of_random_fleets(part: int) -> None:
    for site in examples(random_sites.loaded_sites(), 25, number=part):
        fleet = tuple(like for environment in site.environments for like in likes(environment))
        sealed = {
            owner(environment, secret, key): f"{environment.name}+{key}=="
            for environment in fleet[::2]
            for secret in repository.secrets_of(environment)
            for key in secret.keys[1:]
        }
        assert_each_is_plain(replace(site, environments=fleet), repository.Inputs(sealed=sealed))


def with_raw(site: Site, raw: dict[str, Any]) -> Site:
    """The site, where all have these raw values of JupyterHub."""
    assert site.shared.hub is not None
    shared = replace(site.shared, hub=replace(site.shared.hub, values=raw))
    environments = tuple(
        replace(like, settings=replace(like.settings, hub=shared.hub))
        for environment in site.environments
        for like in likes(environment)
    )
    return replace(site, shared=shared, environments=environments)


# The base holds something where each environment has a text of its own.
@pytest.mark.parametrize(
    "raw",
    [
        {"ingress": {"hosts": ["on.example.org"]}},
        {"hub": {"config": {"GenericOAuthenticator": {"oauth_callback_url": "a"}}}},
        {"hub": {"db": {"pvc": {"storageClassName": "csi-cinder-sc-delete"}}}},
        {"hub": {"db": {"pvc": {"storageClassName": {"a": "b"}}}}},
        {"hub": {"db": None, "services": {"dask-gateway": {"url": None}}}},
        {"hub": {"annotations": {"hubops.io/content": "a\nb\n"}}},
        {"hub": {"annotations": ["a"]}, "singleuser": "b"},
        {"ingress": {"tls": None}, "a": {"b": "\n", "c": "\u2028"}},
    ],
    ids=json.dumps,
)
def test_overlays_over_odd_raw_values(raw: dict[str, Any]) -> None:
    site = with_raw(protocoast(), raw)
    assert_each_is_plain(site, repository.Inputs())
    # Some have it, others do not.
    own = with_raw(protocoast(), {})
    assert_each_is_plain(replace(site, environments=own.environments), repository.Inputs())
    assert_each_is_plain(replace(own, environments=site.environments), repository.Inputs())


def filled(value: Any, texts: Iterator[str]) -> Any:
    """A document with other texts where it is open."""
    if isinstance(value, dict):
        return {key: filled(part, texts) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, texts) for part in value]
    return next(texts) if "\udc00" <= str(value)[:1] <= "\udfff" else value


@pytest.mark.parametrize("part", range(4))
def test_a_form_filled_in_is_what_the_document_gives(part: int) -> None:
    others = 0
    pairs = list(examples(maps(), 400, number=part))
    for number, (base, document) in enumerate(zip(pairs[::2], pairs[1::2], strict=True)):
        shape, texts = read(document, base)
        signs = opened(document, base)
        forms = tuple(Form(emit_patch(patch)) for patch in patches(base, signs))
        whole = Form(sorted_json(signs))
        other_texts = [ONE_LINE[(number + i) % len(ONE_LINE)] for i in range(len(texts))]
        other = filled(signs, iter(other_texts))
        for one, written in ((document, texts), (other, other_texts)):
            if read(one, base)[0] != shape:
                continue  # the base has one of the texts: a shape of its own
            others += one is other
            plain = tuple(emit_patch(patch) for patch in patches(base, one))
            assert tuple(form.filled(written, scalar) for form in forms) == plain
            assert whole.filled(written, json_text) == json.dumps(
                one, sort_keys=True, separators=(",", ":")
            )
    assert others > 100


@pytest.mark.parametrize(
    ("document", "base", "texts"),
    [
        ({"a": "b"}, {}, ["b"]),
        ({"a": "b"}, {"a": "c"}, ["b"]),
        ({"a": "b"}, {"a": "b"}, []),
        ({"a": "b\n"}, {}, []),
        ({"a": 1, "b": None, "c": True}, {}, []),
        ({"a": ["b", {"c": "d"}]}, {}, ["b", "d"]),
        ({"a": ["b"]}, {"a": ["c"]}, []),
        ({"a": {"b": "c"}}, {"a": {"b": "c"}}, []),
        ({"a": {"b": "c"}}, {"a": "b"}, ["c"]),
    ],
    ids=repr,
)
def test_what_is_open(document: dict[str, Any], base: dict[str, Any], texts: list[str]) -> None:
    assert read(document, base)[1] == texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": 1}, {"a": "1"}),
        ({"a": [1]}, {"a": ["1"]}),
        ({"a": "1\n"}, {"a": 1}),
        ({"a": "b"}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {}, "b": "c"}),
        ({"a": {}, "b": "c"}, {"b": "c", "a": {}}),
        ({"a": [["b"], "c"]}, {"a": [["b", "c"]]}),
        ({"a": None}, {"a": "None\n"}),
    ],
    ids=repr,
)
def test_shapes_differ(one: dict[str, Any], other: dict[str, Any]) -> None:
    for base in ({}, one, other):
        assert read(one, base)[0] != read(other, base)[0]
