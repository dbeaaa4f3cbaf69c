"""JupyterHub (zero-to-jupyterhub-k8s): the table of its chart values, with no secret in them.

The chart makes some values at random on each render; hubops writes them all but the proxy's token,
which the Application ignores: the hub would restart and log everyone out at every refresh.
"""

from collections.abc import Mapping

from generator.charts import (
    hub_rows,
    hub_values,
    ingress_rows,
    login_rows,
    login_values,
    page_rows,
    profile_values,
    scheduling_rows,
    server_rows,
)
from generator.charts.chart import Chart, Ciphertexts, Values, canonical, keys, paths
from generator.charts.hub_services import DASK_GROUPS
from generator.charts.rows import kept
from generator.digest import sha256
from generator.merge import merge
from generator.names import CONTENT_ANNOTATION, HUB_SECRET
from generator.records import replace
from generator.site.model import Release, Settings

_FULL_NAME = kept(
    "fullnameOverride",
    "hubops finds the chart's objects by their names and labels",
    default="",
)
_EXISTING_SECRET = kept(
    "hub existingSecret",
    "the hub reads its keys and its tokens from 'hub-secrets'",
    value=HUB_SECRET,
)


def _restart(release: Release, values: Values, encrypted: Ciphertexts) -> Values:
    """One hash over values and ciphertexts: a change of either restarts the hub, once.

    The chart's own `checksum/secret` is random and therefore ignored, and a changed Secret restarts
    nothing. `hub.annotations` lands in the hub's pod template (templates/hub/deployment.yaml).
    """
    values_text = CHART.canonical(release.settings, values)
    text = f'{{"sealed":{canonical(encrypted)},"values":{values_text}}}'
    return {"hub": {"annotations": {CONTENT_ANNOTATION: sha256(text.encode())}}}


def _more(settings: Settings) -> Values:
    """What profiles, the site's own Secrets and the traits of its login's class give."""
    more: Values = merge(profile_values.more(settings), login_values.more(settings))
    return more


CHART = Chart(
    name="jupyterhub",
    repository="https://hub.jupyter.org/helm-chart/",
    supported=">=3.0.3",
    is_required=True,
    python_of="hub",
    wave=0,
    rows=(
        _EXISTING_SECRET,
        *login_rows.ROWS,
        *hub_rows.ROWS,
        *server_rows.ROWS,
        *scheduling_rows.ROWS,
        *ingress_rows.ROWS,
        *page_rows.ROWS,
        _FULL_NAME,
    ),
    is_complete=lambda settings: settings.login is not None,
    of_others={
        "daskGateway": lambda settings: (settings.dask is None, repr(settings.at(DASK_GROUPS)))
    },
    more_values=_more,
    restart_values=_restart,
    random_fields=hub_values.RANDOM_FIELDS,
    # values.schema.json of all supported releases: the root's keys, and what is a number.
    roots=keys(
        "enabled fullnameOverride global nameOverride rbac cull custom debug httpRoute hub"
        " imagePullSecret imagePullSecrets ingress prePuller proxy scheduling singleuser"
    ),
    numbers=paths(
        {
            "cull": "concurrency every maxAge timeout",
            "hub": "activeServerLimit concurrentSpawnLimit consecutiveFailureLimit"
            " extraFiles.*.mode fsGid namedServerLimitPerUser pdb.maxUnavailable pdb.minAvailable"
            " revisionHistoryLimit service.ports.nodePort",
            "prePuller": "hook.podSchedulingWaitDuration revisionHistoryLimit",
            "proxy": "chp.pdb.maxUnavailable chp.pdb.minAvailable chp.revisionHistoryLimit"
            " service.nodePorts.http service.nodePorts.https traefik.hsts.maxAge"
            " traefik.pdb.maxUnavailable traefik.pdb.minAvailable traefik.revisionHistoryLimit",
            "scheduling podPriority": "defaultPriority imagePullerPriority userPlaceholderPriority",
            "scheduling userPlaceholder": "replicas revisionHistoryLimit",
            "scheduling userScheduler": "logLevel pdb.maxUnavailable pdb.minAvailable replicas"
            " revisionHistoryLimit",
            "singleuser": "cpu.guarantee cpu.limit extraFiles.*.mode fsGid startTimeout uid",
        }
    ),
)


def own_variables(settings: Settings) -> Mapping[str, frozenset[str]]:
    """The environment variables that hubops sets by itself, in the hub and in users' servers."""
    values = CHART.shared_values(replace(settings, secrets=()))
    return {
        where: frozenset(values.get(section, {}).get("extraEnv", {}))
        for where, section in (("hub", "hub"), ("servers", "singleuser"))
    }
