"""What every rule and every folder of them offers, and what several rules ask of a site.

A rule is a code, the severity of its findings, a docstring that is its page, and `check`. It never
raises on a site that the schema found fault with: what was refused is absent there, empty, or its
default.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from generator.charts import CHARTS
from generator.charts.overrides import Raw, matching, raw
from generator.diagnostics import Finding, Pointer, Severity
from generator.lint.written import below, every_app, raw_values
from generator.records import field, record, replace
from generator.site.app import ChartPin
from generator.site.hub import Authentication, Hub
from generator.site.model import DaskGateway, Environment, Json, Settings, Site
from generator.site.origin import Origin
from generator.site.profiles import PROFILES, Keys, ProfileOption
from generator.versions import Version

Findings = Iterator[Finding]
Environments = tuple[Environment, ...]

# Paths of site.yaml that several rules speak of.
LOGIN = ("jupyterhub", "authentication")
_URLS = {
    (*LOGIN, "authorizeUrl"): "authorize_url",
    (*LOGIN, "tokenUrl"): "token_url",
    (*LOGIN, "userdataUrl"): "userdata_url",
}
HUB_VERSION = ("charts", "jupyterhub", "version")


@record
class Finder:
    """Makes the findings of one rule: each has its severity and code."""

    severity: Severity
    code: str

    def __call__(
        self,
        at: Pointer,
        message: str,
        help: str,
        *,
        on_key: bool = False,
        relies_on: tuple[Pointer, ...] = (),
    ) -> Finding:
        """A finding at a Pointer; `help` says what to do."""
        return Finding(
            code=self.code,
            severity=self.severity,
            at=at,
            message=message,
            help=help,
            on_key=on_key,
            relies_on=relies_on,
        )


def errors(code: str) -> Finder:
    """Of a rule about what would not work, or would not be safe."""
    return Finder(severity=Severity.ERROR, code=code)


def warnings(code: str) -> Finder:
    """Of a rule about what is likely a mistake."""
    return Finder(severity=Severity.WARNING, code=code)


def infos(code: str) -> Finder:
    """Of a rule about what is worth knowing."""
    return Finder(severity=Severity.INFO, code=code)


@record
class PackagedChart:
    """What a packaged chart says of its values: the schema it enforces, and its own defaults."""

    schema: Mapping[str, Json]
    defaults: Mapping[str, Json]


@record
class Surroundings:
    """What a comparison may know beside the site itself.

    `base` is the site as the followed branch has it, None where that is not known, or is the same
    text; `is_first` says that the branch has no site yet. `charts` are the packaged charts at hand,
    by name and version. `day` is the one to judge by, as 2026-03-24, empty where nothing is judged
    by a day.
    """

    base: Site | None = None
    is_first: bool = False
    charts: Mapping[tuple[str, str], PackagedChart] = field(factory=dict)
    day: str = ""


class Rule(Protocol):
    """One file of a folder; `check` yields a Finding for each place that breaks the rule."""

    finding: Finder

    def check(self, site: Site) -> Findings:
        """The findings, in any order; the same one may come up for several environments."""


class Comparison(Protocol):
    """A rule that compares the site with its surroundings.

    Where `can_judge` is false, its findings are unknown: none is reported, and a comment that
    silences one may be needed.
    """

    finding: Finder

    def can_judge(self, site: Site, around: Surroundings) -> bool:
        """Whether all that the rule compares with is at hand."""

    def check(self, site: Site, around: Surroundings) -> Findings:
        """The findings as far as the surroundings are known."""


def logins(site: Site) -> Iterator[tuple[Settings, Authentication, Environments]]:
    """Each way to log in to a hub, with its settings and environments; see `hubs`."""
    for settings, environments in site.hub_variants:
        if settings.login is not None:
            yield settings, settings.login, environments


def hubs(site: Site) -> Iterator[tuple[Settings, Hub, Environments]]:
    """Each distinct hub, with its environments, and settings of theirs alike in hub and charts."""
    for settings, environments in site.hub_variants:
        if settings.hub is not None:
            yield settings, settings.hub, environments


def sharing(
    site: Site, part: Callable[[Settings], object]
) -> Iterator[tuple[Settings, Environments]]:
    """One of the settings that share a part, with all its environments, for a rule about it alone.

    What an environment does not override is the very object of the shared settings.
    """
    groups: dict[int, tuple[Settings, list[Environment]]] = {}
    for settings, environments in site.variants:
        groups.setdefault(id(part(settings)), (settings, []))[1].extend(environments)
    for settings, together in groups.values():
        yield settings, tuple(together)


def gateways(site: Site) -> Iterator[tuple[Settings, DaskGateway, Environments]]:
    """Each distinct Dask Gateway, with its settings and environments."""
    for settings, environments in site.variants:
        if settings.dask is not None:
            yield settings, settings.dask, environments


def installing(every: Iterable[Settings]) -> Iterable[Settings]:
    """Of all settings that install the very same charts, one."""
    return {(id(one.charts), *one.sections): one for one in every}.values()


def used_pins(settings: Settings) -> Iterator[tuple[ChartPin, Version]]:
    """The charts that these settings install, each with its exact version."""
    for pin in settings.charts.values():
        if pin.version is not None and CHARTS[pin.name].is_used(settings):
            yield pin, pin.version


def hub_version(settings: Settings) -> Version | None:
    """The exact version of the JupyterHub chart, None where there is none."""
    pin = settings.charts.get("jupyterhub")
    return pin.version if pin is not None else None


def written_values(site: Site) -> Iterator[tuple[Settings, Raw]]:
    """The raw values of each chart, as the shared settings and each environment write them."""
    for settings in every_settings(site):
        for written in raw(settings):
            yield settings, written


def has_base(_: Site, around: Surroundings) -> bool:
    """Whether the Git base's site is known: the `can_judge` of the rules that compare with it."""
    return around.base is not None


def every_settings(site: Site) -> Iterator[Settings]:
    """The shared settings, which the bases are built from, and each environment's own."""
    yield site.shared
    for settings, _ in site.variants:
        if settings is not site.shared:
            yield settings


def every_part(site: Site, part: Callable[[Settings], object]) -> Iterator[Settings]:
    """The settings with a different part each, for a rule about that part alone.

    What an environment does not override is the shared settings' object, with the same findings.
    """
    shared = part(site.shared)
    yield site.shared
    for environment in site.environments:
        settings = environment.settings
        if settings is not site.shared and part(settings) is not shared:
            yield settings


def places(environment: Environment, *path: str | int) -> tuple[Pointer, ...]:
    """Where a setting of an environment can be written: in the shared part, or in its own."""
    return path, (*environment.at, *path)


def relying(finding: Finding, environments: Sequence[Environment], *paths: Pointer) -> Findings:
    """The finding once for each environment, relying on what it and the shared part write there."""
    for environment in environments:
        written = (place for path in paths for place in places(environment, *path))
        yield replace(finding, relies_on=tuple(written))
    if not environments:
        yield replace(finding, relies_on=paths)


def blamed(origin: Origin, *paths: Pointer) -> Pointer:
    """Of settings that do not fit together, the one to point at.

    It is the first that the environment overrides, for people fix it there, or else the first.
    """
    pointers = [origin.at(*path) for path in paths]
    return next((at for at in pointers if at[:1] == ("environments",)), pointers[0])


def neighbours(
    site: Site, places: Environments | None = None
) -> tuple[tuple[Environment, ...], ...]:
    """The environments by the Kubernetes cluster that they run in, in the order of site.yaml.

    Or other places. Entries of `clusters` with one address, or one name in Argo CD, are one
    cluster.
    """
    groups: dict[tuple[str, str], list[Environment]] = {}
    for environment in site.environments if places is None else places:
        cluster = site.clusters.get(environment.cluster)
        if cluster is not None:
            groups.setdefault(cluster.identity, []).append(environment)
    return tuple(map(tuple, groups.values()))


def same_cluster(first: Environment, second: Environment) -> str:
    """Words that say how two environments come to be in one cluster."""
    if first.cluster == second.cluster:
        return f"both run in cluster '{first.cluster}'"
    return f"clusters '{first.cluster}' and '{second.cluster}' are one: they have the same address"


def lets_someone_in(hub: Hub) -> bool:
    """Whether any rule says who may log in, in site.yaml's own keys or in raw values."""
    login = hub.authentication
    if login is None:
        return False
    allow = login.allow
    if allow.everyone or allow.existing_users or allow.users or allow.groups:
        return True
    rules = (login.organizations, login.admins, login.admin_groups)
    if any(rules) or any(narrower_groups(login).values()):
        return True
    keys = (*config_keys(hub.values), *config_keys({"hub": {"config": login.config}}))
    return any(key.startswith(("allow", "admin_users")) for key in keys)


def narrower_groups(login: Authentication) -> dict[Pointer, bool]:
    """The maps of a login that may let in a part of a provider's users, and whether they do."""
    groups, providers = login.google_groups.values(), login.identity_providers.values()
    return {
        (*LOGIN, "googleGroups"): any(one.get("allowed") or one.get("admins") for one in groups),
        (*LOGIN, "identityProviders"): any(any(one.get("allow", {}).values()) for one in providers),
    }


def config_keys(values: Mapping[str, Json]) -> Iterator[str]:
    """What raw values set of any class, below `hub.config`."""
    for path, _ in matching(values, ("hub", "config", "*", "*")):
        yield path[-1]


def login_urls(settings: Settings) -> dict[Pointer, str]:
    """The addresses of the login provider, by the path of each."""
    if settings.login is None:
        return {}
    urls = ((path, getattr(settings.login, name)) for path, name in _URLS.items())
    return {path: url for path, url in urls if url is not None}


def oauth_urls(settings: Settings) -> dict[Pointer, str]:
    """The same; none where the provider knows its own."""
    is_openid = settings.login is not None and settings.login.is_openid
    return login_urls(settings) if is_openid else {}


def every_raw_value(site: Site) -> Iterator[tuple[Pointer, Json]]:
    """Everything below `values` of each chart, as it is written: its place, and the node."""
    for settings in every_settings(site):
        yield from raw_values(settings)
    for app in every_app(site):
        written = app.overrides.get(app.name, {}).get("values", {}) if app.cluster else None
        for path, node in below(app.values, (), written):
            yield app.at("values", *path), node


def addresses(site: Site) -> Iterator[tuple[Pointer, str, str]]:
    """The addresses that Argo CD fetches from or deploys to: the place, what it is, the URL."""
    yield ("repository", "url"), "repository", site.repository.url
    for cluster in site.clusters.values():
        yield (*cluster.at, "server"), "cluster", cluster.server or ""
    for settings in every_part(site, lambda settings: settings.charts):
        for name, pin in settings.charts.items():
            at = settings.origin.at("charts", name, "repository")
            yield at, "chart repository", pin.repository or ""
    for app in every_app(site):
        yield app.at("chart", "repository"), "chart repository", app.pin.repository or ""


def server_keys(settings: Settings) -> Iterator[tuple[Pointer, Keys]]:
    """What all servers, each profile and each choice say of servers, with the path of each."""
    hub = settings.hub
    if hub is None:
        return
    yield PROFILES[:-1], hub.servers
    for index, profile in enumerate(hub.profiles):
        yield (*PROFILES, index), profile.keys
    for path, option in options(hub):
        for place, choice in enumerate(option.choices):
            yield (*path, "choices", place), choice.keys


def server_texts(settings: Settings, keys: tuple[str, ...]) -> Iterator[tuple[Pointer, Json]]:
    """Everything at and below some keys of servers, profiles and choices, with its path."""
    for path, said in server_keys(settings):
        for key in keys:
            if key in said:
                value = said[key]
                node = list(value) if isinstance(value, tuple) else value
                yield (*path, key), node
                yield from (((*path, key, *at), part) for at, part in below(node, (), None))


def claims(settings: Settings) -> dict[str, str]:
    """The volume claims that site.yaml says are there, each with what it is for.

    Not those with a name for each user: a template is filled in when a server starts.
    """
    home = settings.at("jupyterhub.home.shared.claim")
    found = {str(home): "homes"} if home else {}
    volumes = [one for _, said in server_keys(settings) for one in said.get("volumes") or ()]
    named = [str(one["claim"]) for one in volumes if isinstance(one, Mapping) and one.get("claim")]
    fixed = (name for name in named if "{" not in name and name not in found)
    return found | {name: f"volume {name}" for name in fixed}


def options(hub: Hub) -> Iterator[tuple[Pointer, ProfileOption]]:
    """Every option of a profile, with its path."""
    for index, profile in enumerate(hub.profiles):
        for number, option in enumerate(profile.options):
            yield (*PROFILES, index, "options", number), option


def login_config(settings: Settings) -> Iterator[tuple[Pointer, Json]]:
    """Every trait that the login's configuration names by class, and all below: place and node."""
    for path, node in below(settings.login.config if settings.login is not None else {}, (), None):
        yield settings.origin.at(*LOGIN, "config", *path), node
