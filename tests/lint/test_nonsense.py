"""Values that have the right type and can't mean anything: images, revisions, hosts, namespaces."""

import json
import re

import pytest

from generator.lint.rules.repository.application_too_big import MOST
from generator.names import namespace_owner
from tests.lint.test_addresses import SITE
from tests.support.sites import load_text

ZEROS = "0" * 64
GOOD = SITE.format(
    repository="https://git.example.org/coast/gitops.git",
    login=[f"https://aai.example.org/{name}" for name in ("authorize", "token", "me")],
    testing="false",
)
IMAGE, HOST, REVISION = '"quay.io/coast/notebook:2026.1"', "hub.example.org", "gitops.git"


def _codes(old: str, new: str) -> list[str]:
    assert old in GOOD
    return [found.code for found in load_text(GOOD.replace(old, new, 1)).report.diagnostics]


@pytest.mark.parametrize(
    "image",
    [
        "https://quay.io/coast/notebook:2026.1",
        "docker://quay.io/coast/notebook:2026.1",
        "Quay.io/Coast/notebook:2026.1",
        "quay.io/coast/NoteBook:2026.1",
        "COAST/notebook:2026.1",
        "quay.io/coast/notebook:2026.1:latest",
        f"coast/notebook@sha256:{ZEROS[1:]}",
        f"coast/notebook@sha256:{ZEROS}0",
        f"coast/notebook@sha256:{ZEROS[1:]}g",
        f"coast/notebook@md5:{ZEROS[:32]}",
        f"coast/notebook@sha256:{ZEROS}:2026.1",
        f"sha256:{ZEROS[1:]}@x",
        "anna:tidal7@quay.io/coast/notebook:2026.1",
        "anna@quay.io/coast/notebook:2026.1",
        "quay.io//notebook:2026.1",
        "/coast/notebook:2026.1",
        "quay.io/coast/notebook/:2026.1",
        "quay.io/coast/notebook:",
        "quay.io/coast/notebook:-x",
        "quay.io/coast/notebook:" + "x" * 129,
        "quay.io/coast/note book:2026.1",
        "quay.io/coast/..:2026.1",
        "quay.io/coast/notebook:2026.1\\n",
        "quay.io/coast/notebook\\e[31m:2026.1",
        "quay.io/coast/notebook:2026.1?x=1",
        "qu\u0430y.io/coast/notebook:2026.1",
        "quay.io:99999999/coast/notebook:2026.1",
        "quay.io:99999/coast/notebook:2026.1",
        "quay.io:0/coast/notebook:2026.1",
        f"sha256:{ZEROS}",
        f"{ZEROS}:2026.1",
    ],
)
def test_image_of_no_valid_form(image: str) -> None:
    assert _codes(IMAGE, f'"{image}"') == ["S104"]


@pytest.mark.parametrize(
    "image",
    [
        "notebook:1",
        "coast/notebook:2026.1",
        "localhost:5000/notebook:2026.1",
        "registry.example.org:443/a/b/c/d_e/f__g/h--i.j:V_1.2-x",
        "[2001:db8::1]:5000/coast/notebook:2026.1",
        f"quay.io/coast/notebook@sha256:{ZEROS}",
        f"quay.io/coast/notebook:2026.1@sha256:{ZEROS}",
    ],
)
def test_image_of_a_valid_form(image: str) -> None:
    assert _codes(IMAGE, f'"{image}"') == []


@pytest.mark.parametrize(
    "revision",
    [
        *("main..x", "@{u}", "main@{1}", "@", "refs/heads/", "refs/heads", "refs/tags", "refs"),
        *("/main", "main/", "a//b", ".main", "a/.b", "main.", "main.lock", "a.lock/b", "-main"),
        *("a b", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\\\b", "a\\u202eb", ""),
    ],
)
def test_revision_that_is_no_ref(revision: str) -> None:
    assert _codes(REVISION + '"', f'{REVISION}", revision: "{revision}"') == ["S104"]


@pytest.mark.parametrize(
    "revision",
    ["main", "release/2026.1", "refs/heads/main", "refs/tags/v1", "f\u00fcr-alle", "a@b", "4" * 40],
)
def test_revision_that_is_a_ref(revision: str) -> None:
    assert "S104" not in _codes(REVISION + '"', f'{REVISION}", revision: "{revision}"')


@pytest.mark.parametrize(
    "host",
    [
        *("192.0.2.7", "192.0.2", "0.7", "1.2.3.0x7f", "[2001:db8::1]", "2001:db8::1", "hub"),
        *("hub..example.org", ".example.org", "hub.example.org.", "*.example.org", "a_b.org"),
        *("-hub.example.org", "hub-.example.org", "hub.example.org:443", "hub.example.org/x"),
        *("HUB.example.org", "h\u00fcb.example.org", "hub.example.org\\n", "a." * 130 + "org"),
    ],
)
def test_host_that_is_no_dns_name(host: str) -> None:
    assert _codes(HOST, f'"{host}"') == ["S104"]


@pytest.mark.parametrize(
    "namespace",
    [
        *("default", "kube-system", "kube-public", "kube-node-lease", "kube-flannel"),
        *("argocd", "cert-manager", "ingress-nginx", "sealed-secrets", "cattle-system"),
        *("cattle-fleet-system", "calico-system", "calico-apiserver", "tigera-operator"),
        *("longhorn-system", "monitoring", "flux-system", "gatekeeper-system", "metallb-system"),
        *("istio-system", "openshift-gitops", "rook-ceph", "gpu-operator", "cilium-secrets"),
        *("olm", "operators", "kured", "falco"),
    ],
)
def test_namespace_of_the_cluster(namespace: str) -> None:
    code = "G803" if namespace == "argocd" else "R210"
    assert _codes("namespace: hub", f"namespace: {namespace}") == [code]


@pytest.mark.parametrize(
    "namespace",
    ["hub", "daskhub", "kube", "kubernetes-hub", "defaults", "system", "argo", "cattle"],
)
def test_namespace_of_a_hub(namespace: str) -> None:
    assert namespace_owner(namespace) == ""
    assert _codes("namespace: hub", f"namespace: {namespace}") == []


@pytest.mark.parametrize(
    ("at", "text"),
    [
        *(("name: Coast", f'name: "Coast{sign}"') for sign in ("\\n", "\\e[31m", "\\r", "\\u202e")),
        *(("name: Coast", f'name: "{sign}Coast"') for sign in ("\\u200b", "\\u2028", "\\ufeff")),
        ("name: Coast", 'name: Coast, description: "Fine\\n\\n- [x] merged"'),
        ("allow: ", 'loginService: "EGI\\n::error::forged"\n    allow: '),
        ("[ada]", '["ada\\u2066"]'),
        ("[ada]", '["ada\\x1b]0;forged\\x07"]'),
        ("name: fedcloud", 'name: "fed\\x1b[2Jcloud"'),
    ],
)
def test_text_for_people_is_one_line_of_letters_and_signs(at: str, text: str) -> None:
    assert _codes(at, text) == ["S104"]


@pytest.mark.parametrize(
    "text", ["|\n          One line.\n", ">\n          One\n          line.\n"]
)
def test_a_block_of_one_line_is_one_line(text: str) -> None:
    image = IMAGE.strip('"')
    listed = f"\n      - name: Coast\n        image: {image}\n        description: {text}"
    assert (
        _codes(f"{{profiles: [{{name: Coast, image: {IMAGE}}}]}}\n", f"\n    profiles:{listed}")
        == []
    )


def _size(text: str) -> int | None:
    """What the finding says of a text in raw values; None where there is no finding."""
    page = json.dumps(text)
    found = load_text(f"{GOOD}  values: {{custom: {{page: {page}}}}}\n").report.diagnostics
    assert [one.code for one in found] in ([], ["G807"])
    match = re.search("takes ([0-9,]+) bytes", "".join(one.message for one in found))
    return int(match[1].replace(",", "")) if match else None


@pytest.mark.parametrize("sign", ["x", "<", "&", "\u2028", "\u00fc", "'", "\t"])
def test_application_may_take_what_kubernetes_stores(sign: str) -> None:
    # As Go's encoding/json writes it.
    each = 6 if sign in "<&\u2028" else 2 if sign in "\u00fc\t" else 1
    size = _size(sign * 300_000)
    assert size is not None
    fits = 300_000 - (size - MOST + each - 1) // each
    assert _size(sign * fits) is None
    assert _size(sign * (fits + 1)) in range(MOST + 1, MOST + 1 + each)
