"""The alerts of an environment: only for what it has, each with a page that says what to do.

The metrics are of kube-state-metrics, of the hub (jupyterhub/metrics.py), of the kubelets, and of
cert-manager (internal/collectors/certificate_collector.go).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator import HOME
from generator.build.tree import Resource
from generator.charts import monitoring
from generator.charts.ingress_rows import CLUSTER_ISSUER
from generator.charts.rows import at
from generator.site.model import Json, Release

# What makes cert-manager see to an Ingress.
_ISSUERS = [("annotations", key) for key in (CLUSTER_ISSUER, "cert-manager.io/issuer")]
_CRITICAL, _WARNING = "critical", "warning"
_CLAIM, _FULL = "{{ $labels.persistentvolumeclaim }}", "{{ $value | humanizePercentage }} full"
# The claim of the hub's database (templates/hub/pvc.yaml), as a matcher.
_DATABASE = '="hub-db-dir"'
# What charts and KubeSpawner 6 and 7 call the claim of a user.
_OF_A_USER = "claim-{username}"
# A field of such a template, or a character that is more than itself in a pattern.
_STEP = r"\{\{|\}\}|\{[^}]*\}|[^A-Za-z0-9-]"


def rules(release: Release, values: Mapping[str, Json]) -> list[Resource]:
    """The alerting rules of a hub with these effective chart values."""
    return list(_rules(release, values))


def _rules(release: Release, values: Mapping[str, Json]) -> Iterator[Resource]:
    namespace, hub = release.environment.namespace, f"hub '{release.environment.name}'"
    yield _rule(
        "HubDown",
        _down(namespace),
        "5m",
        _CRITICAL,
        f"{hub} is down: no one can log in or start a server",
    )
    if monitoring.is_read(release.settings):
        text = f"{hub}: more than one in five servers failed to start in the last 30 minutes"
        yield _rule("HubServersFailToStart", _failing(namespace), "0m", _CRITICAL, text)
    if at(values, ("hub", "db", "type")) == "sqlite-pvc":
        text = f"{hub}: the volume {_CLAIM} of the database is {_FULL}"
        yield _rule("HubDatabaseFull", _full(namespace, _DATABASE), "15m", _CRITICAL, text)
    if claims := _home_claims(at(values, ("singleuser", "storage")) or {}):
        text = f"{hub}: the home volume {_CLAIM} is {_FULL}"
        yield _rule("HubHomeFull", _full(namespace, claims), "15m", _WARNING, text)
    if secret := _certificate(values):
        text = f"{hub}: cert-manager does not renew the certificate {secret}"
        expiring = _expiring(namespace, secret)
        yield _rule("HubCertificateExpires", expiring, "1h", _CRITICAL, text)


def _rule(alert: str, expression: str, after: str, severity: str, summary: str) -> Resource:
    page = f"{HOME}/blob/main/docs/monitoring.md#{alert.lower()}"
    wait = {} if after == "0m" else {"for": after}
    return {
        "alert": alert,
        "expr": expression,
        **wait,
        "labels": {"severity": severity},
        "annotations": {"summary": summary, "runbook_url": page},
    }


def _down(namespace: str) -> str:
    """No pod of the hub is available, or there is no hub; not where kube-state-metrics is away."""
    metric = "kube_deployment_status_replicas_available"
    hub = f'{metric}{{namespace="{namespace}",deployment="hub"}}'
    return f"max by (namespace) ({hub}) == 0\nor\nabsent({hub}) and on () count({metric}) > 0\n"


def _failing(namespace: str) -> str:
    """Three failures or more, and more than one start in five; `increase` is not a whole number."""
    of = f'jupyterhub_server_spawn_duration_seconds_count{{namespace="{namespace}",status'
    failed, ended = (
        f"sum by (namespace) (increase({of}{status}}}[30m]))"
        for status in ('="failure"', '=~"failure|success"')
    )
    return f"{failed} > 2.5\nand\n{failed} / {ended} > 0.2\n"


def _full(namespace: str, claims: str) -> str:
    """Each claim that is 90 % full; a volume that several nodes mount is one."""
    of = f'{{namespace="{namespace}",persistentvolumeclaim{claims}}}'
    used, capacity = (f"kubelet_volume_stats_{kind}_bytes{of}" for kind in ("used", "capacity"))
    return f"max by (namespace, persistentvolumeclaim) (\n  {used} / {capacity}\n) > 0.9\n"


def _expiring(namespace: str, name: str) -> str:
    """A renewal is due and has not come, and the certificate ends within two weeks.

    So one that lives for days is not always about to expire. Prometheus gives the metric's label
    `namespace` another name where its own comes first, which is the default.
    """
    return "or\n".join(
        f"certmanager_certificate_expiration_timestamp_seconds{of} - time() < 14 * 24 * 3600\n"
        f"and certmanager_certificate_renewal_timestamp_seconds{of} < time()\n"
        for label in ("exported_namespace", "namespace")
        for of in [f'{{name={_text(name)},{label}="{namespace}"}}']
    )


def _home_claims(storage: Mapping[str, Json]) -> str:
    """The claims of homes, as a matcher of PromQL; empty where there are none."""
    kind = storage.get("type")
    if kind == "static":
        claim = at(storage, ("static", "pvcName"))
        return f"={_text(claim)}" if claim else ""
    if kind != "dynamic":
        return ""
    template = str(at(storage, ("dynamic", "pvcNameTemplate")) or _OF_A_USER)
    pattern = re.sub(_STEP, _matching, template)
    # KubeSpawner strips the hyphens that an empty name of a server leaves at the end.
    short = re.sub(r"(?:-|\.\*)+$", "", pattern)
    if short != pattern:
        pattern = short if short.endswith(".+") else f"{short}.*"
    return f"=~{_text(pattern)}"


def _matching(step: re.Match[str]) -> str:
    """What of a claim's name a step of its template may be; a user's own server has no name."""
    text = step.group()
    if text[0] == "{" and text != "{{":
        return ".*" if "servername" in text else ".+"
    # What no name has may be anything: no claim has it either.
    return re.escape(text) if text == "." else "."


def _text(text: Json) -> str:
    """A text of PromQL, which has the escapes of JSON (Go's, of double quotes)."""
    return json.dumps(str(text), ensure_ascii=False)


def _certificate(values: Mapping[str, Any]) -> str:
    """The Certificate that cert-manager makes for the Ingress, named as its Secret; or nothing."""
    ingress = values.get("ingress") or {}
    if not ingress.get("enabled") or not any(at(ingress, path) for path in _ISSUERS):
        return ""
    hosts = ingress.get("tls")
    entries = hosts if isinstance(hosts, list) else []
    named = (one.get("secretName") for one in entries if isinstance(one, Mapping))
    return str(next((name for name in named if name), ""))
