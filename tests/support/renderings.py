"""Small renderings: releases of ProtoCoast's production with the objects that a test gives."""

import base64
from collections.abc import Mapping
from typing import Any

import yaml

from generator.charts import CHARTS
from generator.proof.rendering import Folder, Rendered, RenderedChart, Rendering
from generator.site.model import Site
from generator.versions import Version
from tests.support.sites import protocoast

Resource = dict[str, Any]
SITE = protocoast()
PRODUCTION = SITE.environments[0]


def workload(name: str, labels: Mapping[str, str], port: int, **spec: Any) -> Resource:
    """A Deployment of one container with one port."""
    container = {"name": name, "ports": [{"name": "http", "containerPort": port}], **spec}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "template": {"metadata": {"labels": dict(labels)}, "spec": {"containers": [container]}}
        },
    }


def policy(name: str, selector: Mapping[str, Any], **spec: Any) -> Resource:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": {"podSelector": dict(selector), **spec},
    }


def hub_pod(component: str) -> dict[str, str]:
    return {"app": "jupyterhub", "component": component}


def dask_pod(component: str) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": "dask-gateway",
        "app.kubernetes.io/component": component,
        "hub.jupyter.org/network-access-hub": "true",
    }


def release(app: str, objects: list[Resource], **more: Any) -> Rendered:
    chart = RenderedChart(
        name=app,
        version="1",
        release=app,
        namespace="daskhub",
        kubernetes=Version.parse("1.30"),
        objects=tuple(objects),
        **{"values": {}, **more},
    )
    source = {"repoURL": CHARTS[app].repository if app in CHARTS else "x", "chart": app}
    return Rendered(
        environment=PRODUCTION,
        cluster=SITE.clusters["fedcloud"],
        app=app,
        application=_application(app, "protocoast-fedcloud", source),
        chart=chart,
    )


def _application(app: str, project: str, source: Resource) -> Resource:
    place = {"server": "https://kubernetes.default.svc", "namespace": "daskhub"}
    return {
        "metadata": {"name": f"protocoast-{app}-production"},
        "spec": {"project": project, "source": source, "destination": place},
    }


def rendering(*releases: Rendered, site: Site = SITE) -> Rendering:
    return Rendering(
        site=site,
        folders=(),
        releases=releases,
        helms={},
    )


def hub(values: Mapping[str, Any], *objects: Resource) -> Rendered:
    """A hub of these values, as the chart writes them into the hub's Secret."""
    text = base64.b64encode(yaml.safe_dump(dict(values)).encode()).decode()
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "hub"},
        "data": {"values.yaml": text},
    }
    return release("jupyterhub", [secret, *objects], values=values)


def namespace(*objects: Resource) -> Rendered:
    """The namespace of the environment, with Pod Security `baseline`, and what is in it."""
    own = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "daskhub",
            "labels": {"pod-security.kubernetes.io/enforce": "baseline"},
        },
    }
    source = {"repoURL": SITE.repository.url, "path": "overlays/production/namespace"}
    return Rendered(
        environment=PRODUCTION,
        cluster=SITE.clusters["fedcloud"],
        app="namespace",
        application=_application("namespace", "protocoast-fedcloud-namespaces", source),
        folder=Folder(path="overlays/production/namespace", objects=(own, *objects)),
    )


def written(apiversion: str, kind: str, name: str, **spec: Any) -> Resource:
    """An object with a spec."""
    return {"apiVersion": apiversion, "kind": kind, "metadata": {"name": name}, "spec": spec}
