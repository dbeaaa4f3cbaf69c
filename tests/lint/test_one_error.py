"""One mistake in the shape of site.yaml is one finding: what follows from it is not said too."""

import re

import pytest

from generator.diagnostics import Severity
from tests.support.sites import PROTOCOAST, load_text

SITE = PROTOCOAST.read_text("utf-8")
Said = tuple[str, str]


def _with(old: str, new: str) -> str:
    assert old in SITE, old
    return SITE.replace(old, new, 1)


def _section(name: str, new: str) -> str:
    """The site with one of its sections written anew."""
    text, count = re.subn(rf"(?ms)^{name}:.*?(?=^\S|\Z)", lambda _: new, SITE)
    assert count == 1
    return text


def _staging(override: str) -> str:
    """The site with one more override in staging, in line 42."""
    return _with("    testing: true\n", f"    testing: true\n    {override}\n")


def _staging_hub(override: str) -> str:
    """The site with another override of JupyterHub in staging, in line 43."""
    old = "      servers:\n        memory: {guarantee: 1Gi, limit: 2Gi}\n"
    return _with(old, f"      {override}\n")


def _profiles(new: str) -> str:
    text, count = re.subn(r"(?ms)    profiles:\n.*?(?=^  values)", lambda _: new, SITE)
    assert count == 1
    return text


LIMITS = "limits: {cores: 4, memory: 24Gi, workers: 3}"
INGRESS = "    ingress: {className: nginx, clusterIssuer: letsencrypt-prod}\n    sealing"
ENVIRONMENT = (
    "  production:\n    cluster: fedcloud\n    namespace: daskhub\n"
    "    host: protocoast.vm.fedcloud.eu\n    requireSealed: true\n"
)
ALLOW = "allow: {everyone: true}"
NOT_A_MAP = "not a map"

# A text -> `line:column code`, and words of its message or help.
ONCE: dict[str, tuple[str, Said]] = {
    "required-key-misspelt": (
        _with("    namespace: daskhub\n    host: proto", "    namespce: daskhub\n    host: proto"),
        ("34:5 S101", "did you mean 'namespace'?"),
    ),
    "required-key-in-another-case": (
        _with("    storageClass", "    StorageClass"),
        ("22:5 S101", "did you mean 'storageClass'?"),
    ),
    "provider-misspelt": (
        _with("    provider:", "    providr:"),
        ("50:5 S101", "did you mean 'provider'?"),
    ),
    "provider-not-known": (
        _with("provider: generic-oauth", "provider: okta"),
        ("50:15 S105", "known: cilogon, dummy, egi-check-in, generic-oauth, github, google, other"),
    ),
    "provider-as-a-list": (
        _with("provider: generic-oauth", "provider: [generic-oauth]"),
        ("50:15 S105", "write for example  generic-oauth"),
    ),
    "provider-missing": (
        _with("    provider: generic-oauth\n", ""),
        ("49:3 S102", "add it, for example  provider: generic-oauth"),
    ),
    "section-misspelt": (
        _with("\njupyterhub:", "\njupyter:"),
        ("48:1 S101", "did you mean 'jupyterhub'?"),
    ),
    "section-of-maps-misspelt": (
        _with("\nenvironments:", "\nenvironment:"),
        ("31:1 S101", "did you mean 'environments'?"),
    ),
    "section-spelled-as-its-chart": (
        _with("\ndaskGateway:", "\ndask-gateway:"),
        ("77:1 S101", "did you mean 'daskGateway'?"),
    ),
    "section-in-lower-case": (
        _with("\ndaskGateway:", "\ndaskgateway:"),
        ("77:1 S101", "did you mean 'daskGateway'?"),
    ),
    "chart-spelled-as-its-section": (
        _with("  dask-gateway: {", "  daskGateway: {"),
        ("16:3 S101", "did you mean 'dask-gateway'?"),
    ),
    "key-beside-the-one-it-is-near": (
        _with("    testing: true", "    testing: true\n    testin: true"),
        ("42:5 S101", "known: charts, cluster, daskGateway, host, jupyterhub, "),
    ),
    "section-missing": (
        _section("jupyterhub", ""),
        ("3:1 S102", "the site has no key 'jupyterhub'"),
    ),
    "clusters-missing": (
        _section("clusters", ""),
        ("3:1 S102", "the site has no key 'clusters'"),
    ),
    "section-as-text": (
        _section("jupyterhub", "jupyterhub: yes please\n"),
        ("48:13 S103", NOT_A_MAP),
    ),
    "section-as-a-number": (_section("argocd", "argocd: 3.1\n"), ("10:9 S103", NOT_A_MAP)),
    "section-as-a-list": (
        _section("environments", "environments:\n  - cluster: fedcloud\n"),
        ("32:3 S103", "'environments' is a list, not a map"),
    ),
    "section-as-a-switch": (_section("sync", "sync: true\n"), ("46:7 S103", NOT_A_MAP)),
    "section-as-its-url": (
        _section("repository", "repository: https://github.com/a/b.git\n"),
        ("6:13 S103", "write for example  {url: https://"),
    ),
    "section-empty": (
        _section("daskGateway", "daskGateway:\n"),
        ("77:13 S103", "'daskGateway' is empty, not a map"),
    ),
    "clusters-null": (
        _section("clusters", "clusters: null\n"),
        ("18:11 S103", "'clusters' is empty, not a map"),
    ),
    "clusters-as-a-list": (
        _section("clusters", "clusters: [fedcloud]\n"),
        ("18:11 S103", NOT_A_MAP),
    ),
    "clusters-without-an-entry": (
        _section("clusters", "clusters: {}\n"),
        ("18:11 S106", "'clusters' has no entry, and needs at least one"),
    ),
    "environments-as-an-empty-list": (
        _section("environments", "environments: []\n"),
        ("31:15 S103", "'environments' is an empty list, not a map"),
    ),
    "environments-without-an-entry": (
        _section("environments", "environments: {}\n"),
        ("31:15 S106", "'environments' has no entry, and needs at least one"),
    ),
    "environment-empty": (
        _with(ENVIRONMENT, "  production:\n"),
        ("32:14 S103", "write for example  {cluster: fedcloud, "),
    ),
    "environment-as-its-cluster": (
        _with(ENVIRONMENT, "  production: fedcloud\n"),
        ("32:15 S103", "'production' is 'fedcloud', not a map"),
    ),
    "cluster-in-capitals": (
        _with("  fedcloud:\n", "  FedCloud:\n"),
        ("19:3 S104", "lower-case letters, digits and '-'"),
    ),
    "cluster-with-an-underscore": (
        _with("  fedcloud-staging:\n", "  fedcloud_staging:\n"),
        ("25:3 S104", "'fedcloud_staging' is not a name that Kubernetes accepts"),
    ),
    "cluster-misspelt-where-it-is-used": (
        _with("cluster: fedcloud\n", "cluster: fedclod\n"),
        ("33:14 R201", "did you mean 'fedcloud'?"),
    ),
    "cluster-misspelt-where-it-is-described": (
        _with("  fedcloud:\n", "  fedclod:\n"),
        ("33:14 R201", "did you mean 'fedclod'?"),
    ),
    "ingress-as-its-class": (
        _with(INGRESS, "    ingress: nginx\n    sealing"),
        ("23:14 S103", "write for example  {className: nginx, "),
    ),
    "chart-as-its-version": (
        _with("jupyterhub: {version: 3.3.8}", "jupyterhub: 3.3.8"),
        ("15:15 S103", 'write for example  {version: "3.3.8"}'),
    ),
    "chart-version-as-two-numbers": (
        _with("{version: 2022.6.1}", "{version: 2022.6}"),
        ("16:27 S103", "three numbers, as the chart's index spells them"),
    ),
    "version-with-a-letter": (
        _with('version: "3.1"', "version: v3.1"),
        ("11:12 S104", "two or three numbers; in quotes"),
    ),
    "profiles-as-words": (
        _profiles("    profiles: [main]\n"),
        ("65:16 S103", "entry 1 of 'profiles' is 'main', not a map"),
    ),
    "profiles-as-a-map": (
        _profiles("    profiles:\n      main: {name: Main, image: 'quay.io/a/b:c'}\n"),
        ("66:7 S103", "'profiles' is a map, not a list"),
    ),
    "no-profile": (
        _profiles("    profiles: []\n"),
        ("65:15 S106", "has no entry, and needs at least one"),
    ),
    "profile-without-image": (
        _profiles("    profiles: [{name: Main}]\n"),
        ("65:16 I608", "entry 1 of 'profiles' has no image"),
    ),
    "limits-as-text": (_with(LIMITS, "limits: large"), ("80:11 S103", NOT_A_MAP)),
    "limits-missing": (
        _with(f"  {LIMITS}\n", ""),
        ("77:1 S102", "'daskGateway' has no key 'limits'"),
    ),
    "one-limit-missing": (
        _with(LIMITS, "limits: {cores: 4, memory: 24Gi}"),
        ("80:3 S102", "add it, for example  workers: 3"),
    ),
    "limit-in-words": (
        _with("{cores: 4,", "{cores: four,"),
        ("80:19 S104", "or thousandths of one"),
    ),
    "allow-as-a-word": (_with(ALLOW, "allow: everyone"), ("57:12 S103", "{everyone: true}")),
    "allow-empty": (_with(ALLOW, "allow:"), ("57:11 S103", "'allow' is empty, not a map")),
    "users-as-text": (
        _with(ALLOW, "allow: {users: 'anna, ben'}"),
        ("57:20 S103", "write a list:  [anna, ben]"),
    ),
    "users-as-maps": (
        _with(ALLOW, "allow: {users: [{name: anna}]}"),
        ("57:21 S103", "entry 1 of 'users' is a map, not a word"),
    ),
    "user-empty": (
        _with(ALLOW, "allow: {users: [anna, ]}").replace("anna, ]", "anna, null]"),
        ("57:27 S103", "entry 2 of 'users' is empty, not a word"),
    ),
    "values-as-a-list": (
        _with("  values: {}\n\n", "  values: []\n\n"),
        ("75:11 S103", "'values' is an empty list, not a map"),
    ),
    "schema-version-in-quotes": (
        _with("schemaVersion: 1", "schemaVersion: '1'"),
        ("3:16 S105", "remove the quotes"),
    ),
    "seconds-without-unit": (
        _with("idleTimeout: 20m", "idleTimeout: 1200"),
        ("81:16 S103", "hours, minutes and seconds; write for example"),
    ),
    "override-misspelt": (
        _staging("daskGatway: {idleTimeout: 5m}"),
        ("42:5 S101", "did you mean 'daskGateway'?"),
    ),
    "override-as-text": (_staging("daskGateway: none"), ("42:18 S103", NOT_A_MAP)),
    "override-of-another-type": (
        _staging("daskGateway: {limits: {workers: many}}"),
        ("42:37 S103", "'workers' is 'many', not a whole number"),
    ),
    "override-of-nothing-shared": (
        _staging("sealingScope: namespace"),
        ("42:19 S105", "did you mean 'namespace-wide'?"),
    ),
    "section-removed": (
        _staging("charts: null"),
        ("42:13 S102", "and every environment needs it"),
    ),
    "chart-removed": (
        _staging("charts: {jupyterhub: null}"),
        ("42:26 S102", "'jupyterhub' is removed, and 'charts' needs it"),
    ),
    "version-removed": (
        _staging("charts: {jupyterhub: {version: null}}"),
        ("42:36 S102", "'version' is removed, and 'jupyterhub' needs it"),
    ),
    "limits-removed": (
        _staging("daskGateway: {limits: null}"),
        ("42:27 S102", "remove this line: an environment shares what it does not override"),
    ),
    "one-limit-removed": (
        _staging("daskGateway: {limits: {cores: ~}}"),
        ("42:35 S102", "'cores' is removed, and 'limits' needs it"),
    ),
    "login-removed": (
        _staging_hub("authentication: null"),
        ("43:23 S102", "'authentication' is removed, and 'jupyterhub' needs it"),
    ),
    "provider-removed": (
        _staging_hub("authentication: {provider: null}"),
        ("43:34 S102", "'provider' is removed"),
    ),
    "profiles-removed": (
        _staging_hub("servers: {profiles: null}"),
        ("43:17 I608", "neither 'image' nor 'profiles'"),
    ),
    "default-size-removed": (
        _staging("daskGateway: {worker: {memory: {default: null}}}"),
        ("42:46 S102", "'default' is removed, and 'memory' needs it"),
    ),
}


@pytest.mark.parametrize(("text", "said"), ONCE.values(), ids=ONCE)
def test_one_mistake_is_said_once(text: str, said: Said) -> None:
    loaded = load_text(text)
    place, words = said
    problems = [one for one in loaded.report.diagnostics if one.severity is not Severity.INFO]
    assert [f"{one.at.line}:{one.at.column} {one.code}" for one in problems] == [place]
    assert words in f"{problems[0].message}; {problems[0].help}"
    assert loaded.site is None
