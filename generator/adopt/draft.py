"""Values and facts -> the settings of site.yaml, with the values that they leave."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.adopt import (
    app_entries,
    gateway,
    logins,
    pull_secret,
    running_hub,
    secrets,
    servers,
    services,
    spelling,
    umbrella,
)
from generator.adopt.base import (
    DASK_GATEWAY,
    JUPYTERHUB,
    Ask,
    Facts,
    Foreign,
    Path,
    Question,
    at,
    dotted,
    leaves,
    texts,
)
from generator.adopt.further_apps import FurtherApp
from generator.adopt.gateway import GatewayPython
from generator.adopt.gateway_python import contradiction
from generator.adopt.layers import TEMPLATE
from generator.adopt.pins import VersionChoice, pins
from generator.adopt.placement import Place, release_name
from generator.adopt.sources import RunningReleases, combined
from generator.adopt.spelling import Restated
from generator.charts import CHARTS, dask_gateway
from generator.charts.gateway_config import hub_token
from generator.charts.rows import read_back
from generator.diagnostics import Pointer
from generator.merge import merge
from generator.names import HUB_SECRET
from generator.records import record, replace
from generator.site.model import Json
from generator.site.releases import Versions
from generator.versions import Version

_ARGO_CD = "3.1"
_GATEWAY_NAME = (
    "write the name that `helm list` shows, or give --dask-gateway-release: its objects are named "
    "after it, and under another name a second gateway starts, and no one manages the clusters of "
    "the first"
)


@record
class Draft:
    """The settings of site.yaml, without raw values; `spelled` are the values in its words.

    `releases` are the names of the running releases, by chart; None where nothing tells one.
    `has_said_profiles`: site.yaml says all that today's list of profiles says.
    """

    raw: Mapping[str, Any]
    place: Place
    pins: Mapping[str, VersionChoice]
    spelled: Mapping[str, Restated]
    python: GatewayPython | None
    questions: tuple[Question, ...]
    known: Versions
    releases: Mapping[str, str | None]
    has_said_profiles: bool
    apps: tuple[FurtherApp, ...] = ()


def drafted(running: RunningReleases, flags: Facts, known: Versions) -> Draft:
    """The draft for values that include a hub's; flags win over what files say."""
    questions = list(running.questions)

    def ask(text: str, place: Pointer) -> None:
        questions.append(Question(text=text, at=place))

    if running.umbrella:
        ask(umbrella.QUESTION, ())
    pinned = pins(running, flags, known, ask)
    place = Place(running.charts[JUPYTERHUB].values, combined(flags, running.hints), ask)
    hub = spelling.hub(running.charts[JUPYTERHUB], Version.parse(pinned[JUPYTERHUB].text))
    spelled = {JUPYTERHUB: hub}
    for text in hub.questions:
        ask(text, ("jupyterhub", "servers", "profiles"))
    raw = _placed(running.charts, pinned, place, known)
    provider = logins.provider(hub) or flags.provider or ""
    if DASK_GATEWAY in running.charts:
        spelled[DASK_GATEWAY] = spelling.gateway(running.charts[DASK_GATEWAY])
    clear = secrets.cleared([replace(one.foreign, values=one.values) for one in spelled.values()])
    raw |= read_back(CHARTS[JUPYTERHUB].rows, clear[JUPYTERHUB], provider)
    said = raw.setdefault("jupyterhub", {})
    running_hub.settle(said, hub.values)
    login = said.get("authentication", {})
    releases = {
        chart: flags.releases.get(chart, one.release) for chart, one in running.charts.items()
    }
    if (release := releases[JUPYTERHUB]) not in (None, JUPYTERHUB):
        said["releaseName"] = release
    said |= services.settings(hub.values)
    raw = merge(raw, pull_secret.settings(hub.foreign))
    said = raw["jupyterhub"]
    today = pinned[JUPYTERHUB].running
    said["authentication"] = logins.login(login, hub, today, ask, flags.provider)
    profiles, has_said_profiles = servers.profiles(clear[JUPYTERHUB], pinned[JUPYTERHUB].text, ask)
    said.setdefault("servers", {}).update(profiles)
    python = None
    if DASK_GATEWAY in running.charts:
        hub_image, told = servers.default_image(profiles), releases[DASK_GATEWAY]
        python, of_dask = _gateway(spelled[DASK_GATEWAY], clear[DASK_GATEWAY], hub_image, told, ask)
        raw = merge(raw, of_dask)
        if groups := services.gateway_groups(hub.values):
            raw = merge(raw, {"daskGateway": {"access": {"groups": groups}}})
        if told != DASK_GATEWAY:
            name = told or release_name(running.charts[JUPYTERHUB])
            raw = merge(raw, {"daskGateway": {"releaseName": name}})
    _ask_about_contradictions(running.charts, ask)
    apps = tuple(_of_its_cluster(running.apps, place))
    return Draft(
        raw=raw | ({"apps": app_entries.by_name(apps)} if apps else {}),
        place=place,
        pins=pinned,
        spelled=spelled,
        python=python,
        questions=tuple(questions),
        known=known,
        releases=releases,
        has_said_profiles=has_said_profiles,
        apps=apps,
    )


def _of_its_cluster(apps: Iterable[FurtherApp], place: Place) -> Iterator[FurtherApp]:
    """The further charts of the hub's cluster; those of its namespace are its environment's."""
    here = (place.facts.server, place.facts.registered_name)
    for app in apps:
        there = (app.facts.server, app.facts.registered_name)
        if there not in (here, (None, None)):
            text = f"app '{app.name}' runs in another cluster: import its file alone for an entry"
            place.ask(text, ())
            continue
        if app.facts.namespace == place.namespace:
            yield replace(app, entry=app_entries.of_environment(app.entry))
        else:
            yield app
        for question in app.questions:
            place.ask(question.text, question.at)


def _gateway(
    dask: Restated, clear: Json, image: str, told: str | None, ask: Ask
) -> tuple[GatewayPython, dict[str, Any]]:
    """What Dask Gateway's Python says, and its settings; `told` is the name of its release."""
    python = gateway.read(dask, {"hub_token": hub_token(HUB_SECRET, dask_gateway.TOKEN_KEY)})
    said = gateway.one_placement(read_back(CHARTS[DASK_GATEWAY].rows, clear), dask)
    settings = gateway.settings(dask, python, image, ask)
    if told is None:
        ask(_GATEWAY_NAME, ("daskGateway", "releaseName"))
    return python, merge(said, {"daskGateway": settings})


def _placed(
    charts: Mapping[str, Foreign],
    pinned: Mapping[str, VersionChoice],
    place: Place,
    known: Versions,
) -> dict[str, Any]:
    facts, ask = place.facts, place.ask
    if facts.repository is None:
        text = "name the Git repository that Argo CD is to follow, or give --repository"
        ask(text, ("repository", "url"))
    ask("write the version of Argo CD that runs", ("argocd", "version"))
    ask(
        "Argo CD applies nothing until you start the first sync; remove this line after it "
        "succeeds",
        ("environments", place.environment, "sync"),
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
            chart: {"version": pin.text}
            | ({"repository": home} if (home := charts[chart].repository) else {})
            for chart, pin in pinned.items()
        },
        "clusters": place.clusters(str(max(needed))),
        "environments": {
            place.environment: {
                "cluster": place.cluster,
                "namespace": place.namespace,
                "host": place.host,
                **({"path": place.path} if place.path else {}),
                "requireSealed": True,
                # The first sync upgrades to the pinned versions, which can't be undone.
                "sync": {"automated": False},
            }
        },
    }
    return raw if facts.sync is None else {**raw, "sync": dict(facts.sync)}


def _ask_about_contradictions(charts: Mapping[str, Foreign], ask: Ask) -> None:
    """Asks about sizes that contradict their comments, and about templates."""
    hub = charts[JUPYTERHUB]
    for bound in ("guarantee", "limit"):
        path: Path = ("singleuser", "memory", bound)
        size, comment = at(hub.values, *path), hub.comments.get(path, "")
        if isinstance(size, int) and (told := contradiction(comment, size)) is not None:
            ask(
                f"{hub.place(path)}: {dotted(path)} is {size} bytes, but its comment says {told}"
                "; site.yaml has the bytes, which are in effect today: which one is right?",
                ("jupyterhub", "servers", "memory"),
            )
    for chart, foreign in charts.items():
        for path, value in leaves(foreign.values):
            if any(map(TEMPLATE.search, texts(value))):
                ask(
                    f"{foreign.place(path)}: {chart} {dotted(path)} contains a template in braces, "
                    "and Helm does not render values; which program fills it in today?",
                    (),
                )
