"""An Application is larger than what Argo CD can store.

Argo CD applies each Application as `kubectl apply` does: a copy of the object goes in an annotation
of it, and Kubernetes refuses more than 262,144 bytes of annotations. The sync of the environment
fails, and nothing in it changes any more. Nearly always a file was pasted under `values`: bring it
into the image, or into a ConfigMap in `overlays/<environment>/namespace/extra/` that the chart
mounts.

Bad:
    jupyterhub:
      values: {custom: {page: "256 KiB of HTML"}}
Good:
    jupyterhub:
      values: {hub: {extraVolumes: [{name: pages, configMap: {name: pages}}]}}

See https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
"""

import json
import re

from generator import names
from generator.build.applications import effective_application
from generator.build.repository import apps_in, hub_ciphertexts, release_values
from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.site.model import Environment, Release, Settings, Site

finding = errors("G807")

# The sum of all annotations' keys and values (apimachinery, TotalAnnotationSizeLimitB).
MOST = 256 * 1024
_COPY = "kubectl.kubernetes.io/last-applied-configuration"
# Smaller texts in site.yaml can't make an Application of that size, escaped as they may be.
_SMALL = MOST // 12


def check(site: Site) -> Findings:
    """A finding at the largest part of each chart's settings that make one too large."""
    largest: dict[Pointer, tuple[int, str, str]] = {}
    for settings, environments in site.variants:
        if sum(len(section.said) for section in settings.sections.values()) <= _SMALL:
            continue
        for app, chart in CHARTS.items():
            at = settings.origin.at(*_largest(settings, chart.section))
            sizes = [(_annotations(site, one, app), one.name, app) for one in environments]
            largest[at] = max([*sizes, largest.get(at, (0, "", ""))])
    for at, (size, name, app) in largest.items():
        if size > MOST:
            yield finding(
                at,
                f"the Application of {app} in '{name}' takes {size:,} bytes of annotations, and "
                f"Kubernetes stores {MOST:,}",
                "bring what is long into the image, or into a ConfigMap in 'extra/'",
                on_key=True,
            )


def _annotations(site: Site, environment: Environment, app: str) -> int:
    """The bytes of annotations that an Application has in the cluster; 0 where there is none."""
    cluster, pin = site.clusters.get(environment.cluster), environment.settings.charts.get(app)
    if cluster is None or pin is None or pin.version is None or app not in apps_in(environment):
        return 0
    release = Release(site=site, app=app, environment=environment, cluster=cluster)
    values = release_values(release, hub_ciphertexts(environment, {}))
    application = effective_application(release, {"helm": {"valuesObject": values}})
    name = names.application(site.name, app, environment.name)
    root = names.environment_root(site.name, environment.name)
    tracked = f"{root}:argoproj.io/Application:{site.argocd_namespace}/{name}"
    metadata = application["metadata"]
    annotations = metadata["annotations"] | {"argocd.argoproj.io/tracking-id": tracked}
    copied = {**application, "metadata": {**metadata, "name": name, "annotations": annotations}}
    held = {**annotations, _COPY: _go_json(copied)}
    return sum(len(key.encode()) + len(text.encode()) for key, text in held.items())


def _go_json(data: object) -> str:
    """Data as Go's encoding/json writes them: compact, signs of HTML escaped, a line end."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", r"\\u0000", text) + "\n"


def _largest(settings: Settings, section: str) -> Pointer:
    """The path of the raw value that takes the most, or of the section where none takes much."""
    part = settings.sections.get(section)
    sizes = {key: len(repr(value)) for key, value in (part.values if part else {}).items()}
    key = max(sizes, key=lambda each: sizes[each], default="")
    return (section, "values", key) if sizes.get(key, 0) > _SMALL else (section,)
