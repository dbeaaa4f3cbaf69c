"""What a cluster needs before its bootstrap: where a redirect URI is registered, by provider."""

import json
from typing import Any

import pytest

from generator.change.prerequisites import fetch_command, prerequisites
from tests.support import copies
from tests.support.sites import ROOT, site_of

GOLDEN = ROOT / "tests" / "golden"
REDIRECT = "redirect URI of "
CHECK_IN = (
    "curl -sfLo /dev/null 'https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth"
    "?client_id=CLIENT_ID&redirect_uri=https%3A%2F%2Fresearch.reef.example.org%2Fhub"
    "%2Foauth_callback&response_type=code&scope=openid' && echo registered"
)
PAGES = {
    "github": {
        "production": "see the OAuth app's page: https://github.com/settings/developers",
    },
    "logins": {
        "research": CHECK_IN,
        "campus": "see the OAuth app's page: https://cilogon.org/oauth2/register",
        "school": "see the OAuth app's page: https://console.cloud.google.com/apis/credentials",
    },
    # LDAP, of production, has no client.
    "login-class": {"transfer": "see the OAuth app's page at globus"},
}


@pytest.mark.parametrize("case", PAGES)
def test_a_redirect_uri_is_registered_at_the_providers_own_page(case: str) -> None:
    site = site_of((GOLDEN / case / "site.yaml").read_text("utf-8"))
    (cluster,) = site.clusters.values()
    lines = [line.strip() for line in prerequisites(site, cluster)]
    found = [line.removeprefix(REDIRECT) for line in lines if line.startswith(REDIRECT)]
    assert dict(line.split(maxsplit=1) for line in found) == PAGES[case]


def test_claims_that_site_yaml_says_are_there_are_looked_for() -> None:
    site = site_of((GOLDEN / "every-key" / "site.yaml").read_text("utf-8"))
    words = (
        line.split() for cluster in site.clusters.values() for line in prerequisites(site, cluster)
    )
    found = {(line[-4], line[-1]) for line in words if "pvc" in line}
    assert found >= {("hub", "shared-data"), ("hub", "models"), ("hub", "home-nfs")}
    assert not any("{" in claim for _, claim in found)


@pytest.mark.parametrize(
    ("name", "changed", "options"),
    [
        ("keys", {"values": {"fullnameOverride": "sealed-secrets-controller"}}, ""),
        ("sealed-secrets", {}, "--controller-name sealed-secrets "),
        ("keys", {}, "--controller-name keys-sealed-secrets "),
        (
            "keys",
            {"namespace": "keys", "values": {"nameOverride": "keys"}},
            "--controller-name keys --controller-namespace keys ",
        ),
    ],
)
def test_certificate_comes_from_the_controller_that_an_app_brings(
    name: str, changed: dict[str, Any], options: str
) -> None:
    repository = "https://bitnami-labs.github.io/sealed-secrets"
    chart = {"name": "sealed-secrets", "repository": repository, "version": "2.18.5"}
    app = {"scope": "cluster", "chart": chart, "namespace": "kube-system", **changed}
    site = site_of(json.dumps(copies.one_hub() | {"apps": {name: app}}))
    (cluster,) = site.clusters.values()
    assert fetch_command(site, cluster, "keys/a.pem") == (
        "  mkdir -p keys",
        f"  kubeseal {options}--fetch-cert > keys/a.pem",
        f"(app '{name}' brings the controller: on a new cluster, do this after the bootstrap)",
    )
