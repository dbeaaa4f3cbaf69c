"""Values and facts -> the settings of site.yaml, with the values that they leave."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.adopt import contradictions, gateway, login, servers, spelling, umbrella
from generator.adopt.base import DASK_GATEWAY, JUPYTERHUB, Facts, Foreign, Question
from generator.adopt.gateway import GatewayPython
from generator.adopt.pins import VersionChoice, pins
from generator.adopt.placement import Place, release_name, repository_of
from generator.adopt.sources import RunningReleases
from generator.adopt.spelling import Spelled
from generator.adopt.statements import combined
from generator.charts import CHARTS, dask_gateway
from generator.charts.gateway_config import hub_token
from generator.charts.rows import read_back
from generator.merge import merge
from generator.names import HUB_SECRET
from generator.records import record
from generator.site.releases import Versions
from generator.versions import Version

Ask = Callable[[Question], None]
_ARGO_CD = "3.1"


@record
class Draft:
    """The settings of site.yaml, without raw values, and the questions about them.

    `spelled` are the values of each chart in hubops' words, and `python` what a gateway's python
    says. `known` are the chart releases that hubops knows.
    """

    raw: Mapping[str, Any]
    place: Place
    pins: Mapping[str, VersionChoice]
    spelled: Mapping[str, Spelled]
    python: GatewayPython | None
    questions: tuple[Question, ...]
    known: Versions


def drafted(running: RunningReleases, flags: Facts, known: Versions) -> Draft:
    """The draft for values that include a hub's; flags win over what files say."""
    questions = list(running.questions)
    ask = questions.append
    if running.is_umbrella:
        ask(Question(text=umbrella.QUESTION))
    pinned = pins(running, flags, known, ask)
    place = Place(running.charts[JUPYTERHUB].values, combined(flags, running.hints), ask)
    hub = spelling.hub(running.charts[JUPYTERHUB], Version.parse(pinned[JUPYTERHUB].text))
    spelled = {JUPYTERHUB: hub}
    raw = _placed(running.charts, pinned, place, known, ask)
    provider = login.provider(hub.values)
    raw |= read_back(CHARTS[JUPYTERHUB].rows, hub.values, provider)
    said = raw.get("jupyterhub", {})
    raw["jupyterhub"] = {
        **said,
        "authentication": login.settings(
            said.get("authentication", {}), hub.values, pinned[JUPYTERHUB].running, ask
        ),
        "servers": {
            **said.get("servers", {}),
            "profiles": servers.profiles(hub.values, pinned[JUPYTERHUB].text, ask),
        },
    }
    python = None
    if DASK_GATEWAY in running.charts:
        spelled[DASK_GATEWAY] = dask = spelling.gateway(running.charts[DASK_GATEWAY])
        python = gateway.read(dask, {"hub_token": hub_token(HUB_SECRET, dask_gateway.TOKEN_KEY)})
        profiles = raw["jupyterhub"]["servers"]["profiles"]
        raw = merge(raw, read_back(CHARTS[DASK_GATEWAY].rows, dask.values))
        default = next((one for one in profiles if one.get("default")), profiles[0])
        settings = gateway.settings(dask, python, default["image"], ask)
        raw = merge(raw, {"daskGateway": {**_release(running.charts, ask), **settings}})
    questions += contradictions.in_values(running.charts)
    return Draft(
        raw=raw,
        place=place,
        pins=pinned,
        spelled=spelled,
        python=python,
        questions=tuple(questions),
        known=known,
    )


def _placed(
    charts: Mapping[str, Foreign],
    pinned: Mapping[str, VersionChoice],
    place: Place,
    known: Versions,
    ask: Ask,
) -> dict[str, Any]:
    """Everything beside the charts' own settings."""
    facts = place.facts
    if facts.repository is None:
        text = "name the Git repository that Argo CD is to follow, or give --repository"
        ask(Question(text=text, at=("repository", "url")))
    ask(Question(text="write the version of Argo CD that runs", at=("argocd", "version")))
    ask(
        Question(
            text="Argo CD applies nothing until you start the first sync; remove this line after "
            "it succeeds",
            at=("environments", place.environment, "sync"),
        )
    )
    needed = (known.needed_kubernetes(chart, Version.parse(pinned[chart].text)) for chart in pinned)
    raw: dict[str, Any] = {
        "schemaVersion": 1,
        "site": place.site,
        "repository": {
            "url": facts.repository or f"https://git.example.org/{place.site}.git",
            "revision": "main",
        },
        "argocd": {"version": _ARGO_CD, "namespace": facts.argocd_namespace or "argocd"},
        "charts": {
            chart: {"version": pin.text, **repository_of(charts[chart])}
            for chart, pin in pinned.items()
        },
        "clusters": place.clusters(str(max(needed))),
        "environments": {
            place.environment: {
                "cluster": place.cluster,
                "namespace": place.namespace,
                "host": place.host,
                "requireSealed": True,
                # The first sync upgrades to the pinned versions, which can't be undone.
                "sync": {"automated": False},
            }
        },
    }
    return raw if facts.sync is None else {**raw, "sync": dict(facts.sync)}


def _release(charts: Mapping[str, Foreign], ask: Ask) -> dict[str, str]:
    """The release name of Dask Gateway, where it is not the usual one."""
    release = release_name(charts.get(JUPYTERHUB), charts[DASK_GATEWAY])
    if release == DASK_GATEWAY:
        return {}
    if charts[DASK_GATEWAY].release is None:
        text = "its Services are named after this release; does `helm list` show it?"
        ask(Question(text=text, at=("daskGateway", "releaseName")))
    return {"releaseName": release}
