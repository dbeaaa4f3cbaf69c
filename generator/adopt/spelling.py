"""Values that say the same in other words: brought into the words that hubops writes, and noted.

What is compared in the end are these: an older name of a setting, a size in another unit, a trait
under the name of a class above its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.adopt.base import Foreign, Path, Row, alike, at, placed, removed
from generator.charts import jupyterhub
from generator.charts.numbers import is_quoted
from generator.charts.spellings import GROUPS_KEY, kubernetes_bytes, quantity, spawner_bytes
from generator.quantities import amount, number, spawner_memory
from generator.site.model import Json
from generator.versions import Version, VersionRange

# Names of the same class: its entry point, and where it is imported from.
_PROVIDERS = {
    "oauthenticator.generic.GenericOAuthenticator": "generic-oauth",
    "oauthenticator.GenericOAuthenticator": "generic-oauth",
    "oauthenticator.github.GitHubOAuthenticator": "github",
    "oauthenticator.GitHubOAuthenticator": "github",
    "dummyauthenticator.DummyAuthenticator": "dummy",
    "jupyterhub.auth.DummyAuthenticator": "dummy",
}


def _traits(section: str) -> frozenset[str]:
    """The traits that hubops writes at a class."""
    rows = (row.path for row in jupyterhub.CHART.rows)
    return frozenset(
        path[3] for path in rows if path[:3] == ("hub", "config", section) and len(path) == 4
    )


_OWN_TRAITS = {
    provider: _traits(section) | (set() if provider == "dummy" else {"client_id", "client_secret"})
    for provider, section in jupyterhub.PROVIDERS.items()
}
_COMMON_TRAITS = _traits("Authenticator")
_OAUTHENTICATOR_17 = VersionRange.parse(jupyterhub.OAUTHENTICATOR_17)


@dataclass(slots=True)
class Spelled:
    """Values on their way into other words, and what was noted of each change."""

    foreign: Foreign
    values: Mapping[str, Json]
    notes: list[Row] = field(default_factory=list)
    moved: dict[Path, Path] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """The file and line of a value, where it was before it was moved."""
        return self.foreign.place(self.moved.get(path, path))

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


def hub(foreign: Foreign, version: Version) -> Spelled:
    """JupyterHub's values in hubops' words, for the chart version that is to run."""
    spelled = Spelled(foreign, foreign.values)
    _login(spelled, version)
    _servers(spelled)
    _profiles(spelled)
    return spelled


def gateway(foreign: Foreign) -> Spelled:
    """Dask Gateway's values in hubops' words, the python left out."""
    spelled = Spelled(foreign, foreign.values)
    _tag(spelled, ("gateway", "backend", "image", "tag"))
    return spelled


def _tag(spelled: Spelled, path: Path) -> None:
    tag = at(spelled.values, *path)
    if isinstance(tag, int | float) and not isinstance(tag, bool):
        spelled.put(path, str(tag), f"a tag is a text: '{tag}'")


def provider_of(values: Mapping[str, Json]) -> Json:
    """The authenticator, the chart's default where none is named."""
    found = at(values, "hub", "config", "JupyterHub", "authenticator_class")
    return "dummy" if found is None else found


def _login(spelled: Spelled, version: Version) -> None:
    path = ("hub", "config", "JupyterHub", "authenticator_class")
    short = _PROVIDERS.get(str(provider_of(spelled.values)))
    if short is not None:
        spelled.put(path, short, f"the same class, called '{short}'")
    provider = str(provider_of(spelled.values))
    own = jupyterhub.PROVIDERS.get(provider)
    if own is None:
        return
    if at(spelled.values, "hub", "config", own, "username_key") is not None:
        old, new = (("hub", "config", own, name) for name in ("username_key", "username_claim"))
        spelled.move(old, new, "oauthenticator 16 calls it 'username_claim'")
    for section in (own, "OAuthenticator", "Authenticator"):
        traits = at(spelled.values, "hub", "config", section)
        for trait in tuple(traits) if isinstance(traits, Mapping) else ():
            home = own if trait in _OWN_TRAITS[provider] else section
            home = "Authenticator" if trait in _COMMON_TRAITS else home
            if home != section:
                new = ("hub", "config", home, trait)
                text = f"the same trait, written at '{home}'"
                spelled.move(("hub", "config", section, trait), new, text)
    scope = at(spelled.values, "hub", "config", own, "scope")
    if isinstance(scope, str):
        words = scope.replace(",", " ").split()
        spelled.put(("hub", "config", own, "scope"), words, "one text, taken as the list it means")
    _groups(spelled, own, version)


def _groups(spelled: Spelled, own: str, version: Version) -> None:
    """Oauthenticator 17 fails on 16's name of the claim that holds the groups."""
    claim = at(spelled.values, "hub", "config", own, "claim_groups_key")
    if version in _OAUTHENTICATOR_17 and isinstance(claim, str):
        old, new = (("hub", "config", own, key) for key in ("claim_groups_key", "manage_groups"))
        spelled.move(old, new, "oauthenticator 17 says it with 'auth_state_groups_key'")
        spelled.values = placed(spelled.values, new, True)
        key = ("hub", "config", own, "auth_state_groups_key")
        spelled.values = placed(spelled.values, key, GROUPS_KEY.there(claim))


def _servers(spelled: Spelled) -> None:
    for bound in ("guarantee", "limit"):
        path = ("singleuser", "memory", bound)
        size = at(spelled.values, *path)
        if size is None:
            continue
        in_bytes, text = spawner_bytes(size), "the same size"
        if in_bytes is None:
            in_bytes = kubernetes_bytes(size)
            text = f"KubeSpawner can't read '{size}', so no server starts; taken for what it means"
        spelled_size = quantity(in_bytes) if in_bytes else None
        if spelled_size is not None:
            own = spawner_memory(spelled_size)
            spelled.put(path, own, f"{text}, spelled {own}")
        path = ("singleuser", "cpu", bound)
        cores = at(spelled.values, *path)
        if is_quoted(cores) and not str(cores).startswith("-"):
            plain = number(amount(str(cores)))
            spelled.put(path, plain, f"the same number, not as a text: {plain}")
    _tag(spelled, ("singleuser", "image", "tag"))


def is_plain_profile(entry: Json) -> bool:
    """Whether site.yaml can say all that an entry of the profile list says."""
    if not isinstance(entry, Mapping):
        return False
    known = {"display_name", "slug", "description", "default", "kubespawner_override"}
    override = entry.get("kubespawner_override")
    if not entry.keys() <= known or not isinstance(override, Mapping):
        return False
    texts = (entry.get(key, "") for key in ("display_name", "description", "slug"))
    return (
        override.keys() == {"image"}
        and isinstance(override["image"], str)
        and isinstance(entry.get("display_name"), str)
        and isinstance(entry.get("default", False), bool)
        and all(isinstance(text, str) for text in texts)
    )


def _profiles(spelled: Spelled) -> None:
    """The profile list without what says nothing more, where site.yaml can then say all of it."""
    path = ("singleuser", "profileList")
    listed = at(spelled.values, *path)
    if not isinstance(listed, list) or not listed:
        return
    pulls = at(spelled.values, "singleuser", "image", "pullPolicy")
    plain = [_without_defaults(entry, pulls) for entry in listed]
    marked = [entry for entry in plain if isinstance(entry, Mapping) and entry.get("default")]
    if len(marked) > 1 or not all(map(is_plain_profile, plain)):
        return
    texts = []
    if any("image_pull_policy" in (entry.get("kubespawner_override") or ()) for entry in listed):
        texts.append("each pulls its image as singleuser.image.pullPolicy says")
    if not marked:
        first, *rest = plain
        plain = [_with_default(first), *rest]
        texts.append("the first is the default, as it is for KubeSpawner")
    ordered = [_in_order(entry) for entry in plain]
    spelled.put(path, ordered, "; ".join(texts) or "defaults left out")


def _without_defaults(entry: Json, pulls: Json) -> Json:
    """An entry without what is a default, and a pull policy that is that of all images."""
    if not isinstance(entry, Mapping):
        return entry
    override = entry.get("kubespawner_override")
    kept = dict(override) if isinstance(override, Mapping) else override
    if isinstance(kept, dict) and kept.get("image_pull_policy") == (pulls or "Always"):
        kept.pop("image_pull_policy")
    bare = {key: value for key, value in entry.items() if value not in ("", None, False)}
    return {**bare, "kubespawner_override": kept} if override is not None else bare


def _with_default(entry: Json) -> dict[str, Json]:
    return {**entry, "default": True}


def _in_order(entry: Json) -> Json:
    order = ("display_name", "slug", "description", "default", "kubespawner_override")
    return {key: entry[key] for key in order if key in entry}
