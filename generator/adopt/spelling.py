"""Values that say the same in other words: brought into the words that hubops writes, and noted.

What is compared in the end are these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.adopt import entrance, hub_python, profile_words
from generator.adopt.base import Foreign, Path, Row, alike, at, dotted, leaves, placed, removed
from generator.charts import jupyterhub, login_rows
from generator.charts.config_traits import TRAITS
from generator.charts.ingress_controllers import SIZES
from generator.charts.login_values import GOOGLE_GROUPS
from generator.charts.numbers import is_quoted
from generator.charts.spellings import (
    EXTRA_IMAGES,
    GROUPS_KEY,
    POSTGRES,
    kubernetes_bytes,
    quantity,
    spawner_bytes,
    words,
)
from generator.quantities import amount, number, spawner_memory
from generator.site import providers
from generator.site.model import Json
from generator.site.providers import PROVIDERS
from generator.versions import Version, VersionRange

# Names of the same class: its entry point, and where it is imported from.
_AUTHENTICATOR = ("hub", "config", "JupyterHub", "authenticator_class")
_OAUTH = {"generic": "Generic", "github": "GitHub", "cilogon": "CILogon", "google": "Google"}
_SHORT = {
    **{
        f"oauthenticator.{module}{name}OAuthenticator": short
        for (file, name), short in zip(
            _OAUTH.items(), ("generic-oauth", "github", "cilogon", "google"), strict=True
        )
        for module in ("", f"{file}.")
    },
    "dummyauthenticator.DummyAuthenticator": "dummy",
    "jupyterhub.auth.DummyAuthenticator": "dummy",
}
# The sections of classes that have a short name and no word in site.yaml (entry points).
_SECTIONS = {
    **providers.OAUTH_CLASSES,
    **{f"{providers.LOCAL}{name}": one for name, one in providers.OAUTH_SECTIONS.items()},
    "dummy": "DummyAuthenticator",
    "firstuseauthenticator": "FirstUseAuthenticator",
    "hmac": "HMACAuthenticator",
    "ldap": "LDAPAuthenticator",
    "lti11": "LTI11Authenticator",
    "lti13": "LTI13Authenticator",
    "native": "NativeAuthenticator",
    "null": "NullAuthenticator",
    "pam": "PAMAuthenticator",
    "shared-password": "SharedPasswordAuthenticator",
    "tmp": "TmpAuthenticator",
}
_ACCOUNTS = "google_service_account_keys"
_KINDS = {"allowed": "allowed_google_groups", "admins": "admin_google_groups"}
DUMMY_PASSWORD = ("DummyAuthenticator", "password")
AUTHENTICATORS = frozenset((*_SHORT, *_SHORT.values(), *_SECTIONS))


def section_of(authenticator: str) -> str:
    """The section of `hub.config` of a class that site.yaml has no word for."""
    name = authenticator.rpartition(".")[2]
    is_local = authenticator.startswith("oauthenticator.") and name.startswith("Local")
    return _SECTIONS.get(authenticator, name.removeprefix("Local") if is_local else name)


def _traits(section: str, provider: str) -> frozenset[str]:
    """What the rows of a provider write in a section."""
    return frozenset(
        row.path[3]
        for row in jupyterhub.CHART.rows
        if row.path[:3] == ("hub", "config", section) and len(row.path) == 4
        if not row.providers or provider in row.providers
    )


_SIZES = tuple((kind, bound) for kind in ("cpu", "memory") for bound in ("guarantee", "limit"))
# The one that the chart bounds where no value does.
_BOUNDED = ("memory", "guarantee")
_OAUTHENTICATOR_17 = VersionRange.parse(login_rows.OAUTHENTICATOR_17)
_IDPS = VersionRange.parse(login_rows.IDPS)


@dataclass(slots=True)
class Restated:
    """Values on their way into other words, and what was noted of each change."""

    foreign: Foreign
    values: Mapping[str, Json]
    notes: list[Row] = field(default_factory=list)
    moved: dict[Path, Path] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    def row(self, path: Path, text: str) -> Row:
        """A line about a value, with the place where it was before it was moved."""
        place = self.foreign.place(self.moved.get(path, path))
        return Row(chart=self.foreign.chart, path=path, text=text, place=place)

    def note(self, path: Path, text: str) -> None:
        """Notes why a value is spelled otherwise."""
        place = self.foreign.place(path)
        self.notes.append(Row(chart=self.foreign.chart, path=path, text=text, place=place))

    def put(self, path: Path, value: Json, text: str) -> None:
        """Sets a value that says the same; without a note where it is the same."""
        if not alike(at(self.values, *path), value):
            self.values = placed(self.values, path, value)
            self.note(path, text)

    def move(self, old: Path, new: Path, text: str) -> None:
        """Moves a value to another path; where one stands there, that one counts."""
        value = at(self.values, *old)
        self.values = removed(self.values, old)
        if at(self.values, *new) is None:
            self.values = placed(self.values, new, value)
            self.moved[new] = self.moved.get(old, old)
        self.note(old, text)


def hub(foreign: Foreign, version: Version) -> Restated:
    """JupyterHub's values in hubops' words, for the chart version that is to run."""
    spelled = Restated(foreign, foreign.values)
    _python(spelled)
    _traits_of_values(spelled)
    _login(spelled, version)
    _servers(spelled)
    _nulls(spelled)
    _profiles(spelled)
    _addresses(spelled)
    _pulled_images(spelled)
    _tag(spelled, ("hub", "image", "tag"))
    return spelled


def _python(spelled: Restated) -> None:
    """Plain assignments of hub.extraConfig as the values that say the same."""
    if not at(spelled.values, *hub_python.EXTRA):
        return
    found = hub_python.read(spelled.values)
    for one in found.settings:
        old = (*hub_python.EXTRA, one.entry)
        spelled.values = placed(spelled.values, one.path, one.value)
        spelled.moved[one.path] = old
        spelled.note(old, f"plain Python that sets '{one.name}', taken as {dotted(one.path)}")
    for name in {one.entry for one in found.settings}:
        path, rest = (*hub_python.EXTRA, name), found.rest[name]
        spelled.values = placed(spelled.values, path, rest)
        if not rest:
            spelled.values = removed(spelled.values, path)
    for trait, entry in found.others:
        spelled.questions.append(
            f"hub.extraConfig.{entry} sets c.KubeSpawner.{trait} by a program, and it wins over "
            "what site.yaml says: write the profiles here and remove it there, or keep it and read "
            "these profiles as a description"
        )


def _traits_of_values(spelled: Restated) -> None:
    """Traits in `hub.config` as the values that the chart has for them; both set the same."""
    for section, known in TRAITS.items():
        traits = at(spelled.values, "hub", "config", section)
        for name in traits if isinstance(traits, Mapping) else ():
            new = known.get(name)
            if new is not None and at(spelled.values, *new) is None and traits[name] is not None:
                text = f"the same setting, written as {dotted(new)}"
                spelled.move(("hub", "config", section, name), new, text)


def _nulls(spelled: Restated) -> None:
    """Lists without nulls, and numbers of few digits: what every file of hubops can hold."""
    for path, value in leaves(spelled.values):
        if isinstance(value, float | list):
            spelled.put(path, profile_words.rounded(value), "its numbers have fifteen digits now")
            value = at(spelled.values, *path)
        if value is None and path[:1] == ("singleuser",) and path[1:] in _SIZES:
            text = "no bound: KubeSpawner takes 0 for it, as it takes null"
            if path[1:] != _BOUNDED:
                spelled.values = removed(spelled.values, path)
                spelled.note(path, "no bound, as the chart has none")
            else:
                spelled.put(path, 0, text)
        elif isinstance(value, list) and path != profile_words.PATH:
            spelled.put(
                path, profile_words.without_nulls(value), "without nulls, which say nothing"
            )


def _profiles(spelled: Restated) -> None:
    """The profile list in hubops' words, as far as it can say all of it."""
    path = profile_words.PATH
    listed = at(spelled.values, *path)
    if isinstance(listed, list) and listed:
        pulls = at(spelled.values, "singleuser", "image", "pullPolicy")
        plain, texts = profile_words.plain(listed, pulls)
        spelled.put(path, plain, "; ".join(texts))
        if profile_words.DROPPED in texts:
            spelled.questions.append(
                "singleuser.profileList has nulls that KubeSpawner takes for no value: they are "
                "left out, so the common setting holds; is that what they are for?"
            )


def _pulled_images(spelled: Restated) -> None:
    """Images to pull early under the names that hubops gives them; no one else reads those."""
    path = ("prePuller", "extraImages")
    images = EXTRA_IMAGES.back(at(spelled.values, *path))
    if images:
        spelled.values = removed(spelled.values, path)
        spelled.put(path, EXTRA_IMAGES.there(images), "the same images, under other names")


def _addresses(spelled: Restated) -> None:
    """Sizes of the ingress, the hub's path and its database as hubops spells them."""
    annotations = at(spelled.values, "ingress", "annotations")
    for name, text in annotations.items() if isinstance(annotations, Mapping) else ():
        own = entrance.respelled(text) if name in SIZES else None
        if own is not None:
            spelled.put(("ingress", "annotations", name), own, f"the same size, spelled {own}")
    unused = at(spelled.values, "ingress")
    if entrance.is_routed(spelled.values) and isinstance(unused, Mapping):
        for key in unused.keys() - {"enabled"}:
            spelled.values = removed(spelled.values, ("ingress", key))
            spelled.note(("ingress", key), "left out: the chart makes no Ingress")
    path = entrance.path_of(spelled.values)
    if path:
        spelled.put(("hub", "baseUrl"), f"{path}/", "the same path")
    url = POSTGRES.back(at(spelled.values, "hub", "db", "url"))
    if url is not None:
        own = POSTGRES.there(url)
        spelled.put(("hub", "db", "url"), own, "the same database, with its driver and port")


def gateway(foreign: Foreign) -> Restated:
    """Dask Gateway's values in hubops' words, the python left out."""
    spelled = Restated(foreign, foreign.values)
    _tag(spelled, ("gateway", "backend", "image", "tag"))
    _scheduler(spelled)
    return spelled


def _scheduler(spelled: Restated) -> None:
    """Sizes in hubops' words; the limit is the request where it is not said."""
    for size, own in (("cores", _own_cores), ("memory", _own_memory)):
        request, limit = (
            ("gateway", "backend", "scheduler", size, one) for one in ("request", "limit")
        )
        for path in (request, limit):
            if (same := own(at(spelled.values, *path))) is not None:
                spelled.put(path, same, f"the same size, spelled {same}")
        if alike(at(spelled.values, *limit, default=...), at(spelled.values, *request)):
            spelled.values = removed(spelled.values, limit)
            spelled.note(limit, "the limit of a scheduler is its request where none is written")


def _own_cores(cores: Json) -> Json:
    return number(amount(cores)) if is_quoted(cores) and not cores.startswith("-") else None


def _own_memory(size: Json) -> Json:
    in_bytes = spawner_bytes(size)
    exact = quantity(in_bytes) if in_bytes else None
    return spawner_memory(exact) if exact else None


def _tag(spelled: Restated, path: Path) -> None:
    tag = at(spelled.values, *path)
    if isinstance(tag, int | float) and not isinstance(tag, bool):
        spelled.put(path, str(tag), f"a tag is a text: '{tag}'")


def _login(spelled: Restated, version: Version) -> None:
    named = at(spelled.values, *_AUTHENTICATOR)
    short = _SHORT.get(str(named))
    if short is not None:
        spelled.put(_AUTHENTICATOR, short, f"the same class, called '{short}'")
    named = short or named
    if not isinstance(named, str):
        return
    own = providers.of(named).section or section_of(named)
    local = at(spelled.values, "hub", "config", f"Local{own}")
    for trait in tuple(local) if isinstance(local, Mapping) else ():
        of_local, new = (("hub", "config", one, trait) for one in (f"Local{own}", own))
        spelled.values = removed(spelled.values, new)
        spelled.move(of_local, new, f"the same trait, written at '{own}'")
    _at_home(spelled, own, named if named in PROVIDERS else "other")
    scope = at(spelled.values, "hub", "config", own, "scope")
    if isinstance(scope, str):
        words = scope.replace(",", " ").split()
        spelled.put(("hub", "config", own, "scope"), words, "one text, taken as the list it means")
    if groups := google_groups(at(spelled.values, "hub", "config", own)):
        keys = GOOGLE_GROUPS[_ACCOUNTS].there(groups)
        spelled.put(("hub", "config", own, _ACCOUNTS), keys, "the key of each account is sealed")
    _groups(spelled, own, version)
    _domains(spelled, own, version)


def google_groups(traits: Json) -> dict[str, Json]:
    """By domain, the Google groups that traits name; none where site.yaml can't say all of it."""
    found: dict[str, Json] = {}
    for domain, name in _entries(traits, "gsuite_administrator").items():
        groups = {key: _entries(traits, trait).get(domain) for key, trait in _KINDS.items()}
        found[domain] = {"administrator": name, **{key: one for key, one in groups.items() if one}}
        if not isinstance(name, str) or not all(
            words(one or []) is not None for one in groups.values()
        ):
            return {}
    said = {trait: spelled.there(found) or {} for trait, spelled in GOOGLE_GROUPS.items()}
    given = {trait: _entries(traits, trait) for trait in said}
    given[_ACCOUNTS] = {domain: said[_ACCOUNTS].get(domain) for domain in given[_ACCOUNTS]}
    return found if said == given else {}


def _entries(traits: Json, name: str) -> Mapping[str, Json]:
    found = at(traits, name)
    return found if isinstance(found, Mapping) else {}


def _at_home(spelled: Restated, own: str, provider: str) -> None:
    """Each trait in the section where hubops writes it."""
    if at(spelled.values, "hub", "config", own, "username_key") is not None:
        old, new = (("hub", "config", own, name) for name in ("username_key", "username_claim"))
        spelled.move(old, new, "oauthenticator 16 calls it 'username_claim'")
    sections = (own, "OAuthenticator", "Authenticator")
    # Where the client is written today says where it is; hubops writes it nowhere.
    homes = {
        trait: home
        for home in sections
        for trait in _traits(home, provider) - {"client_id", "client_secret"}
    }
    for section in sections:
        traits = at(spelled.values, "hub", "config", section)
        for trait in tuple(traits) if isinstance(traits, Mapping) else ():
            home = homes.get(trait, section)
            if home != section:
                new = ("hub", "config", home, trait)
                if section == own:  # the class's own section wins over those of its bases
                    spelled.values = removed(spelled.values, new)
                text = f"the same trait, written at '{home}'"
                spelled.move(("hub", "config", section, trait), new, text)


def _domains(spelled: Restated, own: str, version: Version) -> None:
    """Identity providers by the name of the version, and domains as they are compared."""
    old, new = (("hub", "config", own, name) for name in ("allowed_idps", "idps"))
    if version in _IDPS and at(spelled.values, *old) is not None:
        spelled.move(old, new, "oauthenticator 17.4 calls it 'idps'")
    lower = "domains are compared in lower case"
    for path in (new, old):
        found = at(spelled.values, *path)
        for entity, said in found.items() if isinstance(found, Mapping) else ():
            domains = at(said, "allowed_domains")
            if isinstance(domains, list) and all(isinstance(one, str) for one in domains):
                at_domains = (*path, entity, "allowed_domains")
                spelled.put(at_domains, [one.lower() for one in domains], lower)
    hosted = ("hub", "config", own, "hosted_domain")
    domains = at(spelled.values, *hosted)
    listed = [domains] if isinstance(domains, str) and domains else domains
    if isinstance(listed, list) and all(isinstance(one, str) for one in listed):
        spelled.put(hosted, [one.lower() for one in listed], lower)


def _groups(spelled: Restated, own: str, version: Version) -> None:
    """Oauthenticator 17 fails on 16's name of the claim that holds the groups."""
    keys = ("claim_groups_key", "manage_groups", "auth_state_groups_key")
    old, new, key = (("hub", "config", own, name) for name in keys)
    claim = at(spelled.values, *old)
    if version in _OAUTHENTICATOR_17 and isinstance(claim, str):
        spelled.move(old, new, "oauthenticator 17 says it with 'auth_state_groups_key'")
        spelled.values = placed(spelled.values, new, True)
        spelled.values = placed(spelled.values, key, GROUPS_KEY.there(claim))


def _servers(spelled: Restated) -> None:
    for bound in ("guarantee", "limit"):
        path = ("singleuser", "memory", bound)
        size = at(spelled.values, *path)
        in_bytes, text = spawner_bytes(size), "the same size"
        if in_bytes is None:
            in_bytes = kubernetes_bytes(size)
            text = f"KubeSpawner can't read '{size}', so no server starts; taken for what it means"
        exact = quantity(in_bytes) if in_bytes else None
        if exact is not None:
            own = spawner_memory(exact)
            spelled.put(path, own, f"{text}, spelled {own}")
        path = ("singleuser", "cpu", bound)
        cores = at(spelled.values, *path)
        if is_quoted(cores) and not str(cores).startswith("-"):
            plain = number(amount(str(cores)))
            spelled.put(path, plain, f"the same number, not as a text: {plain}")
    _tag(spelled, ("singleuser", "image", "tag"))
