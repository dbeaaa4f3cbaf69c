"""What users choose from, and what their servers get, as values of JupyterHub's chart.

Where there is a page of choices, each profile is an entry of `singleuser.profileList`. Where there
is none, what the only profile says stands at the servers' own values.
"""

from collections.abc import Mapping
from itertools import chain

from generator.charts import secret_wiring
from generator.charts.chart import Values, image_fields
from generator.charts.profile_traits import ADDS, LISTS, adds, at_servers, gpus, override
from generator.charts.rows import place
from generator.merge import merge
from generator.site.hub import Hub
from generator.site.model import Json, Settings
from generator.site.profiles import Keys, OwnImage, Profile, ProfileChoice, ProfileOption

# KubeSpawner's word for "this option's choice is what the user wrote" (kubespawner 6.1.0).
UNLISTED = "unlisted_choice"
ORDER = "order"
OWN_IMAGE = "image"


def image(settings: Settings) -> Json:
    """The image of a user who chooses nothing, pulled at each start unless all name a digest."""
    hub = settings.hub
    if hub is None or not hub.image:
        return {}
    values = image_fields(hub.image)
    if any("@sha256:" not in image for image in images(hub)) or has_own_image(hub):
        values["pullPolicy"] = "Always"
    return values


def images(hub: Hub) -> list[str]:
    """The images that users' servers may run, but for those that users write."""
    chosen = [hub.image_of(profile) for profile in hub.profiles]
    for profile in hub.profiles:
        chosen += [choice.image for option in profile.options for choice in option.choices]
    return [image for image in (*chosen, hub.image) if image]


def has_own_image(hub: Hub) -> bool:
    """Whether users may write the name of an image."""
    return any(
        profile.own_image or any(option.own_image for option in profile.options)
        for profile in hub.profiles
    )


def profiles(settings: Settings) -> Json:
    """The list that a user chooses from; None where there is no page of choices."""
    hub = settings.hub
    if hub is None or not hub.has_page:
        return None
    return [_entry(hub, profile) for profile in hub.profiles]


def _entry(hub: Hub, profile: Profile) -> Values:
    options = _ordered({option.slug: _option(hub, option) for option in profile.options})
    if profile.own_image is not None:
        options = _ordered({**options, OWN_IMAGE: _image_option(hub, profile, profile.own_image)})
    own = override(profile.keys, hub.servers)
    common = hub.servers.get("image")
    image = {"image": common} if common and "image" not in own else {}
    return {
        "display_name": profile.name,
        **({"slug": profile.slug} if profile.slug is not None else {}),
        **({"description": profile.description} if profile.description is not None else {}),
        **({"default": True} if profile is hub.default_profile else {}),
        **({"groups": list(profile.groups)} if profile.groups else {}),
        "kubespawner_override": {**image, **own},
        **_adds(profile.keys),
        **({"profile_options": options} if options else {}),
    }


def _image_option(hub: Hub, profile: Profile, own: OwnImage) -> Values:
    """The option of a profile that offers its own image, and any that the user writes."""
    same = {"display_name": hub.image_of(profile), "default": True, "kubespawner_override": {}}
    return {"display_name": "Image", "choices": {"profile": same}, UNLISTED: _own_image(own)}


def _ordered(entries: dict[str, Values]) -> dict[str, Values]:
    """The entries with the place of each, where the alphabet would give another.

    Helm writes maps in the order of their keys; KubeSpawner shows and applies them in theirs.
    """
    if list(entries) == sorted(entries):
        return entries
    return {key: {**one, ORDER: place} for place, (key, one) in enumerate(entries.items())}


def _option(hub: Hub, option: ProfileOption) -> Values:
    return {
        "display_name": option.name,
        "choices": _ordered(
            {
                choice.slug: _choice(hub, choice, is_default=choice is option.default)
                for choice in option.choices
            }
        ),
        **({UNLISTED: _own_image(option.own_image)} if option.own_image is not None else {}),
    }


def _choice(hub: Hub, choice: ProfileChoice, *, is_default: bool) -> Values:
    return {
        "display_name": choice.name,
        **({"default": True} if is_default else {}),
        "kubespawner_override": override(choice.keys, hub.servers),
        **_adds(choice.keys),
    }


def _own_image(own: OwnImage) -> Values:
    return {
        "enabled": True,
        "display_name": own.name,
        "validation_regex": own.pattern,
        "validation_message": own.message,
        "kubespawner_override": {"image": "{value}"},
    }


def _adds(keys: Keys) -> Values:
    found = adds(keys)
    return {ADDS: found} if found else {}


def python(settings: Settings) -> Json:
    """What shows each user the profiles of their groups, and adds to lists; None without need."""
    hub = settings.hub
    if hub is None or not hub.has_page:
        return None
    return _PYTHON if any(map(_needs_python, profiles(settings))) else None


def _needs_python(entry: Values) -> bool:
    options = entry.get("profile_options", {}).values()
    below = [choice for option in options for choice in option["choices"].values()]
    return not {"groups", ADDS, ORDER}.isdisjoint([*entry, *chain(*options, *below)])


_PYTHON = """\
def profiles():
    from tornado.web import HTTPError

    def added(name, more):
        def value(spawner):
            now = getattr(spawner, name)
            if isinstance(now, dict):
                return {one["name"] + one.get("mountPath", ""): one for one in more}
            return [*now, *more]

        return value

    def ordered(entries):
        return dict(sorted(entries.items(), key=lambda one: one[1].get("order", 0)))

    def prepare(entry):
        override = entry.setdefault("kubespawner_override", {})
        for name, more in entry.pop("adds", {}).items():
            override[name] = added(name, more)
        options = entry["profile_options"] = ordered(entry.get("profile_options", {}))
        for option in options.values():
            option["choices"] = ordered(option.get("choices", {}))
            for choice in option["choices"].values():
                prepare(choice)

    listed = c.KubeSpawner.profile_list
    for profile in listed:
        prepare(profile)

    def of_user(spawner):
        groups = {group.name for group in spawner.user.groups}
        found = [one for one in listed if "groups" not in one or groups & set(one["groups"])]
        if not found:
            raise HTTPError(403, "No profile is open to your groups; ask who runs this hub.")
        return found

    return of_user if any("groups" in one for one in listed) else listed


c.KubeSpawner.profile_list = profiles()
"""


def more(settings: Settings) -> Values:
    """What comes to the rows' values by names of the site's own: secrets, volumes, GPUs.

    And all that the only profile says, where users see no page of choices.
    """
    values = secret_wiring.values(settings.secrets)
    hub = settings.hub
    if hub is None:
        return values
    found: Values = {}
    for name, count in gpus(hub.servers, {}).items():
        place(found, ("extraResource", "limits", name), count)
    only = hub.profiles[0].keys if hub.profiles and not hub.has_page else {}
    found = merge(found, at_servers(only, hub.servers))
    for name, (_, path) in LISTS.items():
        common = adds(hub.servers).get(name, [])
        entries = [*_listed(values, path), *common, *adds(only).get(name, [])]
        if entries and (name != "tolerations" or "tolerations" in only):
            place(found, path, entries)
    merged: Values = merge(values, {"singleuser": found} if found else {})
    return merged


def _listed(values: Values, path: tuple[str, ...]) -> list[Json]:
    node: Json = values.get("singleuser", {})
    for step in path:
        node = node.get(step, {}) if isinstance(node, Mapping) else {}
    return node if isinstance(node, list) else []
